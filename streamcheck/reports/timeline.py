"""The picture of a whole broadcast: how fast was spoken, and where the findings are, on one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass

from streamcheck.events import Utterance
from streamcheck.reports.wording import clock

_MAX_PARTS = 180
_SHORTEST_PART = 4.0
"""Seconds of one bar of the pace: fewer hold a word or two, and only flicker."""
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)
"""Seconds between two ticks that people count in."""
_MAX_TICKS = 8


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

    def rates(self, utterances: Sequence[Utterance]) -> list[int]:
        """Words a minute in each of at most 180 equal parts of the broadcast, none shorter than four seconds."""
        parts = min(max(int(self.length / _SHORTEST_PART), 1), _MAX_PARTS)
        words = [0] * parts
        for utterance in utterances:
            for word in utterance.words:
                if word.start is not None:
                    words[min(int(word.start / self.length * parts), parts - 1)] += 1
        return [round(count * 60 * parts / self.length) for count in words]


def silhouette(rates: Sequence[int]) -> str:
    """The path of a filled bar chart, one unit a value wide and 100 high at the peak (SVG, y downwards)."""
    peak = max(rates, default=0) or 1
    return (
        "M0,100" + "".join(f"V{round(100 - rate / peak * 100, 1):g}H{n}" for n, rate in enumerate(rates, 1)) + "V100Z"
    )
