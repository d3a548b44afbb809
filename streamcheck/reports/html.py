"""The review as one HTML file that needs nothing else: no network, and no script but its own.

Everything that was said or named passes `printable` and jinja's escaping; the policy in the page allows the one style
sheet and the one script by their hashes and nothing besides, so that markup which slipped through could not run.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from streamcheck import __version__
from streamcheck.events import Finding, Utterance
from streamcheck.i18n import current_language, text
from streamcheck.reports.marking import Marker
from streamcheck.reports.report import Clip, Judgement, Report, ReviewedFile, counts, severities, tally
from streamcheck.reports.timeline import Timeline, heights, silhouette
from streamcheck.reports.wording import around, clock, platform_line, sort_of, term, where
from streamcheck.safe import printable

_CONTEXT = 140
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_VERDICTS = ("breach", "false-alarm", "unsure")
_OPEN = Judgement("open")
_DATES = {"ru": "%d.%m.%Y %H:%M", "en": "%Y-%m-%d %H:%M"}


def render(report: Report) -> str:
    """The page."""
    style, script = _asset("report.css"), _asset("report.js")
    findings = [finding for file in report.files for finding in file.findings]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            policy="default-src 'none'; base-uri 'none'; form-action 'none'; "
            f"style-src '{_hash(style)}'; script-src '{_hash(script)}'{_media(report.files)}",
            style=style,
            script=script,
            language=current_language(),
            version=__version__,
            report=report,
            made=report.made.strftime(_DATES[current_language()]),
            severities=severities(findings),
            categories={name: sum(row.values()) for name, row in tally(findings).items()},
            files=[_FilePage(number, file) for number, file in enumerate(report.files, 1)],
            text=lambda key, **values: text(f"reports.{key}", **values),
            say=lambda key, **values: text(f"html.{key}", **values),
            verdicts=_VERDICTS,
            loudness=lambda levels: silhouette(heights(levels), 100),
            term=term,
            platform=platform_line(report.platform),
            clock=clock,
            silhouette=silhouette,
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("streamcheck.reports", "."),
        autoescape=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def _asset(name: str) -> Markup:
    return Markup((files(__package__) / name).read_text(encoding="utf-8"))


def _hash(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


def _media(files: Sequence[ReviewedFile]) -> str:
    """The part of the policy that lets sound play: from within the page, from the file beside it, if there is any."""
    within = any(file.clips for file in files)
    beside = any(file.recording for file in files)
    allowed = [source for source, wanted in (("blob:", within), ("'self' file:", beside)) if wanted]
    return f"; media-src {' '.join(allowed)}" if allowed else ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A finding as the page shows it. `said` is its anchor in the transcript."""

    finding: Finding
    id: str
    said: str
    place: str
    judgement: Judgement
    clip: Clip | None

    @property
    def decided(self) -> str:
        """What was decided, in a line; empty where nothing was."""
        verdict = "" if self.judgement.verdict == "open" else text(f"sessions.verdict-{self.judgement.verdict}")
        parts = verdict, self.judgement.remark, self.judgement.assignee and f"→ {self.judgement.assignee}"
        return " · ".join(part for part in parts if part)

    @property
    def sound(self) -> str:
        """The clip as Base64."""
        return b64encode(self.clip.data).decode() if self.clip else ""

    @property
    def counts(self) -> bool:
        return counts(self.finding)

    @property
    def sort(self) -> str:
        return sort_of(self.finding)

    @property
    def quote(self) -> tuple[str, str, str]:
        return around(self.finding, _CONTEXT)

    @property
    def source(self) -> tuple[str, str]:
        """The title of the rule document, and its address where there is one."""
        address = _ADDRESS.search(self.finding.source)
        title = _ADDRESS.sub("", self.finding.source).strip(" ,;()")
        return title or self.finding.source, address.group() if address else ""


class _FilePage:
    """One reviewed file as the page shows it."""

    def __init__(self, number: int, file: ReviewedFile) -> None:
        self.file, self.number = file, number
        self.severities = severities(file.findings)
        marker = Marker(file.utterances)
        places = [marker.places(finding) for finding in file.findings]
        self.rows = [
            _Row(
                finding,
                id=f"f{number}-{n}",
                said=f"u{number}-{at[0][0] + 1}" if at else "",
                place=where(finding.start, finding.line),
                judgement=file.judgements.get(finding.id, _OPEN),
                clip=file.clips.get(finding.id),
            )
            for n, (finding, at) in enumerate(zip(file.findings, places, strict=True), 1)
        ]
        self._marked: dict[tuple[int, int], list[_Row]] = {}
        for row, at in zip(self.rows, places, strict=True):
            for place in at:
                self._marked.setdefault(place, []).append(row)
        self.timeline = Timeline(file.length) if file.length else None
        self.pauses = self.timeline.pauses(file.utterances) if self.timeline else []
        self.quiet = sum(end - start for start, end in self.pauses)

    @property
    def lanes(self) -> Iterator[tuple[str, list[_Row]]]:
        """The findings of every category, those with the heaviest first."""
        order = tally(self.file.findings)
        for category in order:
            yield category, [row for row in self.rows if row.finding.category == category and row.counts]

    @property
    def rates(self) -> list[int]:
        """The pace of speech in words a minute, from part to part of the broadcast."""
        return self.timeline.rates(self.file.utterances) if self.timeline else []

    def said(self) -> Iterator[dict[str, Any]]:
        """The utterances, cut where marks begin and end."""
        for number, utterance in enumerate(self.file.utterances):
            parts = list(self._parts(number, utterance))
            yield {
                "id": f"u{self.number}-{number + 1}",
                "at": utterance.start,
                "place": where(utterance.start, utterance.line),
                "speaker": utterance.speaker,
                "parts": parts,
                "marked": any(rows for _, rows in parts),
            }

    def _parts(self, number: int, utterance: Utterance) -> Iterator[tuple[str, Sequence[_Row]]]:
        words = enumerate(utterance.words)
        for _, group in groupby(words, lambda pair: [row.id for row in self._marked.get((number, pair[0]), ())]):
            run = list(group)
            yield " ".join(word.text for _, word in run), self._marked.get((number, run[0][0]), ())
