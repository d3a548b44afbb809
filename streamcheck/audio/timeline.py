"""Where sound belongs on one line of samples: by its time stamps while they make sense, else by following on."""

from collections.abc import Iterator

from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples

LONGEST_BLOCK = SAMPLE_RATE // 10

_GAP = 0.1
"""Seconds; time stamps that run ahead by more are a gap, less is rounding or a drifting clock."""

_LONGEST_GAP = 3600.0
_LONGEST_OVERLAP = 1.0
"""Seconds; time stamps further ahead or behind belong to another clock."""


class Timeline:
    """Numbers samples, `rate` a second. `zero` is the time of sample 0: None until the first time stamp has come.

    `end` is the number of the sample after the last, `missing` the samples lost in gaps behind the first sound.
    """

    def __init__(self, zero: float | None = None, rate: int = SAMPLE_RATE) -> None:
        self.zero = zero
        self.rate = rate
        self.end = 0
        self.missing = 0

    def place(self, time: float | None, samples: Samples) -> Iterator[AudioBlock]:
        """Yield samples as blocks, behind a gap if their time stamp asks for one."""
        ahead = self.ahead(time)
        if not -_LONGEST_OVERLAP < ahead / self.rate < _LONGEST_GAP:
            self.zero = None
            self.ahead(time)
        elif ahead > _GAP * self.rate:
            self.missing += ahead if self.end else 0
            self.end += ahead
        for block in pieces(self.end, samples):
            self.end += len(block.samples)
            yield block

    def skip(self, count: int) -> None:
        """Leave a gap of so many samples, and take the next time stamp for a new clock's."""
        self.missing += count
        self.end += count
        self.zero = None

    def ahead(self, time: float | None) -> int:
        """How many samples are missing between the end and `time`; the first time stamp sets the clock."""
        if time is None:
            return 0
        if self.zero is None:
            self.zero = time - self.end / self.rate
        return round((time - self.zero) * self.rate) - self.end


def pieces(start: int, samples: Samples) -> Iterator[AudioBlock]:
    """Cut samples into blocks of at most `LONGEST_BLOCK`, numbered from `start`."""
    for offset in range(0, len(samples), LONGEST_BLOCK):
        yield AudioBlock(start + offset, samples[offset : offset + LONGEST_BLOCK])
