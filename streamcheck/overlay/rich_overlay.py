"""The host's screen on a terminal: a thread that paints the board when it changes, eight times a second at most.

Events only change the board; a terminal that blocks (a slow line) stops the painter and nothing else. Keys are read
by a thread of their own, and what they ask for is done there.
"""

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from threading import Event, Lock, Thread

from rich.console import Console
from rich.live import Live
from rich.text import Text

from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.overlay.board import Board
from streamcheck.overlay.controls import Controls, Desk
from streamcheck.overlay.keyboard import Keyboard
from streamcheck.overlay.plain import summary
from streamcheck.overlay.screen import Heading, Screen

_PAUSE = 0.125
"""Seconds between two paintings; nobody reads faster, and the recogniser needs the processor."""
_RESIZED = 0.5
"""Seconds between two looks at the size of the window while nothing happens; Windows has no signal for it."""
_MESSAGE_STAYS = 4.0
"""Seconds for which the answer to a key is shown."""
_LONGEST_WAIT = 2.0
"""Seconds that the end of a session waits for a terminal that does not take its output."""


class RichOverlay:
    """A sink that shows the session on a terminal of its own screen, and its summary below the prompt at the end.

    What the keys ask for is done by `desk`; without one there are none.
    """

    def __init__(self, heading: Heading, desk: Desk | None = None, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._board = Board()
        self._controls = Controls(self._board)
        self._answered = 0.0
        self._bell = False
        self._lock = Lock()
        self._changed, self._closing = Event(), Event()
        self._changed.set()
        self._live = Live(Text(), console=self._console, screen=True, auto_refresh=False, vertical_overflow="crop")
        with contextlib.ExitStack() as ends:  # what fails half-way gives the terminal back too
            keyboard = Keyboard(lambda key: self._press(desk, key)) if desk else None  # before rich takes stdout
            if keyboard:
                ends.callback(keyboard.close)
            ends.enter_context(_quiet_stderr())
            ends.enter_context(self._live)
            self._screen = Screen(heading, self._console, keys=keyboard is not None and keyboard.works)
            self._ends = ends.pop_all()
        self._painter = Thread(target=self._paint, name="overlay", daemon=True)
        self._painter.start()

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:  # noqa: ARG002 (the sink's contract)
        """Show what was heard, tentative words dim."""
        with self._lock:
            self._board.hear(hypothesis)
        self._changed.set()

    def finding(self, finding: Finding) -> None:
        """Show a finding, or what became of it."""
        with self._lock:
            self._board.find(finding)
        self._changed.set()

    def status(self, status: Status) -> None:
        """Show how the session is doing."""
        with self._lock:
            self._board.status = status
        self._changed.set()

    def ring(self) -> None:
        """Ring the terminal's bell."""
        self._bell = True
        self._changed.set()

    def dismissed(self, finding: Finding) -> bool:
        """Whether the host has said of these words that they are a false alarm."""
        with self._lock:
            return self._board.dismissed(finding)

    def close(self) -> None:
        """Give the terminal back and print the summary."""
        self._closing.set()
        self._changed.set()
        self._painter.join(_LONGEST_WAIT)
        self._ends.close()
        for line in summary(self._board):
            self._console.print(line, soft_wrap=True)

    def _press(self, desk: Desk, key: str) -> None:
        with self._lock:
            request = self._controls.press(key)
            self._answered = time.monotonic()
        self._changed.set()
        if request is not None and (trouble := desk(request)):
            with self._lock:
                self._controls.prompt.message = trouble
            self._changed.set()

    def _paint(self) -> None:
        painted = None
        while not self._closing.is_set():
            changed = self._changed.wait(_RESIZED)
            size = self._console.size
            if not changed and size == painted:
                continue
            self._changed.clear()
            with self._lock:
                if time.monotonic() - self._answered > _MESSAGE_STAYS:
                    self._controls.prompt.message = ""
                frame = self._screen.draw(self._board, *size, self._controls.prompt)
            self._live.update(frame, refresh=True)
            if self._bell:
                self._bell = False
                self._console.bell()
            painted = size
            self._closing.wait(_PAUSE)


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep what native libraries (ALSA, PortAudio) write to standard error off the screen while it is drawn."""
    try:
        number = sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):
        yield
        return
    sys.stderr.flush()
    with tempfile.TemporaryFile() as aside, os.fdopen(os.dup(number), "wb") as kept:
        os.dup2(aside.fileno(), number)
        try:
            yield
        finally:
            os.dup2(kept.fileno(), number)
