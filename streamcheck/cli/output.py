"""Writing a result where the user wants it."""

import os
from pathlib import Path

from streamcheck.errors import OutputError
from streamcheck.i18n import text
from streamcheck.safe import printable


def check_output(output: Path | None) -> None:
    """Refuse a place that cannot be written before the long work, not after it."""
    if output is not None:
        folder = output.parent
        if output.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise OutputError(text("reports.unwritable", file=printable(str(output))))


def write_output(output: Path, content: str) -> None:
    """Write the file whole or not at all. Raises OutputError."""
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        try:
            part.write_text(content, encoding="utf-8", newline="")
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(text("reports.not-written", file=printable(str(output)), why=error.strerror)) from error
