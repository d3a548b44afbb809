"""Russian word forms by pymorphy3: every parse of a form, with the lemma under which rules look it up.

pymorphy3 gives «лучший» the lemma «хороший» and «дешевле» the lemma «дешевый»; a rule about superlatives must tell
them apart, so superlative forms keep a lemma of their own («лучший») and comparatives stand for themselves. A
participle answers to its verb and to itself.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from sys import intern
from typing import Any

import regex
from rapidfuzz.distance import Prefix

from streamcheck.text.tokens import normal

_RUSSIAN = regex.compile(r"[а-я]+")
_SURE = 0.01
"""Parses that pymorphy3 thinks less likely than this are left out."""
_MOST_PARSES = 8


@dataclass(frozen=True, slots=True)
class Parse:
    """One reading of a form: its lemma and its grammemes (OpenCorpora names)."""

    lemma: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Form:
    """All readings of one normalised spelling; `known` says that the dictionary has it."""

    text: str
    parses: tuple[Parse, ...]
    lemmas: frozenset[str]
    known: bool


@cache
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


def _superlative_base(parse: Any) -> str:
    """«крупнейший» for «крупнейшую»; one lexeme holds «высший», «высочайший», «наивысший», so the spelling decides."""
    bases = [item.word for item in parse.lexeme if {"Supr", "sing", "masc", "nomn"} <= item.tag.grammemes]
    return normal(max(bases, key=lambda base: Prefix.similarity(base, parse.word), default=parse.word))


def _lemmas_of(parse: Any) -> tuple[str, ...]:
    tags = parse.tag.grammemes
    if "Supr" in tags:
        return (_superlative_base(parse),)
    if "COMP" in tags:
        return (normal(parse.word),)
    if "PRTF" in tags or "PRTS" in tags:
        base = parse.inflect({"PRTF", "sing", "masc", "nomn"})
        return (normal(parse.normal_form), *((normal(base.word),) if base else ()))
    return (normal(parse.normal_form),)


@lru_cache(maxsize=200_000)
def form(text: str) -> Form:
    """The readings of a normalised token; text that is not Russian is its own lemma. Remembered."""
    return read_form(text)


def read_form(text: str) -> Form:
    """As `form`, for a guess at a word: nobody will ask for it again, and it is not remembered."""
    if not _RUSSIAN.fullmatch(text):
        return Form(text, (), frozenset((text,)), known=not text.isalpha())
    found: list[Parse] = []
    known = False
    for parse in _analyzer().parse(text)[:_MOST_PARSES]:
        known = known or parse.is_known
        if parse.score < _SURE:
            continue
        tags = frozenset(parse.tag.grammemes)
        found.extend(Parse(intern(lemma), tags) for lemma in _lemmas_of(parse))
    return Form(text, tuple(found), frozenset(parse.lemma for parse in found) | {text}, known)


def is_known(text: str) -> bool:
    """Whether the dictionary has this Russian spelling (cheaper than `form`)."""
    return bool(_analyzer().word_is_known(text))
