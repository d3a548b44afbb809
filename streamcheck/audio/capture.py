"""Taking sound from an input device through PortAudio, at the device's own rate."""

import contextlib
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

from streamcheck.audio.devices import Device, choose_device, list_devices, portaudio
from streamcheck.audio.resampling import Downmix
from streamcheck.audio.timeline import pieces
from streamcheck.errors import DeviceError, DeviceRefusedError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from streamcheck.i18n import text
from streamcheck.safe import printable

_UNDER_WAY = 30.0
"""Seconds of sound that may wait to be taken; what comes on top is lost and counted."""

_STALL = 4.0
"""Seconds without a buffer after which a device is gone: PortAudio does not always say so."""

_LOOK_EVERY = 0.2
"""Seconds between two looks for a device that is away."""

_USUAL_RATES = (48_000, 44_100, 16_000)

# PortAudio's error codes (portaudio.h, PaErrorCode).
_BAD_CHANNELS, _BAD_RATE, _BAD_DEVICE, _NOT_OPENED, _UNAVAILABLE = -9998, -9997, -9996, -9993, -9985
_EXPLANATIONS = {
    _BAD_CHANNELS: "audio.device-format",
    _BAD_RATE: "audio.device-format",
    _BAD_DEVICE: "audio.device-gone",
    _NOT_OPENED: "audio.device-denied",  # its ALSA part says so of any error but a busy device
    _UNAVAILABLE: "audio.device-busy",
}
_ABSENT = frozenset({"audio.device-gone", "audio.device-failed"})
"""What is also said of a device that has just been unplugged."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The device is open; `name` is the driver's, not safe to print."""

    name: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A block of sound, and when its last sample had come, by the machine's steady clock."""

    at: float
    block: AudioBlock


def capture(wanted: str | None, await_it: bool = False) -> Iterator[Opened | Captured | DeviceError]:
    """Open the device that `wanted` means (see `choose_device`) and yield its sound; an error is the last message.

    With `await_it`, the device is looked for until it opens, and each error on the way is a message. Sound that
    PortAudio lost, or that nobody took for half a minute, is a jump of `AudioBlock.start`.
    """
    while True:
        try:
            device = choose_device(list_devices(), wanted)
            taking = _Taking(device)
            yield Opened(device.name)
            yield from taking.blocks()
        except DeviceError as error:
            yield error
        if not await_it:
            return
        time.sleep(_LOOK_EVERY)
        _forget_devices()


def _forget_devices() -> None:
    """Let PortAudio list the devices anew: it does so once, when it begins. Nothing may be open."""
    sounddevice = portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


class _Taking:
    """An open device, until the process ends: to close one that is gone can hang for ever.

    PortAudio's thread puts buffers, `blocks` gets them: a SimpleQueue never makes the one wait for the other.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._arrived: SimpleQueue[tuple[float, int, Samples] | None] = SimpleQueue()
        self._put = self._got = 0  # frames: how many are under way
        self._missing = 0  # frames lost before the next buffer
        self._called: float | None = None  # when the callback last was
        self._stream = self._open()
        self._rate: float = self._stream.samplerate

    def blocks(self) -> Iterator[Captured]:
        """Yield the sound from now on. Raises DeviceError when the device is gone."""
        self._start()
        downmix, end = Downmix(self._rate), 0
        with contextlib.suppress(Empty):
            while (arrived := self._arrived.get(timeout=_STALL)) is not None:
                at, missing, frames = arrived
                self._got += len(frames)
                end += round(missing * SAMPLE_RATE / self._rate)
                samples = downmix.feed(frames)
                for block in pieces(end, samples):
                    yield Captured(at, block)
                end += len(samples)
        raise DeviceError(text("audio.device-gone", device=self._device))

    def _open(self) -> Any:
        """Open the device at the first rate and channel count that it takes: its own rate, two channels at best."""
        sounddevice, device = portaudio(), self._device
        rates = dict.fromkeys((device.rate, *_USUAL_RATES))
        channels = dict.fromkeys((min(device.channels, 2), device.channels, 1))
        problem = DeviceError()
        for rate, count in itertools.product(rates, channels):
            try:
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
                problem = explain(error, device)
                if _code(error) not in (_BAD_RATE, _BAD_CHANNELS):
                    break
        raise problem

    def _start(self) -> None:
        try:
            self._stream.start()
        except portaudio().PortAudioError as error:
            raise explain(error, self._device) from error

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
        self._arrived.put((now, self._missing, data.copy()))
        self._missing = 0

    def _finished(self) -> None:
        self._arrived.put(None)


def explain(error: Exception, device: Device) -> DeviceError:
    """What a PortAudioError means for the one who wants to use this device."""
    key = _EXPLANATIONS.get(_code(error), "audio.device-failed")
    why = error.args[2][2] if len(error.args) > 2 else error.args[0]  # the host system's own word where it has one
    if key == "audio.device-failed" and "denied" in str(why).lower():  # Windows, PulseAudio
        key = "audio.device-denied"
    said = text(key, device=device, why=printable(why, 100))
    return (DeviceError if key in _ABSENT else DeviceRefusedError)(said)


def _code(error: Exception) -> int:
    """PortAudio's number for what went wrong; 0 where sounddevice says so without asking it."""
    return int(error.args[1]) if len(error.args) > 1 else 0
