"""The review as an Excel workbook by XlsxWriter: findings to filter, and how many there are of each kind.

openpyxl was rejected for writing: it takes a text that begins with `=` for a formula unless each cell is told not to.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from streamcheck.errors import OutputError
from streamcheck.events import SEVERITIES
from streamcheck.i18n import text
from streamcheck.reports.report import Report, ReviewedFile, tally
from streamcheck.reports.wording import clock, sort_of, term
from streamcheck.safe import printable

if TYPE_CHECKING:
    from xlsxwriter.workbook import Worksheet

_LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""
_MOST_ROWS = 1_048_575
"""Rows that Excel takes on a sheet, the heading left out."""
_COLUMNS = (
    ("file", 24), ("where", 9), ("severity", 14), ("category", 24), ("words", 36), ("context", 60), ("message", 40),
    ("instead", 48), ("source", 40), ("rule", 32), ("confidence", 12), ("decision", 16),
    ("remark", 30), ("assignee", 16),
)  # fmt: skip

Cell = str | float | None


def render(report: Report) -> bytes:
    """The workbook. Raises OutputError where XlsxWriter is not installed or the findings are too many for a sheet."""
    try:
        from xlsxwriter import Workbook
    except ImportError as error:
        raise OutputError(text("reports.no-xlsx")) from error
    rows = [row for file in report.files for row in _rows(file)]
    if len(rows) > _MOST_ROWS:
        raise OutputError(text("reports.too-many-rows", count=len(rows), most=_MOST_ROWS))
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True})
    book.set_properties({"title": text("reports.title"), "created": report.made.replace(tzinfo=None)})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    findings = book.add_worksheet(text("reports.sheet-findings"))
    for number, (_, width) in enumerate(_COLUMNS):
        findings.set_column(number, number, width, wrapped)
    headings = [text(f"reports.column-{name}") for name, _ in _COLUMNS]
    _fill(findings, [headings, *rows], bold)
    findings.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
    counts = book.add_worksheet(text("reports.sheet-counts"))
    counts.set_column(0, 1, 32)
    _fill(counts, [*_counts(report)], bold)
    book.close()
    return content.getvalue()


def _rows(file: ReviewedFile) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for one in file.findings:
        place = one.line if one.start is None else clock(one.start)
        judged = file.judgements.get(one.id)
        decision = (
            (text(f"sessions.verdict-{judged.verdict}"), judged.remark, judged.assignee) if judged else ("", "", "")
        )
        rows.append([
            file.file, place, sort_of(one), term(one.category), one.quote, one.context, one.message, one.suggestion,
            one.source, one.rule, one.confidence, *decision,
        ])  # fmt: skip
    return rows


def _counts(report: Report) -> list[list[Cell]]:
    heading = ["column-file", "column-category", *(f"many-{severity}" for severity in SEVERITIES)]
    rows: list[list[Cell]] = [[text(f"reports.{name}") for name in heading]]
    for file in report.files:
        table = tally(file.findings)
        rows += [[file.file, term(name), *(row[severity] for severity in SEVERITIES)] for name, row in table.items()]
        if not table:
            rows.append([file.file, text("reports.clean")])
    return rows + [[failed.file, failed.reason] for failed in report.failed]


def _fill(sheet: "Worksheet", rows: Sequence[Sequence[Cell]], heading: object) -> None:
    """Write the rows, texts as texts whatever they begin with."""
    for at, row in enumerate(rows):
        form = () if at else (heading,)
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, printable(value, _LONGEST_CELL), *form)
            elif value is not None:
                sheet.write_number(at, column, value)
    sheet.freeze_panes(1, 0)
