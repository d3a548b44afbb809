"""Every single-token test of all patterns, numbered, and which of them a spelling passes.

Patterns ask «is this token a form of писать in the imperative?» thousands of times; a transcript repeats its words.
So each distinct test (an atom) gets a number once, each distinct spelling gets its set of numbers once, and matching
compares sets of small integers. Cost grows with the distinct words of the text, not with the number of rules.

Numbers are those of the process, so that what was made of a pattern serves every rule set that has it; which atoms a
rule set asks for, its lexicon knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Literal

import regex

from streamcheck.checking.rarity import Weights
from streamcheck.text import kazakh
from streamcheck.text.morphology import Form, form, is_known, read_form
from streamcheck.text.numerals import numeral

AtomKind = Literal["lemma", "exact", "glob", "kazakh", "tags", "number"]

_MOST_FORMS = 200_000
_GRAMMEMES = frozenset(
    "NOUN ADJF ADJS COMP VERB INFN PRTF PRTS GRND NUMR ADVB NPRO PRED PREP CONJ PRCL INTJ anim inan masc femn neut "
    "ms-f sing plur nomn gent datv accs ablt loct voct gen2 acc2 loc2 perf impf tran intr 1per 2per 3per pres past "
    "futr indc impr actv pssv Supr Qual Apro Anum Poss Name Surn Patr Geox Orgn Trad Abbr Infr Erro".split()
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A test on one token: by lemma (with grammemes of that parse), exact spelling, glob, Kazakh stem, tags alone."""

    kind: AtomKind
    value: str = ""
    tags: frozenset[str] = frozenset()


def unknown_tags(names: frozenset[str]) -> frozenset[str]:
    """The names that are no grammemes (empty when all are well)."""
    return names - _GRAMMEMES


_NUMBERS: dict[Atom, int] = {}
_ATOMS: list[Atom] = []
WEIGHTS = Weights(_ATOMS)
"""How common each atom is, by its number."""


def number_of(atom: Atom) -> int:
    """The atom's number in this process; a new atom is given the next."""
    known = _NUMBERS.get(atom)
    if known is None:
        known = _NUMBERS[atom] = len(_ATOMS)
        _ATOMS.append(atom)
    return known


def atom_of(number: int) -> Atom:
    """The atom of a number that `number_of` gave."""
    return _ATOMS[number]


class Lexicon:
    """The atoms that a rule set asks for, and those of them that each spelling passes. Grows only while rules load."""

    def __init__(self) -> None:
        self._asked: set[int] = set()
        self._by_lemma: dict[str, list[tuple[frozenset[str], int]]] = defaultdict(list)
        self._by_spelling: dict[str, list[int]] = defaultdict(list)
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_prefix: dict[str, list[int]] = defaultdict(list)
        # what has letters of Kazakh, spelt without them
        self._by_plain_spelling: dict[str, list[int]] = defaultdict(list)
        self._by_plain_stem: dict[str, list[int]] = defaultdict(list)
        self._by_plain_prefix: dict[str, list[int]] = defaultdict(list)
        self._globs: list[tuple[regex.Pattern[str], int]] = []
        self._by_tags: list[tuple[frozenset[str], int]] = []
        self._number: list[int] = []
        self._passed: dict[str, frozenset[int]] = {}
        self._sets: dict[frozenset[int], frozenset[int]] = {}  # one of a kind: many spellings pass the same atoms

    def number(self, atom: Atom) -> int:
        """The atom's number, asked for from now on."""
        number = number_of(atom)
        self.ask((number,))
        return number

    def ask(self, numbers: Iterable[int]) -> None:
        """Ask for atoms by their numbers."""
        new = [number for number in numbers if number not in self._asked]
        if not new:
            return
        self._asked.update(new)
        self._passed.clear()
        self._sets.clear()
        for number in new:
            self._index(_ATOMS[number], number)

    def _index(self, atom: Atom, number: int) -> None:
        match atom.kind:
            case "lemma":
                self._by_lemma[atom.value].append((atom.tags, number))
            case "exact":
                self._by_spelling[atom.value].append(number)
                if (plain := kazakh.plain(atom.value)) != atom.value:
                    self._by_plain_spelling[plain].append(number)
            case "kazakh":
                self._by_stem[atom.value].append(number)
                self._by_plain_stem[kazakh.plain(atom.value)].append(number)
            case "glob" if atom.value.endswith("*") and not any(sign in atom.value[:-1] for sign in "*?["):
                self._by_prefix[atom.value[:-1]].append(number)
                if (plain := kazakh.plain(atom.value[:-1])) != atom.value[:-1]:
                    self._by_plain_prefix[plain].append(number)
            case "glob":
                self._globs.append((regex.compile(translate(atom.value)), number))
            case "tags":
                self._by_tags.append((atom.tags, number))
            case "number":
                self._number.append(number)

    def __len__(self) -> int:
        return len(self._asked)

    def passed(self, text: str) -> frozenset[int]:
        """The numbers of the atoms that a normalised spelling passes (remembered, equal sets as one object)."""
        known = self._passed.get(text)
        if known is None:
            if len(self._passed) >= _MOST_FORMS:
                self._passed.clear()
                self._sets.clear()
            found = frozenset(self._test(text))
            known = self._passed[text] = self._sets.setdefault(found, found)
        return known

    def passed_by_each(self, texts: Sequence[str]) -> list[frozenset[int]]:
        """As `passed`, for many spellings."""
        known = list(map(self._passed.get, texts))
        return [self.passed(text) if numbers is None else numbers for text, numbers in zip(texts, known, strict=True)]

    def names(self, text: str) -> bool:
        """Whether a pattern asks for exactly this spelling, or for this word that the dictionary does not know."""
        return text in self._by_spelling or text in self._by_lemma or text in self._by_plain_spelling

    def names_form(self, text: str) -> bool:
        """As `names`, for any form of such a word: «вотсапе», «ложьте»."""
        return self.names(text) or any(
            lemma in self._by_lemma and not is_known(lemma) for lemma in read_form(text).lemmas
        )

    def asks_for_stem(self, text: str) -> bool:
        """Whether this is a form of a Kazakh stem that a pattern asks for."""
        return any(True for _ in self._stems(text))

    def asks_for_spelling(self, text: str) -> bool:
        """Whether this spelling fits a wildcard that a pattern asks for and that gives most of its letters."""
        heads = (text[:size] for size in range(max(4, len(text) * 2 // 3), len(text) + 1))
        return any(head in self._by_prefix for head in heads)

    def _stems(self, text: str) -> Iterator[list[int]]:
        """The atoms of every Kazakh stem that a pattern asks for and this spelling can be a form of."""
        for size in range(kazakh.MIN_STEM, len(text) + 1):
            if text[:size] in self._by_stem and kazakh.is_suffix_chain(text[size:]):
                yield self._by_stem[text[:size]]
        if not self._may_be_plain(text):
            return
        for size in range(kazakh.MIN_STEM, len(text) + 1):
            if text[:size] in self._by_plain_stem and kazakh.is_plain_suffix_chain(text[size:]):
                yield self._by_plain_stem[text[:size]]

    @staticmethod
    def _may_be_plain(text: str) -> bool:
        """Whether it can be Kazakh without its own letters: it has none of them and Russian does not know it."""
        return kazakh.plain(text) == text and not is_known(text)

    def asks_for(self, text: str) -> bool:
        """Whether a pattern asks for this word by its lemma, or for its superlative."""
        reading = form(text)
        return any(lemma in self._by_lemma for lemma in reading.lemmas) or any("Supr" in p.tags for p in reading.parses)

    def _test(self, text: str) -> set[int]:
        found = set(self._by_spelling.get(text, ()))
        reading = form(text)
        self._test_lemmas(reading, found)
        for size in range(1, len(text) + 1):
            found.update(self._by_prefix.get(text[:size], ()))
        for numbers in self._stems(text):
            found.update(numbers)
        if self._may_be_plain(text):
            self._test_plain(text, found)
        found.update(number for pattern, number in self._globs if pattern.match(text))
        if self._number and (text[:1].isdigit() or numeral(text) is not None):
            found.update(self._number)
        return found

    def _test_plain(self, text: str, found: set[int]) -> None:
        """What a spelling passes as Kazakh without its own letters."""
        found.update(self._by_plain_spelling.get(text, ()))
        for size in range(1, len(text) + 1):
            found.update(self._by_plain_prefix.get(text[:size], ()))

    def _test_lemmas(self, reading: Form, found: set[int]) -> None:
        for lemma in reading.lemmas:
            for tags, number in self._by_lemma.get(lemma, ()):
                if not tags or any(parse.lemma == lemma and tags <= parse.tags for parse in reading.parses):
                    found.add(number)
        for tags, number in self._by_tags:
            if any(tags <= parse.tags for parse in reading.parses):
                found.add(number)
