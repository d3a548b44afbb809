"""Wrong rule files: every problem at once, each with its place; own names of a platform."""

import pytest

from streamcheck.checking.yamlfile import load_yaml
from streamcheck.errors import ConfigError, RulesError
from tests.checking.conftest import compile_rules, findings, pack, rule


def problems(write_rules, **files: str) -> str:
    write_rules(**files)
    with pytest.raises(RulesError) as caught:
        compile_rules()
    return str(caught.value)


def test_all_problems_of_all_files_come_at_once(write_rules):
    text = problems(write_rules, a="pack: a\nrulez: []\n", b="pack: b\npack: c\n", c="lists: {x: [no, да]}\n")
    assert "a.yaml:2:1" in text
    assert "rules" in text, "the near name"
    assert "b.yaml:2:1" in text
    assert "c.yaml:1:13" in text


def test_a_code_frame_shows_the_line(write_rules):
    text = problems(write_rules, a="pack: a\nrulez: []\n")
    assert "rulez: []" in text
    assert "^" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pack(rule("[{lemmas: вотсап}]", unless="[negatd]")), "negatd"),
        (pack(rule("[{lemmas: вотсап, words: вотсап}]")), "lemmas"),
        (pack(rule("[{lemmas: '@nothing'}]")), "nothing"),
        (pack(rule("[{regex: '(' }]")), "p.yaml"),
        (pack(rule("[{lemmas: вотсап}]"), rule("[{lemmas: вотсап}]")), "probe"),
        (pack(rule("[{lemmas: вотсап}]", category="contcat")), "p.yaml:6"),
        ("pack: p\nrules: [", "p.yaml:"),
        ("", "p.yaml"),
        ("just: words", "p.yaml"),
    ],
)
def test_a_mistake_is_named(write_rules, content, message):
    assert message in problems(write_rules, p=content)


def test_not_utf8_and_missing(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("pack: проба".encode("cp1251"))
    file, found = load_yaml(path)
    assert file is None
    assert "UTF-8" in str(found[0])
    _, found = load_yaml(tmp_path / "none.yaml")
    assert "none.yaml" in str(found[0])


def test_unknown_platform_names_those_that_exist(write_rules):
    write_rules(p=pack(rule("[{lemmas: вотсап}]")), k="platform: kaspi\ntitle: K\n")
    with pytest.raises(ConfigError, match="generic, kaspi"):
        compile_rules("kspi")


def test_own_names_leave_name_lists_and_become_the_own_platform(write_rules):
    write_rules(
        p=pack(rule("[{name: shops}]"), rule('[{lemmas: "плохой @own-platform"}]', ident="own", category="deal")),
        l="lists: {shops: {Ozon: [озон], Kaspi: [каспи]}}",
        k="platform: kaspi\ntitle: K\nown_names: [Kaspi]\n",
    )
    assert [one.quote for one in findings("озон. И там же каспи")] == ["озон", "каспи"]
    from streamcheck.checking import Checker
    from streamcheck.checking.selftest import utterances_of

    checker = Checker(compile_rules("kaspi"))
    assert [one.quote for one in checker.check(utterances_of(["озон и плохой каспи"]))] == ["озон", "плохой каспи"]
