"""One number read from tokens: «две с половиной тысячи», «одна целая семь десятых», «1,7», «20 000», «жүз елу»."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from streamcheck.text.digits import beside_kazakh
from streamcheck.text.numerals import Numeral, looks_russian, numeral
from streamcheck.text.tokens import Token


class Number(NamedTuple):
    """A number that ends before token `end`.

    `written` in figures; `open_rank`: a number word of a lower rank (hundred 3, ten 2, unit 1) could go on it;
    `grouped`: thousands were written apart by a dot or comma («2.990»), which may also be a decimal.
    """

    end: int
    value: Decimal
    written: bool = False
    open_rank: int = 0
    grouped: bool = False


RANKS = {"hundred": 3, "ten": 2, "teen": 1, "unit": 1}
_HALVES = frozenset(("полтора", "полторы", "полутора"))
_FRACTIONS = {"половиной": Decimal("0.5"), "половинкой": Decimal("0.5"), "четвертью": Decimal("0.25")}
_TENTHS = {
    **dict.fromkeys(("десятая", "десятых", "десятые", "десятой"), 10),
    **dict.fromkeys(("сотая", "сотых", "сотые"), 100),
    **dict.fromkeys(("тысячная", "тысячных"), 1000),
}
_WHOLE = frozenset(("целая", "целых", "целой", "целые"))


def is_number(tokens: Sequence[Token], i: int) -> bool:
    """Whether token i is a cardinal number or a part of one."""
    if not 0 <= i < len(tokens):
        return False
    text = tokens[i].text
    number = numeral(text)
    if number is not None:
        plain = not (number.ordinal or number.counted or number.rank == "times")
        return plain and (not looks_russian(text) or beside_kazakh(tokens, i))
    return text[0].isdigit() or text in _HALVES


def number_at(tokens: Sequence[Token], i: int) -> Number | None:
    """The number that begins at token i; None where there is none or it cannot be told («2.2.5»)."""
    if not is_number(tokens, i):
        return None
    if tokens[i].text[0].isdigit():
        number = _written(tokens, i)
    elif tokens[i].text in _HALVES:
        number = Number(i + 1, Decimal("1.5"))
    else:
        number = _spoken(tokens, i)
    return _with_fraction(tokens, number) if number is not None else None


def fraction_at(tokens: Sequence[Token], i: int) -> Decimal | None:
    """What «с половиной» or «с четвертью» at tokens i, i + 1 adds."""
    return _FRACTIONS.get(tokens[i + 1].text) if i + 1 < len(tokens) and tokens[i].text == "с" else None


def _written(tokens: Sequence[Token], i: int) -> Number | None:
    parts = tokens[i].text.replace(",", ".").split(".")
    if len(parts) > 2 or not all(part.isascii() and len(part) <= 12 for part in parts):
        return None
    if len(parts) == 2:
        grouped = len(parts[1]) == 3 and len(parts[0]) <= 3 and parts[0] != "0"
        return Number(i + 1, Decimal(".".join(parts)), written=True, grouped=grouped)
    digits, end = parts[0], i + 1
    while len(digits) <= 9 and len(parts[0]) <= 3 and _is_thousands_group(tokens, end):
        digits += tokens[end].text
        end += 1
    return Number(end, Decimal(digits), written=True)


def _is_thousands_group(tokens: Sequence[Token], i: int) -> bool:
    """Whether token i is three figures that a blank parts from figures before («20 000»)."""
    if i >= len(tokens) or tokens[i - 1].after or tokens[i].word == tokens[i - 1].word:
        return False
    return len(tokens[i].text) == 3 and tokens[i].text.isdigit()


def _spoken(tokens: Sequence[Token], i: int) -> Number | None:
    """Number words from the highest rank to the lowest, in thousands and millions."""
    total, current, rank, multiplier = 0, 0, 9, 10**12
    start = i
    while i < len(tokens) and is_number(tokens, i):
        number = numeral(tokens[i].text)
        if number is None:
            break
        if number.rank == "thousand":
            if number.value >= multiplier:
                break
            total += max(current, 1) * number.value
            current, rank, multiplier = 0, 9, number.value
        elif number.rank == "zero":
            return Number(i + 1, Decimal(0)) if i == start else _number(i, total + current, rank)
        elif number.multiplies and number.value == 100 and 0 < current < 10:
            current, rank = current * 100, 3
        else:
            allowed = RANKS[number.rank] < rank and not (number.rank == "teen" and rank == 2)
            if not allowed:
                break
            current += number.value
            rank = 0 if number.rank in ("unit", "teen") else RANKS[number.rank]
        i += 1
        if tokens[i - 1].after:
            break
    return _number(i, total + current, rank)


def _number(end: int, value: int, rank: int) -> Number:
    return Number(end, Decimal(value), open_rank=rank)


def _with_fraction(tokens: Sequence[Token], number: Number) -> Number:
    """The number with «с половиной», «целых … десятых», and the thousands that follow them."""
    end, value = number.end, number.value
    half = fraction_at(tokens, end)
    if half is not None:
        end, value = end + 2, value + half
    elif end < len(tokens) and tokens[end].text == "и":
        part = _tenths(tokens, end + 1)
        if part is not None:
            end, value = part[0], value + part[1]
    elif end < len(tokens) and tokens[end].text in _WHOLE:
        part = _tenths(tokens, end + 1 + (end + 1 < len(tokens) and tokens[end + 1].text == "и"))
        if part is not None:
            end, value = part[0], value + part[1]
    elif end < len(tokens) and tokens[end].text in _TENTHS:
        end, value = end + 1, value / _TENTHS[tokens[end].text]
    times = _multiplier(tokens, end)
    if times is not None and (end != number.end or number.written or number.value == Decimal("1.5")):
        end, value = end + 1, value * times.value
    return number if end == number.end else number._replace(end=end, value=value, open_rank=0)


def _multiplier(tokens: Sequence[Token], i: int) -> Numeral | None:
    number = numeral(tokens[i].text) if i < len(tokens) and not tokens[i - 1].after else None
    return number if number is not None and number.rank == "thousand" and not number.ordinal else None


def _tenths(tokens: Sequence[Token], i: int) -> tuple[int, Decimal] | None:
    """«семь десятых» at token i: where it ends, and its value."""
    if not is_number(tokens, i):
        return None
    number = _written(tokens, i) if tokens[i].text[0].isdigit() else _spoken(tokens, i)
    if number is None or number.end >= len(tokens) or tokens[number.end].text not in _TENTHS:
        return None
    return number.end + 1, number.value / _TENTHS[tokens[number.end].text]
