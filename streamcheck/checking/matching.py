"""Patterns made ready to match: where to look for one, and where a match that begins here ends.

Each element becomes a function that tests its tokens and hands on to the next one (continuations), so that trying a
pattern costs a few calls and backtracking needs no bookkeeping.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from streamcheck.checking.patterns import Choice, Edge, Element, Gap, Not, One, PatternError, Sequence_, first_atoms
from streamcheck.i18n import text

NO_MATCH = -1

Step = Callable[[Sequence[frozenset[int]], Sequence[bool], int, bool, int], int]
"""From (atoms passed by each token, sentence ends before each token, token, whether a sentence may end before it, token
that the match must reach beyond) to the end of the match, or `NO_MATCH`."""


def compile_pattern(elements: Sequence_) -> Step:
    """A function that gives the end of the match that begins at a token, the shortest gaps first."""
    return _chain(elements, _accept)


def _accept(_passed: Sequence[frozenset[int]], _breaks: Sequence[bool], i: int, _free: bool, over: int) -> int:
    return i if i > over else NO_MATCH


def _fail(_passed: Sequence[frozenset[int]], _breaks: Sequence[bool], _i: int, _free: bool, _over: int) -> int:
    return NO_MATCH


def _link(element: Element, then: Step) -> Step:
    match element:
        case One():
            return _one(element, then)
        case Choice():
            return _choice(element, then)
        case Gap():
            return _gap(element, then)
        case Not():
            return _not(element, then)
        case Edge():
            return _edge(element, then)


def _one(element: One, then: Step) -> Step:
    disjoint = element.atoms.isdisjoint

    def step(passed: Sequence[frozenset[int]], breaks: Sequence[bool], i: int, free: bool, over: int) -> int:
        if i >= len(passed) or (breaks[i] and not free) or disjoint(passed[i]):
            return NO_MATCH
        return then(passed, breaks, i + 1, False, over)

    return step


def _choice(element: Choice, then: Step) -> Step:
    options = element.once("compiled", lambda: _Options(element.options))
    begin_with = options.begin_with
    linked = _Linked(options.winding, then)
    last = then if element.optional else _fail

    def step_any(passed: Sequence[frozenset[int]], breaks: Sequence[bool], i: int, free: bool, over: int) -> int:
        plain, winding = begin_with(passed[i] if i < len(passed) else _NOTHING)
        for step in plain:
            reached = step(passed, breaks, i, free, NO_MATCH)
            if reached != NO_MATCH:
                end = then(passed, breaks, reached, free and reached == i, over)
                if end != NO_MATCH:
                    return end
        for number in winding:
            end = linked[number](passed, breaks, i, free, over)
            if end != NO_MATCH:
                return end
        return last(passed, breaks, i, free, over)

    return step_any


_NOTHING: frozenset[int] = frozenset()
_MOST_KNOWN = 4_000
_FEW = 32  # options


class _Linked(dict[int, Step]):
    """Options by their number, each linked to what follows when it is first met."""

    def __init__(self, options: Sequence[Sequence_], then: Step) -> None:
        super().__init__()
        self._options = options
        self._then = then

    def __missing__(self, number: int) -> Step:
        step = self[number] = _chain(self._options[number], self._then)
        return step


class _Options:
    """The options of a choice, shared by all patterns that name the list, found by the token that they begin with.

    `plain` ones can end at one place only and are compiled once; `winding` ones are linked by each pattern to what
    follows there.
    """

    def __init__(self, options: tuple[Sequence_, ...]) -> None:
        plain = [option for option in options if not _winds(option)]
        self.winding = [option for option in options if _winds(option)]
        self._compiled = _Linked(plain, _accept)
        self._plain_with = _beginning_with(plain)
        self._winding_with = _beginning_with(self.winding)
        self._known: dict[frozenset[int], tuple[tuple[Step, ...], tuple[int, ...]]] = {}

    def begin_with(self, passed: frozenset[int]) -> tuple[tuple[Step, ...], tuple[int, ...]]:
        """The plain options that can begin with such a token, and the numbers of the winding ones."""
        known = self._known.get(passed)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            plain = tuple(self._compiled[number] for number in self._plain_with(passed))
            known = self._known[passed] = (plain, tuple(self._winding_with(passed)))
        return known


def _beginning_with(options: Sequence[Sequence_]) -> Callable[[frozenset[int]], Iterable[int]]:
    """What tells the numbers of the options that can begin with a token, in order, by what the token passes.

    Many have an index by atoms, which may take a thousand entries for one option; few are looked through.
    """
    firsts = [first_atoms(option) for option in options]
    if len(firsts) <= _FEW:
        return lambda passed: [
            number for number, atoms in enumerate(firsts) if atoms is None or not atoms.isdisjoint(passed)
        ]
    by_first: dict[int | None, list[int]] = defaultdict(list)
    for number, atoms in enumerate(firsts):
        for atom in (None,) if atoms is None else atoms:
            by_first[atom].append(number)
    return lambda passed: sorted({number for atom in (None, *passed) for number in by_first.get(atom, ())})


def _winds(option: Sequence_) -> bool:
    return any(isinstance(element, Choice | Gap) for element in option)


def _chain(elements: Sequence_, then: Step) -> Step:
    for element in reversed(elements):
        then = _link(element, then)
    return then


def _gap(element: Gap, then: Step) -> Step:
    most, crosses = element.most, element.free

    def step(passed: Sequence[frozenset[int]], breaks: Sequence[bool], i: int, free: bool, over: int) -> int:
        for skipped in range(most + 1):
            if skipped and (i + skipped > len(passed) or (breaks[i + skipped - 1] and not (crosses or free))):
                return NO_MATCH
            end = then(passed, breaks, i + skipped, crosses or (free and not skipped), over)
            if end != NO_MATCH:
                return end
        return NO_MATCH

    return step


def _not(element: Not, then: Step) -> Step:
    disjoint = element.atoms.isdisjoint

    def step(passed: Sequence[frozenset[int]], breaks: Sequence[bool], i: int, free: bool, over: int) -> int:
        if i < len(passed) and (free or not breaks[i]) and not disjoint(passed[i]):
            return NO_MATCH
        return then(passed, breaks, i, free, over)

    return step


def _edge(element: Edge, then: Step) -> Step:
    begins = element.begins

    def step(passed: Sequence[frozenset[int]], breaks: Sequence[bool], i: int, free: bool, over: int) -> int:
        if i < len(breaks) and not breaks[i] and not (begins and i == 0):
            return NO_MATCH
        return then(passed, breaks, i, free, over)

    return step


def width(elements: Sequence_) -> tuple[int, int]:
    """The fewest and the most tokens that a sequence can take."""
    fewest = most = 0
    for element in elements:
        if isinstance(element, One):
            fewest, most = fewest + 1, most + 1
        elif isinstance(element, Gap):
            most += element.most
        elif isinstance(element, Choice):
            low, high = element.once("width", partial(_width_of_any, element))
            fewest += 0 if element.optional else low
            most += high
    return fewest, most


def _width_of_any(element: Choice) -> tuple[int, int]:
    widths = [width(option) for option in element.options]
    return min((low for low, _ in widths), default=0), max((high for _, high in widths), default=0)


class Anchor(NamedTuple):
    """Where to look for a sequence: a token that passes one of `atoms`, at most `furthest`, at least `nearest` tokens
    after the start of the match.
    """

    atoms: frozenset[int]
    nearest: int
    furthest: int


def anchor(elements: Sequence_, weight: Callable[[int], float]) -> Anchor:
    """The rarest test that every match must pass, by `weight` (how common an atom is)."""
    best = _rarest(elements, weight)
    if best is None:
        raise PatternError(text("checking.pattern-no-anchor"))
    return best[1]


def needed(elements: Sequence_, weight: Callable[[int], float]) -> tuple[frozenset[int], ...]:
    """Tests that every match must pass somewhere in its sentence, each by some token, the rarest first; empty where a
    match may reach beyond a sentence.
    """
    if _crosses(elements):
        return ()
    found = [here for element in elements if (here := _candidate(element, weight)) is not None]
    return tuple(inner.atoms for _, inner in sorted(found, key=lambda one: one[0]))


def _crosses(elements: Sequence_) -> bool:
    return any(
        element.free
        if isinstance(element, Gap)
        else isinstance(element, Choice) and element.once("crosses", partial(_any_crosses, element))
        for element in elements
    )


def _any_crosses(element: Choice) -> bool:
    return any(map(_crosses, element.options))


def _rarest(elements: Sequence_, weight: Callable[[int], float]) -> tuple[float, Anchor] | None:
    """The cheapest anchor with its cost; None where nothing but gaps, edges and optional words is asked."""
    best: tuple[float, Anchor] | None = None
    low = high = 0
    for element in elements:
        here = _candidate(element, weight)
        if here is not None:
            cost, inner = here
            found = Anchor(inner.atoms, low + inner.nearest, high + inner.furthest)
            if best is None or cost < best[0]:
                best = (cost, found)
        fewest, most = width((element,))
        low, high = low + fewest, high + most
    return best


def _candidate(element: Element, weight: Callable[[int], float]) -> tuple[float, Anchor] | None:
    if isinstance(element, One):
        return sum(map(weight, element.atoms)), Anchor(element.atoms, 0, 0)
    if isinstance(element, Choice) and not element.optional:
        return element.once("anchor", lambda: _rarest_of_all(element, weight))
    return None


def _rarest_of_all(element: Choice, weight: Callable[[int], float]) -> tuple[float, Anchor] | None:
    """The anchors of all options together; None where some option has none («{что ли|$}»)."""
    found = [_rarest(option, weight) for option in element.options]
    inner = [one[1] for one in found if one is not None]
    if len(inner) < len(found):
        return None
    atoms = frozenset().union(*(one.atoms for one in inner))
    nearest, furthest = min(one.nearest for one in inner), max(one.furthest for one in inner)
    return sum(map(weight, atoms)), Anchor(atoms, nearest, furthest)
