"""Sound to listen to, through the default output."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from streamcheck.audio.devices import portaudio
from streamcheck.errors import DeviceError
from streamcheck.events import SAMPLE_RATE, Samples
from streamcheck.i18n import text
from streamcheck.safe import printable


def play(samples: Samples) -> None:
    """Begin to play mono sound at 16 kHz in the place of what is playing, and return at once.

    Raises DeviceError where there is no output, or it cannot be used.
    """
    with _quiet():
        sounddevice = portaudio()
        try:
            sounddevice.play(samples, SAMPLE_RATE)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise DeviceError(text("deciding.no-output", why=printable(str(error), 100))) from error


def stop() -> None:
    """End what is playing. Raises DeviceError where the PortAudio library is missing."""
    with _quiet():
        portaudio().stop()


@contextmanager
def _quiet() -> Iterator[None]:
    """PortAudio and ALSA complain on standard error, over the person's screen."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
