from streamcheck.events import Word
from streamcheck.speech.merging import Agreement, agreed, between, continued, shifted, without_false_stops


def words(text: str, start: float = 0.0) -> tuple[Word, ...]:
    """Half a second a word."""
    return tuple(Word(said, start + i / 2, start + i / 2 + 0.5) for i, said in enumerate(text.split()))


def said(of: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in of)


def test_passes_agree_as_far_as_their_letters_do() -> None:
    assert agreed(words("Лучший чайник, ещё"), words("лучший чайник еще и")) == 3
    assert agreed(words("лучший чай"), words("лучший чайник")) == 1
    assert agreed(words("цена 100"), words("цена 1000")) == 1
    assert agreed((), words("а")) == 0


def test_words_are_told_apart_by_their_middle() -> None:
    assert said(between(words("а б в г"), 0.5, 1.5)) == "б в"
    assert said(between(words("а б"), 0.26, 9)) == "б"


def test_shifting_moves_both_ends() -> None:
    assert [(word.start, word.end) for word in shifted(words("а б"), 10.0)] == [(10.0, 10.5), (10.5, 11.0)]


def test_what_both_windows_heard_at_a_cut_is_said_once() -> None:
    before = words("мы продаём чайник")
    assert said(continued(before, words("Чайник, новый", 1.1))) == "новый"
    assert said(continued(before, words("продаем чайник новый", 0.4))) == "новый"


def test_what_is_said_twice_is_kept_twice() -> None:
    before = words("купи чайник")
    assert said(continued(before, words("чайник хороший", 3.0))) == "чайник хороший"


def test_nothing_before_nothing_to_join() -> None:
    assert said(continued((), words("а б"))) == "а б"


def test_two_passes_make_words_stable_and_a_better_one_puts_them_right() -> None:
    passes = Agreement()
    passes.add(words("вот на разоне за"), 2.0)
    passes.add(words("вот на разоне за такие"), 2.0)
    assert said(passes.stable) == "вот на разоне за"
    passes.revise(words("на зоне за такие", 0.5), 0.5, 2.0)
    assert said(passes.stable) == "вот на зоне за", "what the better pass did not listen to is kept"
    assert said(passes.words) == "вот на зоне за такие", "what may be cut off waits"
    passes.add(words("за такие просит", 1.5), 3.0)
    assert said(passes.stable) == "вот на зоне за такие"


def test_a_full_stop_within_a_sentence_is_not_believed() -> None:
    heard = (*words("глухие. что ли. Смотрите.", 1.0), Word("дальше", 3.1, 3.4), *words("ну... вот", 3.4))
    assert said(without_false_stops(heard)) == "глухие что ли. Смотрите дальше ну... вот"
    assert said(without_false_stops((*words("глухие."), Word("что", 1.0, 1.5)))) == "глухие. что", "after a pause"
    assert without_false_stops(()) == ()
