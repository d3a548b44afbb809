"""Names and figures of statistics as people read them, safe to print."""

from streamcheck.i18n import current_language, text
from streamcheck.reports.wording import term
from streamcheck.safe import printable
from streamcheck.statistics.counting import Group, RuleRecord

_LONGEST = 60
_ENOUGH = 3
"""Decisions from which a share says something of a rule."""
_DOUBTFUL = 0.5


def group_name(kind: str, group: Group) -> str:
    """A category in words, a platform or host by name; what is not known as such."""
    if kind == "category":
        return term(group.name)
    if kind == "platform" and group.name == "generic":
        return text("stats.no-platform")
    return printable(group.name, _LONGEST) or text("stats.unknown")


def number(value: float | None, digits: int = 1) -> str:
    """A figure with the decimal mark of the language; a dash for none."""
    shown = "—" if value is None else f"{value:.{digits}f}"
    return shown.replace(".", ",") if current_language() == "ru" else shown


def percent(share: float | None) -> str:
    """A share in per cent; a dash for none."""
    return "—" if share is None else f"{round(share * 100)} %"


def is_doubtful(record: RuleRecord) -> bool:
    """Whether a rule is to be mended: half of at least three decisions were false alarms."""
    judged = record.breaches + record.false_alarms
    return judged >= _ENOUGH and (record.false_share or 0.0) >= _DOUBTFUL
