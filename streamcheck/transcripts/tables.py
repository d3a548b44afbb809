"""Tables of cues: whisper's `.tsv`, whisper.cpp's `.csv`, and any other whose heading names its columns."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Literal

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance
from streamcheck.i18n import text as message
from streamcheck.transcripts.building import seconds, settled, utterance

_NAMES = {
    "start": {"start", "from", "begin", "начало", "time", "время"},
    "end": {"end", "to", "stop", "конец"},
    "text": {"text", "transcript", "subtitle", "caption", "message", "текст", "реплика"},
    "speaker": {"speaker", "name", "author", "спикер", "говорящий", "автор"},
}
_UNIT = re.compile(r"[\s_(]+(?:s|sec|seconds|ms|с|сек|мс)?\)?$")
_WHOLE = re.compile(r"\s*\d+\s*")
_LONGEST_NAME = 40
_SLOWEST = 1.0
"""Letters a second below which nobody speaks: whole numbers that give less are milliseconds."""

Columns = dict[str, int]
Rows = list[tuple[int, list[str]]]
"""The cells of each row under the number of its line."""


def parse_tsv(text: str) -> list[Utterance]:
    """The utterances of a table with tabs, where quotation marks are text. Raises TranscriptError as `parse_csv`."""
    return _parse(_rows(text, "\t", quoted=False), "\t")


def parse_csv(text: str) -> list[Utterance]:
    """The utterances of a table with commas, semicolons or tabs; where quotes do not close, they are text.

    Raises TranscriptError where no column is known to hold the text.
    """
    return _parse(*csv_rows(text))


def csv_rows(text: str) -> tuple[Rows, str]:
    """The rows of a table with commas, semicolons or tabs, and which of them it was."""
    head = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        return _rows(text, delimiter, quoted=True), delimiter
    except csv.Error:
        return _rows(text, delimiter, quoted=False), delimiter


def _rows(text: str, delimiter: str, *, quoted: bool) -> Rows:
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True)
    return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]


def _parse(rows: Rows, delimiter: str) -> list[Utterance]:
    if not rows:
        return []
    if columns := _heading(rows[0][1]):
        del rows[0]
    elif not (columns := _guessed([row for _, row in rows])):
        raise TranscriptError(message("transcripts.no-columns", names="start, end, text, speaker"))
    return settled(_utterances(rows, columns, delimiter))


def _heading(row: Sequence[str]) -> Columns:
    """Where the columns are by their names; empty where the row is no heading."""
    plain = [_UNIT.sub("", cell.strip().lower()[:_LONGEST_NAME]) for cell in row]
    columns = {kind: next((i for i, cell in enumerate(plain) if cell in names), -1) for kind, names in _NAMES.items()}
    return {kind: i for kind, i in columns.items() if i >= 0} if columns["text"] >= 0 else {}


def _guessed(rows: list[list[str]]) -> Columns:
    """Columns of a table without a heading: one or two of times, then the text in the last."""
    timed = [row for row in rows if len(row) > 1 and seconds(row[0]) is not None]
    if len(timed) * 2 < len(rows):
        return {}
    if sum(len(row) > 2 and seconds(row[1]) is not None for row in timed) * 2 > len(timed):
        return {"start": 0, "end": 1, "text": 2}
    return {"start": 0, "text": 1}


def _utterances(rows: Rows, columns: Columns, delimiter: str) -> Iterator[Utterance | None]:
    def cell(row: Sequence[str], kind: str) -> str:
        place = columns.get(kind, -1)
        return row[place] if 0 <= place < len(row) else ""

    place = columns["text"]
    last = place == max(columns.values())
    cells = [(number, row, cell(row, "start"), cell(row, "end")) for number, row in rows]
    unit = 0.001 if _in_milliseconds([(start, end, cell(row, "text")) for _, row, start, end in cells]) else 1.0
    for number, row, first, until in cells:
        # A text with bare delimiters falls into more cells; a cut row is shorter than the heading.
        spoken = delimiter.join(row[place:]) if last else cell(row, "text")
        if len(row) <= place:
            spoken = " ".join(part for part in row if seconds(part) is None)
        start, end = (None if time is None else round(time * unit, 3) for time in (seconds(first), seconds(until)))
        line = number if start is None else None
        yield utterance(spoken.strip('"'), start, end, line=line, speaker=cell(row, "speaker"))


def _in_milliseconds(rows: list[tuple[str, str, str]]) -> bool:
    """Whether times are whole numbers in which, as seconds, nobody would speak so slowly."""
    if not all(_WHOLE.fullmatch(time) for start, end, _ in rows for time in (start, end) if time.strip()):
        return False
    rates = [
        len(text) / (int(end) - int(start)) for start, end, text in rows if start and end and int(end) > int(start)
    ]
    return bool(rates) and median(rates) < _SLOWEST
