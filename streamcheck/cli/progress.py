"""A progress bar with the time left, on standard error, where that is a terminal."""

from typing import TYPE_CHECKING

from streamcheck.safe import printable

if TYPE_CHECKING:
    from rich.progress import Progress

_LONGEST_NAME = 40


class ProgressBar:
    """Shows how far the work on one file is; it appears with the first call and leaves nothing behind."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __call__(self, file: str, done: float, length: float | None) -> None:
        """Show `done` of `length` seconds of a file."""
        if self._bar is None:
            self._bar = _bar()
            self._bar.add_task(printable(file, _LONGEST_NAME))
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=length)

    def clear(self) -> None:
        """Take the bar off the screen; the next call begins a new one."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
