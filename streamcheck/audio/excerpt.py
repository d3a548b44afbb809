"""A few seconds from anywhere in a recording, without reading all that lies before."""

from pathlib import Path

import numpy as np

from streamcheck.audio.decoding import Decoder, packets
from streamcheck.audio.media import TICKS, open_media
from streamcheck.events import SAMPLE_RATE, Samples

_RUN_UP = 1.0
"""Seconds decoded before the start: codecs sound wrong for the first frames after a jump."""


def excerpt(path: Path, start: float, end: float, track: int = 0) -> Samples:
    """The sound of [start, end) in seconds, mono at 16 kHz; shorter where the recording ends. Raises SourceError."""
    sound = np.zeros(max(round((end - start) * SAMPLE_RATE), 0), np.float32)
    written, at = 0, 0
    with open_media(path) as container:
        stream = container.streams.audio[track]
        zero = (container.start_time or 0) / TICKS
        container.seek(int((max(start - _RUN_UP, 0.0) + zero) * TICKS), backward=True)
        decoder = Decoder()
        for packet in packets(container, stream):
            for time, samples in decoder.feed(packet):
                at = at if time is None else round((time - zero - start) * SAMPLE_RATE)
                first, last = max(at, 0), min(at + len(samples), len(sound))
                if first < last:
                    sound[first:last] = samples[first - at : last - at]
                    written = max(written, last)
                at += len(samples)
            if at >= len(sound):
                break
    return sound[:written]
