"""Text that others wrote or said, made safe to print: it can colour, move, ring, hide or reorder nothing.

This guards terminals and plain text only; HTML, CSV and SQL have their own escaping, and rich markup is avoided by
`rich.text.Text`, never by escaping.
"""

import json
import re
from typing import Any

# A stack of combining marks spills over the lines above and below; no language needs more than three on a letter.
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_PILE = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")


def printable(text: str, limit: int | None = None) -> str:
    """The text on one line with everything that a terminal could obey or hide made visible.

    Line breaks, tabs and rare blanks become a blank, ASCII controls their control picture (`␛`), and the rest that
    has no shape (C1 controls, bidi and zero-width characters, lone surrogates, private use) `�`. With `limit`, the
    result is cut to that many characters, the last of them `…`.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _shown(char) for char in text)
    return _PILE.sub(r"\1", text)


def _shown(char: str) -> str:
    if char.isspace():
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    return "\u2421" if char == "\x7f" else "\ufffd"


def json_line(row: dict[str, Any]) -> str:
    """One JSON object on one line: Cyrillic stays readable, what a terminal could obey is an escape of JSON."""
    line = json.dumps(row, ensure_ascii=False)
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in line)
