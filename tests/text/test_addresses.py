"""Addresses as they are written, dictated and misheard, and words that only look like parts of one."""

from collections.abc import Callable
from typing import Any

import pytest

from streamcheck.events import Word
from streamcheck.text.addresses import addresses
from streamcheck.text.tokens import tokenise


def found(said: str) -> list[tuple[str, str, str]]:
    """Kind, value and the tokens of each address."""
    tokens = tokenise([Word(word) for word in said.split()])
    return [(one.kind, one.value, " ".join(t.raw for t in tokens[one.start : one.end])) for one in addresses(tokens)]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("пишите на zakaz@lavka.ru сегодня", "email", "zakaz@lavka.ru"),
        ("почта anna.petrova-92@post.lavka.kz.", "email", "anna.petrova92@post.lavka.kz"),
        ("почта: опт лавка, собака, мейл точка ру", "email", "optlavka@mail.ru"),
        ("пишите инфо собака джи мейл точка ком", "email", "info@gmail.com"),
        ("сервис собака станок дефис пять точка ру", "email", "servis@stanok-5.ru"),
        ("лавка эт яндекс точка ру", "email", "lavka@yandex.ru"),
        ("лена нижнее подчёркивание шуб собака инбокс точка ру", "email", "lena_shub@inbox.ru"),
        ("tiktok @lavka.kz", "handle", "@lavka.kz"),
        ("пишите на почту лавка собака джимейл", "email", "lavka@gmail"),
        ("чайник точка онлайн, заходите", "domain", "chaynik.online"),
        ("наш аккаунт @lavka_kz, заходите", "handle", "@lavka_kz"),
        ("ищите в тиктоке, собака lavka_demo", "handle", "@lavka_demo"),
        ("ник в телеграме собака шубомаркет", "handle", "@shubomarket"),
        ("наш ник собака power lavka там ответят", "handle", "@powerlavka"),
        ("ищите шуболавка нижнее подчёркивание алматы", "handle", "@shubolavka_almaty"),
        ("мой ник lavka_astana, пишите", "handle", "@lavka_astana"),
        ("заходите на lavka.kz.", "domain", "lavka.kz"),
        ("заходите на Лавка.кз", "domain", "lavka.kz"),
        ("заходите: лавкамаркет, точка кз, всё есть", "domain", "lavkamarket.kz"),
        ("чайник точка кей зет", "domain", "chaynik.kz"),
        ("чайник точка казэт", "domain", "chaynik.kz"),
        ("чайники. Точка Ру", "domain", "chayniki.ru"),
        ("тёплый дефис свет точка ком", "domain", "teplyy-svet.com"),
        ("шоп точка ком точка кз", "domain", "shop.com.kz"),
        ("эс эм точка ру", "domain", "sm.ru"),
        ("visit lavka dot com now", "domain", "lavka.com"),
        ("біздің сайт шаңырақ нүкте кз", "domain", "shanyrak.kz"),
        ("наш сайт чайник точка нет", "domain", "chaynik.net"),
        ("диктую: чайник точка про", "domain", "chaynik.pro"),
        ("лавка точка рф", "domain", "lavka.рф"),
        ("https://lavka.kz/sale", "url", "www.lavka.kz/sale"),
        ("www.lavka.kz", "url", "www.lavka.kz"),
        ("ве-ве-ве, чайник, точка ру", "url", "www.chaynik.ru"),
        ("вэ вэ вэ точка чайник точка ру", "url", "www.chaynik.ru"),
        ("ве ве ве чайникмаркет", "url", "www.chaynikmarket"),
        ("t.me/lavka", "url", "t.me/lavka"),
        ("тэ точка мэ слэш лавка", "url", "t.me/lavka"),
        ("wa.me/77012344567", "url", "wa.me/77012344567"),
        ("бит точка ли слэш набор семь семь", "url", "bit.ly/nabor77"),
        ("на странице lavka слэш размеры", "url", "lavka/razmery"),
    ],
)
def test_addresses(said: str, kind: str, value: str) -> None:
    assert [(kind, value)] == [one[:2] for one in found(said)]


@pytest.mark.parametrize(
    "said",
    [
        "корм для собак, собака лает",
        "в инстаграме собака лает смешно",
        "моя собака, точка",
        "собака бежит, точка на карте",
        "собака точка",
        "это моя точка зрения",
        "точка росы у утеплителя",
        "мы не торгуемся, и точка.",
        "вот и точка. Нет, не надо",
        "сказала и точка нет больше скидок",
        "это болевая точка про которую молчат",
        "торговая точка нет не наша",
        "рисунок в точку",
        "слэш и дефис",
        "кабель Type-C слэш USB",
        "и т.д. и т.п., т.е. так",
        "весит 2.5 кг, оценка 5/10",
        "Хорошо.Мы пришли.Ну вот",
        "точка ру",
        "наша точка ру",
        "ве ве ве",
        "@",
        "мощность 2000_3000",
        "дефис тире минус",
        "он сказал мне нет",
    ],
)
def test_no_addresses(said: str) -> None:
    assert found(said) == []


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("наша почта опт лавка, собака, мейл точка ру, ответим", "опт лавка собака мейл точка ру"),
        ("заходите на сайт лавка точка кз там дешевле", "лавка точка кз"),
        ("вот t.me/lavka для вас", "t me / lavka"),
    ],
)
def test_spans(said: str, span: str) -> None:
    assert [one[2] for one in found(said)] == [span]


def test_several_do_not_overlap() -> None:
    said = "пишите на opt@lavka.ru или t.me/lavka, сайт лавка точка кз"
    assert [one[1] for one in found(said)] == ["opt@lavka.ru", "t.me/lavka", "lavka.kz"]


@pytest.mark.parametrize(
    "word", ["точка", "собака", "a.b.", "ве", "слэш", "@", "эс", "x_", "a.ru", "t.me/", "точка ру"]
)
def test_hostile_lengths_stay_linear(word: str, grows_linearly: Callable[[Callable[[int], Any], int], None]) -> None:
    grows_linearly(lambda count: found(" ".join([word] * count)), 500)
