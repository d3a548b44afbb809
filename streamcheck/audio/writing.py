"""Samples → sound files, by the codecs of FFmpeg's libraries."""

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av import Packet
from av.audio.stream import AudioStream
from av.container import OutputContainer

from streamcheck.audio.decoding import SoundForm
from streamcheck.events import Samples

_AT_ONCE = 1.0
"""Seconds of silence that are written at a time."""


class SoundTrack:
    """An audio track of a container that is being written; what jumps ahead is filled with silence."""

    def __init__(self, container: OutputContainer, codec: str, form: SoundForm, bit_rate: int | None = None) -> None:
        self._form = form
        stream = container.add_stream(codec, rate=form.rate, layout=form.layout)
        assert isinstance(stream, AudioStream)
        self._stream = stream
        if bit_rate:
            self._stream.bit_rate = bit_rate
        self._channels = self._stream.layout.nb_channels
        self._end = 0

    def encode(self, start: int, samples: Samples) -> "Iterator[Packet[AudioStream]]":
        """The packets for samples that begin with number `start`; what overlaps the samples before is left out."""
        while self._end < start:
            yield from self._append(self._silence(start - self._end))
        yield from self._append(samples[self._end - start :])

    def finish(self) -> "Iterator[Packet[AudioStream]]":
        """The last packets."""
        yield from self._stream.encode(None)

    def _silence(self, count: int) -> Samples:
        size = min(count, int(_AT_ONCE * self._form.rate))
        return np.zeros(size if self._channels == 1 else (size, self._channels), np.float32)

    def _append(self, samples: Samples) -> "Iterator[Packet[AudioStream]]":
        if len(samples):
            pcm = (np.clip(samples, -1.0, 32767 / 32768) * 32768).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout=self._form.layout)
            frame.sample_rate, frame.time_base, frame.pts = self._form.rate, Fraction(1, self._form.rate), self._end
            yield from self._stream.encode(frame)
            self._end += len(samples)
