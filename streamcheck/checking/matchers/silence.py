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
        for i in range(low, min(high, len(passage.tokens) - 1)):
            if passage.tokens[i].last_word == passage.tokens[i + 1].word:
                continue
            until, since = passage.end(i), passage.start(i + 1)
            if until is not None and since is not None and since - until > self._longer:
                seconds = f"{since - until:.0f}"
                yield Match(i, i + 2, note=f"{seconds} s", values={"seconds": seconds})
