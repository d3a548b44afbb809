"""A Whisper model without the pieces of words that its language never writes.

Whisper chooses each piece of a text among 51,865, most of them for other languages; in small models the choice costs as
much as the layers of the decoder before it. Vocabulary trimming (Ushio, Zhou, Camacho-Collados, «An Efficient
Multilingual Language Model Compression through Vocabulary Trimming», Findings of EMNLP 2023) leaves out the rows of the
matrix that a language has no use for. It is done in memory, as the model is loaded: weights, vocabulary and tokenizer
are numbered anew alike, so nothing after it knows of it.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TRIMMED = frozenset({"ru", "kk"})
"""Languages of Cyrillic script; for others, and for a choice between languages, the model stays whole."""

COMMON = 10_000
"""Latin pieces with a number below this are kept: they are numbered by how often they were met in training."""

LATIN = (
    "shop market store sale discount online com org net info pro club www http https mail gmail yandex whatsapp"
    " WhatsApp whats watsapp viber telegram instagram insta tiktok TikTok youtube YouTube facebook vkontakte vk zoom"
    " skype signal kaspi ozon wildberries wb aliexpress AliExpress avito olx amazon temu lamoda satu halyk link qr"
    " promo bluetooth usb type wifi WiFi hd led dvd spf max mini plus iphone iPhone apple samsung xiaomi huawei"
    " honor sony bosch philips nike adidas puma zara made china korea italy"
).split()
"""Names and words of trade that speech in Cyrillic is full of, kept however rare they were in training."""

LARGEST = 1 << 30
"""Bytes of weights up to which a model is trimmed: it is read into memory twice meanwhile, and in larger ones the
vocabulary is a small part of the work."""

_WEIGHTS, _CONFIG, _TOKENIZER = "model.bin", "config.json", "tokenizer.json"
_VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
_BINARY_VERSION = 6
_NUMBERED = ("lang_ids", "suppress_ids", "suppress_ids_begin")
_MULTILINGUAL = 51_865  # the size of the vocabulary by which CTranslate2 knows a model of many languages
_END = "<|endoftext|>"  # the first of the special tokens
_LETTERS = 0x3000  # signs above are those of East Asia
_LEADS = b"\xd0\xd1\xd2\xd3\xe2"  # first bytes of Cyrillic, and of dashes, quotes, currencies, №


@dataclass(frozen=True, slots=True)
class _Variable:
    """An array of a CTranslate2 model file, its rows along the first axis."""

    name: bytes
    shape: tuple[int, ...]
    kind: int
    data: memoryview


def is_trimmed(tokenizer: "Tokenizer") -> bool:
    """Whether the pieces of a model are fewer than any published one has."""
    return bool(tokenizer.get_vocab_size() < _MULTILINGUAL // 2)


def trimmed(folder: Path, language: str) -> dict[str, bytes] | None:
    """The files of a model with fewer pieces, by name, for faster-whisper's `files`.

    None where the model is to be loaded as it is: another language, a model of one language, too large, or in a shape
    that is not known here. Raises OSError where it cannot be read.
    """
    if language not in TRIMMED or (folder / _WEIGHTS).stat().st_size > LARGEST:
        return None
    try:
        return _trimmed(folder)
    except (ValueError, LookupError, TypeError, AttributeError, struct.error, StopIteration):
        return None  # CTranslate2 says what is wrong with it, if anything is


def _trimmed(folder: Path) -> dict[str, bytes] | None:
    name = next(name for name in _VOCABULARIES if (folder / name).is_file())
    pieces = _read_vocabulary(folder / name)
    if len(pieces) < _MULTILINGUAL or not all((folder / file).is_file() for file in (_TOKENIZER, _CONFIG)):
        return None
    tokenizer = json.loads((folder / _TOKENIZER).read_bytes())
    kept = kept_pieces(pieces, tokenizer)
    number = {old: new for new, old in enumerate(kept)}
    weights = _with_rows((folder / _WEIGHTS).read_bytes(), len(pieces), kept)
    config = json.loads((folder / _CONFIG).read_bytes())
    for key in _NUMBERED:
        config[key] = [number[old] for old in config.get(key, []) if old in number]
    _renumber(tokenizer, number)
    return {
        _WEIGHTS: weights,
        _CONFIG: json.dumps(config).encode(),
        _TOKENIZER: json.dumps(tokenizer).encode(),
        name: _write_vocabulary(name, [pieces[old] for old in kept]),
    }


def kept_pieces(pieces: Sequence[str], tokenizer: dict[str, Any]) -> list[int]:
    """The numbers of the pieces that stay, in their order: of `pieces` as a model lists them, special ones included."""
    made_of = {left + right: (left, right) for left, right in map(_parts, tokenizer["model"]["merges"])}
    special, byte = pieces.index(_END), _bytes_of_letters()
    wanted = {
        piece
        for number, piece in enumerate(pieces[:special])
        if _is_wanted(bytes(byte[letter] for letter in piece), number)
    }
    wanted = _with_parts(wanted | _pieces_of_trade(tokenizer), made_of)
    return [number for number, piece in enumerate(pieces) if number >= special or piece in wanted]


def _pieces_of_trade(tokenizer: dict[str, Any]) -> set[str]:
    """The pieces that `LATIN` is written with."""
    from tokenizers import Tokenizer

    encode = Tokenizer.from_str(json.dumps(tokenizer)).encode
    cased = {form for word in LATIN for form in (word, word.title(), word.upper())}
    forms = [form for word in cased for form in (word, f" {word}", f".{word}")]
    return {piece for form in forms for piece in encode(form, add_special_tokens=False).tokens}


def _with_parts(pieces: set[str], made_of: dict[str, tuple[str, str]]) -> set[str]:
    """Also what they are merged from, step by step: else the tokenizer could not arrive at them."""
    pending, found = list(pieces), set()
    while pending:
        piece = pending.pop()
        if piece not in found:
            found.add(piece)
            pending += made_of.get(piece, ())
    return found


def _is_wanted(piece: bytes, number: int) -> bool:
    """Cyrillic, what every writing shares (figures, signs), single bytes to spell the rest, and common Latin."""
    try:
        said = piece.decode()
    except UnicodeDecodeError:  # a part of a letter
        return len(piece) == 1 or any(lead in piece for lead in _LEADS)
    letters = [char for char in said if char.isalpha()]
    if not letters:
        return all(ord(char) < _LETTERS for char in said)
    if all(char.isascii() for char in said):
        return number < COMMON
    return any("\u0400" <= char <= "\u04ff" for char in letters)


def _bytes_of_letters() -> dict[str, int]:
    """The bytes that the letters of a piece stand for (byte-level BPE: Radford et al., GPT-2, 2019)."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(byte): byte for byte in shown} | {chr(256 + at): byte for at, byte in enumerate(hidden)}


def _renumber(tokenizer: dict[str, Any], number: dict[int, int]) -> None:
    """Leave in a tokenizer the pieces that are numbered, and the merges that make them."""
    model = tokenizer["model"]
    pieces = {piece: number[old] for piece, old in model["vocab"].items() if old in number}
    model["vocab"] = pieces
    model["merges"] = [
        merge for merge in model["merges"] if {*(parts := _parts(merge)), "".join(parts)} <= pieces.keys()
    ]
    for token in tokenizer["added_tokens"]:
        token["id"] = number[token["id"]]
    for special in (tokenizer.get("post_processor") or {}).get("special_tokens", {}).values():
        special["ids"] = [number[old] for old in special["ids"]]


def _parts(merge: str | list[str]) -> list[str]:
    """The two pieces of a merge, in the older or the newer form of tokenizers."""
    return merge.split(" ") if isinstance(merge, str) else merge


def _read_vocabulary(path: Path) -> list[str]:
    if path.suffix == ".json":
        return list(json.loads(path.read_bytes()))
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _write_vocabulary(name: str, pieces: list[str]) -> bytes:
    return json.dumps(pieces).encode() if name.endswith(".json") else "".join(f"{piece}\n" for piece in pieces).encode()


def _with_rows(model: bytes, size: int, rows: list[int]) -> bytes:
    """A CTranslate2 model file with those rows of every array that has one for each of `size` pieces.

    The format is that of `ModelSpec._serialize` in CTranslate2's specifications, binary version 6. Raises ValueError
    where it is another.
    """
    file = BytesIO(model)
    if _number(file, "I") != _BINARY_VERSION:
        raise ValueError("a model file of another version")
    head = struct.pack("<I", _BINARY_VERSION) + _packed(_name(file)) + file.read(4)
    variables = list(_variables(file, memoryview(model)))
    cut = [_cut(one, rows) if one.shape[:1] == (size,) else one for one in variables]
    if all(one.shape == other.shape for one, other in zip(variables, cut, strict=True)):
        raise ValueError("a model file without a vocabulary")
    return b"".join([head, struct.pack("<I", len(cut)), *_serialised(cut), file.read()])


def _variables(file: BytesIO, model: memoryview) -> Iterator[_Variable]:
    for _ in range(_number(file, "I")):
        name = _name(file)
        shape = tuple(_number(file, "I") for _ in range(_number(file, "B")))
        kind, size = _number(file, "B"), _number(file, "I")
        start = file.tell()
        file.seek(size, 1)
        yield _Variable(name, shape, kind, model[start : start + size])


def _cut(variable: _Variable, rows: list[int]) -> _Variable:
    array = np.frombuffer(variable.data, np.uint8).reshape(variable.shape[0], -1)
    return _Variable(variable.name, (len(rows), *variable.shape[1:]), variable.kind, memoryview(array[rows].tobytes()))


def _serialised(variables: Iterable[_Variable]) -> Iterator[bytes | memoryview]:
    for one in variables:
        yield _packed(one.name)
        yield struct.pack(f"<B{len(one.shape)}IBI", len(one.shape), *one.shape, one.kind, len(one.data))
        yield one.data


def _number(file: BytesIO, kind: str) -> int:
    return int(struct.unpack(f"<{kind}", file.read(struct.calcsize(f"<{kind}")))[0])


def _name(file: BytesIO) -> bytes:
    return file.read(_number(file, "H"))


def _packed(name: bytes) -> bytes:
    return struct.pack("<H", len(name)) + name
