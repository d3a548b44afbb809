"""Dead air: a pause between two words that is longer than so many seconds.

Works only where words have times. The match is the two words around the pause, so that its times cover the silence.
"""

from collections.abc import Iterator

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage


class Silence:
    """Finds pauses longer than `longer` seconds."""

    def __init__(self, longer: float) -> None:
        self._longer = longer

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches whose first token, the last before the pause, lies in [low, high)."""
        for i, pause in passage.pauses:
            if low <= i < high and pause > self._longer:
                seconds = f"{pause:.0f}"
                yield Match(i, i + 2, note=f"{seconds} s", values={"seconds": seconds})
