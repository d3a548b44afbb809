"""Where sessions lie on disk, and which of them runs, ended or broke off."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from streamcheck.errors import ConfigError, OutputError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.sessions.store import Session, Store

State = Literal["running", "ended", "broken"]


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of all sessions: `sessions.sqlite`, and for each session a folder with its sound and its lock.

    The process of a session holds the lock; the system lets it go when the process dies in any way, which a process
    number, used anew by another, would not tell.
    """

    folder: Path

    @classmethod
    def of_user(cls) -> "Home":
        """In the user's data folder; XDG_DATA_HOME is obeyed."""
        return cls(user_data_path("streamcheck") / "sessions")

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.folder / "sessions.sqlite"

    def store(self) -> Store:
        """Open the store. Raises OutputError."""
        return Store(self.database)

    def of(self, session: str) -> Path:
        """The folder of one session."""
        return self.folder / session

    def lock(self, session: str) -> FileLock:
        """Take a session for this process until released. Raises filelock.Timeout where another has it, OutputError."""
        folder = self.of(session)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder / "lock", timeout=0)
            lock.acquire()
        except OSError as error:
            if isinstance(error, Timeout):
                raise
            raise OutputError(text("sessions.failed", file=printable(str(folder)), why=error.strerror)) from error
        return lock

    def state(self, session: Session) -> State:
        """Whether a session runs, has ended in order, or broke off."""
        if session.ended is not None:
            return "ended"
        if not self.of(session.id).is_dir():
            return "broken"
        try:
            self.lock(session.id).release()
        except Timeout:
            return "running"
        except OutputError:
            return "broken"
        return "broken"

    def delete(self, store: Store, session: Session) -> None:
        """Forget a session: first its sound, then what was said. Raises ConfigError where it runs, OutputError."""
        if self.state(session) == "running":
            raise ConfigError(text("sessions.runs", session=session.id))
        self.forget(store, session.id)

    def forget(self, store: Store, session: str) -> None:
        """Delete a session's folder and rows, whatever its state. Raises OutputError."""
        folder = self.of(session)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            pass
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError(text("sessions.not-deleted", folder=printable(str(folder)), why=why)) from error
        store.delete(session)

    def older_than(self, store: Store, days: float, now: float) -> list[Session]:
        """The sessions that ended or broke off more than so many days before `now` (Unix seconds)."""
        old = [one for one in store.sessions() if (one.ended or one.started + one.seconds) < now - days * 86_400]
        return [one for one in old if self.state(one) != "running"]
