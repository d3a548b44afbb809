"""Someone's stream by its address (RTMP, RTSP, HTTP with HLS): heard until it ends, through breaks and stalls."""

import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from streamcheck.audio.connection import OPEN_SECONDS, Ended, Failed, Message, Opened, Sound, read_stream
from streamcheck.audio.continuity import Continuity
from streamcheck.audio.media import paced
from streamcheck.audio.process import MessageProcess
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.i18n import text
from streamcheck.safe import printable

SCHEMES = ("http", "https", "rtmp", "rtmps", "rtsp", "rtsps")

_START_SECONDS = 5.0
"""What the process of a connection may take to start on a busy machine."""

_PATIENCE = 8.0
_SEGMENT_PATIENCE = 20.0
"""Seconds without a packet until a connection counts as stalled; HLS brings segments of up to ten seconds.

Where its segments are shorter, it is as many as two of them last, and no fewer than ten.
"""

_TOLD_AFTER = 4.0
_LAST_TOLD = 9.0
"""Seconds without a packet until the host is told; later where packets have been as far apart before."""

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
"""Seconds between attempts to connect again: doubled each time."""

_GIVE_UP = 60.0
_GIVE_UP_ENDED = 10.0
"""Seconds without sound after which the stream counts as over; fewer where the server said that it has ended."""

_ENDING = 2.0
"""Seconds by which a recording may end before its length."""


class StreamAddress:
    """A stream address as a `Source`; what was missed while it was away is a jump of `start`.

    A recording behind an address is played at `speed` like a file. A live stream that breaks is connected to again
    until it has been silent for `give_up` seconds, and is then over: the session ends in order, and `trouble` says
    why. Raises SourceError on an address that cannot be opened.
    """

    def __init__(self, url: str, speed: float = 1.0, give_up: float = _GIVE_UP) -> None:
        self.name = _shown(url)
        self.trouble = ""
        self._url = url
        self._speed = speed
        self._give_up = give_up
        self._continuity = Continuity()
        self._closed = threading.Event()
        self._connection = MessageProcess(read_stream, url)
        self._stream = self._open()
        self._ended = False
        self._heard = time.monotonic()
        self._usual = 0.0  # the longest wait between two packets of a connection
        self._taken = False  # whether the last message was sound
        self.waits = self._stream.duration is not None

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound of the stream over all its connections."""
        return paced(self._joined(), self._speed, self._closed) if self.waits else self._joined()

    def close(self) -> None:
        """End `blocks()`, whatever the server does."""
        self._closed.set()
        self._connection.close()

    def _open(self) -> Opened:
        try:
            first = self._connection.receive(OPEN_SECONDS + _START_SECONDS)
        except TimeoutError:
            first = Failed("audio.stream-no-answer", "")
        if isinstance(first, Opened):
            return first
        self._connection.close()
        failed = first if isinstance(first, Failed) else Failed("audio.stream-failed", "")
        raise SourceError(text(failed.key, address=self.name, why=printable(failed.why, 100)))

    def _joined(self) -> Iterator[AudioBlock]:
        """Yield what connection after connection brings, until the stream is over."""
        self._heard, pause = time.monotonic(), _FIRST_PAUSE
        try:
            while not self._closed.is_set():
                for block in self._sound():
                    yield block
                    self._heard, pause = time.monotonic(), _FIRST_PAUSE
                self._connection.close()
                if self._over(time.monotonic() - self._heard):
                    return
                self._closed.wait(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                self._connection = MessageProcess(read_stream, self._url, self._continuity.reached)
        finally:
            self._connection.close()

    def _over(self, silent: float) -> bool:
        """Whether a stream that has broken or ended, and been silent for so long, is not worth another attempt.

        An end is final for a recording that was heard whole. HLS also ends where its server is lost: connecting
        again shows whether the playlist has been closed.
        """
        length = self._stream.duration
        if self._ended and length is not None and self._continuity.end / SAMPLE_RATE > length - _ENDING:
            self.trouble = ""
            return True
        for_good = self._ended and not self._stream.segmented
        if silent > (min(self._give_up, _GIVE_UP_ENDED) if for_good else self._give_up):
            self.trouble = text("audio.stream-over", seconds=round(silent))
            return True
        self.trouble = text("audio.stream-broken")
        return False

    def _sound(self) -> Iterator[AudioBlock]:
        """Yield what one connection brings until it ends, breaks or stalls."""
        self._taken = False
        since = time.monotonic()
        while not self._closed.is_set():
            try:
                message = self._connection.receive(timeout=0.5)
            except TimeoutError:
                now = time.monotonic()
                patience = min(max(2 * self._usual, 10.0), _SEGMENT_PATIENCE) if self._stream.segmented else _PATIENCE
                if now - since > min(max(2 * self._usual, _TOLD_AFTER), _LAST_TOLD, patience / 2):
                    self.trouble = text("audio.stream-silent", seconds=round(now - self._heard))
                if now - since > patience:
                    return
                continue
            if message is None or isinstance(message, Failed | Ended):
                self._ended = isinstance(message, Ended) or (self._ended and not self._taken)
                return
            if isinstance(message, Sound) and self._taken:
                self._usual = max(self._usual, time.monotonic() - since)
            yield from self._take(message)
            self._taken = isinstance(message, Sound)
            since = time.monotonic()

    def _take(self, message: Message) -> Iterator[AudioBlock]:
        match message:
            case Opened():
                self._stream = message
                self._continuity.reconnected(same_clock=message.duration is not None)
            case Sound():
                for block in self._continuity.feed(message.checksum, message.time, message.samples, time.monotonic()):
                    self.trouble = ""
                    yield block


def _shown(url: str) -> str:
    """The address without the name, password and keys that it may hold, safe to print. Raises SourceError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise SourceError(text("audio.bad-address", address=printable(url, 80))) from error
    if parts.scheme.lower() not in SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise SourceError(text("audio.bad-scheme", scheme=printable(parts.scheme, 20), known=known))
    if not host:
        raise SourceError(text("audio.bad-address", address=printable(url, 80)))
    return printable(f"{parts.scheme}://{host}{port}{parts.path}", 80)
