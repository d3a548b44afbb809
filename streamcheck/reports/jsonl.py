"""Findings as JSON lines, the contract of the README («Finding»)."""

from collections.abc import Iterator

from streamcheck.reports.report import Report, ReviewedFile
from streamcheck.safe import json_line


def lines(file: ReviewedFile) -> Iterator[str]:
    """One line a finding, without line ends."""
    return (json_line(finding.as_json()) for finding in file.findings)


def render(report: Report) -> str:
    """The findings of all files."""
    return "".join(f"{line}\n" for file in report.files for line in lines(file))
