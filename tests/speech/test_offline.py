import pytest

from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.speech.offline import AHEAD, LONGEST, LONGEST_PAUSE, break_before, transcribe_recording
from streamcheck.speech.utterances import Span
from tests.speech.scripted import Engine, Voice, speech, words


def span(start: float, end: float) -> Span:
    """An utterance whose voice ends 0.3 s before it does."""
    samples = [int(time * SAMPLE_RATE) for time in (start, start, end - 0.3, end)]
    return Span(*samples, joined=False, cut=False, voice=0.9)


def test_utterances_share_a_window_as_long_as_they_fit() -> None:
    group = [span(0, 5), span(5, 9)]
    assert break_before(group, span(9.5, LONGEST)) == 0
    assert break_before(group, span(9.5, LONGEST + 0.1)) > 0


def test_a_long_silence_ends_a_window() -> None:
    assert break_before([span(0, 2)], span(2 + LONGEST_PAUSE, 5)) == 1
    assert break_before([span(0, 2)], span(1 + LONGEST_PAUSE, 5)) == 0


def test_a_window_ends_at_the_longest_pause_of_its_second_half() -> None:
    group = [span(0, 11), span(12.5, 16), span(17, 19), span(19.1, 21)]
    assert break_before(group, span(21.1, LONGEST + 3)) == 2


def test_one_utterance_alone_is_a_window() -> None:
    assert break_before([span(0, 3)], span(3.2, LONGEST + 2)) == 1


@pytest.fixture
def broadcast(monkeypatch: pytest.MonkeyPatch) -> list[AudioBlock]:
    """Five words and a long silence, forty times, in blocks of a second."""
    monkeypatch.setattr("streamcheck.speech.hearing.VoiceActivity", Voice)
    sound = speech(*[5] * 40, pause=LONGEST_PAUSE + 1)
    return [AudioBlock(at, sound[at : at + SAMPLE_RATE]) for at in range(0, len(sound), SAMPLE_RATE)]


def test_all_that_is_said_comes_in_its_order_whoever_listens(broadcast: list[AudioBlock]) -> None:
    engine = Engine()
    engine.workers = 3
    assert [word.text for one in transcribe_recording(engine, broadcast) for word in one.words] == words(200)


def test_who_breaks_off_waits_for_no_more_than_what_is_being_heard(broadcast: list[AudioBlock]) -> None:
    engine = Engine()
    heard = transcribe_recording(engine, broadcast)
    next(heard)
    heard.close()
    assert len(engine.passes) <= 2 + AHEAD
