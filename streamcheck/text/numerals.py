"""Number words, token by token: what «двумя», «семьсот», «нуля», «жиырма» or “seventy” stands for.

The words are a closed class, so that all their forms stand in one table that is built once; a look-up is one hash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

Rank = Literal["zero", "unit", "teen", "ten", "hundred", "thousand", "times"]
"""What may follow: a hundred takes tens and units, a ten takes units. `times` multiplies the digit noun after it."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """The number of one word. `counted`: a digit noun that a count stands before («нуля», «семёрок»)."""

    value: int
    rank: Rank
    counted: bool = False
    ordinal: bool = False
    kazakh: bool = False
    multiplies: bool = False
    """A hundred or thousand that a number before it multiplies («жеті жүз», “two hundred”, «две тысячи»)."""


_UNITS = """
0 ноль нуль нулю нулем нуле нолю нолем ноле нолик нулик
1 один одна одно одну одного одной одному одним одном одною
2 два две двух двум двумя двое двоих двоим
3 три трех трем тремя трое троих троим
4 четыре четырех четырем четырьмя четверо четверых
5 пять пяти пятью пятеро
6 шесть шести шестью шестеро
7 семь семи семеро
8 восемь восьми восемью восьмью
9 девять девяти девятью
10 десять десяти десятью
11 одиннадцать одиннадцати одиннадцатью
12 двенадцать двенадцати двенадцатью
13 тринадцать тринадцати тринадцатью
14 четырнадцать четырнадцати четырнадцатью
15 пятнадцать пятнадцати пятнадцатью
16 шестнадцать шестнадцати шестнадцатью
17 семнадцать семнадцати семнадцатью
18 восемнадцать восемнадцати восемнадцатью
19 девятнадцать девятнадцати девятнадцатью
20 двадцать двадцати двадцатью двацать
30 тридцать тридцати тридцатью трицать
40 сорок сорока
50 пятьдесят пятидесяти пятьюдесятью пядесят писят
60 шестьдесят шестидесяти шестьюдесятью шисят
70 семьдесят семидесяти семьюдесятью
80 восемьдесят восьмидесяти восьмьюдесятью восемьюдесятью
90 девяносто девяноста
100 сто ста
200 двести двухсот двумстам двумястами двухстах
300 триста трехсот тремстам тремястами трехстах
400 четыреста четырехсот четыремстам четырьмястами четырехстах
500 пятьсот пятисот пятистам пятьюстами пятистах
600 шестьсот шестисот шестистам шестьюстами шестистах
700 семьсот семисот семистам семьюстами семистах
800 восемьсот восьмисот восьмистам восьмьюстами восьмистах
900 девятьсот девятисот девятистам девятьюстами девятистах
"""
_THOUSANDS = """
1000 тысяча тысячи тысяч тысячу тысяче тысячей тысячам тысячами тыс тыщ тыща тыщи тыщу
1000000 миллион миллиона миллионов миллиону миллионом млн лям ляма лямов
1000000000 миллиард миллиарда миллиардов млрд
"""
_DIGIT_NOUNS = """
0 нуля ноля нули ноли нулей нолей нулика нуликов ноликов нолика нулями
1 единица единицу единичка единичку|единицы единиц единички единичек
2 двойка двойку двоечка двоечку|двойки двоек двоечки двоечек
3 тройка тройку троечка троечку|тройки троек троечки троечек
4 четверка четверку|четверки четверок
5 пятерка пятерку пятерочка пятерочку|пятерки пятерок пятерочки пятерочек
6 шестерка шестерку|шестерки шестерок
7 семерка семерку семерочка|семерки семерок семерочки семерочек
8 восьмерка восьмерку|восьмерки восьмерок
9 девятка девятку|девятки девяток
"""
_TIMES = "2 двойной двойная двойную дважды сдвоенный|3 тройной тройная тройную трижды строенный|4 четырежды"
_ORDINAL_STEMS = """
1 перв 4 четверт 5 пят 6 шест 7 седьм 8 восьм 9 девят 10 десят 11 одиннадцат 12 двенадцат 13 тринадцат
14 четырнадцат 15 пятнадцат 16 шестнадцат 17 семнадцат 18 восемнадцат 19 девятнадцат 20 двадцат 30 тридцат
50 пятидесят 60 шестидесят 70 семидесят 80 восьмидесят 90 девяност 100 сот 200 двухсот 300 трехсот
400 четырехсот 500 пятисот 600 шестисот 700 семисот 800 восьмисот 900 девятисот 1000 тысячн 2000 двухтысячн
"""
_ORDINAL_ENDINGS = "ый ая ое ые ого ой ому ым ом ую ых ыми"
_SOFT_ORDINALS = """
2 второй вторая второе второго второму вторым втором вторую вторых
3 третий третья третье третьего третьей третьему третьим третьем третью
40 сороковой сороковая сорокового сороковом
"""

_KAZAKH = """
0 нөл 1 бір 2 екі 3 үш 4 төрт 5 бес 6 алты 7 жеті 8 сегіз 9 тоғыз 10 он 20 жиырма 30 отыз 40 қырық 50 елу
60 алпыс 70 жетпіс 80 сексен 90 тоқсан 100 жүз 1000 мың
"""
_KAZAKH_ENDINGS = (
    "ге ға ке қа ні ны ді ды ті ты нің ның дің дың тің тың де да те та ден дан тен тан нен нан мен бен пен еу і дай дей"
)
_LOOK_RUSSIAN = frozenset({"он", "бес", "отыз"})
"""Kazakh numbers that are (or sound like) Russian words: they count only beside another Kazakh number."""
_NOT_INFLECTED = frozenset({"он", "бес", "бір"})
"""«оның», «бірге», «беске»: forms of these are other words more often than numbers."""

_ENGLISH = """
0 zero 1 one 2 two 3 three 4 four 5 five 6 six 7 seven 8 eight 9 nine 10 ten 11 eleven 12 twelve 13 thirteen
14 fourteen 15 fifteen 16 sixteen 17 seventeen 18 eighteen 19 nineteen 20 twenty 30 thirty 40 forty 50 fifty
60 sixty 70 seventy 80 eighty 90 ninety 100 hundred 1000 thousand
"""


def _rank(value: int) -> Rank:
    if value == 0:
        return "zero"
    for limit, rank in ((10, "unit"), (20, "teen"), (100, "ten"), (1000, "hundred")):
        if value < limit:
            return rank  # type: ignore[return-value]
    return "thousand"


def _rows(table: str) -> Iterator[tuple[int, list[str]]]:
    for line in table.strip().splitlines():
        value, *words = line.split()
        yield int(value), words


def _pairs(table: str) -> Iterator[tuple[int, str]]:
    pieces = table.split()
    return zip(map(int, pieces[::2]), pieces[1::2], strict=True)


def _cardinals() -> Iterator[tuple[str, Numeral]]:
    for value, words in _rows(_UNITS):
        yield from ((word, Numeral(value, "teen" if value == 10 else _rank(value))) for word in words)
    for value, words in _rows(_THOUSANDS):
        yield from ((word, Numeral(value, "thousand", multiplies=True)) for word in words)
    for value, word in _pairs(_ENGLISH):
        yield word, Numeral(value, "teen" if value == 10 else _rank(value), multiplies=value >= 100)
    for value, word in _pairs(_KAZAKH):
        number = Numeral(value, _rank(value) if value != 10 else "ten", kazakh=True, multiplies=value >= 100)
        yield word, number
        if word not in _NOT_INFLECTED:
            yield from ((word + ending, number) for ending in _KAZAKH_ENDINGS.split())


def _digit_nouns() -> Iterator[tuple[str, Numeral]]:
    for line in _DIGIT_NOUNS.strip().splitlines():
        number, words = line.strip().split(" ", 1)
        value = int(number)
        single, _, counted = words.rpartition("|")
        yield from ((word, Numeral(value, _rank(value))) for word in single.split())
        yield from ((word, Numeral(value, _rank(value), counted=True)) for word in counted.split())
    for row in _TIMES.split("|"):
        number, *forms = row.split()
        yield from ((word, Numeral(int(number), "times")) for word in forms)


def _ordinals() -> Iterator[tuple[str, Numeral]]:
    for value, stem in _pairs(_ORDINAL_STEMS):
        number = Numeral(value, _rank(value), ordinal=True)
        yield from ((stem + ending, number) for ending in _ORDINAL_ENDINGS.split())
    for value, words in _rows(_SOFT_ORDINALS):
        yield from ((word, Numeral(value, _rank(value), ordinal=True)) for word in words)


@cache
def _table() -> dict[str, Numeral]:
    table: dict[str, Numeral] = {}
    for part in (_ordinals(), _digit_nouns(), _cardinals()):
        table.update(part)
    return table


def numeral(text: str) -> Numeral | None:
    """The number that a normalised word stands for, None where it is none; homographs are the caller's matter."""
    return _table().get(text)


def looks_russian(text: str) -> bool:
    """Whether a Kazakh number is a common Russian word too («он», «бес»)."""
    return text in _LOOK_RUSSIAN
