"""Many patterns searched at once: each is looked for only where its rarest word stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from streamcheck.checking.lexicon import WEIGHTS
from streamcheck.checking.matching import NO_MATCH, Anchor, Step, anchor, compile_pattern, needed, width
from streamcheck.checking.passage import Passage
from streamcheck.checking.patterns import Choice, Sequence_, first_atoms

_MOST_VARIANTS = 400
"""Entries of a list up to which they are looked for one by one; more cost loading time and memory."""
_MOST_KEPT = 200_000  # sets of atoms
_LONG = 60  # words of a sentence whose gates are not united anew each time


class Hit(NamedTuple):
    """A pattern found: its number in the set and its tokens [start, end)."""

    pattern: int
    start: int
    end: int


class _Place(NamedTuple):
    variant: int
    nearest: int
    furthest: int


class PhraseSet:
    """Patterns with an index from the atoms of their rarest word."""

    def __init__(self, patterns: Sequence[Sequence_]) -> None:
        variants = [(number, one) for number, elements in enumerate(patterns) for one in _variants_of(elements)]
        self._variants = tuple(variant for _, variant in variants)
        self._pattern = tuple(number for number, _ in variants)
        self._steps: list[_Prepared | None] = [None] * len(self._variants)
        self._places: dict[int, list[_Place]] = defaultdict(list)
        for number, variant in enumerate(self._variants):
            where = variant.where
            place = _Place(number, where.nearest, where.furthest)
            for atom in where.atoms:
                self._places[atom].append(place)
        self._atoms = frozenset(self._places)
        self._around: dict[frozenset[int], dict[int, tuple[_Try, ...]]] = {}
        self._gates = _Gates()
        self._gated: dict[int, tuple[int, tuple[_Try]]] = {}

    def company(self, passed: frozenset[int]) -> frozenset[int] | None:
        """Atoms of which some token of the sentence must pass one, that a pattern be there whose rarest word is a token
        that passes so much: none where it is the rarest word of no pattern; None where one needs no more than it.
        """
        needed: set[int] = set()
        for place in {place for atom in self._atoms & passed for place in self._places[atom]}:
            rarest = self._variants[place.variant].beside[0]
            if not rarest:
                return None
            needed |= rarest
        return frozenset(needed)

    def _learn(self, passed: frozenset[int]) -> "dict[int, tuple[_Try, ...]]":
        """What may stand around a token that passes so much, by the rarest gate that its sentence must open;
        remembered.
        """
        if len(self._around) > _MOST_KEPT:
            self._around.clear()
        tries: dict[int, list[tuple[_Try]]] = defaultdict(list)
        for place in {place for atom in self._atoms & passed for place in self._places[atom]}:
            gate, here = self._gated.get(place.variant) or self._gate(place)
            tries[gate].append(here)
        found = {gate: here[0] if len(here) == 1 else tuple(one for (one,) in here) for gate, here in tries.items()}
        known = self._around[passed] = found or _NO_TRIES
        return known

    def _gate(self, place: _Place) -> "tuple[int, tuple[_Try]]":
        """What the sentence must hold beside the variant's rarest word: the rarest of it, and the try with the rest."""
        gate, *others = map(self._gates.number, self._variants[place.variant].beside)
        made = self._gated[place.variant] = (gate, (_Try(*place, frozenset(others)),))
        return made

    def _prepare(self, variant: int) -> "_Prepared":
        """How to match a variant; made when a sentence first holds all that it needs."""
        made = self._steps[variant] = self._variants[variant].prepared
        return made

    def find(self, passage: Passage, low: int = 0, high: int | None = None) -> Iterator[Hit]:
        """Hits whose rarest word lies in tokens [low, high): the tightest matches of each pattern, in no set order."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        passed, breaks = passage.passed, passage.breaks
        sentence, opened = -1, _NOTHING
        for i, here in self._tries(passage, low, len(passage.tokens) if high is None else high):
            if passage.sentence_number(i) != sentence:
                sentence, opened = passage.sentence_number(i), self._gates.opened_in(passage, i)
            for gate in opened.intersection(here):
                for variant, nearest, furthest, others in here[gate]:
                    if not others <= opened:
                        continue
                    step, first = self._steps[variant] or self._prepare(variant)
                    for start in range(i - nearest, max(0, i - furthest) - 1, -1):
                        if first is not None and first.isdisjoint(passed[start]):
                            continue
                        end = step(passed, breaks, start, True, i)
                        if end != NO_MATCH:
                            hits[self._pattern[variant]].append(Hit(self._pattern[variant], start, end))
                            break
        for found in hits.values():
            yield from _innermost(found)

    def _tries(self, passage: Passage, low: int, high: int) -> "list[tuple[int, dict[int, tuple[_Try, ...]]]]":
        """The tokens that something may stand around, with it; all are learnt before the first is looked at."""
        met = enumerate(map(self._around.get, passage.passed[low:high]), low)
        known = [(i, self._learn(passage.passed[i]) if here is None else here) for i, here in met]
        return [(i, here) for i, here in known if here]


class Phrases:
    """A pattern set that can be asked about a stretch of tokens."""

    def __init__(self, patterns: Sequence[Sequence_]) -> None:
        self._patterns = patterns
        self.reach = max((width(pattern)[1] for pattern in patterns), default=0)

    @cached_property
    def _set(self) -> PhraseSet:
        """Made when it is first asked for: most guards never are."""
        return PhraseSet(self._patterns)

    def spans(self, passage: Passage, low: int, high: int) -> list[tuple[int, int]]:
        """All hits that lie wholly in tokens [low, high)."""
        low, high = max(0, low), min(high, len(passage.tokens))
        return [
            (hit.start, hit.end) for hit in self._set.find(passage, low, high) if hit.start >= low and hit.end <= high
        ]


@cache
def phrases_of(patterns: tuple[Sequence_, ...]) -> Phrases:
    """The set of these patterns: one for all guards, of all rule sets, that ask for the same."""
    return Phrases(patterns)


_NOTHING: frozenset[int] = frozenset()


class _Gates:
    """What sentences must hold for a pattern to be tried, numbered: a gate is open if a token passes one of its atoms.

    A gate may have a thousand atoms. What a token passes tells the numbers of the gates that it opens, so that a
    sentence costs the union of a few small sets. Gate 0 asks for nothing.
    """

    def __init__(self) -> None:
        self._numbers: dict[frozenset[int], int] = {_NOTHING: 0}
        self._by_atom: dict[int, list[int]] = defaultdict(list)
        self._opens: dict[frozenset[int], frozenset[int]] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}  # one of a kind: many words open the same gates

    def number(self, atoms: frozenset[int]) -> int:
        """The number of the gate of these atoms; a new gate is registered."""
        known = self._numbers.get(atoms)
        if known is None:
            known = self._numbers[atoms] = len(self._numbers)
            for atom in atoms:
                self._by_atom[atom].append(known)
            self._forget()
        return known

    def opened_in(self, passage: Passage, i: int) -> frozenset[int]:
        """The gates that the sentence around token i opens; a long one's are kept, for guards ask at every match."""
        tokens = passage.sentence_tokens(i)
        if len(tokens) <= _LONG:
            return self._union(passage, tokens)
        key = (id(self), len(self._numbers), tokens.start)
        if key not in passage.opened:
            passage.opened[key] = self._union(passage, tokens)
        return passage.opened[key]

    def _union(self, passage: Passage, tokens: range) -> frozenset[int]:
        passed = passage.passed[tokens.start : tokens.stop]
        known = zip(passed, map(self._opens.get, passed), strict=True)
        return _OPEN.union(*(self._learn(atoms) if gates is None else gates for atoms, gates in known))

    def _learn(self, passed: frozenset[int]) -> frozenset[int]:
        """The gates that a token opens that passes so much; remembered."""
        if len(self._opens) > _MOST_KEPT:
            self._forget()
        atoms = self._by_atom.keys() & passed
        opens = frozenset(gate for atom in atoms for gate in self._by_atom[atom])
        known = self._opens[passed] = self._sets.setdefault(opens, opens)
        return known

    def _forget(self) -> None:
        self._opens.clear()
        self._sets.clear()


_OPEN = frozenset((0,))


class _Try(NamedTuple):
    """A place where a variant may stand, and what else its sentence must hold."""

    variant: int
    nearest: int
    furthest: int
    others: frozenset[int]


_NO_TRIES: dict[int, tuple[_Try, ...]] = {}


class _Prepared(NamedTuple):
    """A pattern ready to match: its function, and what its first token passes."""

    step: Step
    first: frozenset[int] | None


class _Variant:
    """A pattern as it is looked for, with all that can be said of it without a text. One for all sets that have it."""

    __slots__ = ("_beside", "_elements", "_prepared", "where")

    def __init__(self, elements: Sequence_) -> None:
        self._elements = elements
        self.where: Anchor = anchor(elements, _weight)
        self._beside: tuple[frozenset[int], ...] | None = None
        self._prepared: _Prepared | None = None

    @property
    def beside(self) -> tuple[frozenset[int], ...]:
        """What its sentence must hold beside its rarest word, the rarest first."""
        if self._beside is None:
            self._beside = needed(self._elements, _weight)[1:] or (_NOTHING,)
        return self._beside

    @property
    def prepared(self) -> _Prepared:
        """How to match it."""
        if self._prepared is None:
            self._prepared = _Prepared(compile_pattern(self._elements), first_atoms(self._elements))
        return self._prepared


_weight = WEIGHTS.__getitem__


@cache
def _variants_of(elements: Sequence_) -> tuple[_Variant, ...]:
    return tuple(map(_Variant, _variants(elements)))


def forget_variants() -> None:
    """Forget what was made of patterns; sets that have it keep it."""
    _variants_of.cache_clear()


def _variants(elements: Sequence_) -> Iterator[Sequence_]:
    """The patterns that a pattern stands for: what begins with a list is looked for entry by entry, each by its own
    rarest word.
    """
    first, *rest = elements
    if isinstance(first, Choice) and not first.optional and len(first.options) <= _MOST_VARIANTS:
        for option in first.options:
            yield from _variants((*option, *rest))
    else:
        yield elements


def _innermost(hits: list[Hit]) -> list[Hit]:
    """Without hits that hold another of the same pattern within them («пишет пишите в вотсап»)."""
    if len(hits) == 1:
        return hits
    kept: list[Hit] = []
    for hit in sorted(set(hits), key=lambda one: (one.end, -one.start)):
        if not kept or kept[-1].start < hit.start:
            kept.append(hit)
    return kept
