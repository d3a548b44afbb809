import numpy as np
import pytest

from streamcheck.audio.continuity import Continuity
from streamcheck.audio.timeline import Timeline
from streamcheck.events import SAMPLE_RATE
from tests.audio.sound import gaps, joined

SECOND = np.ones(SAMPLE_RATE, np.float32)


def placed(line: Timeline, *times: float | None) -> list[float]:
    """Where one second of sound at each time stamp begins, in seconds."""
    return [next(iter(list(line.place(time, SECOND)))).start / SAMPLE_RATE for time in times]


def test_time_stamps_place_the_sound() -> None:
    line = Timeline(zero=1.4)
    assert placed(line, 1.4, 2.4, 5.4) == [0, 1, 4]
    assert line.missing == 2 * SAMPLE_RATE


def test_the_first_time_stamp_is_the_beginning_where_none_is_given() -> None:
    line = Timeline()
    assert placed(line, None, 70.0, 72.0) == [0, 1, 3]


def test_sound_that_begins_late_misses_nothing() -> None:
    line = Timeline(zero=0.0)
    assert placed(line, 1.5) == [1.5]
    assert line.missing == 0


def test_small_jumps_are_rounding() -> None:
    assert placed(Timeline(), 0.0, 1.09, 1.95, 3.02) == [0, 1, 2, 3]


def test_a_drift_shows_once_it_is_large() -> None:
    starts = placed(Timeline(), *(1.02 * number for number in range(10)))
    assert starts[5] == 5
    assert starts[6] == pytest.approx(6.12)
    assert starts[9] == pytest.approx(9.12)


@pytest.mark.parametrize("other", [-100.0, 90_000.0])
def test_another_clock_goes_on_where_the_sound_was(other: float) -> None:
    assert placed(Timeline(), 0.0, 1.0, other, other + 1, other + 3) == [0, 1, 2, 3, 5]


class Stream:
    """A stream as `Continuity` sees it: one packet a second of our clock, known by number."""

    def __init__(self) -> None:
        self.continuity = Continuity()
        self.blocks: list = []

    def packets(self, numbers: range, *, now: float, clock: float | None = 0.0, alike: bool = False) -> None:
        """Feed packets whose time stamps are their numbers on a clock that is ahead by `clock`."""
        for number in numbers:
            samples = np.full(SAMPLE_RATE, number + 1, np.float32)
            time = None if clock is None else number + clock
            self.blocks += self.continuity.feed(0 if alike else number, time, samples, now)
            now += 1

    def seconds(self) -> list[int]:
        """The packet number that is heard in each second, -1 where there is none."""
        return [round(value) - 1 for value in joined(self.blocks)[SAMPLE_RATE // 2 :: SAMPLE_RATE]]


def test_packets_that_a_server_repeats_are_heard_once() -> None:
    stream = Stream()
    stream.packets(range(10), now=0)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(7, 14), now=13)
    assert stream.seconds() == list(range(14))
    assert gaps(stream.blocks) == []


def test_repeated_packets_tie_a_clock_that_has_changed() -> None:
    stream = Stream()
    stream.packets(range(10), now=0)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(8, 12), now=13, clock=-8)
    stream.packets(range(15, 17), now=20, clock=-8)
    assert stream.seconds() == [*range(12), -1, -1, -1, 15, 16]


def test_packets_without_time_stamps_are_joined_too() -> None:
    stream = Stream()
    stream.packets(range(5), now=0, clock=None)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(3, 7), now=8, clock=None)
    assert [number for number in stream.seconds() if number >= 0] == list(range(7))


def test_what_was_missed_for_good_is_a_gap_by_the_streams_own_clock() -> None:
    stream = Stream()
    stream.packets(range(5), now=0)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(12, 14), now=14.3)
    assert stream.seconds() == [*range(5), *[-1] * 7, 12, 13]


@pytest.mark.parametrize("clock", [-100.0, 5000.0])
def test_a_new_encoder_goes_on_by_our_clock(clock: float) -> None:
    stream = Stream()
    stream.packets(range(5), now=0)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(100, 102), now=10, clock=clock)
    assert stream.seconds() == [*range(5), *[-1] * 6, 100, 101]


def test_an_encoder_that_begins_anew_in_one_connection_leaves_the_gap_of_our_clock() -> None:
    stream = Stream()
    stream.packets(range(5), now=0)
    stream.packets(range(100, 102), now=9, clock=-100)
    assert stream.seconds() == [*range(5), *[-1] * 5, 100, 101]


def test_a_recording_is_taken_up_where_it_broke() -> None:
    stream = Stream()
    stream.packets(range(5), now=0)
    stream.continuity.reconnected(same_clock=True)
    stream.packets(range(200, 201), now=6, clock=-200)  # another packet, at a time that was heard
    stream.packets(range(4, 8), now=7)
    assert stream.seconds() == list(range(8))


def test_silence_after_a_break_is_not_taken_for_repeated_for_ever() -> None:
    stream = Stream()
    stream.packets(range(5), now=0, alike=True)
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(20), now=8, clock=0.0, alike=True)
    assert len(stream.blocks) >= 10 * (5 + 10)


def test_a_stream_that_broke_before_its_first_packet_begins_there() -> None:
    stream = Stream()
    stream.continuity.reconnected(same_clock=False)
    stream.packets(range(40, 43), now=50)
    assert stream.seconds() == [40, 41, 42]
