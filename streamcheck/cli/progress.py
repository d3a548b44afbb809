"""A progress bar with the time left, on standard error, where that is a terminal."""

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text

from streamcheck.reports.wording import clock
from streamcheck.safe import printable

_LONGEST_NAME = 40


class ProgressBar:
    """Shows how far the work on one file is; it appears with the first call and leaves nothing behind."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __call__(self, file: str, done: float, length: float | None) -> None:
        """Show `done` of `length` seconds of a file."""
        if self._bar is None:
            console = Console(stderr=True)
            columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), _TimeLeft()
            self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
            self._bar.add_task(printable(file, _LONGEST_NAME))
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=length)

    def clear(self) -> None:
        """Take the bar off the screen; the next call begins a new one."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class _TimeLeft(ProgressColumn):
    """The time left at the speed so far. rich's own column waits for a third step, and a step takes seconds here."""

    def render(self, task: Task) -> Text:
        """As `−m:ss`, nothing until something is done."""
        if not (task.elapsed and task.completed and task.total):
            return Text()
        return Text(f"−{clock(task.elapsed * (task.total / task.completed - 1))}", "cyan")
