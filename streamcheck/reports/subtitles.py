r"""Findings, or all that was said, as subtitles over the recording, SubRip and WebVTT.

Written here and not by pysubs2, which reads `\N` and `{…}` in what was said as its own markup: a said text could then
forge a cue.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from textwrap import wrap
from typing import NamedTuple

from streamcheck.errors import OutputError
from streamcheck.events import Finding, Utterance
from streamcheck.i18n import text
from streamcheck.reports.report import Report, ReviewedFile
from streamcheck.reports.wording import sort_of, term
from streamcheck.safe import printable

_LOOKALIKES = str.maketrans("<>{}\\", "‹›❴❵∖")
_TIME = re.compile(r"(?<=\d):(?=\d)")
_SHORTEST = 2.5
"""Seconds for which a cue of a finding stays, however short the words: time to read it."""
_LINE = 42
"""Characters of a line of subtitles, two lines at most (Netflix, «Timed Text Style Guide»)."""
_STOPS = (".", "!", "?", "…")


class _Cue(NamedTuple):
    start: float
    end: float
    shown: str


def render_srt(report: Report) -> str:
    """SubRip; it has no escapes, so brackets and times that players obey are spelt with signs that look the same.

    Raises OutputError as `render_vtt`.
    """
    return _srt(report, _findings)


def render_vtt(report: Report) -> str:
    """WebVTT. Raises OutputError where there is not one timed recording to lay the cues over."""
    return _vtt(report, _findings)


def render_transcript_srt(report: Report) -> str:
    """All that was said as SubRip. Raises OutputError as `render_vtt`."""
    return _srt(report, _transcript)


def render_transcript_vtt(report: Report) -> str:
    """All that was said as WebVTT. Raises OutputError as `render_vtt`."""
    return _vtt(report, _transcript)


def _srt(report: Report, cues: Callable[[ReviewedFile], Iterator[_Cue]]) -> str:
    lines = _lines(report, cues, ",", lambda said: _TIME.sub("\u2236", said.translate(_LOOKALIKES)))
    return "\n".join(f"{number}\n{cue}" for number, cue in enumerate(lines, 1))


def _vtt(report: Report, cues: Callable[[ReviewedFile], Iterator[_Cue]]) -> str:
    return "WEBVTT\n\n" + "\n".join(_lines(report, cues, ".", lambda said: escape(said, quote=False)))


def _lines(
    report: Report, cues: Callable[[ReviewedFile], Iterator[_Cue]], mark: str, safe: Callable[[str], str]
) -> Iterator[str]:
    if len(report.files) > 1:
        raise OutputError(text("reports.one-recording"))
    for file in report.files:
        for cue in cues(file):
            yield f"{_stamp(cue.start, mark)} --> {_stamp(cue.end, mark)}\n{safe(cue.shown)}\n"


def _findings(file: ReviewedFile) -> Iterator[_Cue]:
    for finding in file.findings:
        if finding.start is None or finding.end is None:
            raise OutputError(text("reports.untimed", file=printable(file.file)))
        yield _Cue(finding.start, max(finding.end, finding.start + _SHORTEST), _words(finding))


def _transcript(file: ReviewedFile) -> Iterator[_Cue]:
    for utterance in file.utterances:
        if utterance.start is None:
            raise OutputError(text("reports.untimed", file=printable(file.file)))
        yield from _spoken(utterance)


def _spoken(utterance: Utterance) -> Iterator[_Cue]:
    """The cues of an utterance: two lines each at most, parted after a sentence where one ends in the second line."""
    speaker = f"{printable(utterance.speaker)}: " if utterance.speaker else ""
    shown, start, end = speaker, utterance.start or 0.0, utterance.start or 0.0
    for word in utterance.words:
        said = printable(word.text)
        full = len(shown) + len(said) > 2 * _LINE
        if shown != speaker and (full or (len(shown) > _LINE and shown.rstrip().endswith(_STOPS))):
            yield _Cue(start, end, _folded(shown))
            shown, start = "", word.start or end
        shown, end = f"{shown}{said} ", word.end or end
    if shown != speaker:
        yield _Cue(start, end, _folded(shown))


def _folded(shown: str) -> str:
    return "\n".join(wrap(shown, _LINE, break_long_words=False, break_on_hyphens=False))


def _words(finding: Finding) -> str:
    title = f"{sort_of(finding).upper()} · {term(finding.category)}: «{printable(finding.quote)}»"
    return title + (f"\n{printable(finding.suggestion)}" if finding.suggestion else "")


def _stamp(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{milliseconds:03}"
