import contextlib
import math
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import streamcheck.audio.address as address
from streamcheck.audio.address import StreamAddress
from streamcheck.audio.source import open_source
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from tests.audio.broadcast import PITCHES, Broadcast
from tests.audio.sound import gaps, joined, pitches, scale, write_media


@pytest.fixture
def broadcast(tmp_path: Path) -> Iterator[Broadcast]:
    server = Broadcast(tmp_path)
    yield server
    server.close()


def follow(source: StreamAddress, broadcast: Broadcast, at: dict[int, Callable[[], None]]) -> list[AudioBlock]:
    """Listen while the broadcast goes on as fast as it is heard; once `at` seconds are heard, do what is said."""
    blocks: list[AudioBlock] = []
    for block in source.blocks():
        blocks.append(block)
        heard = (block.start + len(block.samples)) / SAMPLE_RATE
        for second in [second for second in at if second <= heard]:
            at.pop(second)()
        broadcast.last = max(broadcast.last, min(math.ceil(heard + 0.1) + 1, len(PITCHES)))
        broadcast.first = max(broadcast.first, broadcast.last - 4)
        broadcast.ended = broadcast.last == len(PITCHES)
    return blocks


def test_a_live_stream_is_heard_whole_once_and_ends_with_it(broadcast: Broadcast) -> None:
    source = open_source(broadcast.address)
    assert isinstance(source, StreamAddress)
    assert not source.waits
    blocks = follow(source, broadcast, {})
    assert pitches(joined(blocks)) == PITCHES
    assert gaps(blocks) == []
    assert source.trouble == ""


def test_after_a_break_the_window_is_not_heard_twice(broadcast: Broadcast) -> None:
    source = StreamAddress(broadcast.address)
    troubles = set()

    def break_off() -> None:
        broadcast.mode = "refuse"
        threading.Thread(target=return_later).start()

    def return_later() -> None:
        while broadcast.refused < 4:
            troubles.add(source.trouble)
            time.sleep(0.05)
        broadcast.mode = "serve"

    blocks = follow(source, broadcast, {4: break_off})
    assert pitches(joined(blocks)) == PITCHES
    assert gaps(blocks) == []
    assert "связь с потоком потеряна, подключаюсь снова" in troubles


def test_what_was_missed_in_a_break_is_a_gap_of_its_length(broadcast: Broadcast) -> None:
    source = StreamAddress(broadcast.address)

    def break_off() -> None:
        broadcast.mode = "refuse"
        threading.Thread(target=return_later).start()

    def return_later() -> None:
        while broadcast.refused < 3:
            time.sleep(0.05)
        broadcast.first, broadcast.last = 8, 10
        broadcast.mode = "serve"

    blocks = follow(source, broadcast, {4: break_off})
    ((start, stop),) = gaps(blocks)
    heard = round(start / SAMPLE_RATE)
    assert heard in (4, 5, 6)
    assert stop / SAMPLE_RATE == pytest.approx(8, abs=0.1)
    assert pitches(joined(blocks)) == [*PITCHES[:heard], *[0] * (8 - heard), *PITCHES[8:]]


def test_a_server_that_stops_answering_is_left_and_asked_again(
    broadcast: Broadcast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_SEGMENT_PATIENCE", 3.0)
    source = StreamAddress(broadcast.address)
    troubles = set()

    def stall() -> None:
        broadcast.mode = "stall"
        threading.Thread(target=return_later).start()

    def return_later() -> None:
        while not any("подключаюсь" in trouble for trouble in troubles):
            troubles.add(source.trouble)
            time.sleep(0.05)
        time.sleep(2.5)
        broadcast.mode = "serve"

    blocks = follow(source, broadcast, {4: stall})
    assert pitches(joined(blocks)) == PITCHES
    assert gaps(blocks) == []
    assert any(trouble.startswith("в потоке нет звука ") for trouble in troubles)


def test_closing_ends_it_though_the_server_hangs(broadcast: Broadcast) -> None:
    source = StreamAddress(broadcast.address)

    def hang() -> None:
        broadcast.mode = "stall"
        threading.Timer(0.5, source.close).start()

    began = time.monotonic()
    assert follow(source, broadcast, {4: hang})
    assert time.monotonic() - began < 60, "less than any time limit of the stream"
    source.close()


def test_a_stream_that_does_not_return_is_over_in_order(broadcast: Broadcast) -> None:
    source = StreamAddress(broadcast.address, give_up=1.5)
    blocks = follow(source, broadcast, {4: broadcast.close})
    assert pitches(joined(blocks))[:4] == PITCHES[:4]
    assert source.trouble.startswith("поток закончился или пропал: звука нет ")


@pytest.mark.parametrize("name", ["all.m3u8", "x.mp3", "x.m4a"])
def test_a_recording_behind_an_address_is_played_whole(broadcast: Broadcast, tmp_path: Path, name: str) -> None:
    write_media(tmp_path / "x.mp3", "libmp3lame", scale(PITCHES, 48_000))
    write_media(tmp_path / "x.m4a", "aac", scale(PITCHES, 48_000))
    source = open_source(f"{broadcast.root}/{name}", speed=math.inf)
    assert source.waits
    assert pitches(joined(source.blocks())) == PITCHES
    assert source.trouble == ""


def test_a_recording_that_breaks_off_is_taken_up_where_it_was(broadcast: Broadcast, tmp_path: Path) -> None:
    path = write_media(tmp_path / "x.flac", "flac", scale(PITCHES, 48_000))
    broadcast.cut_after = path.stat().st_size // 2
    source = StreamAddress(f"{broadcast.root}/x.flac", speed=math.inf)
    blocks = list(source.blocks())
    assert pitches(joined(blocks)) == PITCHES
    assert sum(stop - start for start, stop in gaps(blocks)) < SAMPLE_RATE // 5
    assert broadcast.cut_after is None


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs the Debian package ffmpeg")
def test_rtmp_is_heard_until_it_is_gone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"rtmp://127.0.0.1:{free.getsockname()[1]}/live/x"
    tone = ["-f", "lavfi", "-i", "sine=600:duration=4", "-c:a", "aac"]
    server = subprocess.Popen(["ffmpeg", "-v", "error", "-nostdin", "-re", *tone, "-f", "flv", "-listen", "1", url])
    try:
        source = None
        while source is None:
            assert server.poll() is None
            with contextlib.suppress(SourceError):  # it does not listen yet
                source = StreamAddress(url, give_up=0.5)
        assert not source.waits
        assert pitches(joined(source.blocks())) == [600] * 4
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("none.m3u8", "сервер отвечает, что такого потока нет"),
        ("page.html", "там не звук и не видео"),
        ("picture.mkv", "в потоке нет звука"),
    ],
)
def test_an_address_without_a_stream_is_refused_in_one_line(
    broadcast: Broadcast, tmp_path: Path, path: str, problem: str
) -> None:
    (tmp_path / "page.html").write_text("<html><title>эфир</title></html>")
    write_media(tmp_path / "picture.mkv", "flac", picture=True)
    with pytest.raises(SourceError, match=problem) as error:
        open_source(f"{broadcast.root}/{path}")
    assert "\n" not in str(error.value)


def test_a_server_that_is_not_there_is_said_so(broadcast: Broadcast) -> None:
    broadcast.close()
    for scheme in ("http", "rtmp", "rtsp"):
        with pytest.raises(SourceError, match="к серверу не подключиться"):
            open_source(broadcast.root.replace("http", scheme))


def test_a_server_that_never_answers_is_said_so(broadcast: Broadcast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "OPEN_SECONDS", -2.0)
    broadcast.mode = "stall"
    with pytest.raises(SourceError, match="сервер не отвечает"):
        open_source(broadcast.address)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://x/y", r"адреса ftp:// не поддерживаются; можно: http://, https://, rtmp://"),
        ("concat://a", r"адреса concat:// не поддерживаются"),
        ("http:///x", "это не адрес потока"),
        ("http://[::1", "это не адрес потока"),
        ("rtmp://host:port/x", "это не адрес потока"),
    ],
)
def test_what_is_no_stream_address_is_refused(url: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        open_source(url)


def test_passwords_and_keys_are_not_shown(broadcast: Broadcast) -> None:
    host = broadcast.root.removeprefix("http://")
    with pytest.raises(SourceError) as error:
        open_source(f"http://user:secret@{host}/none.m3u8?key=secret")
    assert "secret" not in str(error.value)
    source = StreamAddress(f"http://user:secret@{host}/all.m3u8?key=secret#\x1b[31m")
    source.close()
    assert source.name == f"{broadcast.root}/all.m3u8"
