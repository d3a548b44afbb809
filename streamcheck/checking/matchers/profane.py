"""Obscene words: a known word only if its lemma is listed, an unknown one also by its root, a masked one by its rim.

Dictionary first: «застрахуй», «потребляет», «мандарин», «хлебать» are known words, so no root pattern ever sees them;
that settles them without an exception list. «пи***ц» is read as a pattern of its own over the listed words.
"""

from collections.abc import Iterator, Sequence

import regex

from streamcheck.checking.lexicon import Lexicon
from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.text.morphology import form

_TIMEOUT = 0.05
_LOOKALIKES = str.maketrans("aeopcxyk3b@", "аеорсхукзба")


class Profane:
    """Finds obscene tokens by lemmas, roots (regexes over unknown words) and masked spellings."""

    def __init__(self, lemmas: Sequence[str], roots: Sequence[str], lexicon: Lexicon) -> None:
        self._lemmas = frozenset(lemmas)
        self._roots = regex.compile("|".join(f"(?:{root})" for root in roots)) if roots else None
        self._lexicon = lexicon
        self._verdicts: dict[str, str] = {}

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches whose token lies in [low, high)."""
        for i in range(low, high):
            token = passage.tokens[i]
            text = token.text + ("…" if "…" in token.after and len(token.text) <= 3 else "")
            note = self._verdicts.get(text)
            if note is None:
                if len(self._verdicts) > 200_000:
                    self._verdicts.clear()
                note = self._verdicts[text] = self._judge(text)
            if note:
                yield Match(i, i + 1, note=note)

    def _judge(self, text: str) -> str:
        if "*" in text or text.endswith("…"):
            return "masked" if self._masked(text) else ""
        reading = form(text)
        if text in self._lemmas or (reading.lemmas & self._lemmas and (reading.known or len(text) > 3)):
            return "listed word"
        plain = text.translate(_LOOKALIKES)
        if plain != text and form(plain).lemmas & self._lemmas:
            return "listed word"
        if reading.known or self._roots is None:
            return ""
        return "root" if self._roots.search(plain, timeout=_TIMEOUT) else ""

    def _masked(self, text: str) -> bool:
        """Whether the letters that a mask left fit a listed word: «пи***ц», «бл…»."""
        head, _, tail = text.partition("*") if "*" in text else (text.rstrip("…"), "", "")
        tail = tail.strip("*")
        if "*" in tail:
            return False
        cut = text.endswith("…")
        if len(head) + len(tail) < (2 if cut else 1) or (cut and head in _HARMLESS_CUTS):
            return False
        return any(
            word.startswith(head) and (cut or (word.endswith(tail) and len(word) > len(head) + len(tail)))
            for word in self._lemmas
            if len(word) > 2
        )


_HARMLESS_CUTS = frozenset("по за на да до ну не ни но го му ма со че па же жо го дро ман".split())
