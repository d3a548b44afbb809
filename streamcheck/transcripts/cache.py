"""Recognised transcripts kept by what was heard and how, so that the same sound is recognised once.

What a run in progress has heard lies beside them in a journal, a line for each batch of windows. An own folder of JSON
rather than diskcache: entries are whole files that another process may read, and the journal must outlive a kill.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamcheck.events import Utterance, Word
from streamcheck.whole import write_whole

_FORM = 1
MOST_BYTES = 512 << 20
"""What all entries may take, about five hundred hours of speech; the longest unused go first."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised in a recording; `trouble` says what was wrong with the file ("" if nothing)."""

    utterances: tuple[Utterance, ...]
    duration: float
    trouble: str = ""


class TranscriptCache:
    """A folder of recognitions. A broken entry counts as none, and a folder that cannot be written keeps none."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def key(self, recording: Iterable[Path], recipe: Mapping[str, object]) -> str:
        """The name of a recognition: a hash of the files' content and of all that decides what is heard in it.

        Raises OSError where the recording cannot be read.
        """
        digest = hashlib.sha256()
        for path in recording:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update(json.dumps([_FORM, dict(recipe)], sort_keys=True, default=str).encode())
        return digest.hexdigest()

    def get(self, key: str) -> Recognition | None:
        """The recognition of this name, None where there is none that is whole."""
        try:
            path = self._path(key)
            data = json.loads(path.read_bytes())
            with contextlib.suppress(OSError):
                os.utime(path)
            utterances = tuple(
                Utterance(tuple(Word(*word) for word in words), start, end, speaker=speaker)
                for start, end, speaker, words in data["utterances"]
            )
            return Recognition(utterances, float(data["duration"]), str(data["trouble"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def put(self, key: str, recognition: Recognition) -> None:
        """Keep a recognition; another process sees all of it or nothing."""
        data = {
            "utterances": [
                [one.start, one.end, one.speaker, [[w.text, w.start, w.end, w.probability] for w in one.words]]
                for one in recognition.utterances
            ],
            "duration": recognition.duration,
            "trouble": recognition.trouble,
        }
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            content = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=float)
            write_whole(self._path(key), content, private=True)
            self.journal(key).forget()
            self._prune(key)

    def journal(self, key: str) -> "WindowJournal":
        """What an unfinished run of this name has heard."""
        return WindowJournal(self._folder / f"{key}.windows")

    def _prune(self, kept: str) -> None:
        """Delete what was not used for the longest time until the rest fits; never what was put last."""
        files = sorted(((file.stat(), file) for file in self._folder.iterdir()), key=lambda pair: pair[0].st_mtime)
        total = sum(stat.st_size for stat, _ in files)
        for stat, file in files:
            if total <= self._most_bytes:
                return
            if file.stem != kept:
                file.unlink(missing_ok=True)
                total -= stat.st_size

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"


class WindowJournal:
    """Lines of `[key, rows]`, each written at once; a torn or broken line counts as none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[Any]] | None = None

    def get(self, key: str) -> list[Any] | None:
        """The rows under a key, None where there are none."""
        if self._known is None:
            self._known = dict(self._read())
        return self._known.pop(key, None)

    def put(self, key: str, rows: list[Any]) -> None:
        """Add rows. Where they cannot be written, the run goes on and cannot be resumed from here."""
        line = json.dumps([key, rows], ensure_ascii=False, separators=(",", ":"))
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"\n{line}\n")  # the first line feed ends what a kill has torn

    def forget(self) -> None:
        """Delete all rows."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read(self) -> Iterator[tuple[str, list[Any]]]:
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return
        for line in lines:
            with contextlib.suppress(ValueError):
                match json.loads(line):
                    case [str() as key, [*rows]] if all(map(_is_row, rows)):
                        yield key, rows


def _is_row(row: Any) -> bool:
    match row:
        case [str(), float() | int(), bool(), [*words]]:
            return all(isinstance(word, list) and len(word) == 4 for word in words)
    return False
