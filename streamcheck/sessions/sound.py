"""The sound of a session on disk: FLAC in pieces, each readable at every moment up to its last whole block.

A FLAC stream needs no index and no ending: what is cut short is decoded to the cut. Opus would take a fifth of the
room but changes the sound, and Ogg pages hold back a second; WAV is three times as large and ends at 4 GB.
"""

import contextlib
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from streamcheck.audio.media import read_samples
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples

PIECE_SECONDS = 600
_NAME = re.compile(r"sound-(\d{12})\.flac")
_LEVEL = "5"
"""Compression level at which a block of FLAC is 0.07 s of sound at 16 kHz: what a kill can cost."""
_AT_ONCE = SAMPLE_RATE


class PieceWriter:
    """Writes sound into pieces named by their first sample; a jump becomes silence, so that every piece keeps time.

    Methods raise OSError or av.FFmpegError where the disk refuses; what was written before stays readable.
    """

    def __init__(self, folder: Path, piece_seconds: float = PIECE_SECONDS) -> None:
        self._folder = folder
        self._longest = int(piece_seconds * SAMPLE_RATE)
        self._container: OutputContainer | None = None
        self._stream: AudioStream | None = None
        self._first = 0
        self._end = 0

    def write(self, block: AudioBlock) -> None:
        """Append a block."""
        while self._container is not None and self._end < block.start:
            self._append(np.zeros(min(block.start - self._end, _AT_ONCE), np.float32))
        self._end = block.start
        self._append(block.samples)

    def cut(self) -> None:
        """End the piece; the next block begins another, with no silence between."""
        container, stream, self._container = self._container, self._stream, None
        if container is not None and stream is not None:
            try:
                container.mux(stream.encode(None))
            finally:
                container.close()

    def _append(self, samples: Samples) -> None:
        if self._container is not None and self._end - self._first >= self._longest:
            self.cut()
        if self._container is None:
            self._open()
        assert self._container is not None
        assert self._stream is not None
        pcm = (np.clip(samples, -1.0, 32767 / 32768) * 32768).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), self._end - self._first
        self._container.mux(self._stream.encode(frame))
        self._end += len(samples)

    def _open(self) -> None:
        path = self._folder / f"sound-{self._end:012}.flac"
        container = av.open(f"file:{path}", "w", format="flac", options={"flush_packets": "1"})
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono", options={"compression_level": _LEVEL})
        stream.codec_context.format = "s16"
        self._container, self._stream, self._first = container, stream, self._end


def pieces(folder: Path) -> list[tuple[int, Path]]:
    """A session's pieces in order, each with the number of its first sample."""
    found = ((_NAME.fullmatch(path.name), path) for path in folder.glob("sound-*.flac"))
    return sorted((int(name[1]), path) for name, path in found if name)


class Sound(Iterator[AudioBlock]):
    """The recorded sound of a session, from `start` to `stop` in seconds; what cannot be read is a jump.

    `unreadable` lists, once all is read, the pieces that hold no sound at all (cut at their very beginning).
    """

    def __init__(self, folder: Path, start: float = 0.0, stop: float = float("inf")) -> None:
        self._pieces = pieces(folder)
        self._start = int(start * SAMPLE_RATE)
        self._stop = stop * SAMPLE_RATE
        self.unreadable: list[Path] = []
        self._blocks = self._read()

    def __next__(self) -> AudioBlock:
        return next(self._blocks)

    def _read(self) -> Iterator[AudioBlock]:
        ends: Sequence[float] = [first for first, _ in self._pieces[1:]] + [float("inf")]
        for (first, path), end in zip(self._pieces, ends, strict=True):
            if end <= self._start or first >= self._stop:
                continue
            silent = True
            for block in _piece(path):
                silent = False
                at = first + block.start
                stop = max(min(self._stop, end) - at, 0)
                samples = block.samples[max(self._start - at, 0) : int(min(stop, len(block.samples)))]
                if len(samples):
                    yield AudioBlock(max(at, self._start), samples)
            if silent:
                self.unreadable.append(path)


def _piece(path: Path) -> Iterator[AudioBlock]:
    """The sound of one piece as far as it can be read."""
    with contextlib.suppress(SourceError):
        yield from read_samples(path)


def sound_end(folder: Path) -> float:
    """How many seconds of source the sound reaches; reads the last pieces only."""
    for first, path in reversed(pieces(folder)):
        end = max((block.start + len(block.samples) for block in _piece(path)), default=0)
        if end:
            return (first + end) / SAMPLE_RATE
    return 0.0


def samples_between(folder: Path, start: int, stop: int) -> Samples | None:
    """The samples from number `start` up to `stop`, silence where there is none; None where the sound ends before."""
    samples, reached = np.zeros(stop - start, np.float32), start
    for block in Sound(folder, start / SAMPLE_RATE, stop / SAMPLE_RATE):
        first = max(block.start, start)
        reached = min(block.start + len(block.samples), stop)
        samples[first - start : max(reached - start, 0)] = block.samples[first - block.start : reached - block.start]
    return samples if stop - reached < _AT_ONCE // 100 else None
