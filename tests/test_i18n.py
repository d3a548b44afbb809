"""Both languages say the same things, with the same values in them."""

import string
import tomllib
from pathlib import Path

import pytest

import streamcheck.i18n as i18n

ROOT = Path(i18n.__file__).parent
AREAS = sorted(path.stem for path in (ROOT / "ru").glob("*.toml"))


def templates(language: str, area: str) -> dict[str, str]:
    return tomllib.loads((ROOT / language / f"{area}.toml").read_text(encoding="utf-8"))


def placeholders(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}


def test_both_languages_have_the_same_areas() -> None:
    assert sorted(path.stem for path in (ROOT / "en").glob("*.toml")) == AREAS


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_keys_and_placeholders(area: str) -> None:
    russian, english = templates("ru", area), templates("en", area)
    assert sorted(russian) == sorted(english)
    for key, template in russian.items():
        assert placeholders(template) == placeholders(english[key]), key
        assert template.strip(), key


@pytest.mark.parametrize(
    ("name", "language"),
    [("", "ru"), ("C.UTF-8", "ru"), ("ru_RU.UTF-8", "ru"), ("kk_KZ", "ru"), ("en_US.UTF-8", "en"), ("de_DE", "en")],
)
def test_language_follows_the_locale(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", name)
    assert i18n.language_of_locale() == language
