"""`--format jsonl`: every event as one JSON object a line, flushed at once (README, «Finding»)."""

import math
from typing import Protocol

from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.safe import json_line


class Output(Protocol):
    """Where lines go: a text file, or what behaves like one."""

    def write(self, line: str, /) -> object: ...

    def flush(self) -> None: ...


class JsonLines:
    """A sink that writes findings, committed text and status; tentative text is left out."""

    def __init__(self, out: Output) -> None:
        self._out = out

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Write an utterance once it is final."""
        words = hypothesis.words
        if not (hypothesis.final and words):
            return
        self._write(
            {
                "type": "transcript",
                "start": words[0].start,
                "end": words[-1].end,
                "text": " ".join(word.text for word in words),
                "words": [[word.text, word.start, word.end, round(word.probability, 3)] for word in words],
                "emitted": round(emitted, 3),
            }
        )

    def finding(self, finding: Finding) -> None:
        """Write a finding or its update."""
        self._write(finding.as_json())

    def status(self, status: Status) -> None:
        """Write how the session is doing."""
        level = status.level_db if status.level_db is not None and math.isfinite(status.level_db) else None
        self._write(
            {
                "type": "status",
                "state": status.state,
                "lag": round(status.lag, 3),
                "policy_lag": round(status.policy_lag, 3),
                "level": None if level is None else round(level, 1),
                "received": round(status.received, 3),
                "detail": status.detail,
                "ladder": status.ladder,
                "unchecked": [[round(start, 3), round(end, 3)] for start, end in status.unchecked],
            }
        )

    def close(self) -> None:
        """Nothing is held back, so nothing is left to write."""

    def _write(self, row: dict[str, object]) -> None:
        self._out.write(json_line(row) + "\n")
        self._out.flush()
