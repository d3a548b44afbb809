"""Standard input: raw samples (s16le, 16 kHz, mono) or a WAV stream, whose header is obeyed."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from queue import Full, Queue

from streamcheck.audio.pcm import PcmFormat, read_wav_header
from streamcheck.audio.resampling import Downmix
from streamcheck.audio.timeline import pieces
from streamcheck.errors import SourceError
from streamcheck.events import AudioBlock
from streamcheck.i18n import text

_READ = 65_536
"""Bytes asked for at once; what has arrived is returned at once."""

_UNDER_WAY = 16
"""Reads that may wait to be taken; then the pipe fills and its writer waits."""

_SIGNATURES = {
    b"OggS": "Ogg",
    b"fLaC": "FLAC",
    b"ID3": "MP3",
    b"\x1a\x45\xdf\xa3": "Matroska/WebM",
    b"caff": "CAF",
    b"RIFX": "RIFX",
    b"FORM": "AIFF",
    b"#!AMR": "AMR",
    b"#EXTM3U": "M3U",
}


class StandardInput:
    """Sound from a pipe as a `Source`; each block is there the moment its bytes are. The end of input ends it.

    `fd` is the file to read, by default the process's standard input. Raises SourceError where that is a terminal
    or closed; `blocks()` raises it on input that is empty or no sound.
    """

    waits = True
    trouble = ""

    def __init__(self, fd: int | None = None) -> None:
        self.name = text("audio.stdin")
        self._fd = _standard_input() if fd is None else fd
        self._chunks: Queue[bytes | SourceError] = Queue(_UNDER_WAY)
        self._closed = self._ended = False
        self._waiting = b""

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as it arrives."""
        threading.Thread(target=self._pump, name="stdin", daemon=True).start()
        try:
            form, size = self._read_format()
        except SourceError:
            if self._closed:
                return
            raise
        downmix, end = Downmix(form.rate), 0
        for data in self._frames(form.frame_bytes, size):
            for block in pieces(end, downmix.feed(form.decode(data))):
                yield block
                end += len(block.samples)
        if not self._closed:
            yield from pieces(end, downmix.flush())

    def close(self) -> None:
        """End `blocks()`; the thread that reads ends with the input or the process."""
        self._closed = True
        with contextlib.suppress(Full):  # a full queue wakes the other side as well
            self._chunks.put_nowait(b"")

    def _pump(self) -> None:
        # Not sys.stdin.buffer: it waits for full buffers, and its lock would be held when the interpreter ends.
        data = b"more"
        while data and not self._closed:
            try:
                data = os.read(self._fd, _READ)
            except OSError as error:
                self._chunks.put(SourceError(text("audio.stdin-failed", why=error.strerror)))
                return
            self._chunks.put(data)

    def _take(self) -> bytes:
        """Wait for what arrives next; nothing at the end, or when closed."""
        data = b"" if self._closed or self._ended else self._chunks.get()
        if isinstance(data, SourceError):
            raise data
        self._ended = not data
        return b"" if self._closed else data

    def _read_format(self) -> tuple[PcmFormat, int | None]:
        """Look at the first bytes, and past the header if there is one; raw samples stay to be read."""
        head = self._read(12)
        if not head:
            raise SourceError(text("audio.stdin-empty"))
        if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:] == b"WAVE":
            return read_wav_header(self._read)
        kind = next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), "")
        if head[4:8] == b"ftyp":
            kind = "MP4"
        if kind:
            raise SourceError(text("audio.stdin-not-raw", kind=kind))
        self._waiting = head + self._waiting
        return PcmFormat(), None

    def _read(self, count: int) -> bytes:
        """Read `count` bytes, waiting for them; fewer only at the end."""
        while len(self._waiting) < count and (more := self._take()):
            self._waiting += more
        data, self._waiting = self._waiting[:count], self._waiting[count:]
        return data

    def _frames(self, frame_bytes: int, size: int | None) -> Iterator[bytes]:
        """Yield what has arrived as whole frames, up to `size` bytes in all; what follows them is no sound."""
        data, rest = self._waiting or self._take(), b""
        left = sys.maxsize if size is None else size
        while data:
            data = (rest + data)[:left]
            whole = len(data) - len(data) % frame_bytes
            rest, left = data[whole:], left - whole
            yield data[:whole]
            data = self._take() if left >= frame_bytes else b""


def _standard_input() -> int:
    if sys.stdin is None or sys.stdin.closed:
        raise SourceError(text("audio.stdin-empty"))
    fd = sys.stdin.fileno()
    if os.isatty(fd):
        raise SourceError(text("audio.stdin-terminal"))
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(fd, os.O_BINARY)
    return fd
