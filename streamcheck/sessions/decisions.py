"""What people decided: found again after a re-run, read from files, turned into entries to ignore."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from streamcheck.errors import ConfigError
from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.sessions.store import Decision, Verdict

_SAME_PLACE = 10.0
"""Seconds by which a breach may lie elsewhere in a second transcription."""
_SAME_MOMENT = 2.0
"""Seconds within which two findings of one rule are one breach, though it was heard in other words."""
_ENOUGH = 3
"""False alarms of a rule, and nothing else, from which the rule itself is in doubt."""
_LONGEST_PROBLEM = 300
_NEVER = float("inf")
_GONE = "gone:"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Entry(_Strict):
    """One decision of a file: about a finding by its id, or by its fingerprint wherever it stands."""

    finding: str | None = Field(None, min_length=1)
    fingerprint: str | None = Field(None, min_length=1)
    verdict: Verdict | None = None
    remark: str | None = Field(None, max_length=10_000)
    assignee: str | None = Field(None, max_length=200)

    @model_validator(mode="after")
    def _about_something(self) -> "Entry":
        if self.finding is None and self.fingerprint is None:
            raise ValueError(text("sessions.about-nothing"))
        if self.verdict is None and self.remark is None and self.assignee is None:
            raise ValueError(text("sessions.says-nothing"))
        return self


class DecisionsFile(_Strict):
    """Decisions that a report saved: `{"type": "streamcheck-decisions", "schema": 1, "decisions": [...]}`."""

    type: Literal["streamcheck-decisions"]
    version: Literal[1] = Field(alias="schema")
    session: str | None = None
    decisions: list[Entry]


def read_decisions(content: bytes, name: str) -> DecisionsFile:
    """Parse a decisions file. Raises ConfigError with one line a problem; `name` stands in them."""
    shown = printable(name)
    try:
        return DecisionsFile.model_validate(json.loads(content))
    except ValidationError as error:
        lines = []
        for problem in error.errors()[:20]:
            place = ".".join(str(part) for part in problem["loc"])
            why = printable(problem["msg"], _LONGEST_PROBLEM)
            lines.append(text("sessions.bad-decision", file=shown, place=printable(place, 100), why=why))
        raise ConfigError("\n".join(lines)) from error
    except (ValueError, RecursionError) as error:
        why = printable(str(error), _LONGEST_PROBLEM)
        raise ConfigError(text("sessions.bad-decisions", file=shown, why=why)) from error


def findings_of(entry: Entry, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that an entry is about: the one of its id, else all of its fingerprint."""
    by_id = [one for one in findings if one.id == entry.finding]
    return by_id or [one for one in findings if entry.fingerprint and one.fingerprint == entry.fingerprint]


def decided(findings: Iterable[Finding], decisions: Sequence[Decision]) -> dict[str, Decision]:
    """Decisions by the id of the finding that they hold for; each holds for one finding at most.

    After a re-run ids and words may be others. A decision then holds for the finding of its fingerprint that lies
    nearest to where it was made, else for the one of its id (a live session keeps ids while words change), else for
    one of its rule at the same moment.
    """
    open_findings = {finding.id: finding for finding in findings}
    left = dict(enumerate(decisions))
    held: dict[str, Decision] = {}
    for alike in (_same_breach, _same_id, _same_moment):
        pairs = ((alike(one, finding), n, finding.id) for finding in open_findings.values() for n, one in left.items())
        for distance, n, finding_id in sorted(pairs):
            if distance < _NEVER and n in left and finding_id in open_findings:
                held[finding_id] = left.pop(n)
                del open_findings[finding_id]
    return held


def _same_breach(decision: Decision, finding: Finding) -> float:
    """How far apart they lie, where they have one fingerprint."""
    same = decision.fingerprint and decision.fingerprint == finding.fingerprint
    distance = _apart(decision, finding)
    return distance if same and distance <= _SAME_PLACE else _NEVER


def _same_id(decision: Decision, finding: Finding) -> float:
    """Ids of reviews begin with the fingerprint: there another fingerprint is another breach."""
    by_fingerprint = decision.fingerprint and decision.finding.startswith(decision.fingerprint)
    return 0.0 if decision.finding == finding.id and not by_fingerprint else _NEVER


def _same_moment(decision: Decision, finding: Finding) -> float:
    distance = _apart(decision, finding) if finding.start is not None and decision.rule == finding.rule else _NEVER
    return distance if distance <= _SAME_MOMENT else _NEVER


def _apart(decision: Decision, finding: Finding) -> float:
    if decision.start is None or finding.start is None:
        return 0.0 if decision.start is finding.start else _NEVER
    return abs(decision.start - finding.start)


def carried_over(findings: Sequence[Finding], decisions: Sequence[Decision]) -> list[Decision]:
    """Decisions as they stand after a re-run with these findings: under the ids of now.

    One whose finding is gone is kept under an id that no finding has, for a run that finds it again.
    """
    held = decided(findings, decisions)
    about = {finding.id: finding for finding in findings}
    kept = [
        replace(
            one, finding=ident, fingerprint=about[ident].fingerprint, rule=about[ident].rule, start=about[ident].start
        )
        for ident, one in held.items()
    ]
    gone = [one for one in decisions if one not in held.values()]
    return kept + [replace(one, finding=f"{_GONE}{n}") for n, one in enumerate(gone)]


def judged(finding: Finding, decision: Decision | None) -> Finding:
    """The finding, not to be counted where a person found it to be a false alarm."""
    if decision is None or decision.verdict != "false-alarm" or finding.ignored:
        return finding
    remark = decision.remark
    note = text("sessions.ignored-note-remark", remark=remark) if remark else text("sessions.ignored-note")
    return replace(finding, ignored=note)


def ignore_proposals(judged: Sequence[tuple[Finding, Decision, str]]) -> str:
    """YAML for the shop's file (`--vocabulary`): an entry for each false alarm, its remark being the reason.

    With each finding and its decision comes the reason to give where there is no remark. Words that were found to be
    a breach elsewhere are left out, since an entry would hide them there too. Rules of which every judged finding was
    a false alarm are named in comments. Empty where there is nothing to propose.
    """
    breaches = {finding.fingerprint for finding, decision, _ in judged if decision.verdict == "breach"}
    entries: dict[str, tuple[Finding, str]] = {}
    for finding, decision, default in judged:
        if decision.verdict == "false-alarm" and finding.fingerprint and finding.fingerprint not in breaches:
            reason = decision.remark if len(decision.remark.strip()) >= 3 else default
            entries.setdefault(finding.fingerprint, (finding, reason))
    if not entries:
        return ""
    lines = [f"# {line}" for line in _doubtful_rules(judged)] + ["ignore:"]
    for fingerprint, (finding, reason) in entries.items():
        lines.append(f"# {printable(finding.rule, 100)}: «{printable(finding.quote, 100)}»")
        row: Any = [{"fingerprint": fingerprint, "reason": printable(reason, 500)}]
        lines.append(yaml.safe_dump(row, allow_unicode=True, sort_keys=False, width=10_000).rstrip())
    return "\n".join(lines) + "\n"


def _doubtful_rules(judged: Sequence[tuple[Finding, Decision, str]]) -> list[str]:
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for finding, decision, _ in judged:
        verdicts[finding.rule][decision.verdict] += 1
    return [
        text("sessions.doubtful-rule", rule=printable(rule, 100), count=found["false-alarm"])
        for rule, found in sorted(verdicts.items())
        if found["false-alarm"] >= _ENOUGH and not found["breach"]
    ]
