"""Where sentences end in what was heard in pieces."""

import pytest

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.passage import read_passage
from streamcheck.events import Utterance, Word


@pytest.mark.parametrize(
    ("end", "pause", "breaks"),
    [(".", 0.3, False), (".", 0.6, True), ("", 0.6, False), (",", 1.2, False), ("", 1.6, True)],
)
def test_a_full_stop_where_the_sound_was_cut_needs_a_pause(end: str, pause: float, breaks: bool) -> None:
    first = Utterance((Word(f"карточки{end}", 0.0, 1.0),), 0.0, 1.0)
    then = Utterance((Word("А", 1.0 + pause, 1.1 + pause),), 1.0 + pause, 1.1 + pause)
    assert read_passage([first, then], Lexicon()).breaks[1] is breaks


def test_a_full_stop_within_an_utterance_ends_a_sentence_but_not_within_a_word() -> None:
    said = tuple(Word(word, number / 2, number / 2 + 0.5) for number, word in enumerate(["Яндекс.Маркет", "тут.", "А"]))
    assert read_passage([Utterance(said, 0.0, 1.5)], Lexicon()).breaks == [True, False, False, True]
