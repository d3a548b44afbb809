"""Every text that a person reads, in Russian and English: `i18n/LANG/AREA.toml`, looked up by "area.key".

The language is one per process and set once by the command line; both languages hold the same keys and
placeholders (tests/test_i18n.py).
"""

import locale
import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("ru", "en")


class _Chosen:
    language: str | None = None


def language_of_locale() -> str:
    """`ru` for a Russian, Kazakh or unset (C) locale, else `en`: the people on air read Russian."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((name for name in names if name), "")
    if not name and os.name == "nt":  # elsewhere Python calls the unset locale en_US
        name = locale.getlocale()[0] or ""
    plain = name in ("", "C", "POSIX") or name.startswith("C.")
    return "ru" if plain or name.lower().startswith(("ru", "kk", "be", "uk", "ky")) else "en"


def use_language(language: str | None) -> None:
    """Choose the language of `text` for this process; None goes back to the locale's.

    Raises ValueError on a language that is not in `LANGUAGES`.
    """
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    _Chosen.language = language


def current_language() -> str:
    """The language in use: the chosen one, else the locale's."""
    return _Chosen.language or language_of_locale()


@cache
def _area(language: str, area: str) -> dict[str, str]:
    return tomllib.loads((files(__package__) / language / f"{area}.toml").read_text(encoding="utf-8"))


def text(key: str, /, **values: Any) -> str:
    """The text of "area.key" in the current language, with `values` put in by str.format.

    Raises KeyError where the key is unknown: a mistake of ours, never of the user.
    """
    area, _, name = key.partition(".")
    template = _area(current_language(), area)[name]
    return template.format(**values) if values else template
