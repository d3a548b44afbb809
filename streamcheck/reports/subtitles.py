r"""Findings as subtitles over the recording, SubRip and WebVTT.

Written here and not by pysubs2, which reads `\N` and `{…}` in what was said as its own markup: a said text could then
forge a cue.
"""

import re
from collections.abc import Callable, Iterator
from html import escape

from streamcheck.errors import OutputError
from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.reports.report import Report
from streamcheck.reports.wording import sort_of, term
from streamcheck.safe import printable

_LOOKALIKES = str.maketrans("<>{}\\", "‹›❴❵∖")
_TIME = re.compile(r"(?<=\d):(?=\d)")
_SHORTEST = 2.5
"""Seconds for which a cue stays, however short the words: time to read it."""


def render_srt(report: Report) -> str:
    """SubRip; it has no escapes, so brackets and times that players obey are spelt with signs that look the same.

    Raises OutputError as `render_vtt`.
    """
    cues = _cues(report, ",", lambda said: _TIME.sub("\u2236", said.translate(_LOOKALIKES)))
    return "\n".join(f"{number}\n{cue}" for number, cue in enumerate(cues, 1))


def render_vtt(report: Report) -> str:
    """WebVTT. Raises OutputError where there is not one timed recording to lay the cues over."""
    return "WEBVTT\n\n" + "\n".join(_cues(report, ".", lambda said: escape(said, quote=False)))


def _cues(report: Report, mark: str, safe: Callable[[str], str]) -> Iterator[str]:
    if len(report.files) > 1:
        raise OutputError(text("reports.one-recording"))
    for file in report.files:
        for finding in file.findings:
            if finding.start is None or finding.end is None:
                raise OutputError(text("reports.untimed", file=printable(file.file)))
            end = max(finding.end, finding.start + _SHORTEST)
            yield f"{_stamp(finding.start, mark)} --> {_stamp(end, mark)}\n{safe(_words(finding))}\n"


def _words(finding: Finding) -> str:
    title = f"{sort_of(finding).upper()} · {term(finding.category)}: «{printable(finding.quote)}»"
    return title + (f"\n{printable(finding.suggestion)}" if finding.suggestion else "")


def _stamp(seconds: float, mark: str) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{mark}{milliseconds:03}"
