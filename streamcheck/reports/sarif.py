"""The review as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines of a transcript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from streamcheck import __version__
from streamcheck.events import Finding
from streamcheck.i18n import current_language, text
from streamcheck.reports.report import FailedFile, Report, ReviewedFile
from streamcheck.reports.wording import clock, term
from streamcheck.safe import json_line, printable

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"violation": "error", "warning": "warning", "advice": "note"}


def render(report: Report) -> str:
    """The log on one line."""
    return json_line(log(report)) + "\n"


def log(report: Report) -> dict[str, Any]:
    """The log as JSON values: one run, a result for each finding that was not withdrawn."""
    findings = [one for file in report.files for one in file.findings if one.state != "withdrawn"]
    examples = {one.rule: one for one in reversed(findings)}
    rules = {rule: number for number, rule in enumerate(sorted(examples))}
    driver = {
        "name": "streamcheck",
        "version": __version__,
        "rules": [_rule(examples[rule]) for rule in rules],
    }
    invocation = {
        "executionSuccessful": not report.failed,
        "toolExecutionNotifications": [_failure(failed) for failed in report.failed],
    }
    run = {
        "tool": {"driver": driver},
        "language": current_language(),
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "artifacts": [{"location": {"uri": _uri(file.file)}} for file in report.files],
        "results": [result for at, file in enumerate(report.files) for result in _results(file, at, rules)],
        "properties": {"platform": report.platform, "model": report.model},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(example: Finding) -> dict[str, Any]:
    """A rule as far as one of its findings tells."""
    return {
        "id": example.rule,
        "shortDescription": {"text": term(example.category)},
        "help": {"text": f"{example.suggestion}\n{example.source}".strip() or example.rule},
        "defaultConfiguration": {"level": _LEVELS[example.severity]},
        "properties": {"tags": [example.category]},
    }


def _results(file: ReviewedFile, number: int, rules: dict[str, int]) -> Iterator[dict[str, Any]]:
    for one in file.findings:
        if one.state == "withdrawn":
            continue
        result: dict[str, Any] = {
            "ruleId": one.rule,
            "ruleIndex": rules[one.rule],
            "kind": "pass" if one.state == "supported" else "fail",
            "level": "none" if one.state == "supported" else _LEVELS[one.severity],
            "message": {"text": _message(one)},
            "locations": [_location(one, file.file, number)],
            "partialFingerprints": {"streamcheck/v1": one.fingerprint},
            "rank": round(one.confidence * 100, 1),
            "properties": {
                name: getattr(one, name)
                for name in ("id", "state", "category", "start", "end", "quote", "context", "suggestion", "source")
            },
        }
        if one.ignored:
            result["suppressions"] = [{"kind": "external", "justification": one.ignored}]
        yield result


def _message(one: Finding) -> str:
    time = "" if one.start is None else f"{clock(one.start)} "
    return printable(f"{time}«{one.quote}»: {one.message} {one.suggestion}".strip())


def _location(one: Finding, file: str, number: int) -> dict[str, Any]:
    """The file, and the line where one is known: sound has none, its times are among the properties."""
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(file), "index": number}}
    if one.line is not None:
        place["region"] = {"startLine": one.line, "snippet": {"text": one.context}}
    return {"physicalLocation": place}


def _failure(failed: FailedFile) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": _uri(failed.file)}}}
    return {"level": "error", "message": {"text": failed.reason or text("reports.failed")}, "locations": [location]}


def _uri(file: str) -> str:
    """A relative reference for a relative name; standard input is `-`."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="replace")
