"""Files that are still being written, by a recorder of our own: heard as they come, and over when they are."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from streamcheck.audio import growing
from streamcheck.audio.growing import GrowingFile, grows
from streamcheck.audio.media import MediaFile
from streamcheck.audio.source import open_source
from streamcheck.errors import SourceError
from tests.audio.sound import gaps, joined, pitches, scale, write_media

PITCHES = [300, 400, 500, 600, 700, 800]


class Recorder:
    """Writes a finished file anew, a piece at a time: `parts` pieces in `seconds` seconds."""

    def __init__(self, source: Path, target: Path, seconds: float, parts: int = 20) -> None:
        self._data = source.read_bytes()
        self._target, self._pause, self._parts = target, seconds / parts, parts
        self._size = len(self._data) // parts + 1
        self.stalled = threading.Event()
        self.go = threading.Event()
        self.go.set()
        with target.open("wb") as file:
            file.write(self._data[: self._size])
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        for number in range(1, self._parts):
            time.sleep(self._pause)
            self.go.wait()
            with self._target.open("ab") as file:
                file.write(self._data[number * self._size : (number + 1) * self._size])


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("x.ts", "aac", {}),
        ("x.mkv", "libopus", {}),
        ("x.flv", "aac", {}),
        ("x.ogg", "libopus", {}),
        ("x.mp3", "libmp3lame", {}),
        ("x.wav", "pcm_s16le", {}),
        ("x.mp4", "aac", {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}),
    ],
)
def test_a_growing_file_is_heard_whole_as_it_comes(tmp_path: Path, name: str, codec: str, options: dict) -> None:
    whole = write_media(tmp_path / f"whole-{name}", codec, scale(PITCHES, 48_000), options=options)
    Recorder(whole, tmp_path / name, seconds=2.0)
    source = GrowingFile(tmp_path / name, quiet=1.5)
    assert source.waits
    assert source.name == name
    blocks = list(source.blocks())
    assert pitches(joined(blocks)) == PITCHES
    assert gaps(blocks) == []
    assert source.trouble == ""


def test_a_file_that_is_being_written_is_known_and_a_finished_one_is_not(tmp_path: Path) -> None:
    whole = write_media(tmp_path / "whole.mkv", "libopus", scale(PITCHES, 48_000))
    assert not grows(whole)
    assert not grows(tmp_path / "none")
    assert not grows(tmp_path)
    source = open_source(str(whole))
    assert isinstance(source, MediaFile)
    recorder = Recorder(whole, tmp_path / "x.mkv", seconds=4.0)
    assert grows(tmp_path / "x.mkv")
    followed = open_source(str(tmp_path / "x.mkv"))
    assert isinstance(followed, GrowingFile)
    followed.close()
    recorder._thread.join()
    source = open_source(str(whole), follow=True)
    assert isinstance(source, GrowingFile)
    source.close()


def test_a_stall_is_told_and_waited_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "_TOLD_AFTER", 0.5)
    whole = write_media(tmp_path / "whole.mkv", "libopus", scale(PITCHES, 48_000))
    recorder = Recorder(whole, tmp_path / "x.mkv", seconds=2.0)
    source = GrowingFile(tmp_path / "x.mkv", quiet=8.0)
    told: set[str] = set()

    def stall() -> None:
        recorder.go.clear()
        deadline = time.monotonic() + 20
        while not any("не растёт" in one for one in told) and time.monotonic() < deadline:
            told.add(source.trouble)
            time.sleep(0.05)
        recorder.go.set()

    threading.Timer(0.5, stall).start()
    blocks = list(source.blocks())
    assert any("не растёт" in one for one in told)
    assert pitches(joined(blocks)) == PITCHES


def test_closing_ends_it_while_it_waits(tmp_path: Path) -> None:
    whole = write_media(tmp_path / "whole.mkv", "libopus", scale(PITCHES, 48_000))
    source = GrowingFile(whole, quiet=60.0)
    threading.Timer(1.0, source.close).start()
    began = time.monotonic()
    list(source.blocks())
    assert time.monotonic() - began < 30, "not the sixty seconds of patience"


def test_what_is_no_media_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("не звук " * 100)
    for path in (tmp_path / "x.txt", tmp_path / "none", tmp_path):
        with pytest.raises(SourceError) as error:
            GrowingFile(path, quiet=0.2)
        assert "\n" not in str(error.value)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the Debian package ffmpeg")
def test_a_recording_of_ffmpeg_is_followed_to_its_end(tmp_path: Path) -> None:
    sound = ["-f", "lavfi", "-i", "sine=600:duration=5", "-c:a", "libopus", "-flush_packets", "1"]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-re", *sound, str(tmp_path / "obs.mkv")]
    with subprocess.Popen(command, stdout=sys.stderr) as process:
        while not (tmp_path / "obs.mkv").exists():
            time.sleep(0.05)
        source = GrowingFile(tmp_path / "obs.mkv", quiet=4.0)
        blocks = list(source.blocks())
        assert process.wait(20) == 0
    assert pitches(joined(blocks)) == [600] * 5
