"""What every report is made of: the files that were reviewed, with their words and findings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from streamcheck.events import SEVERITIES, Finding, Severity, Utterance


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided about a finding: `breach`, `false-alarm`, `unsure` or `open`; a remark; who has it."""

    verdict: str
    remark: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of a finding as Ogg Opus, from a second of the recording on."""

    start: float
    data: bytes


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """One file that was checked. `file` is as named on the command line; `duration` in seconds where known.

    `session` is its id in the store where it is kept, `judgements` what was decided there, by id of the finding.
    What a page can draw and play: `levels` in dBFS by second, `clips` by id of the finding, and the address of the
    whole `recording` from where the page will lie.
    """

    file: str
    utterances: Sequence[Utterance]
    findings: Sequence[Finding]
    duration: float | None = None
    notes: Sequence[str] = ()
    session: str | None = None
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    levels: Sequence[float] = ()
    clips: Mapping[str, Clip] = field(default_factory=dict)
    recording: str | None = None

    @property
    def length(self) -> float | None:
        """Seconds of sound, or up to the end of the last words; None for untimed text."""
        ends = [utterance.end for utterance in self.utterances if utterance.end is not None]
        return self.duration if self.duration is not None else max(ends, default=None)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """One file that could not be checked, and why: a whole sentence that begins with its name."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole review. `model` is None where nothing had to be recognised; `made` is a local time with its zone."""

    platform: str
    made: datetime
    files: Sequence[ReviewedFile]
    failed: Sequence[FailedFile] = ()
    model: str | None = None


def counts(finding: Finding) -> bool:
    """Whether a finding stands: not withdrawn, not backed by evidence, not ignored."""
    return finding.state in ("tentative", "confirmed") and not finding.ignored


def tally(findings: Iterable[Finding]) -> dict[str, Counter[Severity]]:
    """How many standing findings there are by category and severity, the categories with most violations first."""
    table: dict[str, Counter[Severity]] = {}
    for finding in filter(counts, findings):
        table.setdefault(finding.category, Counter())[finding.severity] += 1
    return dict(sorted(table.items(), key=lambda row: ([-row[1][severity] for severity in SEVERITIES], row[0])))


def severities(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many standing findings there are of every severity, the heaviest first, none left out."""
    found = Counter(finding.severity for finding in findings if counts(finding))
    return {severity: found[severity] for severity in SEVERITIES}
