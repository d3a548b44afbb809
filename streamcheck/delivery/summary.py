"""What a session came to, as one JSON object: how long, how much of what, and every finding that stands."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from streamcheck.events import Finding, Hypothesis, Status


class Summary:
    """A sink that keeps the last state of every finding, and what the host said of it."""

    def __init__(self) -> None:
        self._findings: dict[str, Finding] = {}
        self._verdicts: dict[str, str] = {}
        self._status = Status("loading")
        self._words = 0

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:  # noqa: ARG002 (a sink takes it)
        """Count the words that will not change."""
        self._words += len(hypothesis.words) if hypothesis.final else 0

    def finding(self, finding: Finding) -> None:
        """Keep a finding or its update."""
        self._findings[finding.id] = finding

    def status(self, status: Status) -> None:
        """Keep how far the session has come, and what is wrong."""
        self._status = status

    def close(self) -> None:
        """Nothing is held."""

    def judge(self, findings: Sequence[str], verdict: str | None) -> None:
        """Keep what the host says of findings."""
        for finding in findings:
            if verdict is None:
                self._verdicts.pop(finding, None)
            else:
                self._verdicts[finding] = verdict

    def row(self, **about: Any) -> dict[str, Any]:
        """The summary, with what else is known of the session in front."""
        shown = [one for one in self._findings.values() if one.state != "withdrawn"]
        counted = [
            one
            for one in shown
            if one.state == "confirmed" and not one.ignored and self._verdicts.get(one.id) != "false-alarm"
        ]
        return {
            "type": "summary",
            **about,
            "seconds": round(self._status.received, 3),
            "words": self._words,
            "trouble": self._status.detail,
            "severities": dict(Counter(one.severity for one in counted)),
            "categories": dict(Counter(one.category for one in counted)),
            "findings": [self._finding(one) for one in shown],
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        verdict = self._verdicts.get(finding.id)
        return finding.as_json() | ({"decision": verdict} if verdict else {})
