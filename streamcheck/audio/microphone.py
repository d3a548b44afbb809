"""The microphone: taken by a process of its own, and taken again when it comes back."""

import threading
import time
from collections.abc import Iterator

from streamcheck.audio.capture import Captured, Opened, capture
from streamcheck.audio.process import MessageProcess
from streamcheck.errors import DeviceError, DeviceRefusedError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.i18n import text
from streamcheck.safe import printable

_OPEN_SECONDS = 15.0
"""What a process may take to start on a busy machine and a device to open."""

_PAUSE = 0.5
"""Seconds until a process that has died is followed by another."""

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
        self._away = ""  # why there is no sound at the moment
        self._lost = 0.0, ""  # when sound was last lost, and what to say of it
        try:
            name = self._opened()
        except DeviceError:
            self._process.close()
            raise
        self._wanted = wanted and name  # numbers may change when devices come and go
        self.name = printable(name)

    @property
    def trouble(self) -> str:
        """Says that the device is away or refuses, or for some seconds that it is back or that sound was lost."""
        when, said = self._lost
        return self._away or (said if time.monotonic() - when < _REMEMBERED else "")

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as the device gives it."""
        last, end = time.monotonic(), 0  # when the last sample came, and the number of the next
        try:
            while not self._closed.is_set():
                base: int | None = None  # the device's number of our sample 0
                for captured in self._captured():
                    start, count = captured.block.start, len(captured.block.samples)
                    first = base is None
                    if base is None:
                        if captured.at - count / SAMPLE_RATE < last:  # taken while nobody listened
                            continue
                        away = round((captured.at - last) * SAMPLE_RATE) - count if end else 0
                        base = start - end - away
                    self._note_gap(start - base - end, returned=first)
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
        self._away = text("audio.device-away", name=self.name)
        heard_of = 0.0
        while not self._closed.is_set():
            if time.monotonic() - heard_of > _OPEN_SECONDS:  # none yet, or it hangs in the driver
                self._process.close()
                self._process = MessageProcess(capture, self._wanted, True)
                heard_of = time.monotonic()
            try:
                message = self._process.receive(timeout=0.5)
            except TimeoutError:
                continue
            if isinstance(message, Opened):
                self._away = ""
                return
            heard_of = time.monotonic() if message else 0.0
            refused = isinstance(message, DeviceRefusedError)
            self._away = str(message) if refused else text("audio.device-away", name=self.name)
            self._closed.wait(0.0 if message else _PAUSE)

    def _note_gap(self, samples: int, returned: bool) -> None:
        if samples > 0:
            key = "audio.device-back" if returned else "audio.sound-lost"
            self._lost = time.monotonic(), text(key, seconds=f"{samples / SAMPLE_RATE:.1f}")
