"""Superlatives and comparatives by grammar: «крупнейший», «самый удобный», «самое, не побоюсь слова, высокое».

Decides that a degree is there, not that it is a claim: which nouns and anchors make it one is for the rule's `near`
and guards. pymorphy3 marks «лучший» and «крупнейший» with `Supr`; «самый» (`Apro`) needs an adjective that agrees with
it in gender or number and case (agreement as in yargy).
"""

from collections.abc import Iterator

from streamcheck.checking.lexicon import Atom, Lexicon
from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.text.morphology import Form, form

_CASES = frozenset("nomn gent datv accs ablt loct".split())
_GENDERS = frozenset("masc femn neut plur".split())
_FURTHEST = 5
"""Words that may stand between «самый» and its adjective."""


class Superlative:
    """Finds `Supr` forms, «самый» + agreeing adjective, «самый-самый»."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._supr = lexicon.number(Atom("tags", tags=frozenset(("Supr",))))
        self._most = lexicon.number(Atom("lemma", "самый"))
        self._either = frozenset((self._supr, self._most))

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches whose first token lies in [low, high); a run «самый-самый-самый» is one match."""
        for i in range(low, high):
            if self._either.isdisjoint(passage.passed[i]):
                continue
            if i > 0 and self._is_most(passage, i - 1) and not passage.breaks[i]:
                continue
            if self._is_most(passage, i):
                end = self._end(passage, i)
                if end is not None:
                    yield Match(i, end, note="most+adjective")
            elif self._supr in passage.passed[i]:
                yield Match(i, i + 1, note="superlative form")

    def _is_most(self, passage: Passage, i: int) -> bool:
        return i < len(passage.tokens) and self._most in passage.passed[i]

    def _end(self, passage: Passage, start: int) -> int | None:
        """Where «самый» with its adjective ends: the first that agrees with it, within a few words."""
        first = start + 1
        while self._is_most(passage, first) and not passage.breaks[first]:
            first += 1
        repeated = first if first > start + 1 else None
        most = form(passage.tokens[first - 1].text)
        for k in range(first, min(len(passage.tokens), first + 1 + _FURTHEST)):
            if passage.breaks[k]:
                return repeated
            reading = form(passage.tokens[k].text)
            if _agree(most, reading):
                return k + 1
            pause = "," in passage.tokens[first - 1].after
            if k == first and not pause and any("NOUN" in parse.tags for parse in reading.parses):
                return repeated
        return repeated


class Comparative:
    """Finds comparatives: «лучше», «дешевле», «более мягкий»."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._comp = lexicon.number(Atom("tags", tags=frozenset(("COMP",))))
        self._more = lexicon.number(Atom("exact", "более"))

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches whose first token lies in [low, high)."""
        for i in range(low, high):
            if self._more in passage.passed[i]:
                if i + 1 < len(passage.tokens) and _is_adjective(form(passage.tokens[i + 1].text)):
                    yield Match(i, i + 2, note="more+adjective")
            elif self._comp in passage.passed[i]:
                yield Match(i, i + 1, note="comparative form")


def _is_adjective(reading: Form) -> bool:
    return any({"ADJF", "Qual"} <= parse.tags for parse in reading.parses)


def _agree(most: Form, other: Form) -> bool:
    """Whether «самый» and an adjective (or participle) share a case and a gender or number in some reading."""
    for left in most.parses:
        for right in other.parses:
            kinds = right.tags & {"ADJF", "PRTF"}
            if kinds and "Apro" not in right.tags and "Anum" not in right.tags:
                shared = left.tags & right.tags
                if shared & _CASES and shared & _GENDERS:
                    return True
    return False
