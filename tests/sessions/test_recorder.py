"""The recorder keeps all sound and notes all gaps; disks that are slow, full or broken hold up nothing."""

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.sessions import recorder as recorder_module
from streamcheck.sessions.recorder import MEGABYTE, Recorder
from streamcheck.sessions.sound import Sound, sound_end
from streamcheck.sessions.store import Gap


def blocks(start: float, seconds: float) -> Iterator[AudioBlock]:
    """Blocks of 0.1 s of a tone."""
    tone = (np.sin(np.arange(1600) * 0.3) / 4).astype(np.float32)
    for n in range(int(seconds * 10)):
        yield AudioBlock(int(start * SAMPLE_RATE) + n * 1600, tone)


def feed(recorder: Recorder, *spans: tuple[float, float], waits: bool = True) -> None:
    for start, seconds in spans:
        for block in blocks(start, seconds):
            recorder.take(block, waits)


def until(condition: Callable[[], bool]) -> None:
    """Wait for the recorder's thread."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("nothing happened in ten seconds")


@pytest.fixture(autouse=True)
def _looks_at_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "_LOOK_EVERY", 0.0)


def test_sound_is_kept_and_gaps_are_noted(tmp_path: Path) -> None:
    gaps: list[Gap] = []
    recorder = Recorder(tmp_path, gaps.append)
    feed(recorder, (0, 2), (5, 1))
    recorder.finish()
    assert gaps == [Gap(2.0, 5.0, "source")]
    assert recorder.seconds == 6.0
    assert recorder.trouble == ""
    assert sound_end(tmp_path) == 6.0


def test_without_a_folder_gaps_are_noted_and_no_sound_is_kept(tmp_path: Path) -> None:
    gaps: list[Gap] = []
    recorder = Recorder(None, gaps.append)
    feed(recorder, (0, 1), (2, 1))
    recorder.finish()
    assert gaps == [Gap(1.0, 2.0, "source")]
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_stalls_never_holds_up_a_live_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stalled, gaps = threading.Event(), []
    write = recorder_module.PieceWriter.write
    monkeypatch.setattr(recorder_module.PieceWriter, "write", lambda self, block: (stalled.wait(), write(self, block)))
    recorder = Recorder(tmp_path, gaps.append)
    feed(recorder, (0, 90), waits=False)  # would hang here
    stalled.set()
    recorder.finish()
    (gap,) = gaps
    assert gap.reason == "recorder"
    assert 60.0 <= gap.start <= 60.3
    assert gap.end == 90.0
    assert abs(sound_end(tmp_path) - gap.start) < 0.01


def test_a_disk_nearly_full_warns_then_stops_then_goes_on(tmp_path: Path) -> None:
    gaps: list[Gap] = []
    megabytes = 10_000
    recorder = Recorder(tmp_path, gaps.append, lambda: megabytes * MEGABYTE)
    feed(recorder, (0, 1))
    until(lambda: sound_end(tmp_path) > 0.8)
    assert recorder.trouble == ""
    megabytes = 700
    feed(recorder, (1, 1))
    until(lambda: recorder.trouble == "на диске мало места (700 МБ): скоро запись звука остановится")
    until(lambda: sound_end(tmp_path) > 1.8)
    megabytes = 200
    feed(recorder, (2, 2))
    until(lambda: recorder.trouble == "на диске 200 МБ: звук больше не записывается, проверка идёт")
    until(lambda: sound_end(tmp_path) == 2.0)
    megabytes = 5000
    feed(recorder, (4, 2))
    recorder.finish()
    assert recorder.trouble == ""
    (gap,) = gaps
    assert (gap.start, gap.reason) == (2.0, "recorder")
    kept_again = next(block.start for block in Sound(tmp_path) if block.start >= 2 * SAMPLE_RATE)
    assert 2.0 < gap.end == kept_again / SAMPLE_RATE <= 4.0
    assert sound_end(tmp_path) == 6.0


def test_a_disk_that_is_full_at_the_end_leaves_a_gap(tmp_path: Path) -> None:
    gaps: list[Gap] = []
    recorder = Recorder(tmp_path, gaps.append, lambda: 100 * MEGABYTE)
    feed(recorder, (0, 3))
    recorder.finish()
    assert gaps == [Gap(0.0, 3.0, "recorder")]
    assert sound_end(tmp_path) == 0.0


LIMITED = """
import sys
from pathlib import Path
from tests.sessions.test_recorder import feed
from streamcheck.i18n import use_language
from streamcheck.sessions.recorder import Recorder
use_language("en")
gaps = []
recorder = Recorder(Path(sys.argv[1]), gaps.append)
feed(recorder, (0, 60))
recorder.finish()
print(recorder.trouble)
print(len(gaps), gaps[-1].end, recorder.seconds)
"""


def test_a_write_that_the_system_refuses_stops_the_recording_only(tmp_path: Path) -> None:
    limit = 100_000
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LIMITED, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.stderr == ""
    trouble, gap = done.stdout.splitlines()
    assert trouble == "sound is not recorded (File too large), checking goes on"
    assert gap == "1 60.0 60.0"
    assert 0 < sound_end(tmp_path) < 60
