"""Numbers as amounts, with their units: «полтора литра», «две с половиной тысячи ватт», «ноль пять», «3 990 ₽».

What cannot be decided is left out: «две двести» without a price, sizes in a row, dates, phones. Bounds («до двух
литров», «минимум час») and ranges («пять-семь») are kept as such, so that nobody takes them for exact figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from streamcheck.text.cardinals import RANKS, Number, fraction_at, is_number, number_at
from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import Token
from streamcheck.text.units import CURRENCIES, Unit, measure_of, unit_at

Bound = Literal["exact", "from", "to", "about", "range"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in tokens [start, end). `unit` is None for a bare number.

    A unit alone stands for one («гарантия год»). `bound` says how it was limited; in a `range` `value` is the lower and
    `upper` the upper end.
    """

    start: int
    end: int
    value: Decimal
    unit: Unit | None = None
    bound: Bound = "exact"
    upper: Decimal | None = None

    @property
    def base(self) -> Decimal:
        """The value in the base unit of its dimension."""
        return self.value * self.unit.factor if self.unit else self.value


_GENITIVE_WORDS = """
литра грамма килограмма метра сантиметра миллиметра киловатта процента дюйма часа миллиампера вольта ампера гигагерца
тысячи миллиона кило тонны
"""
_GENITIVES = frozenset(_GENITIVE_WORDS.split())
"""Forms that follow a fraction; after five and more they follow nothing else."""
_BOUNDS: dict[Bound, tuple[tuple[str, ...], ...]] = {
    "from": (
        ("от",), ("с",), ("минимум",), ("более",), ("больше",), ("свыше",), ("выше",), ("не", "менее"),
        ("не", "меньше"), ("как", "минимум"), ("хотя", "бы"), ("более", "чем"), ("больше", "чем"), ("начиная", "с"),
    ),
    "to": (
        ("до",), ("максимум",), ("менее",), ("меньше",), ("ниже",), ("не", "более"), ("не", "больше"), ("под",),
        ("меньше", "чем"), ("менее", "чем"), ("в", "пределах"), ("не", "превышает"),
    ),
    "about": (
        ("около",), ("примерно",), ("почти",), ("порядка",), ("где", "то"), ("приблизительно",), ("чуть", "больше"),
        ("чуть", "меньше"), ("плюс", "минус"), ("считай",), ("районе",),
    ),
}  # fmt: skip
_PRICE_LEADS = frozenset(
    ("за", "по", "цена", "цену", "ценой", "стоит", "стоят", "стоила", "стоило", "отдаю", "отдам", "отдаем", "обойдется")
)
_BARE_WORDS = """
год месяц час литр килограмм метр минуту минута неделю неделя сутки сантиметр километр тонну тонна киловатт миллилитр
жыл литровый литровая метровый метровая
"""
_BARE_UNITS = frozenset(_BARE_WORDS.split())
_SUFFIXES = frozenset(("х", "ти", "ми", "и", "тя"))
_ABBREVIATED = frozenset(("тыс", "млн", "млрд"))
_STRESSED = frozenset(
    ("полных", "полные", "целых", "целые", "честных", "настоящих", "реальных", "чистых", "полноценных")
)
_LOOSE_AFTER = frozenset(("минимум", "максимум", "примерно", "приблизительно", "лишним", "хвостиком", "небольшим"))
_NO_SPAN = frozenset(("каждый", "прошлый", "этот", "новый", "следующий", "в", "через", "весь", "первый", "раз", "тот"))
_PARTS = {"м": (10, 99, 100), "кг": (100, 999, 1000), "л": (100, 999, 1000), "км": (100, 999, 1000), "ч": (5, 59, 60)}
"""«Метр двадцать», «килограмм двести»: from, to, and how many of the small ones make one."""
_TIMES = frozenset(("на", "х", "x"))
_FURTHEST_LEAD = 3


def quantities(tokens: Sequence[Token]) -> list[Quantity]:
    """All amounts in reading order, none overlapping, in time linear in the tokens."""
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        one, i = _read(tokens, i)
        if one is not None:
            found.append(one)
    return found


def _read(tokens: Sequence[Token], i: int) -> tuple[Quantity | None, int]:
    """The amount at token i, if there is one, and where to read on."""
    text = tokens[i].text
    if is_number(tokens, i):
        return _numbered(tokens, i)
    whole = measure_of(text)
    if whole is not None:
        return _bounded(tokens, Quantity(i, i + 1, *whole)), i + 1
    if text in ("пол", "четверть"):
        found = unit_at(tokens, i + 1)
        value = Decimal("0.5" if text == "пол" else "0.25")
        return (_bounded(tokens, Quantity(i, found[1], value, found[0])), found[1]) if found else (None, i + 1)
    if text in _BARE_UNITS and not _is_a_certain_one(tokens, i):
        found = unit_at(tokens, i)
        if found is not None:
            value, end = _with_parts(tokens, Decimal(1), *found)
            return _bounded(tokens, Quantity(i, end, value, found[0])), end
    return None, i + 1


def _is_a_certain_one(tokens: Sequence[Token], i: int) -> bool:
    """«Каждый год», «второй литр», «в час»: a time or a thing in a row, not an amount."""
    before = tokens[i - 1].text if i else ""
    number = numeral(before)
    return before in _NO_SPAN or (number is not None and number.ordinal)


def _numbered(tokens: Sequence[Token], i: int) -> tuple[Quantity | None, int]:
    number = number_at(tokens, i)
    if number is None:
        return None, _after_streak(tokens, i + 1)
    end, value, upper = number.end, number.value, None
    joint = _joint(tokens, i, number)
    if joint is not None:
        pair = _pair(tokens, i, number._replace(end=joint))
        if pair is None:
            return None, _after_streak(tokens, joint)
        end, value, upper = pair
    if end + 1 < len(tokens) and tokens[end].text in _TIMES and is_number(tokens, end + 1):
        return None, _after_streak(tokens, end + 1)
    unit, after = _unit_after(tokens, i, end)
    if _is_date(tokens, end, value, unit) or (number.grouped and joint is None and not _is_price(tokens, i, unit)):
        return None, max(after, end + 1)
    if number.grouped and joint is None:
        value = value.scaleb(3)
    if upper is not None:
        return Quantity(i, after, value, unit, "range", upper), after
    if unit is not None:
        value, after = _with_parts(tokens, value, unit, after)
    if i and tokens[i - 1].text == "минус":
        i, value = i - 1, -value
    one = _bounded(tokens, Quantity(i, after, value, unit))
    return one, one.end


def _joint(tokens: Sequence[Token], start: int, first: Number) -> int | None:
    """Where a second number begins that belongs to the first; None where the first stands alone."""
    if is_number(tokens, first.end):
        return None if _apart(tokens, first) else first.end
    return first.end + 1 if _goes_on_by_and(tokens, start, first.end) else None


def _is_date(tokens: Sequence[Token], end: int, value: Decimal, unit: Unit | None) -> bool:
    """Whether the number is a year («2025 год», «2025 г») or goes on as an ordinal («две тысячи двадцать пятый»)."""
    following = numeral(tokens[end].text) if end < len(tokens) else None
    if following is not None and following.ordinal:
        return True
    return unit is not None and 1900 <= value <= 2100 and (unit.name == "год" or tokens[end].text == "г")


def _after_streak(tokens: Sequence[Token], i: int) -> int:
    while is_number(tokens, i):
        i += 1
    return i


def _apart(tokens: Sequence[Token], number: Number) -> bool:
    """Whether a pause parts a number from the next one: figures do, words only where the next could not go on it."""
    last, following = tokens[number.end - 1], tokens[number.end]
    if not last.after or last.word == following.word:
        return False
    if number.written and following.text[0].isdigit():
        return True
    after = numeral(following.text)
    return after is None or RANKS.get(after.rank, 9) >= number.open_rank


def _goes_on_by_and(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether «и» joins two numbers to one («один и семь литра»): a form that only a fraction takes follows them."""
    if end + 1 >= len(tokens) or tokens[end].text != "и" or tokens[end - 1].after or end - start > 1:
        return False
    second = number_at(tokens, end + 1)
    return second is not None and second.end < len(tokens) and tokens[second.end].text in _GENITIVES


def _unit_after(tokens: Sequence[Token], start: int, end: int) -> tuple[Unit | None, int]:
    """The unit of the number in tokens [start, end) and where it ends."""
    if end < len(tokens) and tokens[end].text in _SUFFIXES and tokens[end].word == tokens[end - 1].word:
        end += 1
    skipped = end + 1 if end < len(tokens) and tokens[end].text in _STRESSED else end
    if not tokens[end - 1].after or tokens[end - 1].text in _ABBREVIATED:
        found = unit_at(tokens, skipped)
        if found is not None:
            return found
    sign = unit_at(tokens, start - 1) if start and tokens[start - 1].text in "$€₽₸" else None
    return (sign[0] if sign else None), end


def _with_parts(tokens: Sequence[Token], value: Decimal, unit: Unit, end: int) -> tuple[Decimal, int]:
    """The value with what is said after its unit: «с половиной», «двести граммов», «(метр) двадцать»."""
    half = fraction_at(tokens, end)
    if half is not None:
        return value + half, end + 2
    start = end + 1 if end < len(tokens) and tokens[end].text == "и" else end
    if not is_number(tokens, start) or (start and tokens[start - 1].after):
        return value, end
    number = number_at(tokens, start)
    if number is None or is_number(tokens, number.end):
        return value, end
    part, after = _unit_after(tokens, start, number.end)
    if part is not None:
        smaller = part.dimension == unit.dimension and part.factor < unit.factor
        return (value + number.value * part.factor / unit.factor, after) if smaller else (value, end)
    if unit.name == "л" and value == 1 and number.value < 10 and start == end:
        return value + number.value / 10, after  # «литр семь»
    low, high, many = _PARTS.get(unit.name, (0, -1, 1))
    return (value + number.value / many, after) if low <= number.value <= high and start == end else (value, end)


def _bounded(tokens: Sequence[Token], one: Quantity) -> Quantity:
    """The amount with what limits it: «до», «минимум», «около», «… с лишним»."""
    if one.end < len(tokens) and tokens[one.end].text == "+" and tokens[one.end].word == tokens[one.end - 1].word:
        return replace(one, end=one.end + 1, bound="from")
    before = tuple(token.text for token in tokens[max(0, one.start - 2) : one.start])
    after = {token.text for token in tokens[one.end : one.end + 2]}
    for bound, triggers in _BOUNDS.items():
        if any(before[len(before) - len(words) :] == words for words in triggers if len(words) <= len(before)):
            return replace(one, bound=bound)
    return replace(one, bound="about") if after & _LOOSE_AFTER else one


def _pair(tokens: Sequence[Token], start: int, first: Number) -> tuple[int, Decimal, Decimal | None] | None:
    """What two numbers side by side mean: «ноль пять», «пять-семь», «три девятьсот» (a price); None if it is unclear.

    Gives the end, the value, and the upper end of a range.
    """
    second = number_at(tokens, first.end)
    if second is None or is_number(tokens, second.end) or first.value != int(first.value):
        return None
    unit, _ = _unit_after(tokens, start, second.end)
    form = tokens[second.end].text if second.end < len(tokens) else ""
    joined = tokens[first.end].word == tokens[first.end - 1].word
    if first.value == 0:
        decimals = f"0.{second.value}"
        return (second.end, Decimal(decimals), None) if unit and second.value == int(second.value) else None
    if not joined and form in _GENITIVES and 5 <= second.value < 100 and first.value < 100:
        return second.end, Decimal(f"{first.value}.{second.value}"), None
    if 1 <= first.value < 1000 and 100 <= second.value < 1000 and not joined and _is_price(tokens, start, unit):
        return second.end, first.value * 1000 + second.value, None
    rising = first.value < second.value
    if rising and (joined or (unit is not None and second.value <= 3 * first.value and _alike(first, second))):
        return second.end, first.value, second.value
    return None


def _alike(first: Number, second: Number) -> bool:
    """Whether two numbers may be the ends of a range: both below a hundred, or both above."""
    return not first.written and not second.written and (first.value >= 100) == (second.value >= 100)


def _is_price(tokens: Sequence[Token], start: int, unit: Unit | None) -> bool:
    if unit is not None:
        return unit.dimension in CURRENCIES
    return any(token.text in _PRICE_LEADS for token in tokens[max(0, start - _FURTHEST_LEAD) : start])
