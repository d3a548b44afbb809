"""The last stretch of sound, kept by sample number between one writer and readers at their own pace."""

import threading
from collections.abc import Callable

import numpy as np

from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples


class SpanLostError(LookupError):
    """The reader came too late: the samples from `start` up to `stop` are no longer in the ring."""

    def __init__(self, start: int, stop: int) -> None:
        super().__init__(f"samples {start} to {stop} have left the ring")
        self.start = start
        self.stop = stop


class Ring:
    """Sound of the last `seconds`, numbered from the start of the source.

    One thread writes and never waits: it overwrites the oldest sound, and readers copy without holding it up. Any
    number of threads read. Where the source had a gap, readers get zeros and `gaps` lists the span. `older` is asked
    for samples that have left the ring; it returns None where it has not all of them.
    """

    def __init__(
        self, seconds: float, older: Callable[[int, int], Samples | None] = lambda _start, _stop: None
    ) -> None:
        self._older = older
        self._samples = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
        self._begin = 0
        self._end = 0
        self._gaps: tuple[tuple[int, int], ...] = ()
        self._closed = False
        self._grown = threading.Condition()

    @property
    def begin(self) -> int:
        """Number of the oldest sample held."""
        return self._begin

    @property
    def end(self) -> int:
        """Number of the next sample to come: how much has been received."""
        return self._end

    @property
    def closed(self) -> bool:
        """Whether the source has ended: `end` is final."""
        return self._closed

    def write(self, block: AudioBlock) -> None:
        """Append a block; a start beyond `end` leaves a gap. Raises ValueError if it starts before `end`."""
        if block.start < self._end:
            raise ValueError(f"block starts at {block.start}, before the end of the ring at {self._end}")
        stop = block.start + len(block.samples)
        # Readers copy without a lock: what is about to be overwritten must leave the window first (see `read`).
        self._begin = max(self._begin, stop - len(self._samples))
        if block.start > self._end:
            gaps = (*self._gaps, (self._end, block.start))
            self._gaps = tuple(gap for gap in gaps if gap[1] > self._begin)
            self._put(
                max(self._end, self._begin), np.zeros(max(block.start - max(self._end, self._begin), 0), np.float32)
            )
        start = max(block.start, self._begin)
        self._put(start, block.samples[start - block.start :])
        with self._grown:
            self._end = stop
            self._grown.notify_all()

    def close(self) -> None:
        """Say that nothing more will come, and wake who waits."""
        with self._grown:
            self._closed = True
            self._grown.notify_all()

    def wait(self, position: int, timeout: float | None = None) -> int:
        """Wait until `end` has reached `position`, the ring is closed or `timeout` seconds are over; return `end`."""
        with self._grown:
            self._grown.wait_for(lambda: self._closed or self._end >= position, timeout)
            return self._end

    def read(self, start: int, stop: int) -> Samples:
        """Copy the samples from `start` up to `stop`, at most up to `end`.

        Raises SpanLostError, with the span, where the first of them have been overwritten and are nowhere else; from
        its `stop` on they can still be read.
        """
        stop = min(stop, self._end)
        size = len(self._samples)
        first = self._samples[start % size : start % size + max(stop - start, 0)]
        copy = np.concatenate([first, self._samples[: max(stop - start - len(first), 0)]])
        if start < self._begin:  # only now: the writer may have come past while we copied
            if (kept := self._older(start, stop)) is not None:
                return kept
            raise SpanLostError(start, min(self._begin, stop))
        return copy

    def gaps(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The spans (first, end) between `start` and `stop` where the source had no sound, clipped to them."""
        return [(max(a, start), min(b, stop)) for a, b in self._gaps if a < stop and b > start]

    def _put(self, start: int, samples: Samples) -> None:
        at = start % len(self._samples)
        head = len(self._samples) - at
        self._samples[at : at + len(samples)] = samples[:head]
        self._samples[: max(len(samples) - head, 0)] = samples[head:]
