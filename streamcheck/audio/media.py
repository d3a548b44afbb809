"""Recordings: any media file that PyAV decodes, at full speed or paced as on air."""

import threading
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import av
from av.container import InputContainer

from streamcheck.audio.decoding import SPEECH, Decoder, SoundForm, packets
from streamcheck.audio.timeline import Timeline
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.i18n import text
from streamcheck.safe import printable

TICKS = 1_000_000
"""Units of a container's times in a second (AV_TIME_BASE)."""

_GUESSED = frozenset({"aac", "ac3", "amr", "dts", "eac3", "loas"})
"""Formats without a header: FFmpeg guesses their length from the first packets and may be three times out.

So it does for an MP3 that does not begin with a count of its frames (nor then with a skipped start).
"""

_HELD_UP = 1.0
"""Seconds that a reader may be late and still be caught up with."""

_SHORTFALL = 1.0
"""Seconds by which a whole recording may miss the length that its header gives."""


class Recording(Iterator[AudioBlock]):
    """The sound of one track of a media file, decoded as it is asked for; memory does not grow with its length.

    A damaged or cut file is decoded as far as it goes; once it has ended, `trouble` says so ("" when all was well).
    `duration` is the length in seconds by the file's header, where it has one. Raises SourceError on a file that
    cannot be opened or has no such track of sound; `track` counts its audio tracks from 0. `form` is that of the
    blocks, which count their samples by its rate. A `container` that is open already is read instead of the file.
    """

    def __init__(
        self, path: Path, track: int = 0, form: SoundForm = SPEECH, container: InputContainer | None = None
    ) -> None:
        self._file = printable(str(path))
        self._container = container or open_media(path)
        if not self._container.streams.audio:
            raise SourceError(text("audio.no-track", file=self._file))
        if not 0 <= track < len(self._container.streams.audio):
            count = len(self._container.streams.audio)
            raise SourceError(text("audio.wrong-track", file=self._file, track=track, count=count, last=count - 1))
        self._stream = self._container.streams.audio[track]
        if self._stream.codec_context is None:
            raise SourceError(text("audio.no-decoder", file=self._file))
        self.duration = _duration(self._container, track)
        self.trouble = ""
        self._form = form
        self._blocks = self._decode()

    def __next__(self) -> AudioBlock:
        """Decode the next block. Raises SourceError where a file that looked like media holds no sound at all."""
        return next(self._blocks)

    def _decode(self) -> Iterator[AudioBlock]:
        start = self._container.start_time
        line = Timeline(None if start is None else start / TICKS, self._form.rate)
        decoder = Decoder(self._form)
        broken = False
        with self._container:
            try:
                for packet in packets(self._container, self._stream):
                    for time_stamp, samples in decoder.feed(packet):
                        yield from line.place(time_stamp, samples)
            except (av.FFmpegError, UnicodeDecodeError):
                broken = True
        if not line.end and (broken or decoder.damaged):
            raise SourceError(text("audio.not-media", file=self._file))
        self.trouble = self._verdict(line, decoder.damaged, broken)

    def _verdict(self, line: Timeline, damaged: int, broken: bool) -> str:
        """What was wrong with the file, in the user's language, or "" if nothing was."""
        end = line.end / line.rate
        length = self.duration or 0.0
        if broken or end < length - max(_SHORTFALL, length / 100):
            whole = _clock(length) if length > end else "?"
            return text("audio.cut-short", file=self._file, end=_clock(end), whole=whole)
        if line.missing:
            return text("audio.missing", file=self._file, seconds=f"{line.missing / line.rate:.1f}")
        return text("audio.damaged", file=self._file) if damaged else ""


class MediaFile:
    """A recording as a `Source`: its sound comes `speed` times as fast as on air, from one start to its end."""

    waits = True

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self.name = printable(path.name)
        self._recording = Recording(path)
        self._speed = speed
        self._closed = threading.Event()

    @property
    def trouble(self) -> str:
        """What was found wrong with the file, once it has ended."""
        return self._recording.trouble

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield each block when its last sample would have been spoken."""
        return paced(self._recording, self._speed, self._closed)

    def close(self) -> None:
        """End `blocks()`."""
        self._closed.set()


def read_samples(path: Path, track: int = 0) -> Recording:
    """Decode one audio track of a media file at full speed; see `Recording` for what it raises and tells."""
    return Recording(path, track)


def media_duration(path: Path) -> float | None:
    """The length of a media file in seconds by its header, or None where it has none. Raises SourceError."""
    with open_media(path) as container:
        return _duration(container, 0)


def paced(blocks: Iterable[AudioBlock], speed: float, closed: threading.Event) -> Iterator[AudioBlock]:
    """Let each block through when it would have been heard, at `speed` times real time; end when `closed` is set.

    Where the reader held it up, it goes on from there and does not catch up.
    """
    began = time.monotonic()
    for block in blocks:
        due = (block.start + len(block.samples)) / SAMPLE_RATE / speed
        if closed.wait(max(began + due - time.monotonic(), 0)):
            return
        yield block
        began += max(time.monotonic() - began - due - _HELD_UP, 0)


def open_media(path: Path, stream: object = None) -> InputContainer:
    """A media file opened for reading; through a `stream` that reads it where one is given. Raises SourceError."""
    file = printable(str(path))
    try:
        # The prefix keeps names like «concat:a|b» from being taken for one of FFmpeg's protocols.
        return av.open(stream or f"file:{path}", "r", metadata_errors="replace")
    except FileNotFoundError as error:
        raise SourceError(text("audio.no-file", file=file)) from error
    except IsADirectoryError as error:
        raise SourceError(text("audio.is-folder", file=file)) from error
    except PermissionError as error:
        raise SourceError(text("audio.no-access", file=file)) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(text("audio.not-media", file=file)) from error


def _duration(container: InputContainer, track: int) -> float | None:
    """By the track if its header has a length (the picture may run on), else by the whole file."""
    if container.format.name in _GUESSED or (container.format.name == "mp3" and not container.start_time):
        return None
    for stream in container.streams.audio[track : track + 1]:
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
    return container.duration / TICKS if container.duration else None


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
