"""Many broadcasts counted: findings an hour by category, host, platform and week, and how right each rule is. Pure."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from streamcheck.events import Finding
from streamcheck.sessions.store import Decision, Session

KINDS = ("category", "presenter", "platform", "week")
"""What findings are counted by, in the order of the tables."""


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One broadcast: its session, its findings in their last state, and the decisions that hold for them by id."""

    session: Session
    findings: Sequence[Finding]
    held: Mapping[str, Decision]

    def verdict(self, finding: Finding) -> str:
        """What was decided about a finding; `open` where nothing was."""
        decision = self.held.get(finding.id)
        return decision.verdict if decision else "open"

    def stands(self, finding: Finding) -> bool:
        """Whether a finding is to be counted: not withdrawn, backed, ignored or found to be a false alarm."""
        counted = finding.state in ("tentative", "confirmed") and not finding.ignored
        return counted and self.verdict(finding) != "false-alarm"


@dataclass(slots=True)
class Group:
    """The broadcasts of one host, platform or week, or the findings of one category in all of them.

    `hours` are those of sound; `heard` counts the findings in them, `findings` those in texts without times too.
    """

    name: str
    sessions: int = 0
    hours: float = 0.0
    findings: int = 0
    violations: int = 0
    heard: int = 0

    @property
    def per_hour(self) -> float | None:
        """Findings an hour; None where there is no sound."""
        return self.heard / self.hours if self.hours else None

    def add(self, broadcast: Broadcast, findings: Sequence[Finding]) -> None:
        """Count a broadcast's findings, its hours aside."""
        self.findings += len(findings)
        self.violations += sum(one.severity == "violation" for one in findings)
        self.heard += len(findings) if broadcast.session.seconds else 0


@dataclass(slots=True)
class RuleRecord:
    """How a rule did: how often and in how many broadcasts it fired, and what was decided about that.

    `fired` counts false alarms too: it is the rule that is judged here, not the host.
    """

    rule: str
    category: str
    fired: int = 0
    sessions: int = 0
    breaches: int = 0
    false_alarms: int = 0

    @property
    def false_share(self) -> float | None:
        """The share of false alarms among what was decided for certain; None where nothing was."""
        judged = self.breaches + self.false_alarms
        return self.false_alarms / judged if judged else None


@dataclass(frozen=True, slots=True)
class Statistics:
    """`groups` by kind (`KINDS`), `rules` with those first that fired in the most broadcasts."""

    total: Group
    groups: Mapping[str, Sequence[Group]]
    rules: Sequence[RuleRecord] = field(default_factory=list)


def count(broadcasts: Sequence[Broadcast]) -> Statistics:
    """Count. A live session that was reviewed again is counted by its review."""
    reviewed = {one.session.content.removeprefix("session:") for one in broadcasts}
    chosen = [one for one in broadcasts if one.session.id not in reviewed]
    total = _grouped(chosen, lambda _: "").get("", Group(""))
    names: dict[str, Callable[[Broadcast], str]] = {
        "presenter": lambda one: one.session.presenter,
        "platform": lambda one: one.session.platform,
        "week": lambda one: week_of(one.session.started),
    }
    groups = {kind: _grouped(chosen, name) for kind, name in names.items()}
    ordered = {kind: sorted(found.values(), key=_most_an_hour) for kind, found in groups.items() if kind != "week"}
    weeks = [groups["week"][week] for week in sorted(groups["week"])]
    return Statistics(total, {"category": _categories(chosen, total), **ordered, "week": weeks}, _rules(chosen))


def week_of(moment: float) -> str:
    """The ISO week of a Unix time, local: `2026-W47`."""
    year, week, _ = datetime.fromtimestamp(moment).isocalendar()
    return f"{year}-W{week:02}"


def weeks_between(first: str, last: str) -> list[str]:
    """All weeks from the first to the last, those without a broadcast too."""
    day, weeks = datetime.strptime(f"{first}-1", "%G-W%V-%u"), [first]
    while weeks[-1] < last:
        day += timedelta(days=7)
        weeks.append(f"{day:%G-W%V}")
    return weeks


def _grouped(broadcasts: Sequence[Broadcast], name: Callable[[Broadcast], str]) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for broadcast in broadcasts:
        group = groups.setdefault(name(broadcast), Group(name(broadcast)))
        group.sessions += 1
        group.hours += broadcast.session.seconds / 3600
        group.add(broadcast, [one for one in broadcast.findings if broadcast.stands(one)])
    return groups


def _categories(broadcasts: Sequence[Broadcast], total: Group) -> list[Group]:
    groups: dict[str, Group] = {}
    for broadcast in broadcasts:
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in filter(broadcast.stands, broadcast.findings):
            found[finding.category].append(finding)
        for category, findings in found.items():
            group = groups.setdefault(category, Group(category, hours=total.hours))
            group.sessions += 1
            group.add(broadcast, findings)
    return sorted(groups.values(), key=_most_an_hour)


def _rules(broadcasts: Sequence[Broadcast]) -> list[RuleRecord]:
    records: dict[str, RuleRecord] = {}
    for broadcast in broadcasts:
        fired = [one for one in broadcast.findings if one.state in ("tentative", "confirmed")]
        for finding in fired:
            record = records.setdefault(finding.rule, RuleRecord(finding.rule, finding.category))
            record.fired += 1
            record.breaches += broadcast.verdict(finding) == "breach"
            record.false_alarms += broadcast.verdict(finding) == "false-alarm"
        for rule in {one.rule for one in fired}:
            records[rule].sessions += 1
    return sorted(records.values(), key=lambda one: (-one.sessions, -one.fired, one.rule))


def _most_an_hour(group: Group) -> tuple[float, int, str]:
    return -(group.per_hour or 0.0), -group.findings, group.name
