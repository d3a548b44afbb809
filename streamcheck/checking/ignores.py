"""A person's word on findings: entries that say «this is no breach», with a reason and perhaps an end date."""

from collections.abc import Iterable, Sequence
from datetime import date

from streamcheck.checking.schema import Ignore
from streamcheck.events import Finding
from streamcheck.i18n import text


def ignored_because(entries: Sequence[Ignore], rule: str, fingerprint: str, today: date) -> str | None:
    """The reason of the first entry in date for this `pack/rule-id` or fingerprint; None where there is none."""
    for entry in entries:
        if (entry.until is None or today <= entry.until) and _is_about(entry, rule, fingerprint):
            return entry.reason
    return None


def remarks_on_ignores(entries: Sequence[Ignore], findings: Iterable[Finding], today: date) -> list[str]:
    """One line for each entry that is out of date or matched none of the findings."""
    seen = list(findings)
    remarks = []
    for entry in entries:
        name = entry.rule or entry.fingerprint or ""
        if entry.until is not None and today > entry.until:
            remarks.append(text("checking.ignore-expired", name=name, until=entry.until.isoformat()))
        elif not any(_is_about(entry, one.rule, one.fingerprint) for one in seen):
            remarks.append(text("checking.ignore-unused", name=name, reason=entry.reason))
    return remarks


def _is_about(entry: Ignore, rule: str, fingerprint: str) -> bool:
    if entry.fingerprint is not None:
        return entry.fingerprint == fingerprint
    return entry.rule in (rule, rule.rpartition("/")[2])
