"""The review as Markdown (GitHub's), for a wiki or an issue."""

import re
from collections.abc import Iterator

from streamcheck.i18n import text
from streamcheck.reports.report import Report, ReviewedFile, severities
from streamcheck.reports.wording import around, clock, platform_line, sort_of, term, where
from streamcheck.safe import printable

_CONTEXT = 60
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+.!|~:@-])")


def render(report: Report) -> str:
    """A heading and a table for every file; files that failed at the end."""
    lines = [f"# {text('reports.title')}", "", _plain(platform_line(report.platform)), ""]
    for file in report.files:
        lines += _file(file)
    if report.failed:
        lines += [f"## {text('reports.failed')}", "", *(f"- {_plain(failed.reason)}" for failed in report.failed), ""]
    return "\n".join(lines)


def _file(file: ReviewedFile) -> Iterator[str]:
    length = f" \\({clock(file.length)}\\)" if file.length is not None else ""
    yield from (f"## {_plain(file.file)}{length}", "")
    yield from (_plain(text("reports.counts", **severities(file.findings))), "")
    if not file.findings:
        return
    columns = [text(f"reports.column-{name}") for name in ("where", "what", "words", "instead", "source")]
    yield from (f"| {' | '.join(columns)} |", "|---" * len(columns) + "|")
    for finding in file.findings:
        before, quote, after = (_plain(part) for part in around(finding, _CONTEXT))
        cells = (
            where(finding.start, finding.line),
            f"{_plain(sort_of(finding))}: {_plain(term(finding.category))}",
            f"{before}**{quote}**{after}",
            f"{_plain(finding.message)} {_plain(finding.suggestion)}",
            f"{_plain(finding.source)} \\({_plain(finding.rule)}\\)",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _plain(said: str) -> str:
    """Text that stays text: markup escaped by backslashes, HTML by entities."""
    shown = printable(said).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", shown)
