"""Bytes of a text file → text: UTF-8 and UTF-16 with or without a mark, old Cyrillic code pages, mixtures, damage."""

import codecs
import re

from streamcheck.errors import TranscriptError
from streamcheck.i18n import text

_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CYRILLIC = ["cp1251", "koi8_r", "cp866", "mac_cyrillic"]
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MAX_CONTROLS = 0.02
"""Share of control characters above which bytes are no text: compressed bytes have a tenth, text none."""


def decode(data: bytes) -> str:
    """The text of a file, with line feeds for all line ends. Characters that cannot be read become `�`.

    Raises TranscriptError where the bytes are no text.
    """
    mark, codec = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", ""))
    if not codec:
        codec = _unmarked_utf16(data)
    decoded = data[len(mark) :].decode(codec, "replace") if codec else _bytewise(data.strip(b"\0"))
    if len(_CONTROLS.findall(decoded)) > _MAX_CONTROLS * len(decoded) + 2:
        raise TranscriptError(text("transcripts.binary"))
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 without a mark, told by where its zeros stand; empty for anything else."""
    even, odd = data[::2].count(0), data[1::2].count(0)
    if min(even, odd) * 20 >= max(even, odd) or max(even, odd) * 50 < len(data):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _bytewise(data: bytes) -> str:
    """Text of a code in bytes: UTF-8, an old code page, or both in one file, line by line."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        lines = data.split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not _mostly_utf8(line)]
    codec = _code_page(b"\n".join(lines[number] for number in foreign))
    decoded = [line.decode("utf-8", "replace") for line in lines]
    for number in foreign:
        decoded[number] = lines[number].decode(codec, "replace")
    return "\n".join(decoded)


def _mostly_utf8(line: bytes) -> bool:
    decoded = line.decode("utf-8", "replace")
    damaged = decoded.count("\ufffd")
    return damaged * 3 <= sum(char > "\x7f" for char in decoded) - damaged


def _code_page(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CYRILLIC).best() if data else None
    return best.encoding if best else "cp1251"
