"""Rules loaded again in the same process: as if they were loaded for the first time, whatever was kept."""

import pytest

from streamcheck.checking import Checker, loading, ruleset
from streamcheck.checking.patterns import named_lists
from streamcheck.checking.phrases import forget_variants, phrases_of
from streamcheck.checking.selftest import utterances_of
from tests.checking.conftest import compile_rules, pack, rule

SAID = ["пишите в вотцап срочно", "набросьте на телеграм", "новый шарфик тёплый"]


def found() -> list[tuple[str, str]]:
    checker = Checker(compile_rules())
    return [(one.rule, one.quote) for one in checker.check(utterances_of(SAID))]


def loaded_cold(monkeypatch: pytest.MonkeyPatch) -> tuple[list[tuple[str, str]], int]:
    with monkeypatch.context() as fresh:
        fresh.setattr(ruleset, "_KEPT", ruleset._Kept())
        fresh.setattr(loading, "_LOADED", {})
        forget_variants()
        phrases_of.cache_clear()
        return found(), len(compile_rules().lexicon)


@pytest.mark.parametrize(
    "change",
    [
        {"p": pack(rule("[{lemmas: '@names'}]"), rule("[{lemmas: шарф}]", ident="other"))},
        {"p": pack(rule("[{lemmas: шарфик}]"))},
        {"l": "lists: {names: [телеграм], places: ['@names']}\n"},
        {"l": "lists: {names: [вотсап, телеграм], places: ['{на|в} @names']}\n"},
        {"p": pack(rule("[{lemmas: '@places'}]", unless="[{before: [пишите], scope: 2}]"))},
    ],
)
def test_what_was_changed_counts_and_nothing_else(
    write_rules, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    first = {
        "p": pack(rule("[{lemmas: '@places'}]")),
        "l": "lists: {names: [вотсап], places: ['{на|в} @names']}\n",
    }
    write_rules(**first)
    before = found()
    write_rules(**{**first, **change})
    warm, asked = found(), len(compile_rules().lexicon)
    assert warm != before
    assert (warm, asked) == loaded_cold(monkeypatch)
    write_rules(**first)
    assert found() == before


def test_much_that_is_kept_is_forgotten(write_rules, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rules(p=pack(rule("[{lemmas: '@places'}]")), l="lists: {names: [вотсап], places: ['{на|в} @names']}\n")
    before = found()
    monkeypatch.setattr(ruleset, "_MOST_KEPT", 0)
    kept = ruleset._KEPT
    assert found() == before
    assert ruleset._KEPT is not kept


def test_a_sign_within_a_word_names_no_list() -> None:
    assert named_lists("=shop@home ..2 {@names|!@others} =@lavka") == ("names", "others")


def test_patterns_are_read_once(write_rules) -> None:
    write_rules(p=pack(rule("[{lemmas: ['писать ..2 @names', шарф]}]")), l="lists: {names: [вотсап]}\n")
    once, again = compile_rules(), compile_rules()
    assert once.lexicon is not again.lexicon
    assert [a is b for a, b in zip(once.phrases._variants, again.phrases._variants, strict=True)] == [True, True]
