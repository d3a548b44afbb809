"""Too many words of a list in a stretch of speech: fillers, diminutives.

One match covers a whole stretch, from the first such word to the last; single fillers are nobody's business.
"""

from collections.abc import Iterator

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.checking.phrases import Phrases


class Density:
    """Finds stretches where more than `most` of the phrases lie within `window` tokens."""

    def __init__(self, phrases: Phrases, window: int, most: int) -> None:
        self._phrases, self._window, self._most = phrases, window, most

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        spans = _apart(self._phrases.spans(passage, low, len(passage.tokens)))
        first = 0
        while first + self._most < len(spans):
            last = first + self._most
            start = spans[first][0]
            if start >= high:
                return
            if spans[last][1] - start > self._window:
                first += 1
                continue
            while last + 1 < len(spans) and spans[last + 1][1] - spans[last + 1 - self._most][0] <= self._window:
                last += 1
            count = last - first + 1
            end = spans[last][1]
            yield Match(start, end, note=f"{count} in {end - start} words", values={"count": str(count)})
            first = last + 1


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, without those that overlap an earlier one."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
