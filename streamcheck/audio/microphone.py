"""The microphone, through PortAudio: any input device at its own rate, mixed to mono at 16 kHz."""

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from streamcheck.audio.devices import Device, choose_device, list_devices, portaudio
from streamcheck.audio.resampling import Downmix
from streamcheck.errors import DeviceError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from streamcheck.i18n import text
from streamcheck.safe import printable

_UNDER_WAY = 30.0
"""Seconds of sound that may wait to be taken; what comes on top is lost and counted."""

_REMEMBERED = 10.0
"""Seconds for which lost sound stays in `trouble`."""

_USUAL_RATES = (48_000, 44_100, 16_000)

# PortAudio's error codes (portaudio.h, PaErrorCode).
_BAD_CHANNELS, _BAD_RATE, _BAD_DEVICE, _UNAVAILABLE = -9998, -9997, -9996, -9985
_EXPLANATIONS = {
    _BAD_CHANNELS: "audio.device-format",
    _BAD_RATE: "audio.device-format",
    _BAD_DEVICE: "audio.device-gone",
    _UNAVAILABLE: "audio.device-busy",
}


class Microphone:
    """An input device as a `Source`; sound is taken from the call of `blocks()` on.

    `wanted` is a device number, a part of a name, or None for the default. Raises DeviceError where there is no
    such device or it cannot be opened; `blocks()` raises it when the device goes away.
    """

    waits = False

    def __init__(self, wanted: str | None = None) -> None:
        device = choose_device(list_devices(), wanted)
        self.name = printable(device.name)
        self._device = device
        # PortAudio's thread puts, `blocks` gets: a SimpleQueue never makes the putting side wait for the other.
        self._arrived: SimpleQueue[tuple[int, Samples] | None] = SimpleQueue()
        self._put = self._got = self._missing = 0  # frames; the first and last are the callback's, the other ours
        self._called: float | None = None  # when the callback last was
        self._lost = 0.0, 0.0  # when sound was last lost, and how many seconds of it
        self._taken = self._closed = False
        self._stream = self._open()
        self._rate = self._stream.samplerate

    @property
    def trouble(self) -> str:
        """Says for some seconds that sound was lost."""
        when, seconds = self._lost
        recent = seconds and time.monotonic() - when < _REMEMBERED
        return text("audio.overflow", seconds=f"{seconds:.1f}") if recent else ""

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound as the device gives it; lost sound is a jump of `start`."""
        self._taken = True
        downmix, end = Downmix(self._rate), 0
        try:
            self._start()
            while (arrived := self._arrived.get()) is not None and not self._closed:
                missing, frames = arrived
                self._got += len(frames)
                if missing:
                    self._lost = time.monotonic(), missing / self._rate
                    rest, downmix = downmix.flush(), Downmix(self._rate)
                    yield AudioBlock(end, rest)
                    end += len(rest) + round(missing * SAMPLE_RATE / self._rate)
                samples = downmix.feed(frames)
                if len(samples):
                    yield AudioBlock(end, samples)
                    end += len(samples)
            if not self._closed:
                raise DeviceError(text("audio.device-gone", device=self._device))
        finally:
            self._stream.close()

    def close(self) -> None:
        """End `blocks()` and free the device."""
        self._closed = True
        self._arrived.put(None)
        if not self._taken:  # else `blocks` closes it, on its own thread: PortAudio bears no second closing
            self._stream.close()

    def _open(self) -> Any:
        """Open the device at the first rate and channel count that it takes: its own rate, two channels at best."""
        sounddevice, device = portaudio(), self._device
        rates = dict.fromkeys((device.rate, *_USUAL_RATES))
        channels = dict.fromkeys((min(device.channels, 2), device.channels, 1))
        problem: Exception | None = None
        for rate, count in itertools.product(rates, channels):
            try:
                with _quiet():
                    return sounddevice.InputStream(
                        samplerate=rate,
                        device=device.number,
                        channels=count,
                        dtype="float32",
                        latency="high",  # some 35 ms: Python may be late for less
                        callback=self._receive,
                        finished_callback=self._finished,
                    )
            except sounddevice.PortAudioError as error:
                problem = problem or error
                if _code(error) not in (_BAD_RATE, _BAD_CHANNELS):
                    problem = error
                    break
        raise DeviceError(explain(problem, device)) from problem

    def _start(self) -> None:
        try:
            with _quiet():
                self._stream.start()
        except portaudio().PortAudioError as error:
            raise DeviceError(explain(error, self._device)) from error

    def _receive(self, data: Samples, frames: int, _time: Any, status: Any) -> None:
        """Take a buffer from PortAudio, on its thread: nothing here may wait."""
        now = time.monotonic()
        if status.input_overflow and self._called is not None:  # how much, only the clock knows
            self._missing += max(round((now - self._called) * self._rate) - frames, 0)
        self._called = now
        if self._put - self._got > _UNDER_WAY * self._rate:
            self._missing += frames
            return
        self._put += frames
        self._arrived.put((self._missing, data.copy()))
        self._missing = 0

    def _finished(self) -> None:
        self._arrived.put(None)


def explain(error: Exception | None, device: Device) -> str:
    """What a PortAudioError means for the one who wants to use this device."""
    key = _EXPLANATIONS.get(_code(error), "audio.device-failed")
    return text(key, device=device, why=printable(str(error), 200))


def _code(error: Exception | None) -> int:
    """PortAudio's number for what went wrong; 0 where sounddevice raised it of its own."""
    args = error.args if error is not None else ()
    return int(args[1]) if len(args) > 1 else 0


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep PortAudio's and ALSA's own complaints off the terminal: they write to the file descriptor."""
    with Path(os.devnull).open("w") as null, os.fdopen(os.dup(2), "w") as saved:
        os.dup2(null.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved.fileno(), 2)
