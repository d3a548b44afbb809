"""The one door to all transcript formats."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance
from streamcheck.i18n import text as message
from streamcheck.safe import printable
from streamcheck.transcripts import cues, documents, lines, plain, scripts, substation, tables
from streamcheck.transcripts.decoding import decode
from streamcheck.transcripts.documents import Note

_PARSERS: dict[str, Callable[[str, Note], list[Utterance]]] = {
    ".srt": lambda text, _: cues.parse(text),
    ".vtt": lambda text, _: cues.parse(text),
    ".sbv": lambda text, _: cues.parse(text),
    ".ass": lambda text, _: substation.parse(text),
    ".ssa": lambda text, _: substation.parse(text),
    ".json": documents.parse,
    ".json3": documents.parse,
    ".jsonl": lines.parse,
    ".tsv": lambda text, _: tables.parse_tsv(text),
    ".csv": lambda text, _: tables.parse_csv(text),
    ".txt": lambda text, _: plain.parse(text),
    ".md": lambda text, _: plain.parse(scripts.from_markdown(text)),
    ".docx": lambda text, _: plain.parse(text),
}
EXTENSIONS = tuple(_PARSERS)
"""Endings of the names of transcripts."""

_CUE = re.compile(r"^[ \t]*(?:\d+:){1,2}\d+[.,]\d+[ \t]*-->[ \t]*(?:\d+:){1,2}\d+[.,]\d+", re.MULTILINE)
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[{\"])")
_MAX_BYTES = 256 << 20
"""Far above any transcript (a day of speech with word times in JSON is 30 MB), far below the memory of a laptop."""


def is_transcript(path: Path) -> bool:
    """Whether the name says that the file is a transcript, not sound."""
    return path.suffix.lower() in _PARSERS


def read_transcript(path: Path, *, note: Note = lambda _: None) -> list[Utterance]:
    """The utterances of a transcript file, in order of time; `note` takes a sentence about damage read around.

    Raises TranscriptError (file, what, way out) where the file cannot be read as a transcript.
    """
    return parse_transcript(read_whole(path), str(path), note=note)


def read_whole(path: Path) -> bytes:
    """The content of a transcript file. Raises TranscriptError where it cannot be read or is far too large."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise TranscriptError(_named(path, message("transcripts.too-large", limit=_MAX_BYTES >> 20)))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise TranscriptError(_named(path, message("transcripts.missing"))) from error
    except OSError as error:
        raise TranscriptError(_named(path, message("transcripts.unreadable", why=error.strerror))) from error


def parse_transcript(data: bytes, name: str, *, note: Note = lambda _: None) -> list[Utterance]:
    """The utterances of a transcript that is in memory; the form is told by the ending of `name`, else by the text.

    Raises TranscriptError as `read_transcript`.
    """
    try:
        text = scripts.from_docx(data) if _is_docx(data, name) else decode(data)
        if not text.strip():
            raise TranscriptError(message("transcripts.empty"))
        suffix = Path(name).suffix.lower()
        return _PARSERS[_form(suffix, text)](text, lambda damage: note(_named(name, damage)))
    except TranscriptError as error:
        raise TranscriptError(_named(name, str(error))) from error.__cause__


def _form(suffix: str, text: str) -> str:
    """The ending that names the form of the text: its own, save where the text plainly is something else."""
    if suffix in _PARSERS and suffix not in (".txt", ".json"):
        return suffix
    if suffix != ".json" and (text.lstrip().startswith("WEBVTT") or _CUE.search(text)):
        return ".srt"
    if suffix == ".txt":
        return suffix
    if suffix == ".json" or _JSON.match(text):
        return ".jsonl" if _is_lines(text) else ".json"
    return ".ass" if "[Events]" in text and "Dialogue:" in text else ".txt"


def _is_docx(data: bytes, name: str) -> bool:
    """Whether to read Word's own format: a text that is merely called so is read as text."""
    return data.startswith(scripts.DOCX) or (name.lower().endswith(".docx") and b"\0" in data[:1024])


def _is_lines(text: str) -> bool:
    first, _, rest = text.strip().partition("\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(rest)


def _named(name: Path | str, sentence: str) -> str:
    return f"{printable(str(name))}: {sentence}"
