from streamcheck.events import SAMPLE_RATE
from streamcheck.speech.offline import LONGEST, LONGEST_PAUSE, break_before
from streamcheck.speech.utterances import Span


def span(start: float, end: float) -> Span:
    """An utterance whose voice ends 0.3 s before it does."""
    samples = [int(time * SAMPLE_RATE) for time in (start, end - 0.3, end)]
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
