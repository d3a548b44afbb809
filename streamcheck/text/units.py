"""Units of measure and money, by the forms that people say and write: «литра», «мл», «миллиампер-часов», «тг»."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import regex

from streamcheck.text.numerals import numeral
from streamcheck.text.tokens import Token


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` turns it into the base unit of its dimension. Units of one dimension can be compared.

    Months and years are a dimension of their own: no number of days makes them. Every currency is one, too.
    """

    name: str
    dimension: str
    factor: Decimal


# name dimension factor: forms; * takes the endings of «литр», ^ those of «минута», ~ those of «литровый»
_TABLE = """
мл volume 1: миллилитр* милилитр* мл ml миллилитров~
л volume 1000: литр* литрик* л l литров~
мг mass 0.001: миллиграмм* мг mg
г mass 1: грамм* грам* граммчик* г гр g граммов~
кг mass 1000: килограмм* килограм* кг kg кило килограммов~
т mass 1000000: тонн^ тонн~
Вт power 1: ватт* ват* вт w watt watts ваттн~
кВт power 1000: киловатт* киловат* квт kw киловаттн~
мм length 1: миллиметр* мм mm миллиметров~
см length 10: сантиметр* см cm сантим сантиметров~
дюйм length 25.4: дюйм* inch inches дюймов~
м length 1000: метр* м m метров~
км length 1000000: километр* км km
с time 1: секунд^ секундочк^ сек sec секундн~
мин time 60: минут^ минутк^ минуток мин min minutes минутн~
ч time 3600: час* часик* часочк* ч h hours сағат часов~
сут time 86400: сутки суток сутках день дня дню днем дне дни дней дням днями денек days күн дневн~ суточн~
нед time 604800: недел^ неделя недели неделю неделе недель неделей неделям апта недельн~
мес calendar 1: месяц месяца месяцев месяцу месяцем месяце месяцы месяцам мес months ай айлық месячн~
год calendar 12: год* лет годик* years жыл жылдық летн~ годичн~ годовал~
% percent 1: % процент* процентик* percent пайыз процентн~
₽ RUB 1: ₽ р руб rub рубл^ рубль рубля рублю рублем рубле рубли рублей рублям рублями рублик* рублев~
₸ KZT 1: ₸ тг тенге тенгешк^ тенгешек тенгушк^ теңге теңгеге kzt
$ USD 1: $ доллар* бакс* usd dollars
€ EUR 1: € евро eur
мА·ч charge 1: ма_ч мач mah миллиампер миллиампер_час миллиампер_часа миллиампер_часов миллиампер_час*
А·ч charge 1000: а_ч ач ah ампер_час ампер_часа ампер_часов
Вт·ч energy 1: ватт_час ватт_часов вт_ч
кВт·ч energy 1000: киловатт_час* квт_ч
В voltage 1: вольт* volt volts вольтов~
А current 1: ампер*
Гц frequency 1: герц* гц hz
кГц frequency 1000: килогерц* кгц khz
ГГц frequency 1000000000: гигагерц* ггц ghz
дБ sound 1: децибел* дб db
бар pressure 1: бар bar баров
лм light 1: люмен* лм lm
°C temperature 1: градус* градусик* ° °_c °_с градус_цельсия градуса_цельсия градусов_цельсия градусн~
МБ memory 1: мегабайт* мб mb
ГБ memory 1024: гигабайт* гиг* гб gb гигабайтн~
ТБ memory 1048576: терабайт* тб tb
Мп pixels 1: мегапиксел^ мегапиксель мегапикселя мегапикселей мп mp
об turns 1: оборот* об
"""
_NOUN_ENDINGS = {"*": "|а|у|ом|е|ы|и|ов|ев|ам|ами|ах", "^": "а|ы|и|у|е|ой||ам|ами|ах"}
_ADJECTIVE_ENDINGS = "ый|ая|ое|ые|ого|ой|ому|ым|ую|ых|ыми|ом|ий|яя|ее|ие|его|ей|ему|им|юю|их|ими|ем"
_SQUARE = frozenset(("квадратный", "квадратных", "квадратного", "квадратные", "кв", "квадрат"))
_CUBIC = frozenset(("кубический", "кубических", "кубического", "кубические", "куб"))
_PER_WORDS = frozenset(("в", "/", "за"))
CURRENCIES = frozenset(("RUB", "KZT", "USD", "EUR"))


def _rows() -> Iterator[tuple[Unit, list[str]]]:
    for line in _TABLE.strip().splitlines():
        head, _, forms = line.partition(": ")
        name, dimension, factor = head.split()
        yield Unit(name, dimension, Decimal(factor)), forms.split()


def _spellings(form: str) -> Iterator[tuple[str, ...]]:
    """The token tuples that a form of the table stands for."""
    *first, last = form.split("_")
    if last[-1] in _NOUN_ENDINGS:
        yield from ((*first, last[:-1] + ending) for ending in _NOUN_ENDINGS[last[-1]].split("|"))
    elif last.endswith("~"):
        yield from ((last[:-1] + ending,) for ending in _ADJECTIVE_ENDINGS.split("|"))
    else:
        yield (*first, last)


_BY_FIRST: dict[str, list[tuple[tuple[str, ...], Unit]]] = defaultdict(list)
_ADJECTIVES: dict[str, Unit] = {}
for _unit, _forms in _rows():
    for _form in _forms:
        for _words in _spellings(_form):
            _BY_FIRST[_words[0]].append((_words, _unit))
        if _form.endswith("~"):
            _ADJECTIVES[_form[:-1]] = _unit
for _entries in _BY_FIRST.values():
    _entries.sort(key=lambda entry: -len(entry[0]))


def _plain_unit_at(tokens: Sequence[Token], i: int) -> tuple[Unit, int] | None:
    for words, unit in _BY_FIRST.get(tokens[i].text, ()) if i < len(tokens) else ():
        if len(words) == 1 or tuple(token.text for token in tokens[i : i + len(words)]) == words:
            return unit, i + len(words)
    return None


def unit_at(tokens: Sequence[Token], i: int) -> tuple[Unit, int] | None:
    """The unit that begins at token i and the token after it; «литров в минуту» is a unit of its own dimension."""
    if i < len(tokens) and tokens[i].text in _SQUARE | _CUBIC:
        power = 2 if tokens[i].text in _SQUARE else 3
        base = _plain_unit_at(tokens, i + 1)
        if base is None or base[0].dimension != "length":
            return None
        length, end = base
        return Unit(f"{length.name}^{power}", f"length^{power}", length.factor**power), end
    found = _plain_unit_at(tokens, i)
    if found is None or found[1] + 1 >= len(tokens) or tokens[found[1] - 1].after:
        return found
    unit, end = found
    if tokens[end].text in _PER_WORDS:
        per = _plain_unit_at(tokens, end + 1)
        if per is not None and (tokens[end].text == "/" or (tokens[end].text == "в" and per[0].dimension == "time")):
            return Unit(f"{unit.name}/{per[0].name}", f"{unit.dimension}/{per[0].name}", unit.factor), per[1]
    return found


_PREFIXES = {
    "полутора": Decimal("1.5"), "пол": Decimal("0.5"), "полу": Decimal("0.5"), "одно": Decimal(1), "сто": Decimal(100),
    "тысяче": Decimal(1000),
}  # fmt: skip
_HALF_NOUNS = """
литра кило килограмма метра сантиметра миллиметра грамма года часа минуты месяца процента тонны киловатта дня
"""
_HALVES = {noun: _BY_FIRST[noun][0][1] for noun in _HALF_NOUNS.split()}
_COMPOUND = regex.compile(
    rf"(?P<number>[а-я]{{2,}}?)(?:{'|'.join(sorted(_ADJECTIVES, key=len, reverse=True))})(?:{_ADJECTIVE_ENDINGS})"
)


@lru_cache(maxsize=65536)
def measure_of(text: str) -> tuple[Decimal, Unit] | None:
    """The number and unit in one word: «двухлитровый», «полуторалитрового», «поллитра», «полкило»."""
    if text.startswith("пол") and text[3:] in _HALVES:
        return Decimal("0.5"), _HALVES[text[3:]]
    match = _COMPOUND.fullmatch(text) if len(text) > 7 else None
    if match is None:
        return None
    number = _prefix(match["number"])
    stem = next(stem for stem in _ADJECTIVES if text[match.end("number") :].startswith(stem))
    return (number, _ADJECTIVES[stem]) if number is not None else None


def _prefix(text: str) -> Decimal | None:
    """The number of a compound's first part: «двадцатипяти», «полутора», «двухсот»."""
    if text in _PREFIXES:
        return _PREFIXES[text]
    whole = numeral(text)
    if whole is not None:
        return None if whole.ordinal else Decimal(whole.value)
    for cut in range(3, len(text) - 2):
        left, right = numeral(text[:cut]), numeral(text[cut:])
        if left and right and left.rank in ("ten", "hundred") and right.value < left.value and not right.ordinal:
            return Decimal(left.value + right.value)
    return None
