"""What was said for good in a live session, by the number of the utterance: as much as a phrase may reach over.

Utterances come in their order, but for those that were set aside in an overload: what lies around these is kept until
they come, so that they are checked with their neighbours as they would have been.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from streamcheck.events import Hypothesis, Utterance

TAIL_WORDS = 60
"""Words of settled speech that a phrase or a guard may reach over."""
TAIL_SECONDS = 30.0
"""Seconds of silence, or of speech, beyond which nothing belongs together."""
_MOST_MISSING = 1000  # utterances that are waited for


@dataclass(frozen=True, slots=True)
class _Said:
    utterance: Utterance
    heard_to: float


class History:
    """Settled utterances of one session."""

    def __init__(self) -> None:
        self._said: dict[int, _Said] = {}
        self._missing: set[int] = set()
        self._next = 0

    def is_late(self, number: int) -> bool:
        """Whether later utterances were settled before this one."""
        return number < self._next

    @property
    def awaited(self) -> set[int]:
        """The numbers of the utterances that may still come: the next, and those that were left out."""
        return {self._next, *self._missing}

    def add(self, hypothesis: Hypothesis) -> None:
        """Take a final hypothesis; what is out of everybody's reach is forgotten."""
        number, words = hypothesis.utterance, hypothesis.words
        self._missing |= set(range(self._next, number))
        self._missing.discard(number)
        while len(self._missing) > _MOST_MISSING:
            self._missing.remove(min(self._missing))
        self._next = max(self._next, number + 1)
        start, end = (words[0].start, words[-1].end) if words else (None, None)
        self._said[number] = _Said(Utterance(words, start, end), hypothesis.heard_to)
        self._said = {one: self._said[one] for one in sorted(self._near(self.awaited))}

    def before(self, number: int) -> list[Utterance]:
        """What a phrase in an utterance may reach back into."""
        return [
            self._said[one].utterance for one in reversed(self._reach(number, -1)) if self._said[one].utterance.words
        ]

    def after(self, number: int) -> list[Utterance]:
        """What a phrase in an utterance that comes late may reach on into."""
        return [self._said[one].utterance for one in self._reach(number, 1) if self._said[one].utterance.words]

    def _near(self, numbers: Iterable[int]) -> set[int]:
        return {one for number in numbers for step in (-1, 1) for one in self._reach(number, step)}

    def _reach(self, number: int, step: int) -> list[int]:
        """The settled utterances before (step -1) or after (1) a number, the nearest first."""
        found: list[int] = []
        words, near = 0, None
        one = number + step
        while one in self._said and words < TAIL_WORDS:
            said = self._said[one]
            near = said.heard_to if near is None else near
            if abs(near - (said.utterance.end if said.utterance.end is not None else said.heard_to)) > TAIL_SECONDS:
                break
            found.append(one)
            words += len(said.utterance.words)
            one += step
        return found
