"""Packets of an audio track → samples, mono at 16 kHz unless asked otherwise."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import av
import numpy as np
from av import AudioFrame, AudioResampler, AudioStream, Packet
from av.container import InputContainer

from streamcheck.events import SAMPLE_RATE, Samples


class SoundForm(NamedTuple):
    """Samples a second, and FFmpeg's name of the channels; samples of several channels have the shape (n, channels)."""

    rate: int
    layout: str


SPEECH = SoundForm(SAMPLE_RATE, "mono")
"""What the recogniser hears."""


class Decoder:
    """Decodes one audio track, packet by packet; `damaged` counts the packets that could not be decoded."""

    def __init__(self, form: SoundForm = SPEECH) -> None:
        self.damaged = 0
        self._out = form
        self._format: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None

    def feed(self, packet: "Packet[AudioStream]") -> Iterator[tuple[float | None, Samples]]:
        """Yield each frame's time stamp in seconds and its samples; the empty packet at the end flushes."""
        try:
            for frame in packet.decode():
                yield frame.time, self._samples(frame)
            if not packet.size and self._resampler:
                yield None, _joined(self._resampler.resample(None))
        except (av.FFmpegError, ValueError):
            self.damaged += 1

    def _samples(self, frame: AudioFrame) -> Samples:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._format or self._resampler is None:
            # s16 makes the resampler keep a mix of channels within full scale; floats would exceed it.
            self._resampler = AudioResampler("s16", self._out.layout, self._out.rate)
            self._format = form
        return _joined(self._resampler.resample(frame))


def packets(container: InputContainer, stream: AudioStream) -> Iterator["Packet[AudioStream]"]:
    """Yield the packets of one stream, an empty one last. Raises av.FFmpegError where the container breaks."""
    with contextlib.suppress(IndexError):  # PyAV's own, at the end, where streams have appeared after opening
        yield from container.demux(stream)


def _joined(frames: list[AudioFrame]) -> Samples:
    arrays = [frame.to_ndarray()[0] for frame in frames]
    samples = np.concatenate([np.empty(0, np.int16), *arrays]).astype(np.float32) / np.float32(32768)
    channels = frames[0].layout.nb_channels if frames else 1
    return samples if channels == 1 else samples.reshape(-1, channels)
