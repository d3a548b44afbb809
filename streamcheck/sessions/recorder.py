"""The recorder: a thread that keeps the sound as it comes and notes what is missing, and never holds up capture."""

import shutil
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Condition, Thread

import av

from streamcheck.audio.source import Source
from streamcheck.errors import OutputError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.i18n import text
from streamcheck.sessions.sound import PieceWriter
from streamcheck.sessions.store import Gap, GapReason

MEGABYTE = 1 << 20
WARN_FREE = 1024 * MEGABYTE
"""Free disk space below which the host is warned: sixteen hours on air take as much."""
STOP_FREE = 256 * MEGABYTE
"""Free disk space below which nothing more is recorded, so that the findings still fit, and the machine lives."""
_LOOK_EVERY = 5.0  # seconds between two looks at the disk
_MOST_WAITING = 60 * SAMPLE_RATE  # samples held for a disk that stalls
_LAST_WORDS = 20.0  # seconds that the end of a session waits for the disk


@dataclass(frozen=True, slots=True)
class _Left:
    """Samples that were not taken, since the disk did not keep up."""

    start: int
    stop: int


class Recorder:
    """Takes blocks from the capturing thread and writes them in its own.

    Without a folder no sound is kept, but gaps are noted all the same. `note` takes each gap, in the recorder's
    thread; it may raise OutputError. `free` tells the bytes that are free where the sound goes.
    """

    def __init__(self, folder: Path | None, note: Callable[[Gap], None], free: Callable[[], int] | None = None) -> None:
        self.disk_trouble = ""
        self.note_trouble = ""
        self._writer = PieceWriter(folder) if folder else None
        self._note = note
        self._free = free or (lambda: shutil.disk_usage(folder).free if folder else WARN_FREE)
        self._changed = Condition()
        self._waiting: deque[AudioBlock | _Left] = deque()
        self._held = 0
        self._ended = False
        self._received = 0
        self._done = 0
        self._stopped_at: int | None = None
        self._look_at = 0.0
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str:
        """What is wrong at the moment, in the user's language; empty when nothing is."""
        return self.disk_trouble or self.note_trouble

    @property
    def seconds(self) -> float:
        """How much sound has come."""
        return self._received / SAMPLE_RATE

    def take(self, block: AudioBlock, waits: bool) -> None:
        """Keep a block. A source that `waits` is held up while the recorder is far behind; of others, sound is left."""
        with self._changed:
            while waits and self._held >= _MOST_WAITING and self._thread.is_alive():
                self._changed.wait(1.0)
            self._received = block.start + len(block.samples)
            if self._held < _MOST_WAITING:
                self._waiting.append(block)
                self._held += len(block.samples)
            else:
                last = self._waiting[-1]
                start = block.start
                if isinstance(last, _Left):
                    self._waiting.pop()
                    start = last.start
                self._waiting.append(_Left(start, self._received))
            self._changed.notify_all()

    def finish(self) -> None:
        """Write what is still held, and end the last piece."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(_LAST_WORDS)

    def _run(self) -> None:
        while (item := self._next()) is not None:
            if isinstance(item, _Left):
                self._note_gap(item.start, item.stop, "recorder")
                self._done = item.stop
                continue
            if item.start > self._done and self._done:
                self._note_gap(self._done, item.start, "source")
            self._done = item.start + len(item.samples)
            self._keep(item)
        self._end_piece()
        if self._stopped_at is not None:
            self._note_gap(self._stopped_at, self._done, "recorder")

    def _next(self) -> AudioBlock | _Left | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended)
            if not self._waiting:
                return None
            item = self._waiting.popleft()
            self._held -= len(item.samples) if isinstance(item, AudioBlock) else 0
            self._changed.notify_all()
            return item

    def _keep(self, block: AudioBlock) -> None:
        if self._writer is None:
            return
        self._look(block.start)
        if self._stopped_at is not None:
            return
        try:
            self._writer.write(block)
        except (OSError, av.FFmpegError) as error:
            self._stop(block.start, text("sessions.sound-failed", why=getattr(error, "strerror", None) or str(error)))

    def _look(self, position: int) -> None:
        """See now and then how much room is left: warn, stop, and go on once there is room again."""
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_EVERY
        try:
            free = self._free()
        except OSError:
            return
        if self._stopped_at is not None and free >= WARN_FREE:
            self._note_gap(self._stopped_at, position, "recorder")
            self._stopped_at = None
        if self._stopped_at is None and free < STOP_FREE:
            self._stop(position, text("sessions.disk-full", free=free // MEGABYTE))
        elif self._stopped_at is None:
            self.disk_trouble = text("sessions.disk-nearly-full", free=free // MEGABYTE) if free < WARN_FREE else ""

    def _stop(self, position: int, why: str) -> None:
        self.disk_trouble = why
        self._stopped_at = position
        self._end_piece()

    def _end_piece(self) -> None:
        if self._writer is not None:
            try:
                self._writer.cut()
            except (OSError, av.FFmpegError) as error:
                why = getattr(error, "strerror", None) or str(error)
                self.disk_trouble = self.disk_trouble or text("sessions.sound-failed", why=why)

    def _note_gap(self, start: int, stop: int, reason: GapReason) -> None:
        try:
            self._note(Gap(start / SAMPLE_RATE, stop / SAMPLE_RATE, reason))
            self.note_trouble = ""
        except OutputError as error:
            self.note_trouble = str(error)


class RecordedSource:
    """A source whose sound is kept on the way."""

    def __init__(self, source: Source, recorder: Recorder) -> None:
        self._source = source
        self._recorder = recorder
        self.name = source.name
        self.waits = source.waits

    @property
    def trouble(self) -> str:
        """What is wrong with the source."""
        return self._source.trouble

    def blocks(self) -> Iterator[AudioBlock]:
        """The blocks of the source."""
        for block in self._source.blocks():
            self._recorder.take(block, self.waits)
            yield block

    def close(self) -> None:
        """Close the source."""
        self._source.close()
