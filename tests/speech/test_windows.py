"""Which of what is heard in a window belongs to its utterances, and from when on."""

from streamcheck.events import SAMPLE_RATE, Word
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import Said, own_words


def span(start: float, voiced: float, end: float, *, joined: bool = False) -> Span:
    first, voice, last = (int(time * SAMPLE_RATE) for time in (start, voiced, end))
    return Span(first, voice, last, last, joined=joined, cut=False, voice=0.9)


SAID = Said((Word("а", 10.0, 10.5, 0.9), Word("соседи", 10.5, 11.0, 0.9)), doubtful=False)
"""Aligned, the first word takes in the silence that the window begins with."""


def test_the_first_word_begins_with_the_voice() -> None:
    one = span(10.0, 10.3, 12.0)
    assert [word.start for word in own_words(SAID, one, one, one.end, ())] == [10.2, 10.5]


def test_a_word_that_ends_before_the_voice_is_left_where_it_is() -> None:
    one = span(10.0, 10.8, 12.0)
    assert [word.start for word in own_words(SAID, one, one, one.end, ())] == [10.0, 10.5]


def test_speech_that_was_cut_begins_where_it_was_cut() -> None:
    one = span(10.0, 10.0, 12.0, joined=True)
    assert [word.start for word in own_words(SAID, one, one, one.end, ())] == [10.0, 10.5]
