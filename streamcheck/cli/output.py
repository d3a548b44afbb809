"""Writing a result where the user wants it."""

import os
import sys
from pathlib import Path

from streamcheck.errors import OutputError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.whole import write_whole


def complain(message: str) -> None:
    """Say on standard error what is wrong, each line of it made safe."""
    lines = [printable(line) for line in message.splitlines()] or [""]
    print("streamcheck: " + "\n".join(lines), file=sys.stderr, flush=True)


def check_output(output: Path | None) -> None:
    """Refuse a place that cannot be written before the long work, not after it."""
    if output is not None:
        folder = output.parent
        if output.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise OutputError(text("reports.unwritable", file=printable(str(output))))


def deliver(content: str | bytes, output: Path | None) -> None:
    """Write a result into the file, or print it where there is none. Raises OutputError."""
    if output is not None:
        write_output(output, content)
    elif isinstance(content, str):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(content)
    elif sys.stdout.isatty():
        raise OutputError(text("reports.binary"))
    else:
        sys.stdout.buffer.write(content)


def write_output(output: Path, content: str | bytes) -> None:
    """Write the file whole or not at all. Raises OutputError."""
    try:
        write_whole(output, content)
    except OSError as error:
        raise OutputError(text("reports.not-written", file=printable(str(output)), why=error.strerror)) from error
