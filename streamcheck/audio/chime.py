"""A short sound that calls for attention, played by a process of its own: an output that hangs holds up nothing."""

import contextlib
import multiprocessing
import signal
from multiprocessing.connection import Connection

import numpy as np

from streamcheck.audio.playing import play
from streamcheck.errors import DeviceError
from streamcheck.events import SAMPLE_RATE, Samples
from streamcheck.i18n import current_language, use_language

_NOTES = (880.0, 1320.0)
"""Hertz; a rising fifth stands out of speech and is no alarm siren."""
_NOTE_SECONDS = 0.12
_VOLUME = 0.25


class Chime:
    """Plays through the default output whenever it is rung; `trouble` says why it cannot."""

    def __init__(self) -> None:
        self._trouble = ""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, current_language()), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def trouble(self) -> str:
        """Why the last ring was not heard, in the user's language; empty while all is well."""
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll():
                self._trouble = self._pipe.recv()
        return self._trouble

    def ring(self) -> None:
        """Play the sound soon; never waits."""
        with contextlib.suppress(OSError):
            self._pipe.send(None)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join(5)
        self._pipe.close()


def chime() -> Samples:
    """The sound itself, mono at 16 kHz."""
    times = np.arange(int(_NOTE_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    fade = np.minimum(1.0, np.minimum(times, _NOTE_SECONDS - times) / 0.01)
    notes = [np.sin(2 * np.pi * pitch * times) * fade * _VOLUME for pitch in _NOTES]
    return np.concatenate([*notes, np.zeros(SAMPLE_RATE // 10)]).astype(np.float32)


def _serve(pipe: Connection, language: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is for the session, which ends us
    use_language(language)
    sound = chime()
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.recv()
            try:
                play(sound)
                pipe.send("")
            except DeviceError as error:
                pipe.send(str(error))
