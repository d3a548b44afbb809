"""Texts that need not be read: never one in which the rules would find something."""

import random
from collections.abc import Iterator

import pytest

from benchmarks.rules import profanity_alone
from streamcheck.checking import Checker, harmless, load_rules
from streamcheck.checking.loading import clean_samples
from streamcheck.checking.selftest import read_case
from streamcheck.events import Utterance, Word


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(profanity_alone())


def finds(checker: Checker, said: list[str]) -> bool:
    """What the rules make of it, with nothing left unread."""
    return bool(checker.candidates(checker.read([Utterance(tuple(map(Word, said)))])))


def lines() -> Iterator[list[str]]:
    """The tests of every shipped rule, and clean talk."""
    for rule in load_rules(platform="kaspi").rules:
        for case in rule.spec.tests:
            yield from (line.split() for line in read_case(case)[0].say)
    folder = clean_samples()
    assert folder is not None
    for path in sorted(folder.glob("*.txt")):
        yield from (line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


def test_most_talk_is_harmless_and_nothing_in_it_is_found(checker: Checker) -> None:
    said = list(lines())[::3]
    harmless = [one for one in said if checker.is_harmless(one)]
    assert len(harmless) > 0.8 * len(said)
    assert not [one for one in harmless if finds(checker, one)]


def test_nor_in_talk_cut_up_and_thrown_together(checker: Checker) -> None:
    chooser = random.Random(5)
    words = [word for line in lines() for word in line]
    rude = [word for line in lines() if finds(checker, line) for word in line]
    harmless = 0
    for _ in range(4000):
        said: list[str] = []
        for _ in range(chooser.randint(1, 4)):
            word = chooser.choice(chooser.choice((words, rude)))
            cut = chooser.choice((len(word), chooser.randint(1, len(word))))
            said += [part for part in (word[:cut], word[cut:], chooser.choice(("", "", "—", "х"))) if part]
        if checker.is_harmless(said):
            harmless += 1
            assert not finds(checker, said), said
    assert harmless > 1000


@pytest.mark.parametrize(
    "together",
    [
        ["гов", "но"],  # neither is a word; one is made of them
        ["через", "одно", "место"],  # the rarest of them needs the others
        ["ш", "а", "л", "а", "в", "а"],
        ["ш", "—", "а", "л", "а", "—", "в", "а"],
    ],
)
def test_words_that_are_harmless_by_themselves_may_not_be_together(checker: Checker, together: list[str]) -> None:
    assert all(checker.is_harmless([one]) for one in together)
    assert finds(checker, together)
    assert not checker.is_harmless(together)


def test_what_is_forgotten_in_the_middle_of_a_text_is_not_harmless_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmless, "_MOST_KEPT", 2)
    checker = Checker(profanity_alone())
    for word in ("стол", "стул", "шкаф", "пуф"):
        assert checker.is_harmless([word])
    assert not checker.is_harmless(["через", "одно", "место", "стол", "стул", "шкаф", "пуф"])


def test_a_check_of_harmless_talk_and_of_a_breach_says_what_it_says_without(checker: Checker) -> None:
    talk = Utterance(tuple(map(Word, "добрый вечер, сегодня показываю чайник на полтора литра".split())))
    breach = Utterance(tuple(map(Word, "ну и хуйню прислали".split())))
    assert checker.is_harmless([word.text for word in talk.words])
    assert checker.check([talk]) == []
    assert [one.quote for one in checker.check([talk, breach])] == ["хуйню"]


def test_rules_that_ask_about_every_sentence_leave_nothing_harmless() -> None:
    assert not Checker(load_rules(platform="kaspi")).is_harmless(["добрый", "вечер"])
