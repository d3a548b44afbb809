"""The JSON lines of a session at the end of a file: what `--format jsonl` prints, whatever is on the screen."""

import os
from pathlib import Path

from streamcheck.errors import OutputError
from streamcheck.i18n import text
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.safe import printable


class LogFile:
    """A file that lines are appended to, each written at once: what `JsonLines` takes as its output.

    Raises OutputError where it cannot be opened or written; a line that a full disk has cut off ends there, and the
    next begins on its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cut = False
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._failed(error) from error

    def write(self, line: str) -> None:
        """Append a line."""
        data = b"\n" * self._cut + line.encode("utf-8", "replace")
        try:
            written = os.write(self._file, data)
            self._cut = written != len(data)
            if self._cut:
                raise OSError(28, "No space left on device")
        except OSError as error:
            raise self._failed(error) from error

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(text("delivery.no-log", file=printable(str(self._path)), why=error.strerror))


class Log(JsonLines):
    """The sink that appends to a file. Raises OutputError where it cannot."""

    def __init__(self, path: Path) -> None:
        self._target = LogFile(path)
        super().__init__(self._target)

    def close(self) -> None:
        """Close the file."""
        self._target.close()
