"""JSON transcripts: openai-whisper, faster-whisper tools, WhisperX, whisper.cpp, OpenAI's service, transformers,
YouTube's json3 and our own report.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance, Word
from streamcheck.i18n import text as message
from streamcheck.transcripts.building import glued, seconds, settled, utterance

Note = Callable[[str], None]
"""Takes one sentence about damage that was read around."""

_LISTS = ("segments", "transcription", "chunks", "utterances")
_PAUSE = 0.4
"""Seconds between two words of a bare list that end an utterance."""
_MAX_FAILURES = 200


def parse(text: str, note: Note) -> list[Utterance]:
    """The utterances of a JSON transcript; of a cut or broken one, those that can still be read.

    Raises TranscriptError where it holds none and is not an empty transcript of a known form.
    """
    try:
        found = _utterances(json.loads(text))
    except (ValueError, RecursionError) as error:
        found = [one for one in _salvaged(text) if one]
        if not found:
            raise TranscriptError(message("transcripts.bad-json", why=error)) from error
        note(message("transcripts.damaged-json"))
    if found is None:
        raise TranscriptError(message("transcripts.unknown-json", names=", ".join(_LISTS)))
    return settled(found)


def _utterances(data: Any) -> list[Utterance | None] | None:
    """What a parsed document holds; None where its form is unknown."""
    if isinstance(data, list):
        return [row_utterance(row) for row in data]
    if not isinstance(data, dict):
        return None
    if isinstance(files := data.get("files"), list):
        return [found for file in files for found in _utterances(file) or ()]
    for name in _LISTS:
        if isinstance(rows := data.get(name), list):
            return [row_utterance(row) for row in rows]
    if isinstance(events := data.get("events"), list):
        return [_json3(event) for event in events]
    for name in ("words", "word_segments"):
        if isinstance(data.get(name), list):
            return [*_by_pauses(_words(data[name]))]
    return [row_utterance(data)] if isinstance(data.get("text"), str) else None


def row_utterance(row: Any, line: int | None = None) -> Utterance | None:
    """The utterance of one segment in any of the dialects; `line` counts where it has no time."""
    if isinstance(row, str):
        return utterance(row, line=line)
    if not isinstance(row, Mapping):
        return None
    words = _words(row.get("words")) or _tokens(row.get("tokens"))
    spoken = row.get("text")
    start, end = _span(row)
    return utterance(
        spoken if isinstance(spoken, str) else " ".join(word.text for word in words),
        start,
        end,
        words=words,
        line=line if start is None else None,
        speaker=speaker if isinstance(speaker := row.get("speaker"), str) else None,
    )


def _span(row: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Start and end in seconds, from seconds, milliseconds (whisper.cpp) or a pair (transformers)."""
    match row:
        case {"offsets": {"from": int() | float() as start, "to": int() | float() as end}}:
            return seconds(start / 1000), seconds(end / 1000)
        case {"timestamps": {"from": start, "to": end}} | {"timestamp": [start, end]}:
            return seconds(start), seconds(end)
    return seconds(row.get("start")), seconds(row.get("end"))


def _words(rows: Any) -> list[Word]:
    return glued(word for row in rows if (word := _word(row))) if isinstance(rows, list) else []


def _word(row: Any) -> Word | None:
    match row:
        case {"word": str() as spoken} | {"text": str() as spoken}:
            sure = next((row[name] for name in ("probability", "score", "confidence") if name in row), 1.0)
            return Word(spoken, *_span(row), _share(sure))
        case [str() as spoken, start, end, *_]:
            return Word(spoken, seconds(start), seconds(end))
    return None


def _share(value: Any) -> float:
    return min(max(float(value), 0.0), 1.0) if isinstance(value, int | float) and value == value else 1.0


def _tokens(rows: Any) -> list[Word]:
    """The words of whisper.cpp's tokens; its marks (`[_BEG_]`, `[_TT_50]`) are no speech."""
    if not isinstance(rows, list):
        return []
    return glued(
        Word(row["text"], *_span(row), _share(row.get("p", 1.0)))
        for row in rows
        if isinstance(row, Mapping) and isinstance(row.get("text"), str) and not row["text"].startswith("[_")
    )


def _by_pauses(words: Sequence[Word]) -> Iterator[Utterance | None]:
    first = 0
    for last, (word, following) in enumerate(pairwise(words), 1):
        if word.end is not None and following.start is not None and following.start - word.end > _PAUSE:
            yield utterance(" ".join(word.text for word in words[first:last]), words=words[first:last])
            first = last
    yield utterance(" ".join(word.text for word in words[first:]), words=words[first:])


def _json3(event: Any) -> Utterance | None:
    """YouTube: `segs` with an offset of each; an event that only appends a line break holds no text."""
    match event:
        case {"tStartMs": int() as began, "segs": list() as pieces}:
            parts = [piece for piece in pieces if isinstance(piece, dict) and isinstance(piece.get("utf8"), str)]
        case _:
            return None
    lasts = event.get("dDurationMs")
    words = glued(Word(part["utf8"], seconds((began + _offset(part)) / 1000)) for part in parts if part["utf8"].strip())
    return utterance(
        "".join(part["utf8"] for part in parts),
        seconds(began / 1000),
        seconds((began + lasts) / 1000) if isinstance(lasts, int) else None,
        words=words,
    )


def _offset(part: Mapping[str, Any]) -> int:
    return offset if isinstance(offset := part.get("tOffsetMs"), int) else 0


def _salvaged(text: str) -> Iterator[Utterance | None]:
    """The whole segments of a broken document, and what is left of the text of broken ones between and after them."""
    decoder = json.JSONDecoder()
    place, read_to, failures = 0, 0, 0
    while (found := text.find("{", place)) >= 0 and failures < _MAX_FAILURES:
        try:
            row, place = decoder.raw_decode(text, found)
        except (ValueError, RecursionError):
            failures += 1
            place = found + 1
            continue
        if isinstance(row, dict) and isinstance(row.get("text"), str) and "p" not in row and _span(row)[0] is not None:
            if read_to:  # what stands before the first segment is the whole text once more
                yield remains(text[read_to:found])
            yield row_utterance(row)
            read_to = place
        elif isinstance(row, dict) and "tStartMs" in row and "segs" in row:
            yield _json3(row)
            read_to = place
    yield remains(text[read_to:]) or _pieces(text[read_to:])


def _pieces(text: str) -> Utterance | None:
    """The utterance of one of YouTube's events that is cut."""
    spoken = "".join(_unescaped(match[1]) for match in _PIECE.finditer(text))
    began = _BEGAN.search(text)
    return utterance(spoken, seconds(int(began[1]) / 1000) if began else None)


_TEXT = re.compile(r'"text"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)')
_PIECE = re.compile(r'"utf8"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)')
_BEGAN = re.compile(r'"tStartMs"\s*:\s*(\d{1,15})')
_START = re.compile(r'"start"\s*:\s*([\d.]+)')


def remains(text: str, line: int | None = None) -> Utterance | None:
    """The utterance of a JSON object that is cut or broken, as far as its text can be read."""
    if not (spoken := _TEXT.search(text)):
        return None
    start = _START.search(text)
    return utterance(_unescaped(spoken[1]), seconds(start[1]) if start else None, line=None if start else line)


def _unescaped(text: str) -> str:
    """What stood between the quotation marks of a text in JSON."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text
