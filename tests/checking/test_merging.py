"""Matches of a category in one sentence are one breach; in a live broadcast each is told as it comes."""

import pytest

from streamcheck.checking import Checker, StreamChecker
from streamcheck.events import Hypothesis, Word
from tests.checking.conftest import compile_rules, findings, pack, rule


@pytest.fixture(autouse=True)
def _rules(write_rules) -> None:
    write_rules(
        p=pack(
            rule("[{lemmas: дурак}]", ident="a", category="rudeness"),
            rule('[{lemmas: "ума палата"}]', ident="b", category="rudeness"),
            rule("[{lemmas: чёрт}]", ident="c", category="profanity"),
        )
    )


def test_matches_of_a_sentence_are_told_once() -> None:
    (one,) = findings("дурак ты, вот что скажу, ума палата")
    assert one.quote == "дурак ты, вот что скажу, ума палата"
    assert len(findings("дурак ты. Вот что скажу, ума палата")) == 2
    assert len(findings("дурак ты и вот что я тебе сейчас скажу ума палата")) == 2


def test_obscene_words_stay_single() -> None:
    assert [one.quote for one in findings("чёрт, какой у нас чёрт")] == ["чёрт", "чёрт"]


def test_the_fingerprint_is_of_the_match_that_speaks() -> None:
    (alone,), (merged,) = findings("ума палата"), findings("дурак ты, вот что скажу, ума палата")
    assert alone.rule == merged.rule == "p/b"
    assert alone.fingerprint == merged.fingerprint


def test_live_each_is_told_as_it_comes() -> None:
    said = "дурак ты вот что скажу ума палата".split()
    words = tuple(Word(text, k * 0.5, k * 0.5 + 0.4) for k, text in enumerate(said))
    stream = StreamChecker(Checker(compile_rules()))
    shown = stream.update(Hypothesis(0, words, len(words), True, 4.0, 4.0), 4.0)
    assert [one.quote for one in shown] == ["дурак", "ума палата"]
