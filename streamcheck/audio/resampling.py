"""Sound at any rate and channel count → mono at 16 kHz, block by block."""

import numpy as np
import soxr

from streamcheck.events import SAMPLE_RATE, Samples


class Downmix:
    """Averages the channels and resamples with soxr, which holds back some 20 ms; `flush` gives them out."""

    def __init__(self, rate: float) -> None:
        self._stream = None if rate == SAMPLE_RATE else soxr.ResampleStream(rate, SAMPLE_RATE, 1)

    def feed(self, frames: Samples) -> Samples:
        """Take frames of shape (count, channels) and return what is ready of them, mono at 16 kHz."""
        return self._resample(frames.mean(axis=1, dtype=np.float32), last=False)

    def flush(self) -> Samples:
        """Return the rest; nothing may be fed after it."""
        return self._resample(np.empty(0, np.float32), last=True)

    def _resample(self, mono: Samples, last: bool) -> Samples:
        if self._stream is None:
            return mono
        samples: Samples = self._stream.resample_chunk(mono, last)
        return samples
