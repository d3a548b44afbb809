"""Misheard words are read as the rules know them, and words that are words stay as heard."""

import pytest

from streamcheck.checking import Checker
from streamcheck.checking.selftest import utterances_of
from tests.checking.conftest import compile_rules, pack, rule

ANY = '[{lemmas: ["вотсап", "колхоз", "не ложить", "перевод", "<Supr> крем"]}]'


@pytest.fixture
def checker(write_rules) -> Checker:
    write_rules(p=pack(rule(ANY)))
    return Checker(compile_rules())


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (["ну и калхос"], "калхос"),
        (["пишите водсап"], "водсап"),
        (["прошу нелажьте это"], "нелажьте"),
        (["пиривод сразу"], "пиривод"),
        (["это луч", "ший крем"], "луч ший крем"),
    ],
)
def test_misheard_word_is_found_with_less_certainty(checker, said, quote):
    (one,) = checker.check(utterances_of(said))
    assert one.quote == quote
    assert one.confidence < 0.7


@pytest.mark.parametrize("said", ["поход и привод", "холод", "новый водород", "каллиграфия", "луч шире крема"])
def test_known_words_stay_as_heard(checker, said):
    assert checker.check(utterances_of([said])) == []


def test_a_word_that_fits_a_wildcard_is_not_taken_apart(write_rules):
    write_rules(p=pack(rule('[{lemmas: ["пойзон*", "петь вслух", "в зона"]}]')))
    (one,) = Checker(compile_rules()).check(utterances_of(["кроссы с пойзона"]))
    assert one.quote == "пойзона"
    assert one.confidence > 0.9


NAMES = "language: ru\nlists:\n  shops:\n    Wildberries: [вайлдберрис]\n    Яндекс: [яндексмаркет]\n"


@pytest.fixture
def shops(write_rules) -> Checker:
    write_rules(p=pack(rule("[{name: shops}]")), l=NAMES)
    return Checker(compile_rules())


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("иду на ваилд беррис все", "ваилд беррис"),
        ("это на увайлд берре с лежит", "увайлд берре с"),
        ("найдёте на яндыкс маркете", "яндыкс маркете"),
    ],
)
def test_a_long_name_in_pieces_is_known_by_its_sound(shops, said, quote):
    (one,) = shops.check(utterances_of([said]))
    assert quote in one.quote


@pytest.mark.parametrize("said", ["вальдшнеп берёт с лёта", "вай, берите. Лист", "в индексе маркетолога"])
def test_ordinary_words_are_no_name(shops, said):
    assert shops.check(utterances_of([said])) == []


def test_kazakh_is_left_alone(write_rules):
    write_rules(p=pack(rule('[{lemmas: ["растяпа", "жаба"]}]')))
    assert Checker(compile_rules()).check(utterances_of(["өтінемін, растапа жаппа деңіз"])) == []
