"""Recordings with a picture: a key frame every second, tones for sound."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from streamcheck.events import Samples

RATE = 48_000
FRAMES = 10


def write_footage(path: Path, *tracks: Samples, video: str = "mpeg4", audio: str = "aac", begins: float = 0.0) -> Path:
    """Mono samples at `RATE` under a picture as long as they, all time stamps `begins` seconds late."""
    seconds = len(tracks[0]) / RATE
    with av.open(str(path), "w") as container:
        picture = container.add_stream(video, rate=FRAMES, width=64, height=64, pix_fmt="yuv420p")
        picture.codec_context.gop_size = FRAMES
        streams = [container.add_stream(audio, rate=RATE, layout="stereo", bit_rate=128_000) for _ in tracks]
        for number in range(int(seconds * FRAMES)):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number % 250, np.uint8))
            frame.pts, frame.time_base = number + round(begins * FRAMES), Fraction(1, FRAMES)
            container.mux(picture.encode(frame))
            if number % FRAMES == 0:
                at = number // FRAMES * RATE
                for stream, samples in zip(streams, tracks, strict=True):
                    both = np.repeat(samples[at : at + RATE, None], 2, axis=1).reshape(1, -1)
                    sound = av.AudioFrame.from_ndarray((both * 32767).astype(np.int16), "s16", "stereo")
                    sound.rate, sound.pts, sound.time_base = RATE, at + round(begins * RATE), Fraction(1, RATE)
                    container.mux(stream.encode(sound))
        for one in (picture, *streams):
            container.mux(one.encode(None))
    return path
