"""Streams of real servers on loopback that stall, drop, return and end: right gaps, and nobody hangs.

RTMP is ffmpeg listening; HLS is written by ffmpeg and served by a static server.
"""

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import streamcheck.audio.address as address
from streamcheck.events import SAMPLE_RATE
from tests.audio.sound import gaps, joined, pitches
from tests.audio.streaming import NO_HANG, Encoder, connected, free_port, heard_at, until_told

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the Debian package ffmpeg")


@pytest.fixture
def rtmp() -> Iterator[Callable[[int, float], Encoder]]:
    """Starts the server of `rtmp.url` with a tone; one at a time."""
    url = f"rtmp://127.0.0.1:{free_port()}/live/x"
    started: list[Encoder] = []

    def start(pitch: int, seconds: float) -> Encoder:
        started.append(Encoder(pitch, seconds, "-f", "flv", "-listen", "1", url))
        return started[-1]

    start.url = url  # type: ignore[attr-defined]
    yield start
    for encoder in started:
        encoder.drop()


def test_rtmp_that_drops_and_returns_has_one_gap_and_ends_in_order(
    rtmp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_LONGEST_PAUSE", 1.0)
    first = rtmp(600, 60)
    source = connected(rtmp.url, give_up=6.0)
    told: set[str] = set()

    def drop() -> None:
        first.drop()
        threading.Thread(target=return_later).start()

    def return_later() -> None:
        until_told(source, "потеряна", NO_HANG)
        told.add(source.trouble)
        time.sleep(1.0)
        rtmp(900, 3)

    blocks = heard_at(source, {2.0: drop}, tmp_path)
    assert told == {"связь с потоком потеряна, подключаюсь снова"}
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE > 0.8
    assert set(pitches(joined(blocks)[:start])) <= {600, 0}
    assert pitches(joined(blocks)[stop:]) == [900] * 3
    assert source.trouble.startswith("поток закончился или пропал")


def test_rtmp_that_stalls_is_told_in_time_and_taken_up_again(
    rtmp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_LONGEST_PAUSE", 1.0)
    first = rtmp(600, 60)
    source = connected(rtmp.url, give_up=12.0)
    waits: list[float] = []

    def stall() -> None:
        first.stall()
        threading.Thread(target=go_on).start()

    def go_on() -> None:
        waits.append(until_told(source, "в потоке нет звука"))
        first.drop()
        rtmp(900, 3)

    blocks = heard_at(source, {2.0: stall}, tmp_path)
    assert waits[0] < NO_HANG
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE > 3
    assert pitches(joined(blocks)[stop:]) == [900] * 3


def test_closing_a_stalled_stream_does_not_hang(rtmp: Any) -> None:
    server = rtmp(600, 60)
    source = connected(rtmp.url)
    waits: list[float] = []
    for block in source.blocks():
        if block.start > SAMPLE_RATE and not waits:
            server.stall()
            waits.append(time.monotonic())
            threading.Timer(1.0, source.close).start()
    assert time.monotonic() - waits[0] < NO_HANG


class StaticServer:
    """Serves a folder, at one port for all its lives."""

    def __init__(self, folder: Path) -> None:
        class Quiet(SimpleHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None: ...

            def copyfile(self, source: Any, outputfile: Any) -> None:
                with contextlib.suppress(OSError):
                    super().copyfile(source, outputfile)

        self._handler = partial(Quiet, directory=str(folder))
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}/live.m3u8"
        self.start()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def drop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_hls_of_a_static_server_that_drops_returns_and_ends(tmp_path: Path) -> None:
    folder = tmp_path / "www"
    folder.mkdir()
    options = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "0", "live.m3u8"]
    encoder = Encoder(700, 12, *options, cwd=folder)
    server = StaticServer(folder)
    source = connected(server.url)

    def drop() -> None:
        server.drop()
        threading.Thread(target=return_later).start()

    def return_later() -> None:
        deadline = time.monotonic() + 2 * NO_HANG
        while not source.trouble and time.monotonic() < deadline:
            time.sleep(0.02)
        server.start()

    try:
        blocks = heard_at(source, {3.0: drop}, tmp_path)
        assert pitches(joined(blocks))[-3:] == [700] * 3
        assert gaps(blocks) == []
        assert len(joined(blocks)) / SAMPLE_RATE > 8, "the playlist still held what was missed"
        assert source.trouble == ""
    finally:
        encoder.drop()
        server.drop()
