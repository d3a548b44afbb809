"""The frozen values that flow between the parts. No part adds behaviour to them; none does I/O.

Times are seconds from the start of the source unless a name says otherwise; samples are mono float32 at
`SAMPLE_RATE`.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples a second of every `AudioBlock`: what Whisper and Silero take."""

Samples = npt.NDArray[np.float32]
Severity = Literal["violation", "warning", "advice"]
FindingState = Literal["tentative", "confirmed", "withdrawn", "supported"]

SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "advice")
"""From the heaviest to the lightest."""


@dataclass(frozen=True, slots=True)
class AudioBlock:
    """A run of sound. `start` is the number of its first sample since the source began; gaps show as jumps."""

    start: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard or read, with its punctuation attached and no blanks; times are None in untimed text."""

    text: str
    start: float | None = None
    end: float | None = None
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words said in one breath: a stretch of speech between pauses, a subtitle cue, or a line of a text.

    `line` (from 1) is set for text files only; `start` and `end` are None in untimed text.
    """

    words: tuple[Word, ...]
    start: float | None = None
    end: float | None = None
    line: int | None = None
    speaker: str | None = None

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one pass of the live recogniser heard of one utterance, from its first word on.

    `utterance` counts from 0; a later hypothesis with the same number replaces the earlier one, and a final one is
    the last. The first `stable` words are agreed by two passes (all of them when final). `heard_to` is the source
    time up to which this pass has heard; words that end after `trusted_to` may still be cut by the window's edge.
    """

    utterance: int
    words: tuple[Word, ...]
    stable: int
    final: bool
    heard_to: float
    trusted_to: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule; the fields are the contract of the JSON lines (README, «Finding»)."""

    id: str
    state: FindingState
    category: str
    rule: str
    severity: Severity
    start: float | None
    end: float | None
    quote: str
    context: str
    message: str
    suggestion: str
    source: str
    confidence: float
    because: tuple[str, ...] = ()
    file: str | None = None
    line: int | None = None
    emitted: float | None = None
    fingerprint: str = ""
    ignored: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The finding as a JSON object with its type; absent optional fields are left out, null times kept."""
        row = asdict(self)
        for name in ("file", "line", "emitted", "ignored"):
            if row[name] is None:
                del row[name]
        return {"type": "finding", **row}


@dataclass(frozen=True, slots=True)
class Transcript:
    """Committed text of a live session: one utterance that will not change."""

    utterance: Utterance
    emitted: float


@dataclass(frozen=True, slots=True)
class Status:
    """How the session is doing; times in seconds.

    `lag` is sound received but not yet heard by the recogniser, `policy_lag` heard but not yet committed: what caution
    costs. `ladder` says what an overload has cost, `unchecked` which spans (start, end) are still, or will stay,
    unchecked for it.
    """

    state: Literal["loading", "listening", "paused", "gap", "overload", "stopped"]
    lag: float = 0.0
    policy_lag: float = 0.0
    level_db: float | None = None
    received: float = 0.0
    detail: str = ""
    ladder: Literal["normal", "ends-only", "setting-aside"] = "normal"
    unchecked: tuple[tuple[float, float], ...] = ()
