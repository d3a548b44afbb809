"""The pattern language: what each sign means, and how a wrong pattern is refused."""

import pytest

from streamcheck.errors import RulesError
from tests.checking.conftest import compile_rules, findings, pack, rule

LISTS = """
lists:
  apps: [вотсап, телеграм, "зелёный мессенджер"]
  verbs: [писать, звонить]
"""


@pytest.mark.parametrize(
    ("pattern", "said", "want"),
    [
        ("писать", "вы пишете мне", ["пишете"]),
        ("=пишите", "вы пишете мне", []),
        ("=пишите", "пишите мне", ["пишите"]),
        ("писать<impr>", "пишете или пишите", ["пишите"]),
        ("<NUMR> штука", "пять штук", ["пять штук"]),
        ("вотсап*", "в вотсапчик", ["вотсапчик"]),
        ("kk:сайт", "біздің сайтымызға кіріңіз", ["сайтымызға"]),
        ("kk:сайт", "біздің сайтщык", []),
        ("писать @apps", "пишите вотсап", ["пишите вотсап"]),
        ("писать @apps", "пишите зелёный мессенджер", ["пишите зелёный мессенджер"]),
        ("@verbs<impr> сюда", "пишите сюда", ["пишите сюда"]),
        ("@verbs<impr> сюда", "писали сюда", []),
        ("{писать|звонить}<impr> сюда", "звоните сюда", ["звоните сюда"]),
        ("{писать|звонить}<impr> сюда", "звонили сюда", []),
        ("# рубль", "сто рублей", ["сто рублей"]),
        ("# рубль", "100 рублей", ["100 рублей"]),
        ("писать {в|на} телеграм", "пишите на телеграм", ["пишите на телеграм"]),
        ("писать {в|на} телеграм", "пишите про телеграм", []),
        ("писать бы? сюда", "писали сюда", ["писали сюда"]),
        ("писать бы? сюда", "писали бы сюда", ["писали бы сюда"]),
        ("писать ..2 телеграм", "пишите мне в телеграм", ["пишите мне в телеграм"]),
        ("писать ..2 телеграм", "пишите мне сразу прямо в телеграм", []),
        ("писать ..2 телеграм", "пишите. В телеграм", []),
        ("писать ~2 телеграм", "пишите. В телеграм", ["пишите. В телеграм"]),
        ("самый !главный <ADJF>", "самый удобный", ["самый удобный"]),
        ("самый !главный <ADJF>", "самый главный", []),
        ("паспорт !{изделие|прибор}", "паспорт изделия", []),
        ("паспорт !{изделие|прибор}", "паспорт ваш", ["паспорт"]),
        ("^ писать", "пишите нам", ["пишите"]),
        ("^ писать", "вы пишете", []),
        ("писать $", "вы пишете. Да", ["пишете"]),
        ("писать $", "вы пишете нам", []),
        ("топ 1", "топ-1 среди всех", ["топ-1"]),
        ("топ-1", "топ 1 среди всех", ["топ 1"]),
        ("№ 1", "товар №1", ["№1"]),
        ("ёлка", "ЕЛКА", ["ЕЛКА"]),
    ],
)
def test_pattern(found, pattern, said, want):
    assert found(f'[{{lemmas: "{pattern}"}}]', said, lists=LISTS) == want


def test_words_are_exact_forms(found):
    assert found("[{words: пишите нам}]", "пишите нам") == ["пишите нам"]
    assert found("[{words: пишите нам}]", "пишете нам") == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("писать {в|на", "не закрыта"),
        ("писать }", "}"),
        ("писать @app", "apps"),
        ("писать ..40", "от 1 до 12"),
        ("<Глагол>", "Глагол"),
        ("..3", "ни одного слова"),
        ("писать?", "обязательного"),
    ],
)
def test_wrong_pattern_is_refused_with_its_place(write_rules, pattern, message):
    folder = write_rules(p=pack(rule(f'[{{lemmas: "{pattern}"}}]')), lists=LISTS)
    with pytest.raises(RulesError) as caught:
        compile_rules()
    assert str(folder / "p.yaml") + ":" in str(caught.value)
    assert message in str(caught.value)


def test_phrase_crosses_utterances_without_a_full_stop(found):
    assert found('[{lemmas: "писать в телеграм"}]', "пишите в", "телеграм") == ["пишите в телеграм"]
    assert found('[{lemmas: "писать в телеграм"}]', "пишите в.", "Телеграм") == []


def test_tightest_match_is_told(found):
    assert found('[{lemmas: "писать ..3 телеграм"}]', "пишет пишите в телеграм") == ["пишите в телеграм"]


def test_findings_carry_the_contract(write_rules):
    write_rules(p=pack(rule('[{lemmas: "писать"}]')))
    (one,) = findings("да пишите")
    row = one.as_json()
    assert row["type"] == "finding"
    assert (row["rule"], row["line"], row["start"]) == ("p/probe", 1, None)
    assert row["source"] == "Документ"
