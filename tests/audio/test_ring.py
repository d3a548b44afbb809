import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.events import SAMPLE_RATE, AudioBlock


def block(start: int, count: int) -> AudioBlock:
    """Samples that hold their own number, from 1 on, so that zeros are gaps."""
    return AudioBlock(start, np.arange(start + 1, start + count + 1, dtype=np.float32))


def small_ring(size: int) -> Ring:
    return Ring(size / SAMPLE_RATE)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 25)), max_size=20), st.data())
def test_holds_the_last_stretch_and_zeros_in_gaps(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    ring, line, gaps = small_ring(20), np.empty(0, np.float32), []
    for gap, count in steps:
        written = block(len(line) + gap, count)
        ring.write(written)
        gaps += [(len(line), len(line) + gap)] * bool(gap)
        line = np.concatenate([line, np.zeros(gap, np.float32), written.samples])
    assert ring.end == len(line)
    assert ring.begin == max(len(line) - 20, 0)
    start = data.draw(st.integers(ring.begin, ring.end))
    stop = data.draw(st.integers(start, ring.end))
    np.testing.assert_array_equal(ring.read(start, stop), line[start:stop])
    assert ring.gaps(ring.begin, ring.end) == [(max(a, ring.begin), b) for a, b in gaps if b > ring.begin]


def test_a_late_reader_is_told_what_it_lost() -> None:
    ring = small_ring(10)
    ring.write(block(0, 8))
    ring.write(block(8, 7))
    with pytest.raises(SpanLostError) as lost:
        ring.read(2, 9)
    assert (lost.value.start, lost.value.stop) == (2, 5)
    np.testing.assert_array_equal(ring.read(5, 9), [6, 7, 8, 9])
    with pytest.raises(SpanLostError) as lost:
        ring.read(0, 3)
    assert (lost.value.start, lost.value.stop) == (0, 3)


def test_reads_at_most_what_has_come() -> None:
    ring = small_ring(10)
    ring.write(block(0, 4))
    np.testing.assert_array_equal(ring.read(2, 99), [3, 4])
    assert len(ring.read(7, 9)) == 0


def test_refuses_a_block_from_the_past() -> None:
    ring = small_ring(10)
    ring.write(block(0, 4))
    with pytest.raises(ValueError, match="before the end"):
        ring.write(block(3, 4))


def test_gaps_are_clipped_to_the_span_asked_for_and_forgotten_with_it() -> None:
    ring = small_ring(20)
    ring.write(block(4, 2))
    ring.write(block(12, 2))
    assert ring.gaps(0, 14) == [(0, 4), (6, 12)]
    assert ring.gaps(8, 9) == [(8, 9)]
    ring.write(block(40, 1))
    assert ring.gaps(0, 41) == [(14, 40)]


def test_wait_ends_at_the_position_at_closing_or_in_time() -> None:
    ring = small_ring(20)
    ring.write(block(0, 5))
    assert ring.wait(5) == 5
    assert ring.wait(6, timeout=0.01) == 5
    waiter = threading.Thread(target=ring.wait, args=(6,))
    waiter.start()
    ring.close()
    waiter.join(10)
    assert not waiter.is_alive()
    assert ring.closed
    assert ring.wait(6) == 5


def test_a_reader_beside_a_fast_writer_sees_whole_sound_or_hears_of_the_loss() -> None:
    ring = small_ring(5000)
    read = lost = 0

    def write() -> None:
        for start in range(0, 3_000_000, 300):
            ring.write(block(start, 300))
        ring.close()

    writer = threading.Thread(target=write)
    writer.start()
    position = 0
    while not (ring.closed and position >= ring.end):
        stop = ring.wait(position + 1)
        try:
            samples = ring.read(position, stop)
        except SpanLostError as span:
            lost += span.stop - span.start
            position = span.stop
        else:
            np.testing.assert_array_equal(samples, np.arange(position + 1, stop + 1, dtype=np.float32))
            read += len(samples)
            position = stop
    writer.join(10)
    assert read + lost == 3_000_000
    assert read
