"""Which microphones there are, and which one is meant."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from os import R_OK, access
from pathlib import Path
from typing import Any

from streamcheck.errors import DeviceError
from streamcheck.i18n import text
from streamcheck.safe import printable


@dataclass(frozen=True, slots=True)
class Device:
    """An input device as PortAudio lists it; `name` is the driver's, not safe to print. `rate` is in hertz."""

    number: int
    name: str
    host_api: str
    channels: int
    rate: float
    default: bool

    def __str__(self) -> str:
        """The device as messages name it: its number and name, safe to print."""
        return f"{self.number} «{printable(self.name)}»"


def portaudio() -> Any:
    """The sounddevice module. Raises DeviceError where the PortAudio library is missing."""
    try:
        import sounddevice
    except OSError as error:
        on_linux = sys.platform.startswith("linux")
        raise DeviceError(text("audio.no-portaudio-linux" if on_linux else "audio.no-portaudio")) from error
    return sounddevice


def list_devices() -> list[Device]:
    """The input devices of this machine as they were when PortAudio was loaded. Raises DeviceError without it."""
    sounddevice = portaudio()
    apis = [api["name"] for api in sounddevice.query_hostapis()]
    try:
        default = sounddevice.query_devices(kind="input")["index"]
    except sounddevice.PortAudioError:
        default = None
    return [
        Device(
            number=row["index"],
            name=row["name"],
            host_api=apis[row["hostapi"]],
            channels=row["max_input_channels"],
            rate=row["default_samplerate"],
            default=row["index"] == default,
        )
        for row in sounddevice.query_devices()
        if row["max_input_channels"] > 0
    ]


def choose_device(devices: Sequence[Device], wanted: str | None) -> Device:
    """Find the device that `wanted` means: None the default, digits a number, else a part of a name.

    A part of a name ignores case; where it fits several, the one whose whole name it is wins, then the only one of
    the default device's host API (Windows lists a device once for each). Raises DeviceError, naming what there is.
    """
    if not devices:
        raise DeviceError(no_devices())
    known = ", ".join(map(str, devices))
    if wanted is None:
        fitting = [device for device in devices if device.default or len(devices) == 1]
        problem = text("audio.no-default", known=known)
    elif wanted.isdecimal():
        fitting = [device for device in devices if device.number == int(wanted)]
        problem = text("audio.no-number", wanted=printable(wanted, 60), known=known)
    else:
        fitting = _fitting(devices, wanted)
        found = ", ".join(f"{device} ({printable(device.host_api)})" for device in fitting)
        key = "audio.several" if fitting else "audio.no-name"
        problem = text(key, wanted=printable(wanted, 60), known=known, found=found)
    if len(fitting) != 1:
        raise DeviceError(problem)
    return fitting[0]


def no_devices() -> str:
    """That there is no microphone; and why, where Linux hides the sound cards from users outside a group."""
    cards = list(Path("/dev/snd").glob("pcm*c")) if sys.platform.startswith("linux") else []
    hidden = cards and not any(access(card, R_OK) for card in cards)
    return text("audio.not-in-group" if hidden else "audio.no-devices")


def _fitting(devices: Sequence[Device], wanted: str) -> list[Device]:
    part = wanted.strip().casefold()
    fitting = [device for device in devices if part in device.name.casefold()]
    fitting = [device for device in fitting if device.name.casefold() == part] or fitting
    usual = {device.host_api for device in devices if device.default}
    preferred = [device for device in fitting if device.host_api in usual]
    return preferred if len(preferred) == 1 else fitting
