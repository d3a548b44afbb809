"""A paused source: what goes by is left out, what waits is held."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from streamcheck.audio.pausing import PausableSource
from streamcheck.events import AudioBlock


class Counting:
    """Ten blocks, one after another, each on demand."""

    name, trouble = "c", "t"

    def __init__(self, waits: bool) -> None:
        self.waits = waits
        self.closed = False

    def blocks(self) -> Iterator[AudioBlock]:
        for number in range(10):
            if self.closed:
                return
            yield AudioBlock(number * 160, np.zeros(160, np.float32))

    def close(self) -> None:
        self.closed = True


def test_sound_that_goes_by_is_left_out_while_paused() -> None:
    source = PausableSource(Counting(waits=False))
    blocks = source.blocks()
    heard = [next(blocks).start]
    source.toggle()
    assert source.paused
    assert list(blocks) == []
    source = PausableSource(Counting(waits=False))
    for block in source.blocks():
        heard.append(block.start)
    assert heard == [0, *range(0, 1600, 160)]
    assert (source.name, source.trouble, source.waits) == ("c", "t", False)


def test_sound_that_waits_is_held_and_nothing_lost() -> None:
    source = PausableSource(Counting(waits=True))
    source.toggle()
    heard: list[int] = []
    thread = threading.Thread(target=lambda: heard.extend(block.start for block in source.blocks()))
    thread.start()
    time.sleep(0.2)
    assert heard == []
    source.toggle()
    thread.join(5)
    assert heard == list(range(0, 1600, 160))


@pytest.mark.parametrize("waits", [False, True])
def test_a_paused_source_can_be_closed(waits: bool) -> None:
    source = PausableSource(Counting(waits))
    source.toggle()
    thread = threading.Thread(target=lambda: list(source.blocks()))
    thread.start()
    source.close()
    thread.join(5)
    assert not thread.is_alive()
