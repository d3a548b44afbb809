"""Plain text: one utterance a line, with times where the lines begin with them."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from streamcheck.events import Utterance
from streamcheck.transcripts.building import SPEECH_RATE, seconds, settled, utterance

_CLOCK = r"\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?"
_STAMPED = (
    re.compile(rf"\s*[\[(]({_CLOCK})(?:\s*-+>?\s*({_CLOCK}))?[\])]\s*(.*)"),
    re.compile(rf"\s*({_CLOCK})(?:\s*-+>?\s*({_CLOCK}))?(?:\s+[-–—:]?\s*(.*)|$)"),
)
_SLOWEST = SPEECH_RATE / 2
"""Letters a second of slow speech: a line lasts no longer than this, however late the next one comes."""


def parse(text: str) -> list[Utterance]:
    """One utterance a line that is not blank.

    Lines are timed when at least half of them begin with a time, `[00:01:02]` or a bare `1:02`, and the times never go
    back; a line without one then belongs to the line above. Bare times must come at least twice and begin within the
    first minute: «12:30 розыгрыш» is speech.
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for pattern, least, latest in zip(_STAMPED, (1, 2), (math.inf, 60.0), strict=True):
        matches = [pattern.fullmatch(line) for _, line in lines]
        starts = [seconds(match[1]) or 0.0 for match in matches if match]
        if least <= len(starts) >= len(lines) / 2 and matches[0] and starts[0] < latest and starts == sorted(starts):
            return settled(_stamped(lines, matches, [*starts, math.inf]))
    return settled(utterance(line, line=number) for number, line in lines)


def _stamped(
    lines: Sequence[tuple[int, str]], matches: Sequence[re.Match[str] | None], starts: Sequence[float]
) -> Iterator[Utterance | None]:
    firsts = [place for place, match in enumerate(matches) if match]
    for (first, last), start, following in zip(pairwise([*firsts, len(lines)]), starts, starts[1:], strict=False):
        match = matches[first]
        assert match is not None
        spoken = " ".join([match[3] or "", *(line for _, line in lines[first + 1 : last])]).strip()
        end = seconds(match[2]) or min(following, start + len(spoken) / _SLOWEST)
        yield utterance(spoken, start, round(end, 3), line=lines[first][0])
