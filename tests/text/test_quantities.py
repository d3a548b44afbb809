"""Amounts with units as they are said and written, and numbers that are better left alone."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from streamcheck.events import Word
from streamcheck.text.quantities import Quantity, quantities
from streamcheck.text.tokens import tokenise


def found(said: str) -> list[Quantity]:
    return quantities(tokenise([Word(word) for word in said.split()]))


def shown(one: Quantity) -> str:
    """Value and unit, a range with dots, and what is not exact."""
    upper = f"..{one.upper.normalize():f}" if one.upper is not None else ""
    unit = f" {one.unit.name}" if one.unit else ""
    bound = f" ({one.bound})" if one.bound not in ("exact", "range") else ""
    return f"{one.value.normalize():f}{upper}{unit}{bound}"


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("полтора литра", "1.5 л"),
        ("полутора литров", "1.5 л"),
        ("две с половиной тысячи ватт", "2500 Вт"),
        ("два с половиной метра", "2.5 м"),
        ("три с четвертью часа", "3.25 ч"),
        ("двадцать тысяч", "20000"),
        ("1,7 л", "1.7 л"),
        ("1.7 л", "1.7 л"),
        ("один и семь литра", "1.7 л"),
        ("один семь литра", "1.7 л"),
        ("одна целая семь десятых литра", "1.7 л"),
        ("две целых и двадцать пять сотых кг", "2.25 кг"),
        ("два и восемь десятых килограмма", "2.8 кг"),
        ("семь десятых литра", "0.7 л"),
        ("ноль пять литра", "0.5 л"),
        ("ноль семьдесят пять литра", "0.75 л"),
        ("полкило", "0.5 кг"),
        ("пол литра", "0.5 л"),
        ("поллитра", "0.5 л"),
        ("пол-литра", "0.5 л"),
        ("четверть литра", "0.25 л"),
        ("пятьсот граммов", "500 г"),
        ("пятьюстами граммами", "500 г"),
        ("двенадцать месяцев", "12 мес"),
        ("десять лет", "10 год"),
        ("год", "1 год"),
        ("год с половиной", "1.5 год"),
        ("целый километр", "1 км"),
        ("75 см", "75 см"),
        ("75см", "75 см"),
        ("минус двадцать градусов", "-20 °C"),
        ("20 000 мА·ч", "20000 мА·ч"),
        ("шесть тысяч миллиампер-часов", "6000 мА·ч"),
        ("100%", "100 %"),
        ("сто процентов", "100 %"),
        ("все сорок ватт", "40 Вт"),
        ("три тысячи честных ватт", "3000 Вт"),
        ("2 200 Вт", "2200 Вт"),
        ("полтора киловатта", "1.5 кВт"),
        ("двести девяносто девять рублей", "299 ₽"),
        ("три девятьсот девяносто тенге", "3990 ₸"),
        ("цена три девятьсот девяносто", "3990"),
        ("24 900 ₸", "24900 ₸"),
        ("2.990 рублей", "2990 ₽"),
        ("20 тыс. тенге", "20000 ₸"),
        ("полторы тысячи рублей", "1500 ₽"),
        ("2,5 тысячи рублей", "2500 ₽"),
        ("миллион двести тысяч рублей", "1200000 ₽"),
        ("$20", "20 $"),
        ("двухлитровый", "2 л"),
        ("полуторалитрового", "1.5 л"),
        ("1,7-литровый", "1.7 л"),
        ("двадцатипятисантиметровая", "25 см"),
        ("пятисотграммовый", "500 г"),
        ("трёхлетняя", "3 год"),
        ("3-х литровый", "3 л"),
        ("два метра двадцать", "2.2 м"),
        ("метр двадцать", "1.2 м"),
        ("литр семь", "1.7 л"),
        ("сто семьдесят киловатт-часов", "170 кВт·ч"),
        ("килограмм двести", "1.2 кг"),
        ("два килограмма триста граммов", "2.3 кг"),
        ("час двадцать минут", "1.333333333333333333333333333 ч"),
        ("пять-семь часов", "5..7 ч"),
        ("5-7 см", "5..7 см"),
        ("двадцать тридцать минут", "20..30 мин"),
        ("40–46", "40..46"),
        ("до двух литров", "2 л (to)"),
        ("не менее двух часов", "2 ч (from)"),
        ("минимум час", "1 ч (from)"),
        ("около трёх килограммов", "3 кг (about)"),
        ("пять литров с лишним", "5 л (about)"),
        ("два литра в минуту", "2 л/мин"),
        ("двадцать квадратных метров", "20 м^2"),
        ("екі литр", "2 л"),
        ("жүз елу мың теңге", "150000 ₸"),
        ("он бес мың теңге", "15000 ₸"),
        ("twenty liters", "20"),
        ("триста двадцать деталей", "320"),
    ],
)
def test_amounts(said: str, amount: str) -> None:
    assert [shown(one) for one in found(said)] == [amount]


@pytest.mark.parametrize(
    "said",
    [
        "две двести",
        "две двести ватт",
        "две тысячи, двести ватт",
        "размеры сорок четыре сорок шесть сорок восемь",
        "восемь семьсот один двести тридцать четыре сорок пять",
        "шестьдесят на сорок сантиметров",
        "60 х 40 см",
        "2025 год",
        "в 2025 г",
        "в две тысячи двадцать пятом году",
        "двадцать пятое мая",
        "второй литр",
        "2.500 л",
        "20.05.2026",
        "каждый год",
        "в час дня",
        "он сказал",
        "многолетний опыт",
        "полотенце, полка и поле",
    ],
)
def test_left_alone(said: str) -> None:
    assert [one for one in found(said) if one.unit or one.value > 60] == []


def test_figures_apart_are_amounts_of_their_own() -> None:
    assert [shown(one) for one in found("стоит 2990, 1,7 литра")] == ["2990", "1.7 л"]


def test_units_of_one_dimension_compare() -> None:
    litres, millilitres = found("полтора литра, тысяча пятьсот миллилитров")
    assert litres.base == millilitres.base == Decimal(1500)
    assert litres.unit is not None
    assert millilitres.unit is not None
    assert litres.unit.dimension == millilitres.unit.dimension


def test_a_span_holds_number_and_unit() -> None:
    (one,) = found("мощность две с половиной тысячи ватт у него")
    assert (one.start, one.end) == (1, 6)


@pytest.mark.parametrize(
    "word", ["8", "двадцать", "с половиной", "и", "тысяча", "литр", "пол", "5 и", "один на", "метр двадцать"]
)
def test_hostile_lengths_stay_linear(word: str, grows_linearly: Callable[[Callable[[int], Any], int], None]) -> None:
    grows_linearly(lambda count: found(" ".join([word] * count)), 500)
