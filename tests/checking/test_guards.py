"""What takes a match back: direction, scope, stop words, pseudo-triggers, phrases, lowering, near, other rules."""

import pytest

from streamcheck.checking import Checker
from streamcheck.checking.selftest import utterances_of
from streamcheck.errors import RulesError
from tests.checking.conftest import compile_rules, findings, pack, rule

ANY = '[{lemmas: "вотсап"}]'


@pytest.mark.parametrize(
    ("guard", "said", "kept"),
    [
        ("{before: [не], scope: 1}", "не пишите в вотсап", True),
        ("{before: [не], scope: 2}", "не пишите в вотсап", False),
        ("{before: [не], scope: 6}", "в вотсап не пишите", True),
        ("{after: [не], scope: 6}", "в вотсап не пишите", False),
        ("{around: [не], scope: 6}", "в вотсап не пишите", False),
        ("{before: [не], scope: 6}", "не спешите. Вотсап открыт", True),
        ("{before: [не], scope: 6, crosses: true}", "не спешите. Вотсап открыт", False),
        ("{before: [не], scope: 6, stop: [но]}", "не сайт, но вотсап", True),
        ("{before: [не], scope: 6, pseudo: [не только]}", "не только вотсап", True),
        ("{around: [вотсап], pseudo: [не вотсап]}", "это вотсап", False),
        ("{around: [вотсап], pseudo: [не вотсап]}", "это не вотсап", True),
        ("{over: [вотсап на часах]}", "вотсап на часах видно", False),
        ("{over: [вотсап на часах]}", "вотсап открыт на часах", True),
        ("{quotation: true}", "чехол «вотсап» зелёный", False),
        ("{quotation: true}", "чехол вотсап зелёный", True),
    ],
)
def test_guard(found, guard, said, kept):
    assert bool(found(ANY, said, unless=f"[{guard}]")) is kept


def test_lowering_keeps_the_match(write_rules):
    write_rules(p=pack(rule(ANY, unless="[{before: [пишет], scope: 5, turns: lower}]")))
    assert [one.severity for one in findings("Марина пишет про вотсап")] == ["warning"]
    assert [one.severity for one in findings("про вотсап")] == ["violation"]


def test_dropped_match_is_in_the_trace(write_rules):
    write_rules(p=pack(rule(ANY, unless="[нельзя-так]")), g="guards: {нельзя-так: {before: [не], scope: 3}}")
    dropped = []
    Checker(compile_rules()).check(utterances_of(["не вотсап"]), trace=dropped.append)
    assert [(one.rule, one.quote, one.guard) for one in dropped] == [("p/probe", "вотсап", "нельзя-так")]


@pytest.mark.parametrize(
    ("near", "said", "hit"),
    [
        ("{lemmas: [писать], within: 2}", "пишите в вотсап", True),
        ("{lemmas: [писать], within: 2}", "пишите когда хотите в вотсап", False),
        ("{lemmas: [писать], within: 3, side: after}", "пишите в вотсап", False),
        ("{lemmas: [писать], within: 3, side: after}", "вотсап пишите", True),
    ],
)
def test_near(found, near, said, hit):
    assert bool(found(f'[{{lemmas: "вотсап", near: {near}}}]', said)) is hit


def test_near_in_seconds(write_rules):
    write_rules(p=pack(rule("[{lemmas: вотсап, near: {lemmas: [писать], seconds: 2}}]")))
    checker = Checker(compile_rules())
    assert checker.check(utterances_of(["пишите", "вотсап"], [[0, 1], [2, 3]]))
    assert not checker.check(utterances_of(["пишите", "вотсап"], [[0, 1], [5, 6]]))


def test_another_rule_takes_a_match_back(write_rules):
    first = rule(ANY, ident="narrow", category="link")
    second = rule(ANY, ident="wide", unless="[{rule: narrow}]")
    write_rules(p=pack(first, second))
    assert [one.rule for one in findings("вотсап")] == ["p/narrow"]


def test_overlapping_matches_of_a_category_are_told_once(write_rules):
    write_rules(p=pack(rule('[{lemmas: "писать ..2 вотсап"}]', ident="long"), rule(ANY, ident="short")))
    assert [one.quote for one in findings("пишите в вотсап")] == ["пишите в вотсап"]


def test_a_name_of_the_shop_that_is_no_pattern_is_an_error(write_rules, tmp_path):
    write_rules(p=pack(rule("[{lemmas: вотсап}]")))
    shop = tmp_path / "shop.yaml"
    shop.write_text("vocabulary: ['Милый дом (сет)']\n", encoding="utf-8")
    with pytest.raises(RulesError, match="Милый дом"):
        compile_rules(shop=shop)


def test_shop_vocabulary_and_ignored_findings(write_rules, tmp_path):
    write_rules(p=pack(rule(ANY)))
    shop = tmp_path / "shop.yaml"
    shop.write_text("vocabulary: [чехол Вотсап]\nignore: [{rule: probe, reason: проверено юристом}]", encoding="utf-8")
    checker = Checker(compile_rules(shop=shop))
    assert checker.check(utterances_of(["чехлы вотсап"])) == []
    assert [one.ignored for one in checker.check(utterances_of(["в вотсап"]))] == ["проверено юристом"]


def test_ignore_entries_run_out_and_unused_ones_are_told(write_rules, tmp_path):
    write_rules(p=pack(rule(ANY)))
    shop = tmp_path / "shop.yaml"
    shop.write_text(
        "ignore:\n- {rule: probe, reason: старое, until: 2026-11-21}\n- {fingerprint: abc, reason: лишнее}\n",
        encoding="utf-8",
    )
    checker = Checker(compile_rules(shop=shop))
    found = checker.check(utterances_of(["в вотсап"]))
    assert [one.ignored for one in found] == [None]
    expired, unused = checker.remarks(found)
    assert "2026-11-21" in expired
    assert "abc" in unused
