"""Streams for tests: what sends them, and what hears them on record."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamcheck.audio.address import StreamAddress
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.sessions.home import Home
from streamcheck.sessions.record import on_record
from streamcheck.sessions.store import LAST, About
from tests.audio.sound import gaps

NO_HANG = 10.0
"""Seconds in which everything has to happen."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Encoder:
    """ffmpeg that sends a tone in real time to where its arguments say."""

    def __init__(self, pitch: int, seconds: float, *target: str, cwd: Path | None = None) -> None:
        tone = ["-f", "lavfi", "-i", f"sine={pitch}:duration={seconds}", "-c:a", "aac"]
        command = ["ffmpeg", "-v", "error", "-nostdin", "-re", *tone, *target]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=cwd)

    def stall(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def drop(self) -> None:
        self._process.kill()
        self._process.wait()


def connected(url: str, **options: Any) -> StreamAddress:
    """The stream, once its server listens."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return StreamAddress(url, **options)
        except SourceError:
            assert time.monotonic() < deadline, "the server does not listen"


def heard_at(source: StreamAddress, at: dict[float, Callable[[], None]], tmp_path: Path) -> list[AudioBlock]:
    """Hear a stream on record to its end; once `at` seconds are heard, do what is said. The gaps are on record."""
    blocks: list[AudioBlock] = []
    home = Home(tmp_path / "home")
    with on_record(home, source, About("s", "kaspi", "none")) as kept:
        for block in kept.source.blocks():
            blocks.append(block)
            for second in [second for second in at if second <= block.start / SAMPLE_RATE]:
                at.pop(second)()
    with home.store() as store:
        session = store.session(LAST)
        assert session.ended is not None
        noted = [(round(gap.start * SAMPLE_RATE), round(gap.end * SAMPLE_RATE)) for gap in store.gaps(session.id)]
    assert noted == gaps(blocks)
    return blocks


def until_told(source: StreamAddress, words: str, patience: float = 3 * NO_HANG) -> float:
    """Seconds until the host is told something with these words; at most `patience`."""
    since = time.monotonic()
    while words not in source.trouble and time.monotonic() - since < patience:
        time.sleep(0.02)
    return time.monotonic() - since
