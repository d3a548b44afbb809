"""A recording for publication: its copy without the words of its findings."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from streamcheck.audio.bleeping import bleep
from streamcheck.errors import OutputError, StreamcheckError
from streamcheck.events import SEVERITIES, Finding, Utterance
from streamcheck.i18n import text
from streamcheck.reports.marking import Marker
from streamcheck.reports.report import ReviewedFile, counts
from streamcheck.safe import printable

PAD = 0.04
"""Seconds by which a cover reaches into the pauses around a word, since word times are not exact; never into a word."""
_OF_STRETCHES = ("silence", "density")
"""Matchers that find fault with a stretch of speech, not with the words in it."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Bleeper:
    """Writes the copy: `cover` is `tone` or `silence`, `severity` the lightest of the findings that are covered."""

    target: Path
    cover: str = "tone"
    severity: str = "advice"

    def write(self, file: ReviewedFile, source: Path, track: int = 0) -> tuple[int, int]:
        """Write the copy whole or not at all: how many spans were covered, and how many other tracks left out.

        Raises SourceError and OutputError.
        """
        target = self.target
        name = printable(str(target))
        if target.exists() and source.exists() and target.samefile(source):
            raise OutputError(text("reports.bleep-itself", file=name))
        findings = [one for one in file.findings if self._is_meant(one)]
        spans = flagged_spans(file.utterances, findings)
        part = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
        try:
            try:
                others = bleep(source, part, spans, "silence" if self.cover == "silence" else "tone", track)
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        except StreamcheckError:
            raise
        except ValueError as error:
            raise OutputError(text("reports.bleep-ending", file=name)) from error
        except (OSError, av.FFmpegError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise OutputError(text("reports.no-bleep", file=name, why=why)) from error
        return len(spans), others

    def _is_meant(self, finding: Finding) -> bool:
        heavy = SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.severity)
        matcher = finding.because[0].partition(":")[0] if finding.because else ""
        return counts(finding) and heavy and matcher not in _OF_STRETCHES


def flagged_spans(utterances: Sequence[Utterance], findings: Sequence[Finding]) -> list[Span]:
    """Where in the sound the words of the findings are, in order; words that touch make one span."""
    marker = Marker(utterances)
    places = {place for finding in findings for place in marker.places(finding)}
    spans: list[Span] = []
    for start, end in _padded(utterances, places):
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return spans


def _padded(utterances: Sequence[Utterance], places: set[tuple[int, int]]) -> Iterator[Span]:
    """Each flagged word that has a time, widened by `PAD` as far as the words around it leave room."""
    words = [
        (word.start, word.end, (number, place) in places)
        for number, utterance in enumerate(utterances)
        for place, word in enumerate(utterance.words)
        if word.start is not None and word.end is not None
    ]
    for at, (start, end, flagged) in enumerate(words):
        if flagged:
            before = words[at - 1][1] if at else 0.0
            after = words[at + 1][0] if at + 1 < len(words) else float("inf")
            yield min(max(start - PAD, before), start), max(min(end + PAD, after), end)
