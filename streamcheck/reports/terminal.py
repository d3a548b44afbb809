"""The review for the eye: tables on a terminal, one line a finding anywhere else."""

from collections.abc import Iterator

from rich.box import SIMPLE
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from streamcheck.events import SEVERITIES, Finding
from streamcheck.i18n import text
from streamcheck.reports.report import Report, ReviewedFile, counts, severities, tally
from streamcheck.reports.wording import around, clock, sort_of, term, where
from streamcheck.safe import printable

_STYLES = {"violation": "bold red", "warning": "bold yellow", "advice": "bold cyan"}
_CONTEXT = 70
_SOURCE = 120
"""Characters of a source, which may quote half a page."""


def render(report: Report) -> str:
    """The whole review as plain lines."""
    lines = [line for file in report.files for line in file_lines(file)]
    return "".join(f"{line}\n" for line in (*lines, *closing_lines(report)))


def file_lines(file: ReviewedFile) -> Iterator[str]:
    """One line a finding, as compilers print them: `file:place: severity: category: «quote» — what to do [rule]`."""
    for finding in file.findings:
        place = finding.line if finding.start is None else clock(finding.start)
        head = f"{printable(file.file)}:{'' if place is None else f'{place}:'}"
        advice = printable(finding.suggestion or finding.message)
        quote = f"«{printable(finding.quote)}»"
        yield f"{head} {sort_of(finding)}: {term(finding.category)}: {quote} — {advice} [{printable(finding.rule)}]"


def closing_lines(report: Report) -> Iterator[str]:
    """How much was found in how many files."""
    findings = [finding for file in report.files for finding in file.findings]
    for category, found in tally(findings).items():
        yield f"  {term(category)}: {sum(found.values())}"
    yield f"{text('reports.files', n=len(report.files))} {text('reports.counts', **severities(findings))}"


def file_view(file: ReviewedFile) -> RenderableType:
    """A heading and a table of the findings of one file, for a terminal of any width."""
    length = f" · {clock(file.length)}" if file.length is not None else ""
    title = Text(printable(file.file), "bold", overflow="ellipsis", no_wrap=True)
    heading = Rule(title.append(length, "dim not bold"), align="left", style="dim", characters="─")
    if not file.findings:
        return Group(heading, Padding(Text(f"✓ {text('reports.clean')}", "green"), (0, 2, 1, 2)))
    table = Table(box=None, show_header=False, padding=(0, 2, 1, 0), pad_edge=False, expand=True)
    table.add_column(justify="right", no_wrap=True, min_width=5)
    table.add_column(ratio=2, max_width=26)
    table.add_column(ratio=5)
    for finding in file.findings:
        table.add_row(where(finding.start, finding.line), _what(finding), _words(finding))
    return Group(heading, Padding(table, (0, 1, 1, 1)))


def _what(finding: Finding) -> Text:
    style = _STYLES[finding.severity] if counts(finding) else "dim"
    return Text.assemble((sort_of(finding), style), "\n", (term(finding.category), ""))


def _words(finding: Finding) -> Text:
    before, quote, after = around(finding, _CONTEXT)
    style = "bold reverse" if counts(finding) else "bold"
    said = Text.assemble((before, "dim"), (quote, style), (after, "dim"))
    for note, mark in ((finding.message, ""), (finding.suggestion, "→ ")):
        if note:
            said.append(f"\n{mark}{printable(note)}", "green" if mark else "")
    return said.append(f"\n{printable(finding.source, _SOURCE)} · {printable(finding.rule)}", "dim")


def closing_view(report: Report) -> RenderableType:
    """Counts by category and severity over all files."""
    findings = [finding for file in report.files for finding in file.findings]
    rows = tally(findings)
    total = Text(text("reports.files", n=len(report.files)) + " ")
    total.append(text("reports.counts", **severities(findings)) if rows else text("reports.clean"), "bold")
    if not rows:
        return total
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column(text("reports.column-category"))
    for severity in SEVERITIES:
        table.add_column(term(severity), justify="right", style=_STYLES[severity])
    for category, found in rows.items():
        table.add_row(term(category), *(str(found[severity] or "·") for severity in SEVERITIES))
    return Group(table, total)


def show(view: RenderableType, console: Console | None = None) -> None:
    """Print a view on the terminal; what was said in it is text, never markup."""
    (console or Console()).print(view, markup=False, highlight=False, emoji=False)
