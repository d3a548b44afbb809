"""Statistics for programs and spreadsheets."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from streamcheck.reports.table import cell
from streamcheck.safe import json_line
from streamcheck.statistics.counting import Group, RuleRecord, Statistics

SCHEMA = 1
COLUMNS = (
    "by name category sessions hours findings violations per_hour fired breaches false_alarms false_alarm_share"
).split()


def as_json(statistics: Statistics) -> str:
    """One document on one line: the total, a list for each kind of group, and the rules."""
    document = {
        "type": "streamcheck-statistics",
        "schema": SCHEMA,
        "total": _group(statistics.total),
        **{kind: [_group(one) for one in groups] for kind, groups in statistics.groups.items()},
        "rules": [_rule(one) for one in statistics.rules],
    }
    return json_line(document) + "\n"


def as_csv(statistics: Statistics) -> str:
    """One table; `by` says what a row counts: `total`, `category`, `presenter`, `platform`, `week` or `rule`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in _rows(statistics):
        writer.writerow({name: cell(value) for name, value in row.items()})
    return "\ufeff" + out.getvalue()


def _rows(statistics: Statistics) -> Iterator[dict[str, Any]]:
    yield {"by": "total", **_group(statistics.total)}
    for kind, groups in statistics.groups.items():
        yield from ({"by": kind, **_group(one)} for one in groups)
    yield from ({"by": "rule", **_rule(one)} for one in statistics.rules)


def _group(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "sessions": group.sessions,
        "hours": round(group.hours, 3),
        "findings": group.findings,
        "violations": group.violations,
        "per_hour": _rounded(group.per_hour),
    }


def _rule(record: RuleRecord) -> dict[str, Any]:
    return {
        "name": record.rule,
        "category": record.category,
        "sessions": record.sessions,
        "fired": record.fired,
        "breaches": record.breaches,
        "false_alarms": record.false_alarms,
        "false_alarm_share": _rounded(record.false_share),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
