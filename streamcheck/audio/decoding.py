"""Packets of an audio track → mono blocks at 16 kHz, each at its place in time."""

from collections.abc import Iterator

import av
import numpy as np
from av import AudioFrame, AudioResampler, AudioStream, Packet

from streamcheck.events import SAMPLE_RATE, AudioBlock

BLOCK = 800
"""Samples of a whole block, 50 ms: short beside what recognition takes, long beside the cost of handing it on."""

_GAP = SAMPLE_RATE // 10
"""Time stamps that run ahead by more are a gap; less is rounding or a drifting clock."""

_LONGEST_GAP = 3600 * SAMPLE_RATE
_LONGEST_OVERLAP = SAMPLE_RATE
"""Time stamps further ahead or behind belong to another clock: the sound goes on where it was."""


class TrackDecoder:
    """Decodes one audio track, packet by packet; what cannot be decoded is skipped, counted and leaves a gap.

    `zero` is the time stamp, in seconds, of sample 0; None puts the first frame at `end`. `end` is the number of
    the sample after the last block handed out, `damaged` the count of packets that could not be decoded, `missing`
    the samples lost in gaps since the first block.
    """

    def __init__(self, zero: float | None, end: int = 0) -> None:
        self.zero = zero
        self.end = end
        self.damaged = 0
        self.missing = 0
        self._due = float(end)  # sample number at which the next frame belongs if nothing is missing
        self._format: tuple[str, str, int] | None = None
        self._resampler: AudioResampler | None = None

    def feed(self, packet: "Packet[AudioStream]") -> Iterator[AudioBlock]:
        """Yield the blocks that a packet completes."""
        try:
            frames = packet.decode()
        except av.FFmpegError:
            self.damaged += 1
            return
        for frame in frames:
            if frame.sample_rate > 0:
                yield from self._take(frame)

    def flush(self) -> Iterator[AudioBlock]:
        """Yield the rest that was held back for a whole block or by the resampler."""
        yield from self._resample(None)
        self._resampler = None

    def _take(self, frame: AudioFrame) -> Iterator[AudioBlock]:
        ahead = self._ahead(frame)
        layout = (frame.format.name, frame.layout.name, frame.sample_rate)
        if ahead or layout != self._format:
            yield from self.flush()
            # s16 makes the resampler keep a mix of channels within full scale; floats would exceed it.
            self._resampler = AudioResampler("s16", "mono", SAMPLE_RATE, frame_size=BLOCK)
            self._format = layout
        if ahead:
            self.missing += round(ahead) if self.end else 0
            self._due += ahead
            self.end = round(self._due)
        self._due += frame.samples * SAMPLE_RATE / frame.sample_rate
        yield from self._resample(frame)

    def _ahead(self, frame: AudioFrame) -> float:
        """How many samples are missing before this frame; 0 where it follows on."""
        if frame.time is None:
            return 0
        if self.zero is None:
            self.zero = frame.time - self._due / SAMPLE_RATE
        ahead = (frame.time - self.zero) * SAMPLE_RATE - self._due
        if not -_LONGEST_OVERLAP < ahead < _LONGEST_GAP:
            self.zero += ahead / SAMPLE_RATE
        return ahead if _GAP < ahead < _LONGEST_GAP else 0

    def _resample(self, frame: AudioFrame | None) -> Iterator[AudioBlock]:
        try:
            blocks = self._resampler.resample(frame) if self._resampler else []
        except (av.FFmpegError, ValueError):
            self.damaged += 1
            return
        for block in blocks:
            samples = block.to_ndarray()[0].astype(np.float32) / 32768
            yield AudioBlock(self.end, samples)
            self.end += len(samples)
