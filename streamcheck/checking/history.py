"""What was said for good in a live session, by the number of the utterance: as much as a phrase may reach over.

Utterances come in their order, but for those that were set aside in an overload: what lies around these is kept until
they come, so that they are checked with their neighbours as they would have been.
"""

from streamcheck.events import Hypothesis, Utterance

TAIL_WORDS = 60
"""Words of settled speech that a phrase or a guard may reach over."""
TAIL_SECONDS = 30.0
"""Seconds of silence, or of speech, beyond which nothing belongs together."""
_MOST_MISSING = 1000  # utterances that are waited for


class History:
    """Settled utterances of one session."""

    def __init__(self) -> None:
        self._said: dict[int, Utterance] = {}
        self._missing: set[int] = set()
        self._next = 0

    @property
    def awaited(self) -> set[int]:
        """The numbers of the utterances that may still come: the next, and those that were left out."""
        return {self._next, *self._missing}

    def add(self, hypothesis: Hypothesis) -> None:
        """Take a final hypothesis; what is out of everybody's reach is forgotten."""
        number = hypothesis.utterance
        self._missing |= set(range(self._next, number))
        self._missing.discard(number)
        while len(self._missing) > _MOST_MISSING:
            self._missing.remove(min(self._missing))
        self._next = max(self._next, number + 1)
        self._said[number] = utterance_of(hypothesis)
        near = {one for awaited in self.awaited for step in (-1, 1) for one in self._reach(awaited, step)}
        self._said = {one: said for one, said in self._said.items() if one in near}

    def before(self, hypothesis: Hypothesis) -> list[Utterance]:
        """What a phrase in an utterance may reach back into."""
        start = _start(utterance_of(hypothesis), hypothesis.heard_to)
        found = [self._said[one] for one in self._reach(hypothesis.utterance, -1)]
        return [one for one in reversed(found) if one.words and start - _end(one, start) <= TAIL_SECONDS]

    def after(self, hypothesis: Hypothesis) -> list[Utterance]:
        """What a phrase in an utterance may reach on into; that is something only where it comes late."""
        end = _end(utterance_of(hypothesis), hypothesis.heard_to)
        found = [self._said[one] for one in self._reach(hypothesis.utterance, 1)]
        return [one for one in found if one.words and _start(one, end) - end <= TAIL_SECONDS]

    def _reach(self, number: int, step: int) -> list[int]:
        """The settled utterances before (step -1) or after (1) a number, the nearest first."""
        found: list[int] = []
        words, one = 0, number + step
        while one in self._said and words < TAIL_WORDS and len(found) < TAIL_WORDS:
            found.append(one)
            words += len(self._said[one].words)
            one += step
        return found


def utterance_of(hypothesis: Hypothesis) -> Utterance:
    """The words of a pass as an utterance."""
    words = hypothesis.words
    return Utterance(words, words[0].start, words[-1].end) if words else Utterance(())


def _start(utterance: Utterance, else_at: float) -> float:
    return else_at if utterance.start is None else utterance.start


def _end(utterance: Utterance, else_at: float) -> float:
    return else_at if utterance.end is None else utterance.end
