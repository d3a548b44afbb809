"""SubStation Alpha (`.ass`, `.ssa`) by pysubs2, whose reading of one bad style or time would lose the whole file:
it is given the dialogue alone, and line by line where that fails.
"""

import warnings
from collections.abc import Iterator

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance
from streamcheck.i18n import text as message
from streamcheck.transcripts.building import settled, utterance

_FIELDS_BEFORE_TEXT = 9


def parse(text: str) -> list[Utterance]:
    """The utterances of the dialogue lines, comments and drawings left out; the actor is the speaker.

    Raises TranscriptError where there is no dialogue line.
    """
    lines = [line for line in text.split("\n") if line.startswith("Dialogue:")]
    if not lines and text.strip() and "[Events]" not in text:
        raise TranscriptError(message("transcripts.no-dialogue"))
    try:
        return settled(_dialogue(lines))
    except ValueError:
        return settled(one for line in lines for one in _one(line))


def _dialogue(lines: list[str]) -> Iterator[Utterance | None]:
    from pysubs2 import SSAFile

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of layers and margins, which nobody says
        events = SSAFile.from_string("[Events]\n" + "\n".join(lines), format_="ass").events
    for event in events:
        if not event.is_drawing:
            yield utterance(event.plaintext, event.start / 1000, event.end / 1000, speaker=event.name)


def _one(line: str) -> Iterator[Utterance | None]:
    """The utterance of one line; without a time where its times are damaged."""
    try:
        yield from _dialogue([line])
    except ValueError:
        yield utterance(line.removeprefix("Dialogue:").split(",", _FIELDS_BEFORE_TEXT)[-1])
