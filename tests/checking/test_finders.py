"""The matchers that look for themselves: numbers, addresses, density, silence."""

import pytest

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matchers import Finder, Match
from streamcheck.checking.matchers.address import NetAddress
from streamcheck.checking.matchers.density import Density
from streamcheck.checking.matchers.number import Number
from streamcheck.checking.matchers.silence import Silence
from streamcheck.checking.passage import Passage, read_passage
from streamcheck.checking.patterns import Reader, atoms_of
from streamcheck.checking.phrases import Phrases
from streamcheck.events import Utterance, Word


def passage_of(*said: str, lexicon: Lexicon | None = None) -> Passage:
    utterances = [Utterance(tuple(Word(word) for word in one.split())) for one in said]
    return read_passage(utterances, lexicon or Lexicon())


def all_of(finder: Finder, passage: Passage) -> list[Match]:
    return list(finder.find(passage, 0, len(passage.tokens)))


def test_a_phone_over_two_utterances_is_one_match() -> None:
    passage = passage_of("звоните восемь семьсот один двести тридцать", "четыре сорок пять шестьдесят семь, ждём")
    (match,) = all_of(Number("phone"), passage)
    assert passage.quote(match.start, match.end).endswith("шестьдесят семь")
    assert match.certainty == 1.0


def test_a_number_that_only_its_words_make_a_phone_is_less_certain() -> None:
    (match,) = all_of(Number("phone"), passage_of("звоните 8 700 00 45 67"))
    assert match.certainty < 1.0


def test_number_kinds_do_not_mix() -> None:
    passage = passage_of("карта 4400 4301 2345 6780")
    assert all_of(Number("card"), passage)
    assert not all_of(Number("phone"), passage)


@pytest.mark.parametrize(("kind", "count"), [("any", 2), ("email", 1), ("domain", 1), ("handle", 0)])
def test_address_kinds(kind: str, count: int) -> None:
    passage = passage_of("пишите на opt@lavka.ru, сайт лавка точка кз")
    found = all_of(NetAddress(kind), passage)
    assert len(found) == count
    assert {match.canonical for match in found} <= {"opt@lavka.ru", "lavka.kz"}


def test_the_platforms_own_domains_are_no_addresses() -> None:
    passage = passage_of("сайт shop.kaspi.kz и наш сайт mykaspi.kz, почта opt@kaspi.kz")
    found = all_of(NetAddress("any", allowed=["kaspi.kz"]), passage)
    assert [match.canonical for match in found] == ["mykaspi.kz", "opt@kaspi.kz"]


def test_only_matches_that_begin_in_the_range() -> None:
    passage = passage_of("лавка точка кз и чайник точка ру")
    assert [match.canonical for match in NetAddress("any").find(passage, 3, 7)] == ["chaynik.ru"]


@pytest.fixture
def fillers() -> tuple[Lexicon, Phrases]:
    lexicon = Lexicon()
    reader = Reader(lambda _: (), exact=True)
    patterns = [reader.read("ну"), reader.read("как бы")]
    lexicon.ask(atoms_of(patterns))
    return lexicon, Phrases(patterns)


def test_density(fillers: tuple[Lexicon, Phrases]) -> None:
    lexicon, phrases = fillers
    passage = passage_of("вот ну это ну как бы чайник ну как бы белый ну да и потом всё спокойно", lexicon=lexicon)
    (match,) = all_of(Density(phrases, window=12, most=4), passage)
    assert passage.quote(match.start, match.end) == "ну это ну как бы чайник ну как бы белый ну"
    assert match.values == {"count": "6"}
    assert not all_of(Density(phrases, window=12, most=6), passage)
    assert not all_of(Density(phrases, window=5, most=4), passage)


def test_density_tells_two_stretches_apart(fillers: tuple[Lexicon, Phrases]) -> None:
    lexicon, phrases = fillers
    passage = passage_of("ну ну ну ну " + "тихо " * 30 + "ну ну ну ну", lexicon=lexicon)
    assert len(all_of(Density(phrases, window=10, most=3), passage)) == 2


def timed(*spans: tuple[str, float, float]) -> Passage:
    words = tuple(Word(text, start, end) for text, start, end in spans)
    return read_passage([Utterance(words[:2]), Utterance(words[2:])], Lexicon())


def test_silence_is_told_with_the_words_around_it() -> None:
    passage = timed(("раз-два", 0.0, 1.0), ("три", 1.1, 2.0), ("четыре", 17.5, 18.0))
    (match,) = all_of(Silence(12), passage)
    assert (passage.start(match.start), passage.end(match.end - 1)) == (1.1, 18.0)
    assert match.values == {"seconds": "16"}
    assert not all_of(Silence(16), passage)


def test_no_silence_without_times() -> None:
    assert not all_of(Silence(1), passage_of("раз", "два"))
