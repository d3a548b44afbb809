import random
from itertools import pairwise

import pytest

from streamcheck.audio.voice import FRAME
from streamcheck.events import SAMPLE_RATE
from streamcheck.speech.utterances import (
    LONGEST,
    PAUSE,
    PRE_ROLL,
    SEARCH,
    SHORT_PAUSE,
    Segmenter,
    Span,
    pause_needed,
)


def frames(seconds: float, probability: float) -> list[float]:
    return [probability] * round(seconds * SAMPLE_RATE / FRAME)


def segment(probabilities: list[float]) -> list[Span]:
    segmenter = Segmenter()
    spans = segmenter.feed(probabilities)
    last = segmenter.finish()
    return spans + ([last] if last else [])


def test_a_pause_ends_an_utterance_and_a_shorter_one_does_not() -> None:
    speech = frames(2, 0.9)
    assert len(segment(speech + frames(PAUSE + 0.1, 0.1) + speech)) == 2
    assert len(segment(speech + frames(PAUSE - 0.1, 0.1) + speech)) == 1


def test_it_begins_before_its_voice_and_never_in_the_one_before() -> None:
    one, other = segment(frames(1, 0.0) + frames(1, 0.9) + frames(0.35, 0.1) + frames(1, 0.9))
    assert one.start == round(1 * SAMPLE_RATE / FRAME) * FRAME - PRE_ROLL
    assert one.end <= other.start < one.end + PRE_ROLL


def test_the_voice_has_ended_where_it_was_last_heard() -> None:
    span = segment(frames(1, 0.9) + frames(1, 0.0))[0]
    assert span.voiced_end == round(SAMPLE_RATE / FRAME) * FRAME
    assert span.end - span.voiced_end == pytest.approx(PAUSE * SAMPLE_RATE, abs=FRAME)


def test_a_quiet_ending_is_kept() -> None:
    assert len(segment(frames(1, 0.9) + frames(1, 0.4) + frames(1, 0.9))) == 1


@pytest.mark.parametrize("click", [1, 2])
def test_a_click_is_no_speech_and_a_short_word_is(click: int) -> None:
    assert segment([0.0] * 20 + [0.9] * click + [0.0] * 20) == []
    assert len(segment([0.0] * 20 + [0.9] * 4 + [0.0] * 20)) == 1


def test_the_end_of_the_source_ends_the_open_utterance() -> None:
    segmenter = Segmenter()
    assert segmenter.feed(frames(0.3, 0.9)) == []
    assert segmenter.open == segmenter.finish()
    assert segmenter.open is None


def test_the_longer_an_utterance_the_shorter_the_pause() -> None:
    assert pause_needed(1) == PAUSE
    assert pause_needed(LONGEST) == pytest.approx(SHORT_PAUSE)
    speech = frames(LONGEST - 0.7, 0.9) + frames(0.16, 0.1) + frames(2, 0.9)
    assert len(segment(speech)) == 2
    assert not segment(speech)[0].cut


def test_speech_without_a_pause_is_cut_where_there_is_least_voice() -> None:
    before = int((LONGEST - 0.7) * SAMPLE_RATE / FRAME)
    dip = [0.9] * before + [0.5] + [0.9] * 60
    first, second = segment(dip)
    assert (first.cut, first.joined, second.cut, second.joined) == (True, False, False, True)
    assert first.end == second.start
    assert abs(first.end / FRAME - before) <= 2


def test_no_utterance_outgrows_the_longest_and_none_of_the_sound_between_is_lost() -> None:
    dice = random.Random(3)
    spans = segment([dice.uniform(0.5, 1) for _ in range(5000)])
    assert all((span.end - span.start) / SAMPLE_RATE <= LONGEST + 0.04 for span in spans)
    assert all((span.end - span.start) / SAMPLE_RATE >= LONGEST - SEARCH - 0.1 for span in spans[:-1])
    assert all(one.end == other.start for one, other in pairwise(spans))
    assert spans[-1].end == 5000 * FRAME


def test_pieces_make_no_difference() -> None:
    dice = random.Random(1)
    probabilities = [min(max(dice.gauss(0.5, 0.4), 0), 1) for _ in range(3000)]
    whole = segment(probabilities)
    segmenter, spans = Segmenter(), []
    for at in range(0, len(probabilities), 7):
        spans += segmenter.feed(probabilities[at : at + 7])
    last = segmenter.finish()
    assert spans + ([last] if last else []) == whole
    assert len(whole) > 3
