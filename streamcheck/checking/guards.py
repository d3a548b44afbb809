"""What takes a match back or makes it weaker: ConText-shaped guards and words that must stand near.

A guard has a trigger, a direction, a scope in words, words that end its reach and phrases that only look like triggers
(after medspaCy's ConText: Harkema et al. 2009). What it decides is kept for the trace under the guard's name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streamcheck.checking.likeness import Likeness
from streamcheck.checking.passage import Passage
from streamcheck.checking.patterns import Sequence_
from streamcheck.checking.phrases import Phrases, phrases_of
from streamcheck.checking.schema import Guard, Near

ReadPatterns = Callable[[Sequence[str]], list[Sequence_]]


@dataclass(frozen=True)
class CompiledGuard:
    """A guard ready to judge matches; see `schema.Guard` for what the parts mean."""

    name: str
    before: Phrases | None
    after: Phrases | None
    around: Phrases | None
    over: Phrases | None
    stop: Phrases | None
    pseudo: Phrases | None
    quotation: bool
    unlike: "Unlike | None"
    scope: int
    crosses: bool
    lowers: bool
    rule: str | None

    def holds(self, passage: Passage, start: int, end: int) -> bool:
        """Whether the guard speaks about the match in tokens [start, end)."""
        if self.quotation and all(passage.quoted[start:end]):
            return True
        if self.unlike and self.unlike.holds(passage, start, end):
            return True
        if self.over and self._over(self.over, passage, start, end):
            return True
        if (self.before or self.around) and self._stands_before(self.before or self.around, passage, start):
            return True
        if (self.after or self.around) and self._stands_after(self.after or self.around, passage, end):
            return True
        covering = self._over(self.around, passage, start, end) if self.around else []
        return any(not self._is_pseudo(passage, low, high) for low, high in covering)

    @staticmethod
    def _over(phrases: Phrases, passage: Passage, start: int, end: int) -> list[tuple[int, int]]:
        """The hits of phrases that share a token with [start, end)."""
        spans = phrases.spans(passage, start - phrases.reach, end + phrases.reach)
        return [(low, high) for low, high in spans if low < end and high > start]

    def _stands_before(self, phrases: Phrases | None, passage: Passage, start: int) -> bool:
        if phrases is None:
            return False
        low = start - self.scope - phrases.reach
        return any(
            high <= start and start - high <= self.scope and self._reaches(passage, high, start)
            and not self._is_pseudo(passage, first, high)
            for first, high in phrases.spans(passage, low, start)
        )  # fmt: skip

    def _stands_after(self, phrases: Phrases | None, passage: Passage, end: int) -> bool:
        if phrases is None:
            return False
        high = end + self.scope + phrases.reach
        return any(
            low >= end and low - end <= self.scope and self._reaches(passage, end, low)
            and not self._is_pseudo(passage, low, last)
            for low, last in phrases.spans(passage, end, high)
        )  # fmt: skip

    def _reaches(self, passage: Passage, low: int, high: int) -> bool:
        """No sentence's end and no stop word between trigger and match: before tokens low … high."""
        if not self.crosses and any(passage.breaks[low : high + 1]):
            return False
        return not (self.stop and self.stop.spans(passage, low, high))

    def _is_pseudo(self, passage: Passage, start: int, end: int) -> bool:
        return bool(self.pseudo and self._over(self.pseudo, passage, start, end))


@dataclass(frozen=True)
class Unlike:
    """Holds where the classifier gives a match's surroundings a probability of its category below `below`."""

    likeness: Likeness
    below: float

    def holds(self, passage: Passage, start: int, end: int) -> bool:
        """Whether neither the sentences of the match in tokens [start, end) are like it, nor its utterance."""
        return all(one < self.below for one in self.likeness.probabilities(passage, start, end))


def compile_guard(name: str, guard: Guard, read: ReadPatterns, unlike: Unlike | None = None) -> CompiledGuard:
    """A guard of a rule file, ready to use. `read` turns patterns into elements."""

    def phrases(patterns: Sequence[str] | None) -> Phrases | None:
        return phrases_of(tuple(read(patterns))) if patterns else None

    return CompiledGuard(
        name=name,
        before=phrases(guard.before),
        after=phrases(guard.after),
        around=phrases(guard.around),
        over=phrases(guard.over),
        stop=phrases(guard.stop),
        pseudo=phrases(guard.pseudo),
        quotation=guard.quotation,
        unlike=unlike,
        scope=guard.scope,
        crosses=guard.crosses,
        lowers=guard.turns == "lower",
        rule=guard.rule,
    )


@dataclass(frozen=True)
class CompiledNear:
    """Words that must stand near a match, within so many words or seconds."""

    phrases: Phrases
    within: int
    seconds: float | None
    side: str

    def find(self, passage: Passage, start: int, end: int) -> tuple[int, int] | None:
        """The nearest tokens that satisfy it, outside [start, end); None where there are none."""
        low = start if self.side == "after" else start - self.within - self.phrases.reach
        high = end if self.side == "before" else end + self.within + self.phrases.reach
        best: tuple[int, tuple[int, int]] | None = None
        for first, last in self.phrases.spans(passage, low, high):
            distance = start - last if last <= start else first - end
            if first < end and last > start:
                continue
            if distance <= self.within and self._in_time(passage, first, last, start, end):
                best = min(best or (distance, (first, last)), (distance, (first, last)))
        return best[1] if best else None

    def _in_time(self, passage: Passage, first: int, last: int, start: int, end: int) -> bool:
        if self.seconds is None:
            return True
        left, right = (last - 1, start) if last <= start else (end - 1, first)
        until, since = passage.end(left), passage.start(right)
        return until is None or since is None or since - until <= self.seconds


def compile_near(near: Near, read: ReadPatterns) -> CompiledNear:
    """A `near` of a rule file, ready to use; by seconds it looks 40 words far."""
    patterns = near.lemmas or near.words or []
    within = near.within or (40 if near.seconds else 8)
    return CompiledNear(phrases_of(tuple(read(patterns))), within, near.seconds, near.side)
