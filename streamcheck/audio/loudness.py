"""How loud a whole recording is, second by second, measured while its sound passes by."""

import math
from collections.abc import Iterable, Iterator

import numpy as np

from streamcheck.audio.level import FLOOR_DB
from streamcheck.events import SAMPLE_RATE, AudioBlock


class LoudnessMeter(Iterator[AudioBlock]):
    """Blocks of `rate` samples a second passed on. A block counts for the second that it begins in."""

    def __init__(self, blocks: Iterable[AudioBlock], rate: int = SAMPLE_RATE) -> None:
        self._blocks = iter(blocks)
        self._rate = rate
        self._energy: list[float] = []
        self._count: list[int] = []

    def __next__(self) -> AudioBlock:
        block = next(self._blocks)
        second = block.start // self._rate
        missing = second + 1 - len(self._count)
        self._energy += [0.0] * missing
        self._count += [0] * missing
        self._energy[second] += float(np.sum(np.square(block.samples, dtype=np.float64)))
        self._count[second] += block.samples.size
        return block

    @property
    def levels(self) -> list[float]:
        """The level of every second so far in dBFS (root mean square); where there is no sound, `FLOOR_DB`."""
        means = (energy / count if count else 0.0 for energy, count in zip(self._energy, self._count, strict=True))
        return [round(max(10 * math.log10(mean), FLOOR_DB), 1) if mean else FLOOR_DB for mean in means]
