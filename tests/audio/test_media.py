import contextlib
import math
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import streamcheck.audio.media as media
from streamcheck.audio.media import MediaFile, media_duration, paced, read_samples
from streamcheck.audio.source import open_source
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from tests.audio.sound import gaps, joined, pitches, scale, tone, write_media

SCALE = [400, 500, 600, 700, 800, 900]

FORMATS = [
    ("wav", "pcm_s16le", 44_100, "stereo"),
    ("wav", "pcm_s24le", 96_000, "mono"),
    ("wav", "pcm_f32le", 8_000, "mono"),
    ("flac", "flac", 44_100, "stereo"),
    ("mp3", "libmp3lame", 44_100, "stereo"),
    ("ogg", "flac", 44_100, "stereo"),
    ("opus", "libopus", 48_000, "mono"),
    ("webm", "libopus", 48_000, "stereo"),
    ("m4a", "aac", 44_100, "stereo"),
    ("mp4", "aac", 48_000, "5.1"),
    ("mkv", "ac3", 48_000, "5.1"),
    ("ts", "aac", 48_000, "stereo"),
    ("aac", "aac", 48_000, "stereo"),
    ("avi", "libmp3lame", 48_000, "stereo"),
    ("wma", "wmav2", 44_100, "stereo"),
]


@pytest.mark.parametrize(("suffix", "codec", "rate", "layout"), FORMATS)
def test_every_usual_format_sounds_as_it_was_recorded(
    tmp_path: Path, suffix: str, codec: str, rate: int, layout: str
) -> None:
    path = write_media(tmp_path / f"x.{suffix}", codec, scale(SCALE, rate), rate=rate, layout=layout)
    recording = read_samples(path)
    line = joined(recording)
    assert pitches(line) == SCALE
    assert len(line) == pytest.approx(6 * SAMPLE_RATE, abs=0.05 * SAMPLE_RATE)
    assert 0.1 < np.abs(line).max() <= 1.0
    assert recording.trouble == ""
    if recording.duration is not None:
        assert recording.duration == pytest.approx(6, abs=0.1)
    assert media_duration(path) == recording.duration


def test_picks_the_track_that_is_asked_for(tmp_path: Path) -> None:
    path = write_media(tmp_path / "x.mkv", "flac", tone(400, 2, 48_000), tone(700, 2, 48_000))
    assert pitches(joined(read_samples(path))) == [400, 400]
    assert pitches(joined(read_samples(path, track=1))) == [700, 700]
    with pytest.raises(SourceError, match="нет дорожки 2; звуковых дорожек 2, номера от 0 до 1"):
        read_samples(path, track=2)


def test_sound_that_begins_later_than_the_picture_keeps_its_time(tmp_path: Path) -> None:
    path = write_media(tmp_path / "x.mkv", "flac", tone(400, 2, 48_000), delay=1.5, picture=True)
    recording = read_samples(path)
    blocks = list(recording)
    assert blocks[0].start == pytest.approx(1.5 * SAMPLE_RATE, abs=20)
    assert recording.trouble == ""


@pytest.mark.parametrize(
    ("suffix", "codec"), [("flac", "flac"), ("mp3", "libmp3lame"), ("mkv", "aac"), ("webm", "libopus"), ("avi", "mp3")]
)
def test_a_cut_file_is_heard_as_far_as_it_goes(tmp_path: Path, suffix: str, codec: str) -> None:
    codec = {"mp3": "libmp3lame"}.get(codec, codec)
    path = write_media(tmp_path / f"x.{suffix}", codec, scale(SCALE, 48_000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 7 // 10])
    recording = read_samples(path)
    line = joined(recording)
    assert len(line) > 3.5 * SAMPLE_RATE
    assert pitches(line)[:3] == SCALE[:3]
    if suffix != "avi":  # its index, lost with the tail, held the length
        assert "звук обрывается на 0:00:04 из 0:00:06" in recording.trouble


@pytest.mark.parametrize(("suffix", "codec"), [("flac", "flac"), ("m4a", "aac"), ("opus", "libopus"), ("mkv", "aac")])
def test_a_hole_in_a_file_is_a_gap_and_what_follows_keeps_its_time(tmp_path: Path, suffix: str, codec: str) -> None:
    path = write_media(tmp_path / f"x.{suffix}", codec, scale(SCALE * 2, 48_000))
    data = bytearray(path.read_bytes())
    at, size = len(data) * 4 // 10, len(data) // 8
    data[at : at + size] = np.random.default_rng(1).bytes(size)
    path.write_bytes(data)
    recording = read_samples(path)
    blocks = list(recording)
    assert gaps(blocks)
    assert pitches(joined(blocks))[-4:][-2:] == SCALE[-2:]
    assert "звук местами повреждён, не хватает" in recording.trouble


def test_an_mp4_that_was_never_finished_is_refused(tmp_path: Path) -> None:
    path = write_media(tmp_path / "x.m4a", "aac", tone(400, 3, 48_000))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceError, match="запись не была завершена"):
        read_samples(path)


def test_what_is_no_media_is_refused_in_one_line(tmp_path: Path) -> None:
    text, empty = tmp_path / "x.txt", tmp_path / "empty.mp3"
    text.write_text("просто текст\n" * 100)
    empty.touch()
    for path, problem in [
        (text, "не звук и не видео"),
        (empty, "не звук и не видео"),
        (tmp_path, "это папка"),
        (tmp_path / "none.wav", "нет такого файла"),
    ]:
        for read in (read_samples, media_duration):
            with pytest.raises(SourceError, match=problem) as error:
                read(path)
            assert str(path) in str(error.value)
            assert "\n" not in str(error.value)


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="нет звуковой дорожки"):
        read_samples(write_media(tmp_path / "picture.mkv", "flac", picture=True))
    noise = tmp_path / "noise.mp3"
    noise.write_bytes(np.random.default_rng(2).bytes(200_000))
    with pytest.raises(SourceError, match="не звук и не видео"):
        list(read_samples(noise))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = write_media(tmp_path / "x.wav", "pcm_s16le", tone(400, 1, 48_000))
    path.chmod(0)
    if os.access(path, os.R_OK):  # root may read everything
        path.unlink()
        path.mkdir()
    with pytest.raises(SourceError, match=r"нет прав|это папка"):
        read_samples(path)


def test_names_are_shown_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    path = write_media(tmp_path / "\x1b[31m‮x.wav", "pcm_s16le", tone(400, 1, 48_000))
    assert "\x1b" not in MediaFile(path).name
    assert "‮" not in MediaFile(path).name
    path.write_bytes(b"no sound")
    with pytest.raises(SourceError) as error:
        MediaFile(path)
    assert "\x1b" not in str(error.value)


def test_a_name_is_never_taken_for_a_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = write_media(tmp_path / "a.ts", "aac", tone(400, 1, 48_000))
    Path("concat:a.ts|a.ts").write_bytes(first.read_bytes())
    assert pitches(joined(read_samples(Path("concat:a.ts|a.ts")))) == [400]
    with pytest.raises(SourceError, match="нет такого файла"):
        read_samples(Path("concat:a.ts"))


@pytest.mark.parametrize("suffix", ["flac", "mp3", "m4a", "webm", "ts", "wav", "avi", "opus"])
def test_no_damage_ends_in_anything_but_sound_or_one_line(tmp_path: Path, suffix: str) -> None:
    codecs = {"m4a": "aac", "ts": "aac", "webm": "libopus", "opus": "libopus", "wav": "pcm_s16le"}
    codec = codecs.get(suffix, "libmp3lame" if suffix in ("mp3", "avi") else suffix)
    good = write_media(tmp_path / f"x.{suffix}", codec, tone(400, 1.5, 48_000)).read_bytes()
    dice = np.random.default_rng(len(suffix))
    for round_ in range(25):
        data = np.frombuffer(good, np.uint8).copy()
        places = dice.integers(0, min(len(data), 600) if round_ % 2 else len(data), 1 + round_)
        data[places] = dice.integers(0, 256, len(places))
        path = tmp_path / f"{round_}.{suffix}"
        path.write_bytes(data.tobytes())
        with contextlib.suppress(SourceError):
            assert all(np.isfinite(block.samples).all() for block in read_samples(path))


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="Windows cannot tell a process's peak memory")
    path = write_media(tmp_path / "x.flac", "flac", np.zeros(8_000 * 3600, np.float32), rate=8_000, layout="mono")
    script = """
import resource, sys
from pathlib import Path
from streamcheck.audio.media import read_samples
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 2**20)
for number, block in enumerate(read_samples(Path(sys.argv[1]))):
    if block.start < 16_000 * 60:
        early = peak()
print((block.start + len(block.samples)) // 16_000, peak() - early)
"""
    run = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    seconds, growth = run.stdout.split()
    assert int(seconds) == 3600
    assert float(growth) < 10, "megabytes between the first minute and the sixtieth"


class Clock:
    """A clock that only waiting moves, and an event that is never set."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


@pytest.mark.parametrize("speed", [1.0, 4.0, math.inf])
def test_a_block_comes_when_it_would_have_been_heard(speed: float, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(media, "time", clock)
    blocks = [AudioBlock(start, np.zeros(1600, np.float32)) for start in (0, 1600, 16_000, 17_600)]
    times = [clock.now - 100 for _ in paced(blocks, speed, clock)]  # type: ignore[arg-type]
    assert times == pytest.approx([0.1 / speed, 0.2 / speed, 1.1 / speed, 1.2 / speed])


def test_after_a_slow_reader_the_next_blocks_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(media, "time", clock)
    times = []
    for block in paced([AudioBlock(start, np.zeros(1600, np.float32)) for start in range(0, 8000, 1600)], 1, clock):  # type: ignore[arg-type]
        times.append(clock.now - 100)
        clock.now += 0.25 if block.start == 0 else 0
    assert times == pytest.approx([0.1, 0.35, 0.35, 0.4, 0.5])


def test_closing_ends_a_file_that_plays(tmp_path: Path) -> None:
    source = open_source(str(write_media(tmp_path / "x.wav", "pcm_s16le", tone(400, 60, 48_000))))
    assert source.waits
    blocks = source.blocks()
    next(blocks)
    threading.Timer(0.1, source.close).start()
    assert sum(1 for _ in blocks) < 500
    source.close()


def test_a_file_at_full_speed_gives_all_of_its_sound(tmp_path: Path) -> None:
    source = open_source(str(write_media(tmp_path / "эфир.m4a", "aac", scale(SCALE, 48_000))), speed=math.inf)
    assert source.name == "эфир.m4a"
    assert pitches(joined(source.blocks())) == SCALE
    assert source.trouble == ""


@pytest.mark.parametrize("speed", [0, -1, math.nan])
def test_a_speed_that_goes_nowhere_is_an_error(speed: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        open_source("x.wav", speed=speed)
