"""One SQLite file that several processes share: opened, brought to today's shape, its refusals told in one line."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from streamcheck.errors import OutputError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.sessions.schema import STEPS

BUSY_SECONDS = 10.0


class Database:
    """An open file: for one thread at a time. `patience` is how many seconds to wait for another writer."""

    def __init__(self, path: Path, *, patience: float = BUSY_SECONDS) -> None:
        """Open or create the file and bring it to today's shape. Raises OutputError."""
        self.path = path
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last to do so folds the journal into it."""
        self._database.close()

    def _prepare(self) -> None:
        self._database.row_factory = sqlite3.Row
        for _ in range(20):  # switching to WAL does not wait for another process that does the same
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.05)
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA wal_autocheckpoint = 4000")  # pages (16 MB): the one write in many that waits
        self._database.execute("PRAGMA foreign_keys = ON")
        self._database.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        if self._steps_taken() != len(STEPS):
            self._migrate()

    def _steps_taken(self) -> int:
        (count,) = self._database.execute("PRAGMA user_version").fetchone()
        return int(count)

    def _migrate(self) -> None:
        with self._writing():
            done = self._steps_taken()  # anew: another process may have come first
            if done > len(STEPS):
                raise OutputError(text("sessions.newer", file=printable(str(self.path))))
            for number in range(done, len(STEPS)):
                for statement in STEPS[number].split(";"):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA user_version = {number + 1}")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What SQLite or the disk refuses (full, locked, damaged) is an OutputError."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, OutputError):
                raise
            why = getattr(error, "strerror", None) or str(error)
            raise OutputError(text("sessions.failed", file=printable(str(self.path)), why=printable(why))) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction."""
        with self._telling():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def _do(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self._database.execute(query, [_storable(value) for value in values])

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._telling():
            return self._do(query, *values).fetchall()


def _storable(value: Any) -> Any:
    """A lone surrogate (a file name in no encoding) is no text for SQLite."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
