"""Live findings: shown once, confirmed or withdrawn, never twice at the border of two utterances."""

import pytest

from streamcheck.checking import Checker, StreamChecker
from streamcheck.events import Hypothesis, Word
from tests.checking.conftest import compile_rules, pack, rule


def hypothesis(number: int, said: str, at: float, *, final=False, stable=0, trusted=None) -> Hypothesis:
    words = tuple(Word(text, at + k * 0.5, at + k * 0.5 + 0.4) for k, text in enumerate(said.split()))
    end = words[-1].end if words else at
    return Hypothesis(number, words, len(words) if final else stable, final, end, end if trusted is None else trusted)


@pytest.fixture
def stream(write_rules) -> StreamChecker:
    write_rules(
        p=pack(rule('[{lemmas: "писать ..2 вотсап"}]'), rule("[{lemmas: дурак}]", ident="d", category="rudeness"))
    )
    return StreamChecker(Checker(compile_rules()))


def states(found) -> list[tuple[str, str]]:
    return [(one.id, one.state) for one in found]


def test_tentative_then_confirmed_by_a_second_pass(stream):
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)) == [("f1", "tentative")]
    assert states(stream.update(hypothesis(0, "пишите в вотсап мне", 0), 2.5)) == [("f1", "confirmed")]
    assert stream.update(hypothesis(0, "пишите в вотсап мне", 0, final=True), 3.0) == []


def test_withdrawn_when_the_end_heard_other_words(stream):
    stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)
    (one,) = stream.update(hypothesis(0, "пишите в пост", 0, final=True), 3.0)
    assert (one.id, one.state) == ("f1", "withdrawn")
    assert "withdrawn" in one.because[-1]


def test_what_was_shown_stays_while_the_utterance_is_open(stream):
    stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)
    assert stream.update(hypothesis(0, "пишите в пост", 0), 2.5) == []
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0), 3.0)) == [("f1", "confirmed")]


def test_words_at_the_edge_of_the_window_wait(stream):
    assert stream.update(hypothesis(0, "пишите в вотсап", 0, trusted=1.0), 1.4) == []
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)) == [("f1", "tentative")]


def test_stable_words_confirm_at_once(stream):
    assert states(stream.update(hypothesis(0, "пишите в вотсап мне", 0, stable=3), 2.0)) == [("f1", "confirmed")]


def test_stable_words_at_the_end_of_the_sound_may_still_be_heard_otherwise(stream):
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0, stable=3), 2.0)) == [("f1", "tentative")]
    assert states(stream.update(hypothesis(0, "пишите в вот сапоги", 0, final=True), 2.5)) == [("f1", "withdrawn")]


def test_a_short_utterance_is_confirmed_at_its_end(stream):
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0, final=True), 2.0)) == [("f1", "confirmed")]


def test_a_phrase_over_the_border_is_found_once(stream):
    assert stream.update(hypothesis(0, "пишите в", 0, final=True), 1.0) == []
    assert states(stream.update(hypothesis(1, "вотсап", 1.2), 2.0)) == [("f1", "tentative")]
    assert states(stream.update(hypothesis(1, "вотсап да", 1.2), 2.3)) == [("f1", "confirmed")]
    assert stream.update(hypothesis(1, "вотсап да", 1.2, final=True), 2.6) == []
    assert stream.update(hypothesis(2, "дальше", 3.0, final=True), 3.6) == []


def test_two_breaches_of_one_kind_are_two_findings(stream):
    stream.update(hypothesis(0, "дурак а вот же дурак", 0), 1.0)
    found = stream.update(hypothesis(0, "дурак а вот же дурак", 0, final=True), 1.5)
    assert states(found) == [("f1", "confirmed"), ("f2", "confirmed")]


def test_neighbours_that_become_one_are_both_settled(stream):
    stream.update(hypothesis(0, "дурак а вот же дурак", 0), 1.0)
    found = stream.update(hypothesis(0, "дурак а дурак дурак дурак", 0, final=True), 1.5)
    assert states(found) == [("f1", "confirmed"), ("f2", "confirmed")]


def test_close_settles_what_is_open(stream):
    stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)
    assert states(stream.close(2.5)) == [("f1", "withdrawn")]


def test_an_update_costs_the_same_after_a_long_broadcast(stream):
    for number in range(300):
        stream.update(
            hypothesis(number, "так вот смотрите какая ткань дурак", number * 4.0, final=True), number * 4.0 + 3
        )
    assert len(stream._history._said) <= 12
    assert len(stream._known) <= 2


def test_what_was_set_aside_stays_until_its_own_end(stream):
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)) == [("f1", "tentative")]
    assert stream.update(hypothesis(1, "так вот", 4, final=True), 5.0) == []
    assert states(stream.update(hypothesis(0, "пишите в вотсап", 0, final=True), 9.0)) == [("f1", "confirmed")]


def test_what_comes_late_is_checked_among_its_neighbours(stream):
    stream.update(hypothesis(0, "ну вот вам и пишите", 0, final=True), 3.0)
    assert stream.update(hypothesis(2, "вотсап и дурак", 5, final=True), 7.0)[0].quote == "дурак"
    late = stream.update(hypothesis(1, "мне в", 3, final=True), 9.0)
    assert [(one.id, one.state, one.quote) for one in late] == [("f2", "confirmed", "пишите мне в вотсап")]
    assert stream.update(hypothesis(3, "так вот", 9, final=True), 12.0) == []
    assert stream.close(13.0) == []


def test_what_never_comes_does_not_make_the_rest_dear(stream):
    for number in range(0, 4000, 2):
        stream.update(hypothesis(number, "так вот смотрите дурак", number * 4.0, final=True), number * 4.0 + 3)
    assert len(stream._history.awaited) <= 1001
    assert len(stream._history._said) <= 1010


def test_the_end_of_a_session_says_that_it_was_the_end(stream):
    stream.update(hypothesis(0, "пишите в вотсап", 0), 2.0)
    (one,) = stream.close(3.0)
    assert "session ended" in one.because[-1]


def test_a_phrase_does_not_reach_over_a_long_silence(stream):
    stream.update(hypothesis(0, "ну вот вам и пишите", 0, final=True), 3.0)
    assert stream.update(hypothesis(1, "мне в вотсап", 40, final=True), 43.0) == []
    stream.update(hypothesis(2, "ну вот вам и пишите", 44, final=True), 47.0)
    assert len(stream.update(hypothesis(3, "мне в вотсап", 46.6, final=True), 49.0)) == 1


def test_a_cut_that_moves_the_words_to_the_next_utterance_changes_nothing(stream):
    assert states(stream.update(hypothesis(0, "так вот дурак", 0), 2.0)) == [("f1", "tentative")]
    assert states(stream.update(hypothesis(1, "дурак", 1.0), 2.3)) == [("f1", "confirmed")]
    assert stream.update(hypothesis(0, "так вот", 0, final=True), 2.6) == []
    assert stream.update(hypothesis(1, "дурак да", 1.0, final=True), 3.0) == []


def test_a_figure_waits_for_the_rest_of_it(write_rules, tmp_path):
    write_rules(p=pack(rule("[{product: figure}]", category="misleading")))
    products = tmp_path / "products.yaml"
    products.write_text("products: [{name: Казан, card: {Вес: 2300 г}}]", encoding="utf-8")
    stream = StreamChecker(Checker(compile_rules(products=products)))
    assert stream.update(hypothesis(0, "казан вес два килограмма", 0, stable=4, trusted=1.7), 2.0) == []
    said = "казан вес два килограмма триста грамм"
    assert stream.update(hypothesis(0, said, 0, stable=6, trusted=2.7), 3.0) == []
    assert stream.update(hypothesis(0, said, 0, final=True), 3.5) == []
    wrong = hypothesis(1, "вес казана пять килограммов ну и вот такой", 6, stable=8, trusted=9.7)
    assert [one.quote for one in stream.update(wrong, 10.0)] == ["пять килограммов"]


def test_a_phrase_that_goes_on_is_shown_once_a_pass_is_sure_of_its_first_end(write_rules):
    write_rules(p=pack(rule("[{lemmas: дурак}]", category="rudeness")))
    stream = StreamChecker(Checker(compile_rules()))
    assert stream.update(hypothesis(0, "вот же дурак", 0, trusted=1.0), 1.5) == []
    (one,) = stream.update(hypothesis(0, "вот же дурак дурак", 0, trusted=1.6), 1.8)
    assert one.quote == "дурак дурак"
    assert stream.update(hypothesis(1, "вот же дурак", 9, trusted=10.0), 10.5) == []
    assert stream.update(hypothesis(1, "вот же умный", 9), 10.8) == [], "the next pass heard otherwise"
    assert stream.update(hypothesis(1, "вот же дурак дурак", 9, trusted=10.6), 11.1) == []


def test_an_adjective_waits_for_the_word_that_it_describes(write_rules):
    write_rules(
        p=pack(rule('[{lemmas: "=лучшей"}]', category="superlative", unless="[{over: ['=лучшей {взять|брать}']}]"))
    )
    stream = StreamChecker(Checker(compile_rules()))
    assert stream.update(hypothesis(0, "для жирной лучшей взятия", 0, trusted=1.5), 2.0) == []
    assert stream.update(hypothesis(0, "для жирной лучшей взять", 0, final=True), 2.5) == []
    at_a_pause = stream.update(hypothesis(1, "нашей лучшей", 5), 6.0)
    described = stream.update(hypothesis(2, "самой лучшей кожи сегодня", 9, trusted=10.5), 11.0)
    assert [one.quote for one in (*at_a_pause, *described)] == ["лучшей", "лучшей"]


def test_advice_is_shown_only_where_two_passes_agree(write_rules):
    advice = rule('[{lemmas: "=ихний"}]', category="literacy").rstrip() + "\n    severity: advice\n"
    write_rules(p=pack(advice))
    stream = StreamChecker(Checker(compile_rules()))
    assert stream.update(hypothesis(0, "ихний фен", 0), 1.0) == []
    assert states(stream.update(hypothesis(0, "ихний фен", 0, stable=2), 1.5)) == [("f1", "confirmed")]
