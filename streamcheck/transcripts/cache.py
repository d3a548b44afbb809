"""Recognised transcripts kept by what was heard and how, so that the same sound is recognised once."""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from streamcheck.events import Utterance, Word

_FORM = 1


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised in a recording; `trouble` says what was wrong with the file ("" if nothing)."""

    utterances: tuple[Utterance, ...]
    duration: float
    trouble: str = ""


class TranscriptCache:
    """A folder of recognitions. A broken entry counts as none, and a folder that cannot be written keeps none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
            data = json.loads(self._path(key).read_bytes())
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
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(data, file, ensure_ascii=False, separators=(",", ":"), default=float)
                Path(name).replace(self._path(key))
            finally:
                Path(name).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.json"
