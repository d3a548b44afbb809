"""What a recogniser misheard, read as what was said: «калхос», «вотцап», «нелажьте», «луч ший».

Only tokens that neither Russian nor the rules know are touched, and only into words that the rules ask for; what the
dictionary knows stays as heard. The confusions are those of Russian phonetics: reduced vowels (о–а, е–и–я), voicing at
a word's end and before consonants, dropped soft signs and single for double letters; besides, words run together and
fall apart. A long name that no dictionary has («вайлдберриз») is known by its sound even in pieces: «новайлд берре с».
What has letters of Kazakh is left alone: its words are strange to a Russian ear. A finding on a repaired token is less
certain.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import regex
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

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
_KAZAKH = frozenset("әғқңөұүһі")
_NAME_SOUNDS = 8
"""Sounds of a name that can be known in pieces, at least: shorter ones hide in ordinary words."""
_NAME_PIECES = 3
_NAME_ERRORS = 0.23  # of its sounds, at most
_SOUND = str.maketrans("оэеыябгджзвё", "аииииптшшсфи", "ьъй'")


class Hearing:
    """Reads misheard tokens by the words that a rule set knows. Remembers its verdicts by spelling.

    `names` are those of shops, messengers and the like; long ones are known by their sound.
    """

    def __init__(self, lexicon: Lexicon, names: Iterable[str] = ()) -> None:
        self._lexicon = lexicon
        self._names = tuple(names)
        self._strange: dict[str, bool] = {}
        self._repairs: dict[str, tuple[str, ...]] = {}
        self._names_heard: dict[str, tuple[str, str]] = {}

    def read(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with misheard ones replaced, split or joined; each keeps the way back to its words."""
        strange = [self.is_strange(token.text) for token in tokens]
        if not any(strange):
            return list(tokens)
        foreign = {token.utterance for token in tokens if not _KAZAKH.isdisjoint(token.text)}
        if foreign:
            strange = [one and token.utterance not in foreign for one, token in zip(strange, tokens, strict=True)]
        near = {n - back for n, one in enumerate(strange) if one for back in range(_NAME_PIECES)}
        found: list[Token] = []
        i = 0
        while i < len(tokens):
            if i not in near:
                found.append(tokens[i])
                i += 1
                continue
            if i + 1 < len(tokens) and (strange[i] or strange[i + 1]):
                joined = self.joined(tokens[i], tokens[i + 1])
                if joined is not None:
                    found.append(joined)
                    i += 2
                    continue
            name, taken = self._name_at(tokens, strange, i)
            if name:
                found.extend(name)
                i += taken
                continue
            found.extend(self._repaired(tokens[i]) if strange[i] else (tokens[i],))
            i += 1
        return found

    @property
    def read_as(self) -> Iterator[str]:
        """What strange tokens may be read as together with others: the long names, and short words before them."""
        yield from self._long_names.values()
        yield from _PROCLITICS

    def is_strange(self, text: str) -> bool:
        """Whether neither Russian nor the rules know a normalised token."""
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
            token._replace(
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

    def joined(self, left: Token, right: Token) -> Token | None:
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
        return left._replace(
            text=word[0], raw=left.raw + right.raw, until=right.last_word, after=right.after, sure=False
        )

    def _name_at(self, tokens: Sequence[Token], strange: Sequence[bool], i: int) -> tuple[list[Token], int]:
        """The name that the tokens from `i` on sound like, a short word before it or none, and how many they are."""
        if tokens[i].text in _PROCLITICS:
            return [], 0
        for count in range(min(_NAME_PIECES, len(tokens) - i), 0, -1):
            parts = tokens[i : i + count]
            if not any(strange[i : i + count]) or any("." in part.after for part in parts[:-1]):
                continue
            text = "".join([part.text for part in parts])
            head, name = self._named(text) if _RUSSIAN.fullmatch(text) else ("", "")
            if name:
                whole = parts[0]._replace(
                    text=name,
                    raw=" ".join(part.raw for part in parts),
                    until=parts[-1].last_word,
                    after=parts[-1].after,
                    sure=False,
                )
                return ([parts[0]._replace(text=head, after="", sure=False)] if head else []) + [whole], count
        return [], 0

    def _named(self, text: str) -> tuple[str, str]:
        """The short word that a spelling begins with, or "", and the long name that the rest sounds like, or ""."""
        known = self._names_heard.get(text)
        if known is None:
            if len(self._names_heard) > _MOST_KEPT:
                self._names_heard.clear()
            heads = ["", *(text[:size] for size in (1, 2, 3) if text[:size] in _PROCLITICS)]
            found = [(errors, head, name) for head in heads for errors, name in self._by_sound(text[len(head) :])]
            known = self._names_heard[text] = min(found)[1:] if found else ("", "")
        return known

    def _by_sound(self, text: str) -> Iterator[tuple[int, str]]:
        """The name that a spelling sounds like, if any, and by how many sounds it differs."""
        sound = _sound(text)
        if _NAME_SOUNDS <= len(sound) <= 2 * _LONGEST:
            limit = int(len(sound) * _NAME_ERRORS)
            known = self._long_names.keys()
            nearest = process.extractOne(sound, known, scorer=Levenshtein.distance, score_cutoff=limit)
            if nearest is not None:
                yield int(nearest[1]), self._long_names[nearest[0]]

    @cached_property
    def _long_names(self) -> dict[str, str]:
        """The long names that the dictionary has not, by their sound."""
        names = (name for name in self._names if _RUSSIAN.fullmatch(name) and not is_known(name))
        by_sound = {_sound(name): name for name in names}
        return {sound: name for sound, name in by_sound.items() if len(sound) >= _NAME_SOUNDS}

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


def _sound(text: str) -> str:
    """How a word sounds, roughly: reduced vowels, no voice, single letters for double ones."""
    heard = text.translate(_SOUND)
    return "".join(letter for letter, before in zip(heard, " " + heard, strict=False) if letter != before)


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
