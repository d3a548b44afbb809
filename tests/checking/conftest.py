"""Small rule folders of one's own: the tests of the engine do not lean on the shipped rules."""

import textwrap
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from streamcheck.checking import Checker, RuleSet, loading
from streamcheck.checking.loading import choose_platform, read_shop, read_sources
from streamcheck.checking.products import read_products
from streamcheck.checking.ruleset import Compiler
from streamcheck.checking.selftest import utterances_of
from streamcheck.events import Finding

TODAY = date(2026, 11, 22)

RULE = """
  - id: {id}
    title: Проба
    category: {category}
    any: {any}
    unless: {unless}
    message: "«{{match}}»"
    advice: {{say: Иначе.}}
    why: Потому что так написано в правилах.
    source: s
"""


def rule(any_: str, *, unless: str = "[]", ident: str = "probe", category: str = "contact") -> str:
    return RULE.format(id=ident, category=category, any=any_, unless=unless)


def pack(*rules: str) -> str:
    return "pack: p\nsources: {s: {title: Документ}}\nrules:" + "".join(rules)


@pytest.fixture
def write_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes files into a rules folder that stands in for the shipped one."""
    folder = tmp_path / "rules"
    folder.mkdir()
    monkeypatch.setattr(loading, "shipped_rules", lambda: folder)

    def write(**contents: str) -> Path:
        for name, content in contents.items():
            (folder / f"{name}.yaml").write_text(textwrap.dedent(content), encoding="utf-8")
        return folder

    return write


def compile_rules(platform: str = "generic", shop: Path | None = None, products: Path | None = None) -> RuleSet:
    sources = read_sources()
    catalogue = read_products(products) if products else None
    return Compiler(sources, choose_platform(sources, platform), read_shop(shop), TODAY, catalogue).compile()


@pytest.fixture
def found(write_rules: Callable[..., Path]) -> Callable[..., list[str]]:
    """Quotes that one rule with these matchers finds in a text."""

    def find(any_: str, *said: str, unless: str = "[]", **files: str) -> list[str]:
        write_rules(p=pack(rule(any_, unless=unless)), **files)
        return [one.quote for one in findings(*said)]

    return find


def findings(*said: str) -> list[Finding]:
    return Checker(compile_rules()).check(utterances_of(said))
