"""Words cut into tokens: what the matchers compare, each with the way back to its word.

A token is a run of letters, a number, or one of a few signs that carry meaning (№, %, @ …). Hyphenated words fall into
their parts («топ-1», «самый-самый», «тг-ға»), so that a pattern need not know how somebody spelt them; a word masked
with stars («пи***ц») stays whole for the profanity matcher.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import regex

from streamcheck.events import Word

_PIECE = regex.compile(
    r"(?P<masked>\p{L}+[*]+\p{L}*|[*]+\p{L}+)"
    r"|(?P<letters>\p{L}[\p{L}\p{M}’']*)"
    r"|(?P<number>\p{Nd}+(?:[.,]\p{Nd}+)*)"
    r"|(?P<sign>[№%@+$€₽₸&/#_°])"
    r"|(?P<dots>\.{2,}|…)"
    r"|(?P<stop>[.!?])"
    r"|(?P<pause>[,;:—–])"
    r"|(?P<quote>[«»„“”\"])"
)
_MAX_PIECE = 64
"""Letters of one token that matter; a longer run is noise and is cut, so that no hostile word costs more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of one spelling: its normal form, the text as spelt, the marks before and after it."""

    text: str
    raw: str
    before: str
    after: str


class Token(NamedTuple):
    """One token of a transcript.

    `text` is normalised (case-folded, ё as е); `raw` as spelt; `word` and `utterance` are indexes back; `before` and
    `after` hold the marks around it: `.` ends a sentence, `,` a pause, `?` a question, `"` a quotation mark,
    `…` a break-off. A mark between two tokens stands in the `after` of the first. `sure` is false where it is a
    guess at what was misheard.
    """

    text: str
    raw: str
    word: int
    utterance: int
    before: str
    after: str
    until: int = -1
    sure: bool = True

    @property
    def last_word(self) -> int:
        """The word that it ends in: another one than `word` where two words were read as one."""
        return self.word if self.until < 0 else self.until


def normal(text: str) -> str:
    """The spelling that all comparing uses: case-folded, ё as е, one apostrophe."""
    return text.casefold().replace("ё", "е").replace("’", "'")


@lru_cache(maxsize=65536)
def _pieces(word: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    marks = ""
    for match in _PIECE.finditer(word[:4096]):
        kind, raw = match.lastgroup, match.group()
        if kind in ("masked", "letters", "number", "sign"):
            if found:
                found[-1] = replace(found[-1], after=marks)
            found.append(Piece(normal(raw)[:_MAX_PIECE], raw[:_MAX_PIECE], marks, ""))
            marks = ""
        elif kind == "dots":
            marks += "…"
        elif kind == "stop":
            marks += "." if raw != "?" else ".?"
        else:
            marks += "," if kind == "pause" else '"'
    if found:
        found[-1] = replace(found[-1], after=marks)
    elif marks:
        found.append(Piece("", "", "", marks))
    return tuple(found)


def tokenise(words: Sequence[Word], utterance: int = 0, first_word: int = 0) -> list[Token]:
    """The tokens of `words`; `first_word` is the number of the first one in the whole transcript.

    A word of bare marks (« — ») lends its marks to the token before it.
    """
    tokens: list[Token] = []
    for number, word in enumerate(words, first_word):
        for piece in _pieces(word.text):
            if piece.text:
                tokens.append(Token(piece.text, piece.raw, number, utterance, piece.before, piece.after))
            elif tokens:
                tokens[-1] = tokens[-1]._replace(after=tokens[-1].after + piece.after)
    return tokens
