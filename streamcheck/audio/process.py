"""A process of our own that sends messages until it is killed.

Sound from outside is read in one: what it calls (FFmpeg on a stranger's server, a driver whose device has gone) can
hang for ever, and a thread that hangs can neither be ended nor left behind when the interpreter ends. It also keeps
reading while Python is busy here.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from streamcheck.i18n import current_language, use_language

Message = TypeVar("Message")


@dataclass(frozen=True, slots=True)
class _Crash:
    """A mistake of ours in the process."""

    trace: str


class MessageProcess(Generic[Message]):
    """Runs `target(*args)`, a generator at module level, elsewhere; what it yields is received here.

    A receiver that is slow makes it wait, once some 60 kB are under way.
    """

    def __init__(self, target: Callable[..., Iterator[Message]], *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(theirs, current_language(), target, *args), daemon=True)
        self._process.start()
        theirs.close()

    def receive(self, timeout: float) -> Message | None:
        """Wait for the next message; None when the process has ended. Raises TimeoutError after `timeout` seconds."""
        try:
            message = self._pipe.recv() if self._pipe.poll(timeout) else TimeoutError()
        except (EOFError, OSError):
            return None
        if isinstance(message, TimeoutError):
            raise message
        if isinstance(message, _Crash):
            raise RuntimeError(message.trace)
        return message  # type: ignore[no-any-return]

    def close(self) -> None:
        """End the process, whatever it hangs in; from any thread, any number of times."""
        self._process.kill()
        self._process.join(timeout=5)


def _run(pipe: Connection, language: str, target: Callable[..., Iterator[Any]], *args: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the interrupt is for the session, which ends us
    use_language(language)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # PortAudio and ALSA complain there, over the host's screen
    try:
        for message in target(*args):
            pipe.send(message)
    except BrokenPipeError:
        return
    except Exception:
        pipe.send(_Crash(traceback.format_exc()))
