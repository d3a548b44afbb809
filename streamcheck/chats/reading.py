"""JSON and CSV logs of a chat → messages.

A table or a list of objects is a chat where it names an author and a time but no end of one: what was said aloud has
speakers, and ends.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from streamcheck.errors import TranscriptError
from streamcheck.transcripts.building import clean, seconds
from streamcheck.transcripts.decoding import decode
from streamcheck.transcripts.tables import csv_rows

_NAMES = {
    "author": "author автор sender from user username user_name nick nickname name from_name отправитель имя кто",
    "time": "time date datetime timestamp sent sent_at created created_at date_time ts время дата отправлено",
    "text": "text message body content сообщение текст msg",
    "thread": "thread chat chat_id dialog dialog_id thread_id conversation conversation_id order order_id чат диалог",
    "role": "role author_role sender_type author_type роль",
}
_FIELDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_AUTHORS = frozenset(_NAMES["author"].split())
_SPOKEN = frozenset("start end speaker words tokens segments".split())
"""Names that only a transcript has."""
_SELLERS = re.compile(
    r"продав|магазин|оператор|поддержк|менеджер|консультант|seller|shop|store|operator|support|agent|manager|merchant",
    re.IGNORECASE,
)
_BUYERS = re.compile(r"покупат|клиент|зрител|buyer|customer|client|viewer|user|guest", re.IGNORECASE)
_FORMS = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%y %H:%M:%S", "%d.%m.%y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
)  # fmt: skip
_FIRST_EPOCH = 946_684_800
"""Seconds from 1970 to 2000: smaller numbers count from the start of a broadcast."""
_LONGEST = 300 * 86_400
_HEAD = 8192
"""Bytes in which a log names its fields."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `line` counts from 1; `sent` is local time, without a date (year 1) in logs that have none.

    `seller` is None where the log does not tell who wrote it: the shop or a buyer.
    """

    line: int
    author: str
    text: str
    sent: datetime | None = None
    thread: str = ""
    seller: bool | None = None


def is_chat_name(name: str) -> bool:
    """Whether the name can be that of a chat log."""
    return name == "-" or name.lower().endswith((".json", ".jsonl", ".csv", ".tsv"))


def parse_chat(data: bytes, name: str, sellers: Sequence[str] = ()) -> list[Message] | None:
    """The messages of a chat log in memory; None where the file is none, be it a transcript or damaged.

    `sellers` are the names under which the shop writes. Without them its messages are told by a role, or by a name such
    as «Магазин» or «Seller».
    """
    try:
        if not _AUTHORS & set(re.findall(r"\w+", decode(data[:_HEAD]).lower())):
            return None
        rows = list(_rows(decode(data), name))
    except (TranscriptError, RecursionError):
        return None
    wanted = {one.casefold().strip() for one in sellers}
    messages = [message for number, row in rows if (message := _message(row, number, wanted))]
    if len(messages) * 2 < max(len(rows), 1):
        return None
    if any(one.seller for one in messages):
        return [replace(one, seller=bool(one.seller)) for one in messages]
    return messages


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a log under our names, each with the number of its line or of its place."""
    if name.lower().endswith((".csv", ".tsv")) or text.lstrip()[:1] not in ("{", "["):
        yield from _table(text)
    else:
        yield from enumerate(map(_named, _objects(_parsed(text))), 1)


def _parsed(text: str) -> Any:
    """A JSON document, or the list of what is whole among JSON lines."""
    whole = []
    for part in (text, *text.split("\n")):
        with contextlib.suppress(ValueError, RecursionError):
            whole.append(json.loads(part))
            if part is text:
                break
    return whole


def _table(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows, _ = csv_rows(text)
    heading = [cell.strip().lower().replace(" ", "_") for cell in rows[0][1]] if rows else []
    for number, cells in rows[1:]:
        yield number, _named(dict(zip(heading, cells, strict=False)))


def _objects(data: Any, thread: str = "") -> Iterator[dict[str, Any]]:
    """The objects that have an author and a text, wherever they lie; what holds a list of them is their thread."""
    if isinstance(data, list):
        for one in data:
            yield from _objects(one, thread)
    elif isinstance(data, dict):
        if {"author", "text"} <= {_FIELDS.get(str(key).lower()) for key in data}:
            yield {"thread": thread, **data}
            return
        own = str(data.get("id") or data.get("name") or thread)
        for value in data.values():
            yield from _objects(value, own)


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row under our names; `spoken` is set where it has what only a transcript has."""
    named: dict[str, Any] = {}
    for key, value in row.items():
        plain = str(key).strip().lower()
        if plain in _SPOKEN:
            named["spoken"] = True
        elif kind := _FIELDS.get(plain):
            named.setdefault(kind, value)
    return named


def _message(row: Mapping[str, Any], line: int, sellers: set[str]) -> Message | None:
    author, text = _plain(row.get("author")), _plain(row.get("text"))
    if "spoken" in row or not author or "time" not in row or not text:
        return None
    side = _side(author, _plain(row.get("role")), sellers)
    return Message(line, author, text, _time(row["time"]), _plain(row.get("thread")), side)


def _side(author: str, role: str, sellers: set[str]) -> bool | None:
    """Whether the shop wrote it: by the names given, else by the role, else by a name that says so."""
    if sellers:
        return author.casefold() in sellers
    if role and (_SELLERS.search(role) or _BUYERS.search(role)):
        return bool(_SELLERS.search(role))
    return True if _SELLERS.search(author) else None


def _plain(value: Any) -> str:
    """A text, the name of an object, or the joined parts of a text with markup (Telegram)."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("text", "name", "username", "title", "id") if name in value), "")
    if isinstance(value, list):
        return "".join(map(_plain, value))
    return clean(str(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _time(value: Any) -> datetime | None:
    """Local time from ISO, the Russian order, Unix seconds or milliseconds, or a clock alone."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    text = str(value).strip().replace(", ", " ")
    if number is None and re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        number = float(text)
    try:
        if number is not None and number > _FIRST_EPOCH:
            return datetime.fromtimestamp(number / 1000 if number > _FIRST_EPOCH * 100 else number)
        return _dated(text)
    except (ValueError, OverflowError, OSError):
        pass
    passed = seconds(number if number is not None else text)
    return None if passed is None or passed > _LONGEST else datetime.min + timedelta(seconds=passed)


def _dated(text: str) -> datetime:
    """Raises ValueError where the text is no date with a time."""
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    if "-" not in text:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment
