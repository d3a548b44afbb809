"""The whole review as one JSON document, described by `review.schema.json` beside this file."""

from collections.abc import Iterable
from typing import Any

from streamcheck import __version__
from streamcheck.events import Finding, Utterance
from streamcheck.reports.report import Report, severities, tally
from streamcheck.safe import json_line

SCHEMA = 1
"""Goes up when a field changes its meaning or goes away; new fields may come without it."""


def render(report: Report) -> str:
    """The document on one line: it can be large, and is for programs."""
    return json_line(document(report)) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The document as JSON values; words are `[text, start, end, probability]`."""
    return {
        "type": "streamcheck-review",
        "schema": SCHEMA,
        "version": __version__,
        "made": report.made.isoformat(timespec="seconds"),
        "platform": report.platform,
        "model": report.model,
        "counts": _counts(finding for file in report.files for finding in file.findings),
        "files": [
            {
                "file": file.file,
                "duration": file.length,
                "notes": list(file.notes),
                "counts": _counts(file.findings),
                "findings": [finding.as_json() for finding in file.findings],
                "utterances": [_utterance(utterance) for utterance in file.utterances],
            }
            for file in report.files
        ],
        "failed": [{"file": failed.file, "reason": failed.reason} for failed in report.failed],
    }


def _counts(findings: Iterable[Finding]) -> dict[str, Any]:
    findings = list(findings)
    return {
        "severities": severities(findings),
        "categories": {name: sum(row.values()) for name, row in tally(findings).items()},
    }


def _utterance(utterance: Utterance) -> dict[str, Any]:
    return {
        "text": utterance.text,
        "start": utterance.start,
        "end": utterance.end,
        "line": utterance.line,
        "speaker": utterance.speaker,
        "words": [[word.text, word.start, word.end, round(word.probability, 3)] for word in utterance.words],
    }
