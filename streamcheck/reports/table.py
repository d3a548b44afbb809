"""Findings as CSV for a spreadsheet: one row each, and no cell that a spreadsheet would run as a formula."""

import csv
import io

from streamcheck.reports.report import Report
from streamcheck.reports.wording import clock
from streamcheck.safe import printable

COLUMNS = (
    "file line time start end state severity category rule quote context message suggestion source confidence "
    "fingerprint ignored"
).split()
_FORMULA = "=+-@\t\r＝＋－＠"


def render(report: Report) -> str:
    """The table with a heading, behind the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for file in report.files:
        for finding in file.findings:
            time = "" if finding.start is None else clock(finding.start)
            row = {"ignored": "", **finding.as_json(), "file": file.file, "time": time}
            writer.writerow({name: cell(value) for name, value in row.items()})
    return "\ufeff" + out.getvalue()


def cell(value: object) -> object:
    """The value, with an apostrophe before a text that begins like a formula (OWASP, «CSV injection»)."""
    if not isinstance(value, str):
        return value
    shown = printable(value)
    return f"'{shown}" if shown.lstrip().startswith(tuple(_FORMULA)) else shown
