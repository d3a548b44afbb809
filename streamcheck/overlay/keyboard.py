"""The keys of the terminal, one by one as they are pressed, while the overlay has it.

prompt_toolkit reads them: on every system, in any script, with escape sequences told from the Escape key, and from
the terminal though the sound comes by standard input. `tty.setcbreak` alone does none of that.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from threading import Thread

from prompt_toolkit.input import DummyInput, Input, create_input
from prompt_toolkit.key_binding import KeyPress
from prompt_toolkit.keys import Keys

from streamcheck.overlay.controls import CLEAR, ENTER, ERASE, ESCAPE, INTERRUPT

_ESCAPE_AFTER = 0.1
"""Seconds after which an escape that nothing follows was the key."""

_NAMES: dict[str, str] = {
    Keys.ControlM: ENTER,
    Keys.ControlJ: ENTER,
    Keys.Escape: ESCAPE,
    Keys.ControlH: ERASE,
    Keys.ControlU: CLEAR,
    Keys.ControlC: INTERRUPT,
}


class Keyboard:
    """Calls `press` with each key, on a thread of its own, until closed; the terminal is then as it was before."""

    def __init__(self, press: Callable[[str], None]) -> None:
        self._press = press
        self._input = create_input(always_prefer_tty=True)
        self._loop = asyncio.new_event_loop()
        self._done = asyncio.Event()
        self._ends = contextlib.ExitStack()
        self.works = _is_ours(self._input)
        if self.works:
            self._ends.enter_context(self._input.raw_mode())
            self._thread = Thread(target=self._loop.run_until_complete, args=[self._listen()], daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Give the terminal back."""
        self._ends.close()
        if self.works:
            self._loop.call_soon_threadsafe(self._done.set)
            self._thread.join(1)
        if not self._loop.is_running():
            self._loop.close()

    async def _listen(self) -> None:
        with contextlib.suppress(EOFError), self._input.attach(self._read):
            await self._done.wait()

    def _read(self) -> None:
        self._take(self._input.read_keys())
        self._loop.call_later(_ESCAPE_AFTER, lambda: self._take(self._input.flush_keys()))

    def _take(self, keys: list[KeyPress]) -> None:
        for key in keys:
            if key.key == Keys.BracketedPaste:
                for char in key.data:
                    self._press(char)
            else:
                self._press(_NAMES.get(key.key, key.key))


def _is_ours(keys: Input) -> bool:
    """Whether there is a terminal to read, and it listens to us: a job in the background is stopped if it tries."""
    if isinstance(keys, DummyInput):
        return False
    if os.name == "nt":
        return True
    try:
        return os.isatty(keys.fileno()) and os.tcgetpgrp(keys.fileno()) == os.getpgrp()
    except OSError:
        return False
