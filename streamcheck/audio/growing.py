"""A recording that is still being written (by OBS, by a capture tool): heard from its start to its end, as it comes.

FFmpeg's own option `follow` was tried: it seeks to an end that is not there yet, and opening hangs for seconds with
MPEG-TS and Ogg. A file that cannot be sought in is read in order by every demuxer.
"""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from streamcheck.audio.media import Recording, open_media
from streamcheck.audio.process import MessageProcess
from streamcheck.errors import SourceError
from streamcheck.events import AudioBlock
from streamcheck.i18n import text
from streamcheck.safe import printable

QUIET = 8.0
"""Seconds without growth after which a file is taken for whole."""

_FRESH = 5.0
"""Seconds since the last writing within which a file may still be growing."""

_LOOK = 2.0
"""Seconds in which a file that grows is seen to: recorders write at least as often."""

_POLL = 0.1
_OPEN_SECONDS = 30.0
_TOLD_AFTER = 3.0


def grows(path: Path) -> bool:
    """Whether a file is being written to: a look of up to two seconds, at files written to a moment ago only."""
    try:
        first = path.stat()
        if not path.is_file() or abs(time.time() - first.st_mtime) > _FRESH:
            return False
        deadline = time.monotonic() + _LOOK
        while time.monotonic() < deadline:
            time.sleep(_POLL)
            if path.stat().st_size > first.st_size:
                return True
    except OSError:
        pass
    return False


class GrowingFile:
    """A growing file as a `Source`: what is there at once, then what comes, until nothing has come for `quiet` seconds.

    Raises SourceError where it cannot be opened, or holds no sound.
    """

    waits = True

    def __init__(self, path: Path, quiet: float = QUIET) -> None:
        self.name = printable(path.name)
        self.trouble = ""
        self._closed = threading.Event()
        self._process = MessageProcess(read_growing, path, quiet)
        try:
            first = self._process.receive(_OPEN_SECONDS)
        except TimeoutError:
            first = SourceError(text("audio.not-media", file=printable(str(path))))
        if first is None or isinstance(first, SourceError):
            self._process.close()
            raise first or SourceError(text("audio.not-media", file=printable(str(path))))

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as it is written."""
        heard = time.monotonic()
        try:
            while not self._closed.is_set():
                try:
                    message = self._process.receive(timeout=0.5)
                except TimeoutError:
                    quiet = time.monotonic() - heard
                    self.trouble = text("audio.not-growing", seconds=round(quiet)) if quiet > _TOLD_AFTER else ""
                    continue
                if isinstance(message, SourceError):
                    raise message
                if not isinstance(message, AudioBlock):
                    self.trouble = message or ""
                    return
                heard, self.trouble = time.monotonic(), ""
                yield message
        finally:
            self._process.close()

    def close(self) -> None:
        """End `blocks()`."""
        self._closed.set()
        self._process.close()


def read_growing(path: Path, quiet: float) -> Iterator[str | AudioBlock | SourceError]:
    """Yield "" once the file is open, its sound, and at last what was wrong with it; or an error as the last."""
    try:
        with path.open("rb", buffering=0) as file:
            recording = Recording(path, container=open_media(path, _Tail(file.fileno(), path, quiet)))
            yield ""
            yield from recording
            yield recording.trouble
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(text("audio.unreadable", file=printable(str(path)), why=error.strerror))


class _Tail:
    """A file for PyAV that waits at its end for more, and cannot be sought in."""

    def __init__(self, file: int, path: Path, quiet: float) -> None:
        self.name = path.name
        self._file = file
        self._quiet = quiet

    def read(self, size: int) -> bytes:
        """What there is of so many bytes; nothing once the file has not grown for long enough."""
        deadline = time.monotonic() + self._quiet
        while not (data := os.read(self._file, size)) and time.monotonic() < deadline:
            time.sleep(_POLL)
        return data
