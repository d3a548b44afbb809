"""Many patterns searched at once: each is looked for only where its rarest word stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matching import NO_MATCH, Step, anchor, compile_pattern, needed
from streamcheck.checking.passage import Passage
from streamcheck.checking.patterns import Choice, Sequence_, first_atoms

_MOST_VARIANTS = 400
"""Entries of a list up to which they are looked for one by one; more cost loading time and memory."""


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

    def __init__(self, patterns: Sequence[Sequence_], lexicon: Lexicon) -> None:
        variants = [(number, one) for number, elements in enumerate(patterns) for one in _variants(elements)]
        self._variants = tuple(elements for _, elements in variants)
        self._pattern = tuple(number for number, _ in variants)
        self._steps: list[_Prepared | None] = [None] * len(self._variants)
        self._places: dict[int, list[_Place]] = defaultdict(list)
        self._weight = lexicon.weights.__getitem__
        for number, elements in enumerate(self._variants):
            where = anchor(elements, self._weight)
            for atom in where.atoms:
                self._places[atom].append(_Place(number, where.nearest, where.furthest))
        self._atoms = frozenset(self._places)
        self._by_text: dict[str, tuple[_Group, ...]] = {}
        self._needed: dict[int, tuple[frozenset[int], tuple[frozenset[int], ...]]] = {}

    def _here(self, passage: Passage, i: int) -> "tuple[_Group, ...]":
        """What may stand around token i, by the rarest other test that its sentence must pass."""
        text = passage.tokens[i].text
        known = self._by_text.get(text)
        if known is None:
            if len(self._by_text) > 200_000:
                self._by_text.clear()
            groups: dict[frozenset[int], list[_Try]] = defaultdict(list)
            for place in {place for atom in self._atoms & passage.passed[i] for place in self._places[atom]}:
                gate, others = self._needed_by(place.variant)
                groups[gate].append(_Try(*place, others))
            known = self._by_text[text] = tuple((gate, tuple(tries)) for gate, tries in groups.items())
        return known

    def _needed_by(self, variant: int) -> tuple[frozenset[int], tuple[frozenset[int], ...]]:
        """What the sentence must hold beside the variant's rarest word: the rarest of it (empty where there is none),
        and the rest.
        """
        known = self._needed.get(variant)
        if known is None:
            gate, *others = needed(self._variants[variant], self._weight)[1:] or (_NOTHING,)
            known = self._needed[variant] = (gate, tuple(others))
        return known

    def _prepare(self, variant: int) -> "_Prepared":
        """How to match a variant; made when a sentence first holds all that it needs."""
        elements = self._variants[variant]
        made = self._steps[variant] = _Prepared(compile_pattern(elements), first_atoms(elements))
        return made

    def find(self, passage: Passage, low: int = 0, high: int | None = None) -> Iterator[Hit]:
        """Hits whose rarest word lies in tokens [low, high): the tightest matches of each pattern, in no set order."""
        hits: dict[int, list[Hit]] = defaultdict(list)
        passed, breaks = passage.passed, passage.breaks
        for i in range(low, len(passage.tokens) if high is None else high):
            groups = self._here(passage, i)
            if not groups:
                continue
            holds_none_of = passage.sentence_passes(i).isdisjoint
            for gate, tries in groups:
                if gate and holds_none_of(gate):
                    continue
                for variant, nearest, furthest, others in tries:
                    if others and any(map(holds_none_of, others)):
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


_NOTHING: frozenset[int] = frozenset()


class _Try(NamedTuple):
    """A place where a variant may stand, and what else its sentence must hold."""

    variant: int
    nearest: int
    furthest: int
    others: tuple[frozenset[int], ...]


_Group = tuple[frozenset[int], tuple[_Try, ...]]
"""A test that the sentence must pass for any of the tries; empty where none is asked."""


class _Prepared(NamedTuple):
    """A pattern ready to match: its function, and what its first token passes."""

    step: Step
    first: frozenset[int] | None


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
