"""Superlatives by grammar: where a match begins and ends."""

from collections.abc import Iterator

import pytest

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matchers.degree import Superlative
from streamcheck.checking.passage import read_passage
from streamcheck.events import Utterance, Word


def quotes(said: str) -> Iterator[str]:
    lexicon = Lexicon()
    finder = Superlative(lexicon)
    passage = read_passage([Utterance(tuple(Word(part) for part in said.split()))], lexicon)
    for match in finder.find(passage, 0, len(passage.tokens)):
        yield passage.quote(match.start, match.end)


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ("это самый тёплый плед", ["самый тёплый"]),
        ("качество самое, не побоюсь слова, высокое", ["самое, не побоюсь слова, высокое"]),
        ("ткань мягчайшая, цена нижайшая", ["мягчайшая", "нижайшая"]),
        ("он самый-самый", ["самый-самый"]),
        ("он самый самый самый тёплый", ["самый самый самый тёплый"]),
        ("с самого начала тёплый", []),
        ("на самом деле тёплый", []),
        ("тот самый. Тёплый плед", []),
        ("плед тёплый и мягкий", []),
    ],
)
def test_what_is_a_superlative(said: str, want: list[str]) -> None:
    assert list(quotes(said)) == want
