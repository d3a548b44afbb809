"""The microphone: taken by a process of its own, and taken again when it comes back."""

import threading
import time
from collections.abc import Iterator

from streamcheck.audio.capture import Captured, Opened, capture
from streamcheck.audio.process import MessageProcess
from streamcheck.errors import DeviceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.i18n import text
from streamcheck.safe import printable

_OPEN_SECONDS = 15.0
"""What a process may take to start on a busy machine and a device to open."""

_PAUSE = 0.8
"""Seconds between looks for a device that is away: with the look itself, it is back within two."""

_REMEMBERED = 10.0
"""Seconds for which lost sound stays in `trouble`."""


class Microphone:
    """An input device as a `Source`; sound is taken from the call of `blocks()` on.

    `wanted` is a device number, a part of a name, or None for the default. A device that goes away is waited for,
    the session goes on, and the time without it is a jump of `start`. Raises DeviceError where there is no such
    device or it cannot be opened.
    """

    waits = False

    def __init__(self, wanted: str | None = None) -> None:
        self._process = MessageProcess(capture, wanted)
        self._closed = threading.Event()
        self._away = False
        self._lost = 0.0, 0.0  # when sound was last lost, and how many seconds of it
        try:
            name = self._opened()
        except DeviceError:
            self._process.close()
            raise
        self._wanted = wanted and name  # numbers may change when devices come and go
        self.name = printable(name)

    @property
    def trouble(self) -> str:
        """Says that the device is away, or for some seconds that sound was lost."""
        if self._away:
            return text("audio.device-away", name=self.name)
        when, seconds = self._lost
        recent = seconds and time.monotonic() - when < _REMEMBERED
        return text("audio.sound-lost", seconds=f"{seconds:.1f}") if recent else ""

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as the device gives it."""
        last, end = time.monotonic(), 0  # when the last sample came, and the number of the next
        try:
            while not self._closed.is_set():
                base: int | None = None  # the device's number of our sample 0
                for captured in self._captured():
                    start, count = captured.block.start, len(captured.block.samples)
                    if base is None:
                        if captured.at - count / SAMPLE_RATE < last:  # taken while nobody listened
                            continue
                        away = round((captured.at - last) * SAMPLE_RATE) - count if end else 0
                        base = start - end - away
                    self._note_gap(start - base - end)
                    end, last = start - base + count, captured.at
                    yield AudioBlock(start - base, captured.block.samples)
                if not self._closed.is_set():
                    self._reopen()
        finally:
            self._process.close()

    def close(self) -> None:
        """End `blocks()` and free the device."""
        self._closed.set()
        self._process.close()

    def _opened(self) -> str:
        """The name of the device, once it is open."""
        try:
            message = self._process.receive(_OPEN_SECONDS)
        except TimeoutError:
            message = None
        if isinstance(message, Opened):
            return message.name
        raise message if isinstance(message, DeviceError) else DeviceError(text("audio.device-silent"))

    def _captured(self) -> Iterator[Captured]:
        """Yield what one opening of the device brings, until it goes away or we are closed."""
        while not self._closed.is_set():
            try:
                message = self._process.receive(timeout=1.0)
            except TimeoutError:
                continue
            if not isinstance(message, Captured):
                return
            yield message

    def _reopen(self) -> None:
        """Wait until the device is back, or we are closed. A new process sees the devices as they are now."""
        self._process.close()
        self._away = True
        while not self._closed.wait(_PAUSE):
            self._process = MessageProcess(capture, self._wanted)
            try:
                self._opened()
            except DeviceError:
                self._process.close()
            else:
                self._away = False
                return

    def _note_gap(self, samples: int) -> None:
        if samples > 0:
            self._lost = time.monotonic(), samples / SAMPLE_RATE
