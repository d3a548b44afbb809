"""What was said against the card: contradictions told, everything else left alone; and product files that are wrong."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streamcheck.checking.contradictions import Contradiction, figures, scene_of
from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matchers.product import CardContradiction
from streamcheck.checking.passage import Passage, read_passage
from streamcheck.checking.products import Catalogue, ProductSpec, catalogue_of, read_products
from streamcheck.checking.substances import absences, statements
from streamcheck.errors import RulesError
from streamcheck.events import Utterance, Word
from streamcheck.i18n import use_language

SHOP = catalogue_of(
    ProductSpec(**spec)
    for spec in (
        {
            "name": "Блендер погружной «Вихрь»", "price": 4490, "currency": "RUB",
            "card": {
                "Мощность": "800 Вт", "Объём стакана": "600 мл", "Длина шнура": "1,2 м", "Гарантия": "2 года",
                "Корпус": "пластик", "Насадка": "нержавеющая сталь", "Скоростей": 5, "Страна": "Китай",
            },
        },
        {
            "name": "Плед «Облако» 150x200", "price": 1990, "currency": "RUB",
            "card": {"Состав": "хлопок 70 %, полиэстер 30 %", "Вес": "900 г", "Плотность": "300 г/м²"},
        },
        {
            "name": "Лампа настольная", "price": "2 490 ₽", "currency": "₽",
            "card": {
                "Время работы": "до 10 ч", "Время зарядки": "2 ч", "Батарейки в комплекте": False,
                "Яркость": "450 лм", "Материал": "алюминий", "Возраст": "6+",
            },
        },
        {
            "name": "Пауэрбанк Volt", "price": 15990, "currency": "KZT",
            "card": {"Ёмкость": "10 000 мА·ч", "Вес": "210 г"},
        },
    )
)  # fmt: skip


def passage_of(*said: str) -> Passage:
    return read_passage([Utterance(tuple(Word(word) for word in one.split())) for one in said], Lexicon())


def found(*said: str, shop: Catalogue = SHOP) -> list[Contradiction]:
    scene = scene_of(passage_of(*said), shop)
    return [*figures(scene), *statements(scene), *absences(scene)]


@pytest.mark.parametrize(
    ("sentence", "kind", "said"),
    [
        ("Блендер у нас мощный, мощность тысяча двести ватт, хватает на всё.", "figure", "тысяча двести ватт"),
        ("Это блендер на полтора киловатта.", "figure", "полтора киловатта"),
        ("Шнур у блендера полтора метра.", "figure", "полтора метра"),
        ("Блендер наш любимый. Гарантия на него пять лет, не шутка.", "figure", "пять лет"),
        ("Девочки, блендер полторы тысячи ватт!", "figure", "полторы тысячи ватт"),
        ("Плед из чистого хлопка, девочки.", "text", "Плед из чистого хлопка"),
        ("Плед сто процентов хлопок.", "text", "Плед сто процентов хлопок"),
        ("Плед весит пятьсот граммов.", "figure", "пятьсот граммов"),
        ("Блендер собран в Германии, качество немецкое.", "text", "собран в Германии"),
        ("Корпус у блендера из нержавеющей стали.", "text", "Корпус у блендера из нержавеющей"),
        ("Блендер, у него корпус стальной.", "text", "корпус стальной"),
        ("Насадка титановая у этого блендера.", "text", "Насадка титановая"),
        ("Лампа работает двадцать часов без подзарядки.", "figure", "двадцать часов"),
        ("Лампа заряжается за тридцать минут.", "figure", "тридцать минут"),
        ("К лампе батарейки идут в комплекте.", "text", "батарейки идут в комплекте"),
        ("Лампа подходит детям с трёх лет.", "figure", "с трёх лет"),
        ("Пауэрбанк на двадцать тысяч миллиампер-часов.", "figure", "двадцать тысяч миллиампер-часов"),
        ("Пауэрбанк, на деле там все двадцать тысяч миллиампер часов.", "figure", "двадцать тысяч миллиампер часов"),
        ("Цена блендера три тысячи девятьсот рублей.", "price", "три тысячи девятьсот рублей"),
        ("Лампа стоит тысяча семьсот девяносто.", "price", "тысяча семьсот девяносто"),
        ("В наборе у блендера десять скоростей.", "figure", "десять скоростей"),
        ("Лампа деревянная, дуб.", "text", "Лампа деревянная"),
        ("Лампа из дерева.", "text", "Лампа из дерева"),
        ("двухлитровый стакан у блендера", "figure", "двухлитровый"),
        ("Стакан у блендера литр.", "figure", "литр"),
        ("Плед шерстяной, настоящая шерсть.", "text", "Плед шерстяной"),
    ],
)
def test_contradictions(sentence: str, kind: str, said: str) -> None:
    assert [(one.kind, one.said) for one in found(sentence)] == [(kind, said)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Блендер восемьсот ватт, стакан шестьсот миллилитров.",
        "Мощность ноль восемь киловатта у блендера.",
        "Блендер: шнур метр двадцать, гарантия два года.",
        "Гарантия на блендер двадцать четыре месяца.",
        "У конкурентов блендер на тысячу двести ватт, а у нас восемьсот.",
        "Этот блендер не на тысячу ватт.",
        "Это не тысяча ватт, а восемьсот, блендер честный.",
        "Блендер взбивает пол-литра сливок за две минуты.",
        "Налейте в стакан блендера триста миллилитров молока.",
        "Блендер на тысячу ватт тоже есть, в соседней карточке.",
        "Если нужен блендер мощнее, берите на тысячу двести ватт.",
        "Блендер на тысячу ватт есть?",
        "Доставим блендер за три дня, гарантия два года.",
        "Скидка на блендер пятьсот рублей.",
        "Блендер раньше стоил шесть тысяч рублей.",
        "Блендер стоит четыре тысячи четыреста девяносто.",
        "Сегодня на блендер скидка, цена три девятьсот.",
        "Теперь о другом: утюг, мощность две тысячи ватт, гарантия год.",
        "Плед весит девятьсот граммов, почти килограмм.",
        "Плед почти килограмм весит.",
        "Плед из хлопка с полиэстером.",
        "В составе пледа семьдесят процентов хлопка.",
        "Плед хлопковый, мягкий.",
        "Плед мягкий, как шерсть.",
        "Плед не шерстяной.",
        "Это не титан, а сталь, насадка у блендера.",
        "Блендер, корпус под дерево.",
        "Корпус блендера пластиковый.",
        "Лампа металлическая.",
        "Лампа алюминиевая, лёгкая.",
        "Лампа работает восемь часов.",
        "Лампа работает десять часов.",
        "Батарейки к лампе в комплекте не идут.",
        "Батарейки к лампе продаются отдельно, в комплекте их нет.",
        "Лампа для детей с шести лет, до трёх лет не давайте.",
        "Мне сорок лет, и лампа мне нравится.",
        "Лампа горит, мы стали её проверять.",
        "Пауэрбанк десять тысяч миллиампер-часов, весит двести десять граммов.",
        "Пауэрбанк заряжает телефон с батареей на пять тысяч миллиампер-часов два раза.",
        "Пауэрбанк приедет через три дня, вес посылки полкило.",
        "Блендер из Китая, сборка китайская.",
        "Блендер, немецкий дизайн, собран в Китае.",
        "Блендер с тремя насадками, осталось пять штук.",
        "Блендером взбила двести граммов сыра.",
        "Эфир идёт уже два часа, а блендер ещё не показали.",
        "Лампу заряжаем два часа.",
        "Блендер четыре четыреста девяносто, плед тысяча девятьсот девяносто.",
        "Плед стоит тысяча девятьсот девяносто, а пододеяльник две тысячи пятьсот рублей.",
        "Плед в коробке, коробка тридцать на сорок сантиметров.",
        "Блендер я роняла с двух метров.",
        "Шнур у блендера сто двадцать сантиметров.",
        "Пледом можно укрыться вдвоём, он два метра.",
        "Вместе с коробкой плед весит полтора килограмма.",
        "Гарантия на насадку блендера год.",
        "Гарантия от производителя два года, от магазина ещё год, блендер не подведёт.",
        "Три года пользуюсь блендером, гарантия два года.",
        "Пиковая мощность блендера тысяча двести ватт.",
        "У блендера мощность восемьсот, в турбо-режиме тысяча ватт.",
        "Блендер взяла подруга, у неё муж в Германии работает.",
        "Блендер, говорят, немецкий, но нет, собран в Китае.",
        "Пледом накрыла кожаный диван.",
        "Плед сочетается с деревянной мебелью.",
        "Лампу поставила на стеклянный стол.",
        "Лампа, абажур тканевый, на стеклянной полке смотрится.",
        "Блендер в стеклянной чаше не работает.",
        "Лампе батарейки не нужны.",
        "Лампа стоит на столе, две тысячи лампочек зажглись.",
        "Плед не мнётся, цена тысяча девятьсот девяносто рублей.",
        "В комплекте у блендера стакан и три насадки, скоростей пять.",
        "Первая скорость у блендера для мягкого, пятая для льда.",
        "Блендер пришёл за пять дней, пять звёзд.",
        "Блендер за восемьсот рублей вы не найдёте.",
        "Мощность утюга две тысячи ватт, у блендера восемьсот.",
        "Длина пледа два метра, ширина полтора.",
        "Плед тёплый, весит как кошка, четыре килограмма шучу.",
    ],
)
def test_left_alone(sentence: str) -> None:
    assert found(sentence) == []


def test_the_product_named_last_is_meant() -> None:
    (one,) = found("Вот наш плед, мягкий.", "Весит полтора килограмма, тёплый.")
    assert (one.product, one.attribute, one.card) == ("Плед «Облако» 150x200", "Вес", "900 г")


def test_nothing_after_the_talk_went_on_to_something_else() -> None:
    assert not found("Вот наш плед, мягкий.", "Теперь утюг.", "Весит полтора килограмма.")


def test_nothing_where_no_product_was_named() -> None:
    assert not found("Мощность тысяча двести ватт, гарантия пять лет.")


def test_a_card_that_is_said_to_be_wrong() -> None:
    (one,) = found("Пауэрбанк лёгкий.", "По факту там все двадцать тысяч миллиампер-часов, в карточке занизили.")
    assert one.said == "двадцать тысяч миллиампер-часов"


def test_an_amount_that_is_stressed_after_its_attribute_was_named() -> None:
    for said in (
        ["С мощностью я поскромничала, там полные полтора киловатта."],
        ["Какая мощность?", "Полные полтора киловатта."],
    ):
        (one,) = found(*said)
        assert (one.attribute, one.card) == ("Мощность", "800 Вт")
    assert not found("Мощность хорошая, полтора киловатта берёт обычная плита.")


def test_the_finder_tells_kinds_apart_and_fills_the_message() -> None:
    passage = passage_of("Блендер на полтора киловатта, корпус стальной.")
    (figure,) = CardContradiction("figure", SHOP).find(passage, 0, len(passage.tokens))
    (material,) = CardContradiction("text", SHOP).find(passage, 0, len(passage.tokens))
    assert figure.values["said"] == "полтора киловатта"
    assert figure.values["card"] == "800 Вт"
    assert material.values["attribute"] == "Корпус"
    assert not list(CardContradiction("price", SHOP).find(passage, 0, len(passage.tokens)))
    assert not list(CardContradiction("figure", None).find(passage, 0, len(passage.tokens)))


# files


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_json_is_yaml(tmp_path: Path) -> None:
    spec = {"products": [{"name": "Чайник", "price": 2990, "currency": "RUB", "card": {"Объём": "1,7 л"}}]}
    catalogue = read_products(write(tmp_path / "p.json", json.dumps(spec, ensure_ascii=False)))
    assert catalogue.products[0].attributes[0].figures[0].base == 1700


def test_all_problems_of_a_file_with_their_places(tmp_path: Path) -> None:
    use_language("en")
    content = """\
products:
  - name: Чайник
    prise: 2990
  - name: Термос
    price: дорого
    currency: RUBL
  - price: 5
"""
    with pytest.raises(RulesError) as error:
        read_products(write(tmp_path / "p.yaml", content))
    message = str(error.value)
    use_language(None)
    for place in ("p.yaml:3:5", "p.yaml:5:5", "p.yaml:6:5", "p.yaml:7:5"):
        assert place in message
    assert '"price"' in message
    assert '"RUB"' in message


def test_a_product_told_twice(tmp_path: Path) -> None:
    content = "products: [{name: Чайник}, {name: чайник}]"
    with pytest.raises(RulesError, match=r"p\.yaml:1:13.*\n(.*\n)*.*p\.yaml:1:29"):
        read_products(write(tmp_path / "p.yaml", content))


def test_two_of_a_kind_are_told_apart_by_their_other_words() -> None:
    shop = catalogue_of(
        ProductSpec(name=name, card={"Объём": volume})
        for name, volume in (("Чайник стеклянный", "2 л"), ("Чайник стальной", "1,5 л"))
    )
    assert not found("Чайник на полтора литра", shop=shop)
    (one,) = found("Стеклянный, объём у него полтора литра", shop=shop)
    assert one.card == "2 л"


@pytest.mark.parametrize(
    "said", ["блендер 5 литров", "лампа из стали", "батарейки в комплекте есть, лампа", "цена 500 рублей"]
)
def test_hostile_lengths_stay_linear(said: str, grows_linearly: Callable[[Callable[[int], Any], int], None]) -> None:
    grows_linearly(lambda count: found(" ".join([said] * count)), 200)
