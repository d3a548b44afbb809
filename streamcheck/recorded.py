"""What a review listens to: a media file, or the sound that is kept of a session, under one face."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from streamcheck.audio.decoding import SPEECH, SoundForm
from streamcheck.events import AudioBlock
from streamcheck.sessions.home import Home
from streamcheck.sessions.sound import Sound, pieces
from streamcheck.sessions.store import LAST, Session

_SESSION = re.compile(r"\d{8}-\d{6}(-[0-9a-f]*)?")


class Blocks(Iterator[AudioBlock], Protocol):
    """Sound as it is read; `duration` in seconds where known, `trouble` what was wrong, once it has ended."""

    @property
    def duration(self) -> float | None: ...
    @property
    def trouble(self) -> str: ...


class Recorded(Protocol):
    """Sound that can be read from its start as often as needed."""

    @property
    def files(self) -> Sequence[Path]:
        """The files whose content it is."""
        ...

    @property
    def picture(self) -> tuple[Path, int] | None:
        """The file that may have a picture, and its track of this sound."""
        ...

    def form(self, wanted: SoundForm) -> SoundForm:
        """The form that `blocks` gives where one is wanted."""
        ...

    def blocks(self, form: SoundForm = SPEECH) -> Blocks:
        """Its sound from the start. Raises SourceError."""
        ...


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """One track of a media file."""

    path: Path
    track: int = 0

    @property
    def files(self) -> Sequence[Path]:
        return [self.path]

    @property
    def picture(self) -> tuple[Path, int] | None:
        return self.path, self.track

    def form(self, wanted: SoundForm) -> SoundForm:
        return wanted

    def blocks(self, form: SoundForm = SPEECH) -> Blocks:
        from streamcheck.audio.media import Recording

        return Recording(self.path, self.track, form)


@dataclass(frozen=True, slots=True)
class RecordedSession:
    """The sound of a live session, which is kept in the form that is recognised."""

    folder: Path
    seconds: float

    @property
    def files(self) -> Sequence[Path]:
        return [path for _, path in pieces(self.folder)]

    @property
    def picture(self) -> tuple[Path, int] | None:
        return None

    def form(self, wanted: SoundForm) -> SoundForm:  # noqa: ARG002 (there is but one)
        return SPEECH

    def blocks(self, form: SoundForm = SPEECH) -> Blocks:  # noqa: ARG002
        return _SessionBlocks(self.folder, self.seconds)


class _SessionBlocks(Sound):
    trouble = ""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(folder)
        self.duration: float | None = seconds


def session_named(name: str) -> Session | None:
    """The session that `last` or an id means where no file is called so; None where the name is none of a session.

    Raises ConfigError where there is no such session.
    """
    if Path(name).exists() or not (name == LAST or _SESSION.fullmatch(name)):
        return None
    with Home.of_user().store() as store:
        return store.session(name)


def sound_of(session: Session) -> Recorded | None:
    """The sound of a session, its own or the file that it is a review of; None where there is none any more."""
    folder = Home.of_user().of(session.content.removeprefix("session:") or session.id)
    if pieces(folder):
        return RecordedSession(folder, session.seconds)
    path = Path(session.recording)
    return RecordedFile(path, _track(session)) if session.content.startswith("sound:") and path.is_file() else None


def _track(session: Session) -> int:
    number = session.content.rpartition(":")[2]
    return int(number) if number.isdigit() else 0


def recorded(name: str, track: int = 0) -> Recorded:
    """What a name of the command line stands for: a file, or the sound of a session. Raises ConfigError."""
    session = session_named(name)
    return (sound_of(session) if session else None) or RecordedFile(Path(name), track)
