"""The host's screen on a terminal: a thread that paints the board when it changes, eight times a second at most.

Events only change the board; a terminal that blocks (a slow line, Ctrl+S) stops the painter and nothing else.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from threading import Event, Lock, Thread

from rich.console import Console
from rich.live import Live
from rich.text import Text

from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.overlay.board import Board
from streamcheck.overlay.plain import summary
from streamcheck.overlay.screen import Heading, Screen

_PAUSE = 0.125
"""Seconds between two paintings; nobody reads faster, and the recogniser needs the processor."""
_RESIZED = 0.5
"""Seconds between two looks at the size of the window while nothing happens; Windows has no signal for it."""
_LONGEST_WAIT = 2.0
"""Seconds that the end of a session waits for a terminal that does not take its output."""


class RichOverlay:
    """A sink that shows the session on a terminal of its own screen, and its summary below the prompt at the end."""

    def __init__(self, heading: Heading, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._screen = Screen(heading, self._console)
        self._board = Board()
        self._lock = Lock()
        self._changed, self._closing = Event(), Event()
        self._changed.set()
        self._ends = contextlib.ExitStack()
        self._ends.enter_context(_quiet_stderr())
        self._live = Live(Text(), console=self._console, screen=True, auto_refresh=False, vertical_overflow="crop")
        self._ends.enter_context(self._live)
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

    def close(self) -> None:
        """Give the terminal back and print the summary."""
        self._closing.set()
        self._changed.set()
        self._painter.join(_LONGEST_WAIT)
        self._ends.close()
        for line in summary(self._board):
            self._console.print(line, soft_wrap=True)

    def _paint(self) -> None:
        painted = None
        while not self._closing.is_set():
            changed = self._changed.wait(_RESIZED)
            size = self._console.size
            if not changed and size == painted:
                continue
            self._changed.clear()
            with self._lock:
                frame = self._screen.draw(self._board, *size)
            self._live.update(frame, refresh=True)
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
