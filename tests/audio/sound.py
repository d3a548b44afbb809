"""Real sound for tests: tones of a known pitch, written into real media files with PyAV."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples


def tone(hertz: float, seconds: float, rate: int = SAMPLE_RATE, volume: float = 0.5) -> Samples:
    """A sine at `rate` samples a second."""
    return (volume * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def scale(pitches: Iterable[float], rate: int = SAMPLE_RATE, each: float = 1.0) -> Samples:
    """One tone after the other, `each` seconds long."""
    return np.concatenate([tone(hertz, each, rate) for hertz in pitches])


def pitch(samples: Samples) -> float:
    """The loudest frequency, in hertz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)[spectrum.argmax()])


def pitches(line: Samples, each: float = 1.0) -> list[int]:
    """The pitch of the middle of each stretch of `each` seconds, to 10 Hz; 0 where it is silent."""
    size = round(each * SAMPLE_RATE)
    middles = [line[at + size // 4 : at + 3 * size // 4] for at in range(0, len(line) - size * 3 // 4, size)]
    return [round(pitch(part), -1) if np.abs(part).max() > 0.05 else 0 for part in middles]


def joined(blocks: Iterable[AudioBlock]) -> Samples:
    """The blocks on one line, zeros in the gaps; fails where they overlap or are out of order."""
    parts: list[Samples] = []
    end = 0
    for block in blocks:
        assert block.start >= end, f"block at {block.start} overlaps what ends at {end}"
        assert len(block.samples) <= SAMPLE_RATE // 10
        assert block.samples.dtype == np.float32
        parts += [np.zeros(block.start - end, np.float32), block.samples]
        end = block.start + len(block.samples)
    return np.concatenate([np.empty(0, np.float32), *parts])


def gaps(blocks: Sequence[AudioBlock]) -> list[tuple[int, int]]:
    """Where the next block does not follow on: the numbers of the first missing sample and the next one there is."""
    ends = [block.start + len(block.samples) for block in blocks]
    return [(end, after.start) for end, after in zip(ends, blocks[1:], strict=False) if after.start != end]


def write_media(
    path: Path,
    codec: str,
    *tracks: Samples,
    rate: int = 48_000,
    layout: str = "stereo",
    delay: float = 0.0,
    picture: bool = False,
    options: dict[str, str] | None = None,
) -> Path:
    """Write mono samples at `rate` as audio tracks, the same in every channel, the first sound after `delay`."""
    with av.open(str(path), "w", options=options or {}) as container:
        video = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p") if picture else None
        streams = [container.add_stream(codec, rate=rate, layout=layout, bit_rate=128_000) for _ in tracks]
        if video:
            still = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
            still.pts, still.time_base = 0, Fraction(1, 5)
            container.mux([*video.encode(still), *video.encode(None)])
        for stream, samples in zip(streams, tracks, strict=True):
            resampler = av.AudioResampler(stream.format.name, layout, rate, stream.codec_context.frame_size or 1024)
            for start in range(0, len(samples), rate):
                frame = av.AudioFrame.from_ndarray(samples[None, start : start + rate], "fltp", "mono")
                frame.rate, frame.pts, frame.time_base = rate, start + round(delay * rate), Fraction(1, rate)
                for ready in resampler.resample(frame):
                    container.mux(stream.encode(ready))
            for ready in resampler.resample(None):
                container.mux(stream.encode(ready))
            container.mux(stream.encode(None))
    return path
