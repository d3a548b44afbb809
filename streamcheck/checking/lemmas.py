"""The lemmas of the words that patterns name, kept between runs: to look up fifteen thousand is a third of loading."""

import contextlib
import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from streamcheck.text.morphology import form
from streamcheck.whole import write_whole

_DICTIONARY = ("pymorphy3", "pymorphy3-dicts-ru")


def lemmas_of(word: str) -> Sequence[str]:
    """What a plain word of a pattern stands for: itself where it is a dictionary form, else all its lemmas."""
    own = sorted({parse.lemma for parse in form(word).parses})
    return [word] if word in own or not own else own


class LemmaStore:
    """`lemmas_of`, remembered in a file. A broken file counts as none; one that cannot be written keeps none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._dictionary = _dictionary()
        self._known = self._read()
        self._kept = len(self._known)

    def of(self, word: str) -> Sequence[str]:
        """The lemmas of a normalised word."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = lemmas_of(word)
        return known

    def save(self) -> None:
        """Write what is new."""
        if len(self._known) == self._kept:
            return
        content = json.dumps({"dictionary": self._dictionary, "lemmas": self._known}, ensure_ascii=False)
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, content)

    def _read(self) -> dict[str, Sequence[str]]:
        try:
            data = json.loads(self._path.read_bytes())
            lemmas: dict[str, Sequence[str]] = data["lemmas"] if data["dictionary"] == self._dictionary else {}
            whole = all(
                isinstance(one, list) and all(isinstance(lemma, str) for lemma in one) for one in lemmas.values()
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}
        return lemmas if whole else {}


def _dictionary() -> str:
    """What decides the lemmas: the dictionary, what reads it, and how we do."""
    ours = hashlib.sha256((files("streamcheck") / "text" / "morphology.py").read_bytes()).hexdigest()
    return " ".join([*map(version, _DICTIONARY), ours])
