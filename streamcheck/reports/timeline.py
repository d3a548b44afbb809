"""The picture of a whole broadcast: how fast was spoken, and where the findings are, on one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from streamcheck.events import Utterance
from streamcheck.reports.wording import clock

_MAX_PARTS = 180
_SHORTEST_PART = 4.0
"""Seconds of one bar of the pace: fewer hold a word or two, and only flicker."""
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
"""Seconds between two ticks that people count in."""
_MAX_TICKS = 8
_MAX_LEVELS = 600
_DYNAMICS = 60.0
"""Decibels below full scale that are drawn: quieter is the noise of a room."""
_DEAD_AIR = 10.0
"""Seconds without a word from which viewers leave; pauses of speech are shorter."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """An axis of `length` seconds. Positions are per cent of its width."""

    length: float

    def position(self, seconds: float) -> float:
        """Where a time lies, in per cent."""
        return round(min(max(seconds / self.length, 0.0), 1.0) * 100, 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Positions and labels of round times, the start among them, at most eight."""
        step = next((step for step in _STEPS if self.length / step < _MAX_TICKS), self.length)
        return [(self.position(n * step), clock(n * step)) for n in range(int(self.length / step) + 1)]

    def pauses(self, utterances: Sequence[Utterance]) -> list[tuple[float, float]]:
        """The spans of at least ten seconds, from start to end of the broadcast, in which nobody speaks."""
        said = sorted((word.start, word.end) for one in utterances for word in one.words if word.start is not None)
        pauses, reached = [], 0.0
        for start, end in [*said, (self.length, self.length)]:
            if start - reached >= _DEAD_AIR:
                pauses.append((reached, start))
            reached = max(reached, end or start)
        return pauses

    def rates(self, utterances: Sequence[Utterance]) -> list[int]:
        """Words a minute in each of at most 180 equal parts of the broadcast, none shorter than four seconds."""
        parts = min(max(int(self.length / _SHORTEST_PART), 1), _MAX_PARTS)
        words = [0] * parts
        for utterance in utterances:
            for word in utterance.words:
                if word.start is not None:
                    words[min(int(word.start / self.length * parts), parts - 1)] += 1
        return [round(count * 60 * parts / self.length) for count in words]


def heights(levels: Sequence[float]) -> list[int]:
    """Levels in dBFS by second as heights of 0 to 100, in at most 600 parts, each as loud as its loudest second."""
    parts = min(len(levels), _MAX_LEVELS)
    edges = [part * len(levels) // parts for part in range(parts + 1)] if parts else []
    loudest = (max(levels[low:high]) for low, high in pairwise(edges))
    return [round(min(max(1 + level / _DYNAMICS, 0.0), 1.0) * 100) for level in loudest]


def silhouette(rates: Sequence[int], peak: int | None = None) -> str:
    """The path of a filled bar chart, one unit a value wide and 100 high at the peak (SVG, y downwards)."""
    peak = peak or max(rates, default=0) or 1
    return (
        "M0,100" + "".join(f"V{round(100 - rate / peak * 100, 1):g}H{n}" for n, rate in enumerate(rates, 1)) + "V100Z"
    )
