"""What a recogniser misheard, read as what was said: «калхос», «вотцап», «нелажьте», «луч ший».

Only tokens that neither Russian nor the rules know are touched, and only into words that the rules ask for; what the
dictionary knows stays as heard. The confusions are those of Russian phonetics: reduced vowels (о–а, е–и–я), voicing at
a word's end and before consonants, dropped soft signs and single for double letters; besides, words run together and
fall apart. A finding on a repaired token is less certain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from streamcheck.checking.lexicon import Lexicon
from streamcheck.text.morphology import is_known
from streamcheck.text.tokens import Token

_MOST_KEPT = 100_000
"""Spellings whose verdict is remembered; then all are forgotten, so that memory stays bounded."""
_SHORTEST = 5
_LONGEST = 18
_RUSSIAN = regex.compile(r"[а-я]+")
_SOUNDS_LIKE = {
    "о": "а", "а": "оя", "е": "ияэ", "и": "еяы", "я": "еиа", "э": "е", "ы": "и", "у": "ю", "ю": "у",
    "б": "п", "п": "б", "в": "ф", "ф": "в", "г": "кх", "к": "гх", "х": "гк", "д": "т", "т": "д", "ж": "ш", "ш": "жщ",
    "з": "с", "с": "зц", "щ": "шч", "ц": "сч", "ч": "щц",
}  # fmt: skip
_PROCLITICS = frozenset(
    "не ни на в во по за из с со к ко у от до о об про под при без для вы ты мы я и а но да ну бы же то ваш наш".split()
)
"""Short words that a recogniser glues to the next one."""


class Hearing:
    """Reads misheard tokens by the words that a rule set knows. Remembers its verdicts by spelling."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._strange: dict[str, bool] = {}
        self._repairs: dict[str, tuple[str, ...]] = {}

    def read(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with misheard ones replaced, split or joined; each keeps the way back to its words."""
        strange = [self._is_strange(token.text) for token in tokens]
        if not any(strange):
            return list(tokens)
        found: list[Token] = []
        i = 0
        while i < len(tokens):
            if i + 1 < len(tokens) and (strange[i] or strange[i + 1]):
                joined = self._joined(tokens[i], tokens[i + 1])
                if joined is not None:
                    found.append(joined)
                    i += 2
                    continue
            found.extend(self._repaired(tokens[i]) if strange[i] else (tokens[i],))
            i += 1
        return found

    def _is_strange(self, text: str) -> bool:
        known = self._strange.get(text)
        if known is None:
            if len(self._strange) > _MOST_KEPT:
                self._strange.clear()
            known = self._strange[text] = (
                _RUSSIAN.fullmatch(text) is not None
                and len(text) <= _LONGEST
                and not is_known(text)
                and not self._lexicon.names_form(text)
                and not self._lexicon.asks_for_stem(text)
            )
        return known

    def _repaired(self, token: Token) -> list[Token]:
        parts = self._repairs.get(token.text)
        if parts is None:
            if len(self._repairs) > _MOST_KEPT:
                self._repairs.clear()
            parts = self._repairs[token.text] = self._repair(token.text)
        if parts == (token.text,):
            return [token]
        last = len(parts) - 1
        return [
            replace(
                token,
                text=part,
                before=token.before if not n else "",
                after=token.after if n == last else "",
                sure=False,
            )
            for n, part in enumerate(parts)
        ]

    def _repair(self, text: str) -> tuple[str, ...]:
        if len(text) < _SHORTEST:
            return (text,)
        whole = self._nearest(text)
        if whole:
            return (whole,)
        if self._lexicon.asks_for_spelling(text):
            return (text,)
        for cut in range(1, len(text) - 2):
            head, tail = text[:cut], text[cut:]
            if head in _PROCLITICS and len(tail) >= 4:
                word = tail if self._wanted(tail) else self._nearest(tail) if len(tail) >= _SHORTEST else ""
                if word:
                    return (head, word)
            elif cut >= 3 and len(tail) >= 4 and self._wanted(head) and self._wanted(tail):
                return (head, tail)
        return (text,)

    def _joined(self, left: Token, right: Token) -> Token | None:
        """Two tokens as one word that the rules ask for, where one of them alone is no word."""
        text = left.text + right.text
        if "." in left.after or not _SHORTEST <= len(text) <= _LONGEST or min(len(left.text), len(right.text)) < 2:
            return None
        if not _RUSSIAN.fullmatch(text):
            return None
        word = self._repairs.get(text + "+")
        if word is None:
            whole = text if self._wanted(text) else ""
            word = self._repairs[text + "+"] = (whole,)
        if not word[0]:
            return None
        return replace(
            left, text=word[0], raw=left.raw + right.raw, until=right.last_word, after=right.after, sure=False
        )

    def _wanted(self, text: str) -> bool:
        """Whether rules ask for this word, and it is one."""
        return self._lexicon.names(text) or (is_known(text) and self._lexicon.asks_for(text))

    def _nearest(self, text: str) -> str:
        """The word that sounds like this one, one confusion away, or two in a long word; "" where there is none."""
        once = list(dict.fromkeys(_confused(text)))
        for word in once:
            if self._wanted(word) or self._lexicon.names_form(word):
                return word
        if len(text) >= _SHORTEST + 1:
            for word in dict.fromkeys(twice for one in once for twice in _confused(one)):
                if word != text and self._wanted(word):
                    return word
        return ""


def _confused(text: str) -> Iterator[str]:
    """Spellings one confusion away."""
    for i, letter in enumerate(text):
        head, tail = text[:i], text[i + 1 :]
        for other in _SOUNDS_LIKE.get(letter, ""):
            yield head + other + tail
        if letter == "ь" or (tail and tail[0] == letter):
            yield head + tail
        if letter in "слнрмптк" and i and (not tail or tail[0] != letter):
            yield head + letter + letter + tail
        if letter in "тнлсдзр" and (not tail or tail[0] != "ь"):
            yield head + letter + "ь" + tail
