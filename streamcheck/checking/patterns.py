"""The pattern language of rules: what an author writes, read into elements that match token by token.

    писать          any form of the word (its lemma)            =пишите      exactly this form
    писать<impr>    a form with these grammemes                 <NUMR>       any word with these grammemes
    вотсап*         words that begin so (* and ? as in a shell) kk:жаз       a Kazakh stem with any suffixes
    @messengers     one entry of a named list                   #            a number, in digits or words
    @verbs<impr>    an entry whose first word (after «не», «на», a gap) has these grammemes; {a|b}<impr> likewise
    {в|на|через}    one of several, each may be many words       бы?          may be there or not
    ..3             up to three words between, in one sentence   ~3           the same, across sentences too
    !другой         the next word is not this one                ^  $         the sentence begins, ends here
    !{a|b}          the next word is none of these

In a `words` matcher a plain word means exactly that form. Words that stand side by side in a pattern match side by side
in speech: commas do not matter, the end of a sentence does, unless it is only where the recogniser cut the sound.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from streamcheck.checking.lemmas import lemmas_of
from streamcheck.checking.lexicon import Atom, atom_of, number_of, unknown_tags
from streamcheck.i18n import text
from streamcheck.text.kazakh import MIN_STEM
from streamcheck.text.tokens import normal

Prepared = TypeVar("Prepared")

MAX_GAP = 12
_NO_TAGS: frozenset[str] = frozenset()
_FORMLESS = frozenset({"PRCL", "PREP", "CONJ", "ADVB"})

_SIGN = re.compile(
    r"!?\{|\}(?:<[^<>]*>)?\??|\||(?:\.\.|~)\d*|[\^$]"
    r"|!?(?:@[\w-]+|kk:[\w-]+|=?[\w*?'\-№%+@€₽₸&/°#$]*[\w*'\-№%+@€₽₸&/°#$]|=?[№%+@€₽₸&/$])?(?:<[^<>]*>)?\??"
)
_NAMED = re.compile(r"!?@([\w-]+)")
_KINDS = {"{": "open", "}": "close", "|": "or", ".": "gap", "~": "gap", "^": "edge", "$": "edge"}
"""Signs by how they begin; the others are items."""


class PatternError(ValueError):
    """A pattern that cannot be read."""


@dataclass(frozen=True, slots=True)
class One:
    """One token that passes any of the atoms."""

    atoms: frozenset[int]

    def kinds(self) -> Iterator[Atom]:
        """The atoms themselves."""
        return map(atom_of, self.atoms)


@dataclass(frozen=True, slots=True)
class Not:
    """No token: the next one passes none of the atoms."""

    atoms: frozenset[int]


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to `most` tokens of any kind; `free` lets the gap and what follows it lie beyond a sentence's end."""

    most: int
    free: bool


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several sequences, or nothing where it is optional. Patterns that name the same list share one."""

    options: tuple["Sequence_", ...]
    optional: bool

    @cached_property
    def first(self) -> frozenset[int] | None:
        """As `first_atoms`, of its options alone."""
        firsts = [atoms for option in self.options if (atoms := first_atoms(option)) is not None]
        return frozenset().union(*firsts) if len(firsts) == len(self.options) else None

    def once(self, name: str, make: Callable[[], Prepared]) -> Prepared:
        """What `make` makes of the options, made once and kept under a name."""
        if name not in self.__dict__:
            self.__dict__[name] = make()
        made: Prepared = self.__dict__[name]
        return made


@dataclass(frozen=True, slots=True)
class Edge:
    """No token: a sentence begins (`^`) or ends (`$`) here."""

    begins: bool


Element = One | Not | Gap | Choice | Edge
Sequence_ = tuple[Element, ...]


def first_atoms(elements: Sequence_) -> frozenset[int] | None:
    """The atoms of which the first token of any match passes one; None where the first token can be anything."""
    found: frozenset[int] = frozenset()
    for element in elements:
        if isinstance(element, One):
            return found | element.atoms if found else element.atoms
        if isinstance(element, Gap):
            return None
        if isinstance(element, Choice):
            if element.first is None:
                return None
            found = found | element.first if found else element.first
            if not element.optional:
                return found
    return None


def atoms_of(patterns: Iterable[Sequence_]) -> frozenset[int]:
    """The atoms that these patterns ask for."""
    pending, sets, seen = list(patterns), set(), set()
    while pending:
        for element in pending.pop():
            if isinstance(element, One | Not):
                sets.add(element.atoms)
            elif isinstance(element, Choice) and id(element) not in seen:
                seen.add(id(element))
                pending += element.options
    return frozenset().union(*sets)


def named_lists(pattern: str) -> tuple[str, ...]:
    """The names of the lists that a pattern names."""
    if "@" not in pattern:
        return ()
    return tuple(found[1] for sign in _SIGN.findall(pattern) if (found := _NAMED.match(sign)))


class Entry(NamedTuple):
    """One entry of a list: the name that it stands for («WhatsApp» for «вацап») and its pattern."""

    canonical: str
    elements: Sequence_


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads patterns for one rule set: knows the lists.

    `lists` gives a list's entries by name (already read; the same object each time) or raises KeyError; `choices` keeps
    what was made of them and `items` what was made of single words, to be shared between readers; `lemmas` are those of
    a word. `exact` reads plain words as exact forms, `language` "kk" reads them as Kazakh stems.
    """

    lists: Callable[[str], tuple[Entry, ...]]
    exact: bool = False
    language: str = "ru"
    choices: dict[tuple[int, frozenset[str]], Element] = field(default_factory=dict)
    items: dict[tuple[str, bool, str], "Sequence_"] = field(default_factory=dict)
    lemmas: Callable[[str], Sequence[str]] = lemmas_of

    def read(self, pattern: str) -> Sequence_:
        """The elements of a pattern. Raises PatternError with what is wrong."""
        elements, _ = self._sequence(_signs(pattern), 0, depth=0)
        if not any(isinstance(element, One | Choice) for element in elements):
            raise PatternError(text("checking.pattern-empty"))
        if not _asks_for_a_word(elements):
            raise PatternError(text("checking.pattern-no-anchor"))
        return elements

    def _sequence(self, signs: Sequence[str], i: int, depth: int) -> tuple[Sequence_, int]:
        """The elements from sign i on, and the number of the sign that ends them."""
        elements: list[Element] = []
        while i < len(signs):
            sign = signs[i]
            kind = _kind(sign)
            if kind in ("close", "or"):
                if depth == 0:
                    raise PatternError(
                        text("checking.pattern-close" if kind == "close" else "checking.pattern-sign", sign=sign)
                    )
                break
            i += 1
            if kind == "item":
                elements.extend(self._known_item(sign))
            elif kind == "open":
                choice, i = self._choice(signs, i, depth + 1)
                elements.append(_negated(choice) if sign.startswith("!") else choice)
            else:
                elements.append(self._gap(sign) if kind == "gap" else Edge(begins=sign == "^"))
        return tuple(elements), i

    def _choice(self, signs: Sequence[str], i: int, depth: int) -> tuple[Element, int]:
        options: list[Sequence_] = []
        while True:
            option, i = self._sequence(signs, i, depth)
            options.append(option)
            if i >= len(signs):
                raise PatternError(text("checking.pattern-open"))
            sign = signs[i]
            i += 1
            if sign != "|":
                tags = self._tags(sign[1:].rstrip("?"))
                options = [self._tagged(option, tags) if tags else option for option in options]
                return _choose([o for o in options if o], sign.endswith("?") or () in options), i

    def _gap(self, sign: str) -> Gap:
        digits = sign.lstrip(".~")
        most = int(digits) if digits else 3
        if not 0 < most <= MAX_GAP:
            raise PatternError(text("checking.pattern-gap", most=MAX_GAP))
        return Gap(most, free=sign.startswith("~"))

    def _known_item(self, sign: str) -> Sequence_:
        """As `_item`; patterns share most of their words, which are read once for all."""
        key = (sign, self.exact, self.language)
        known = self.items.get(key)
        if known is None:
            known = self.items[key] = tuple(self._item(sign))
        return known

    def _item(self, sign: str) -> list[Element]:
        body, negated = (sign[1:], True) if sign.startswith("!") else (sign, False)
        optional = body.endswith("?") and len(body) > 1
        body = body.removesuffix("?") if optional else body
        name, _, tail = body.partition("<")
        tags = self._tags(tail)
        if name.startswith("@") and len(name) > 1:
            element = self._list(name[1:], tags)
        else:
            parts = [part for part in name.split("-") if part] if not name.startswith(("=", "kk:")) else [name]
            pieces: list[Element] = [One(self._atoms(part, tags)) for part in parts or [name]]
            element = pieces[0] if len(pieces) == 1 else Choice((tuple(pieces),), optional=False)
        if negated:
            return [_negated(element)]
        if optional:
            return [Choice(element.options if isinstance(element, Choice) else ((element,),), optional=True)]
        return list(element.options[0]) if isinstance(element, Choice) and len(element.options) == 1 else [element]

    @staticmethod
    def _tags(sign: str) -> frozenset[str]:
        """The grammemes of `<impr,plur>`. Raises PatternError on an unknown one."""
        if not sign:
            return _NO_TAGS
        tags = frozenset(part.strip() for part in sign.strip("<>").split(",") if part.strip())
        if unknown := unknown_tags(tags):
            raise PatternError(text("checking.pattern-tag", tag=min(unknown)))
        return tags

    def _list(self, name: str, tags: frozenset[str]) -> Element:
        try:
            entries = self.lists(name)
        except KeyError as error:
            raise PatternError(str(error.args[0])) from None
        known = self.choices.get((id(entries), tags))
        if known is not None:
            return known
        options = [entry.elements for entry in entries]
        element = _choose([self._tagged(option, tags) for option in options] if tags else options, optional=False)
        self.choices[id(entries), tags] = element
        return element

    def _tagged(self, option: Sequence_, tags: frozenset[str]) -> Sequence_:
        """A list's entry with grammemes asked of its first word that has forms: «не взять», «мимо ..2 пройти»."""
        if not option:
            return option
        first, *rest = option
        if rest and (isinstance(first, Gap) or (isinstance(first, One) and self._formless(first, tags))):
            return (first, *self._tagged(tuple(rest), tags))
        if isinstance(first, Choice):
            return (Choice(tuple(self._tagged(inner, tags) for inner in first.options), first.optional), *rest)
        if not isinstance(first, One):
            return option
        asked = (replace(atom, tags=atom.tags | tags) if atom.kind == "lemma" else atom for atom in first.kinds())
        return (One(frozenset(map(number_of, asked))), *rest)

    @staticmethod
    def _formless(element: One, tags: frozenset[str]) -> bool:
        """Whether its words are particles and the like, which no such grammemes can be asked of."""
        return all(atom.kind in ("lemma", "exact") and _is_formless(atom.value, tags) for atom in element.kinds())

    def _atoms(self, name: str, tags: frozenset[str]) -> frozenset[int]:
        if not name:
            if not tags:
                raise PatternError(text("checking.pattern-empty"))
            return frozenset((number_of(Atom("tags", tags=tags)),))
        if name == "#":
            return frozenset((number_of(Atom("number")),))
        if name.startswith("kk:"):
            return frozenset((number_of(self._stem(normal(name[3:]))),))
        if name.startswith("="):
            return frozenset((number_of(Atom("exact", normal(name[1:]))),))
        word = normal(name)
        if "*" in word or "?" in word:
            return frozenset((number_of(Atom("glob", word)),))
        if self.language == "kk" and not tags:
            return frozenset((number_of(self._stem(word)),))
        if (self.exact and not tags) or not word.isalpha():
            return frozenset((number_of(Atom("exact", word)),))
        return frozenset(number_of(Atom("lemma", lemma, tags)) for lemma in self.lemmas(word))

    @staticmethod
    def _stem(word: str) -> Atom:
        return Atom("kazakh", word) if len(word) >= MIN_STEM else Atom("exact", word)


def _signs(pattern: str) -> list[str]:
    """Raises PatternError where something is no sign."""
    signs = [sign for sign in _SIGN.findall(pattern) if sign]
    if "".join("".join(signs).split()) != "".join(pattern.split()):
        raise PatternError(text("checking.pattern-sign", sign=_SIGN.sub("", pattern).strip()[:1]))
    return signs


def _kind(sign: str) -> str:
    return "open" if sign == "!{" else _KINDS.get(sign[0], "item")


def _negated(element: Element) -> Not:
    if not isinstance(element, One):
        raise PatternError(text("checking.pattern-not"))
    return Not(element.atoms)


@lru_cache(maxsize=65536)
def _is_formless(word: str, tags: frozenset[str]) -> bool:
    from streamcheck.text.morphology import form

    parses = form(word).parses
    return bool(parses) and all(parse.tags & _FORMLESS and not parse.tags & tags for parse in parses)


def _choose(options: Sequence[Sequence_], optional: bool) -> Element:
    """One of the options; all options of one token together are a single test."""
    singles = [option[0].atoms for option in options if len(option) == 1 and isinstance(option[0], One)]
    longer = [option for option in options if not (len(option) == 1 and isinstance(option[0], One))]
    merged: list[Sequence_] = [(One(frozenset().union(*singles)),)] if singles else []
    if not longer and not optional:
        return One(frozenset().union(*singles))  # of an empty list: a test that nothing passes
    return Choice((*longer, *merged), optional)


def _asks_for_a_word(elements: Sequence_) -> bool:
    """Whether every match takes in some word that the pattern names: one to look for."""
    return any(
        isinstance(element, One)
        or (isinstance(element, Choice) and not element.optional and all(map(_asks_for_a_word, element.options)))
        for element in elements
    )
