"""JSON lines, one utterance a line, our own live output among them."""

import json
from typing import Any

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance
from streamcheck.i18n import text as message
from streamcheck.transcripts.building import settled
from streamcheck.transcripts.documents import Note, remains, row_utterance


def parse(text: str, note: Note) -> list[Utterance]:
    """The utterances of the lines that hold one; a damaged line gives what can be read of it, and a note.

    Raises TranscriptError where no line is JSON.
    """
    found: list[Utterance | None] = []
    damaged: list[int] = []
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            damaged.append(number)
            found.append(remains(line, number))
            continue
        if _is_said(row):
            found.append(row_utterance(row, number))
    if lines and len(damaged) == len(lines) and not any(found):
        raise TranscriptError(message("transcripts.no-json-lines"))
    if damaged:
        note(message("transcripts.damaged-lines", lines=", ".join(map(str, damaged[:10])), count=len(damaged)))
    return settled(found)


def _is_said(row: Any) -> bool:
    """Whether a line is committed speech: other lines of ours are findings, status and text still in doubt."""
    return not isinstance(row, dict) or (
        row.get("type", "transcript") == "transcript" and row.get("final") is not False
    )
