"""After the broadcast: recordings and transcripts → words → findings. Wiring only; the command prints."""

import glob
import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property, partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from streamcheck.chats import check_conduct, is_chat_name, parse_chat
from streamcheck.errors import StreamcheckError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Finding, Utterance, Word
from streamcheck.i18n import text
from streamcheck.recorded import Recorded, RecordedFile, session_named, sound_of
from streamcheck.reports import FailedFile, ReviewedFile
from streamcheck.safe import printable
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import Session
from streamcheck.transcripts import is_transcript, parse_transcript, read_transcript, read_whole
from streamcheck.transcripts.cache import Recognition, TranscriptCache

if TYPE_CHECKING:
    from streamcheck.checking import Checker
    from streamcheck.checking.engine import Trace
    from streamcheck.speech import Engine

STANDARD_INPUT = "-"
MEDIA_ENDINGS = frozenset(
    ".3gp .aac .aiff .amr .avi .flac .flv .m4a .m4v .mka .mkv .mov .mp3 .mp4 .mpeg .mpg .mts .oga .ogg .ogv .opus .ts "
    ".wav .webm .wma .wmv".split()
)
"""What counts as a recording where a folder is reviewed; a file that is named is one whatever its ending."""

Progress = Callable[[str, float, float | None], None]
"""Takes the file in work, the seconds of it that are done, and its length where known."""


def expand(names: Sequence[str]) -> list[str]:
    """The files that names stand for, each once: folders give the recordings and transcripts in them, patterns
    what they match; a name that gives nothing stays, so that its absence is told.
    """
    return list(dict.fromkeys(file for name in names for file in _files(name) or [name]))


def _files(name: str) -> list[str]:
    folder = Path(name)
    if name != STANDARD_INPUT and folder.is_dir():
        inside = sorted(file for file in folder.rglob("*") if file.is_file())
        return [str(file) for file in inside if _is_reviewable(file.relative_to(folder))]
    return [] if folder.exists() else sorted(glob.glob(name, recursive=True))  # noqa: PTH207 (Path: no absolute ones)


def is_recording(file: str) -> bool:
    """Whether a name stands for sound that has to be recognised."""
    return file != STANDARD_INPUT and not is_transcript(Path(file))


def _is_reviewable(file: Path) -> bool:
    known = is_transcript(file) or file.suffix.lower() in MEDIA_ENDINGS
    return known and not any(part.startswith(".") for part in file.parts)


@dataclass
class Recogniser:
    """Recordings → words, with one model for all of them, loaded when the first is not in the cache."""

    model: str
    language: str
    cache: TranscriptCache | None = None
    note: Callable[[str], None] = lambda _: None

    @cached_property
    def _engine(self) -> "Engine":
        from streamcheck.speech import load_engine, review_workers

        return load_engine(self.model, workers=review_workers(), language=self.language, note=self.note)

    def recognise(
        self, recording: Recorded, progress: Callable[[float, float | None], None] | None = None
    ) -> Recognition:
        """The words of a recording; `progress` takes seconds done and the length. Raises SourceError, ModelError."""
        there = all(file.is_file() for file in recording.files)
        key = self.cache.key(recording.files, self._recipe(recording)) if self.cache and there else ""
        known = self.cache.get(key) if self.cache and key else None
        return known or self._heard(recording, key, progress)

    def _heard(
        self, recording: Recorded, key: str, progress: Callable[[float, float | None], None] | None
    ) -> Recognition:
        from streamcheck.speech.offline import transcribe_recording
        from streamcheck.speech.remembering import RememberingEngine

        blocks = recording.blocks()
        length, meter, engine = blocks.duration, _Meter(blocks), self._engine
        if self.cache and key:
            engine = RememberingEngine(engine, self.cache.journal(key))

        def moved(done: float) -> None:
            if progress:
                progress(done, length)

        moved(0.0)
        heard = tuple(transcribe_recording(engine, meter, duration=length, progress=moved))
        recognition = Recognition(heard, meter.seconds, blocks.trouble)
        if self.cache and key:
            self.cache.put(key, recognition)
        return recognition

    def _recipe(self, recording: Recorded) -> dict[str, object]:
        """All that decides what is heard in a recording, beside its sound."""
        folder = Path(self.model)
        weights = [(file.name, file.stat().st_size, file.stat().st_mtime) for file in sorted(folder.glob("*.bin"))]
        return {
            "model": [self.model, weights],
            "language": self.language,
            "track": recording.picture[1] if recording.picture else 0,
            "code": _code_of_recognition(),
            "engines": [version(name) for name in ("faster-whisper", "ctranslate2", "onnxruntime")],
        }


@cache
def _code_of_recognition() -> str:
    """A hash of our own recognising code: an update that hears better must not be answered from the cache."""
    digest = hashlib.sha256()
    for part in ("speech", "audio"):
        for file in sorted((files("streamcheck") / part).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


class _Meter(Iterator[AudioBlock]):
    """Blocks passed on, and how far they went."""

    def __init__(self, blocks: Iterator[AudioBlock]) -> None:
        self._blocks = blocks
        self.seconds = 0.0

    def __next__(self) -> AudioBlock:
        block = next(self._blocks)
        self.seconds = (block.start + len(block.samples)) / SAMPLE_RATE
        return block


@dataclass(frozen=True)
class Reviewer:
    """Checks files with one set of rules and, for recordings, one recogniser.

    In chats, `sellers` are the names under which the shop writes, and `now` is until when it had time to answer.
    """

    checker: "Checker"
    recogniser: Recogniser
    track: int = 0
    progress: Progress | None = None
    trace: "Trace | None" = None
    sellers: Sequence[str] = ()
    now: datetime | None = None

    def review(self, file: str) -> ReviewedFile | FailedFile:
        """As `check`; what is wrong with the file is a result, no error."""
        try:
            return self.check(file)
        except (StreamcheckError, OSError) as error:
            return _failed(file, error)

    def review_with(self, transcript: Path, recording: str) -> ReviewedFile | FailedFile:
        """As `check_with`; what is wrong with the files is a result, no error."""
        try:
            return self.check_with(transcript, recording)
        except StreamcheckError as error:
            return _failed(recording, error)

    def check(self, file: str) -> ReviewedFile:
        """One file by its name, `-` for a transcript on standard input, or a session by `last` or its id.

        Raises SourceError, TranscriptError, ModelError, ConfigError, OSError.
        """
        notes: list[str] = []
        if file == STANDARD_INPUT:
            return self._written(file, sys.stdin.buffer.read(), notes)
        path = Path(file)
        if is_transcript(path):
            return self._written(file, read_whole(path), notes)
        session = session_named(file)
        sound = sound_of(session) if session else RecordedFile(path, self.track)
        if session and sound is None:
            return self._from_store(file, session)
        assert sound is not None
        heard = self.recogniser.recognise(sound, partial(self.progress, file) if self.progress else None)
        return self._checked(file, heard.utterances, [heard.trouble] if heard.trouble else [], heard.duration)

    def recheck(self, file: ReviewedFile) -> ReviewedFile:
        """A reviewed file by these rules: from its words; a chat is read again, for who wrote what.

        Raises TranscriptError, OSError.
        """
        if is_chat_name(file.file):
            return self.check(file.file)
        return replace(file, findings=self.checker.check(file.utterances, file=file.file, trace=self.trace))

    def check_with(self, transcript: Path, recording: str) -> ReviewedFile:
        """A recording by a transcript of it, with nothing recognised. Raises SourceError, TranscriptError."""
        from streamcheck.audio.media import media_duration

        notes: list[str] = []
        duration = media_duration(Path(recording))
        return self._checked(recording, read_transcript(transcript, note=notes.append), notes, duration)

    def _written(self, file: str, data: bytes, notes: list[str]) -> ReviewedFile:
        """A transcript, or the log of a chat. Raises TranscriptError."""
        chat = parse_chat(data, file, self.sellers) if is_chat_name(file) else None
        if chat is None:
            return self._checked(file, parse_transcript(data, file, note=notes.append), notes)
        if all(one.seller is None for one in chat):
            notes.append(f"{printable(file)}: {text('chats.who-is-shop')}")
        said = [Utterance(tuple(map(Word, one.text.split())), line=one.line, speaker=one.author) for one in chat]
        own = [words for words, one in zip(said, chat, strict=True) if one.seller is not False]
        found = self.checker.check(own, file=file, trace=self.trace)
        found += map(self._unless_ignored, check_conduct(chat, file, self.now or datetime.now()))
        return ReviewedFile(file, said, sorted(found, key=lambda one: one.line or 0), None, notes)

    def _unless_ignored(self, finding: Finding) -> Finding:
        from streamcheck.checking.ignores import ignored_because

        rules = self.checker.rules
        why = ignored_because(rules.shop.ignore, finding.rule, finding.fingerprint, rules.today)
        return replace(finding, ignored=why)

    def _from_store(self, name: str, session: Session) -> ReviewedFile:
        """A session without sound, by the words that were heard while it ran."""
        with Home.of_user().store() as store:
            return self._checked(name, store.utterances(session.id), (), session.seconds)

    def _checked(
        self, file: str, utterances: Sequence[Utterance], notes: Sequence[str], duration: float | None = None
    ) -> ReviewedFile:
        findings = self.checker.check(utterances, file=file, trace=self.trace)
        return ReviewedFile(file, utterances, findings, duration, notes)


def user_cache() -> TranscriptCache:
    """The user's cache of what was recognised."""
    return TranscriptCache(user_cache_path("streamcheck") / "transcripts")


def _failed(file: str, error: Exception) -> FailedFile:
    name = printable(file)
    reason = str(error) if isinstance(error, StreamcheckError) else getattr(error, "strerror", None) or str(error)
    return FailedFile(file, reason if reason.startswith(name) else f"{name}: {reason}")
