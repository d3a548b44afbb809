"""A few seconds from anywhere in a recording, and heard."""

import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest

from streamcheck.audio.excerpt import excerpt
from streamcheck.audio.media import read_samples
from streamcheck.audio.playing import play, stop
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, Samples
from tests.audio.stage import Stage

BROADCAST = Path(__file__).parents[2] / "samples" / "broadcast.opus"


def whole(path: Path) -> Samples:
    sound = np.zeros(90 * SAMPLE_RATE, np.float32)
    for block in read_samples(path):
        sound[block.start : block.start + len(block.samples)] = block.samples
    return sound


@pytest.mark.parametrize("ending", ["opus", "wav", "flac", "mp3", "m4a", "mkv"])
def test_it_is_the_part_that_was_asked_for(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sound.{ending}"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", str(BROADCAST), "-ac", "1", str(path)], check=True)
    sound = whole(path)
    for start, end in ((0.0, 2.0), (20.5, 24.0), (61.0, 63.0)):
        part = excerpt(path, start, end)
        assert len(part) == round((end - start) * SAMPLE_RATE)
        there = sound[round(start * SAMPLE_RATE) :]
        shifts = [np.dot(part[800:-800], there[800 + by : 800 + by + len(part) - 1600]) for by in range(-400, 401, 20)]
        assert abs(int(np.argmax(shifts)) - 20) <= 10, "more than 12 ms away"


def test_it_ends_with_the_recording() -> None:
    assert 0 < len(excerpt(BROADCAST, 79.0, 99.0)) < 3 * SAMPLE_RATE
    assert len(excerpt(BROADCAST, 500.0, 501.0)) == 0


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.opus"
    path.write_bytes(b"nothing")
    with pytest.raises(SourceError):
        excerpt(path, 0.0, 1.0)


def test_it_is_heard_on_the_default_output(stage: Stage) -> None:
    import sounddevice

    heard: list[Samples] = []
    loud = threading.Event()

    def listen(samples: Samples, *_: object) -> None:
        heard.append(samples.copy())
        if np.abs(samples).max() > 0.2:
            loud.set()

    tone = (0.5 * np.sin(np.arange(2 * SAMPLE_RATE) * 0.3)).astype(np.float32)
    with sounddevice.InputStream(samplerate=SAMPLE_RATE, channels=1, callback=listen):
        play(tone)
        assert loud.wait(30), "nothing came out"
        stop()
