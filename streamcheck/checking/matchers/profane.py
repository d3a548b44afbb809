"""Obscene words: a known word only if its lemma is listed, an unknown one also by its root, a masked one by its rim.

Dictionary first: «застрахуй», «потребляет», «мандарин», «хлебать» are known words, so no root pattern ever sees them;
that settles them without an exception list. Read besides: «пи***ц» and «бл…» (the letters left must fit a listed word),
«за…бали» (so must a guess at the gap), «x@й» and «пи3дец» (signs for letters), «б-л-я» and «п и з д а» (letters apart),
«пи-пи-пиздец» (a stutter), «блииин» and «бли-и-ин» (letters drawn out).
"""

from collections.abc import Callable, Iterator, Sequence

import regex

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.events import Word
from streamcheck.text.morphology import form, is_known
from streamcheck.text.tokens import Token, normal, tokenise

_TIMEOUT = 0.05
_MOST_KEPT = 200_000
_LONGEST = 40
_LOOKALIKES = str.maketrans("aeopcxykmtbhz@3046$", "аеорсхукмтвнзазочбс")
_EDGES = " ,;:!?()[]«»„“”\"'—–"
_MASKED = regex.compile(r"\p{L}*[*#@$%&_]+[\p{L}*#@$%&_]*|\p{L}+(?:…|\.{2,})\p{L}*|\p{L}+(?:[-.]\p{L}+)+|[\p{L}\d@$]+")
_PLAIN = regex.compile(r"\p{L}+")
_MASK = regex.compile(r"[*#@$%&_]+")
_GAP = regex.compile(r"[*#@$%&_…]+|\.{2,}")
# how an obscene word may begin before a gap in its middle, and what may have stood in the gap
_HEAD = regex.compile(r"(?:за|на|по|вы|отъ?|до|у|об?|про|пере|подъ?|съ|разъ?|при|недо)?(?:[её]|хе?|пи?|бл?|ж|му?)?")
_FILLINGS = ("е", "ё", "еб", "еба", "б", "ба", "у", "уе", "из", "изд", "зд", "ля", "л", "о", "оп", "уд")
_DRAWN_OUT = regex.compile(r"(\p{L})\1+")
_SUNG = regex.compile(r"(\p{L})(?:-\1)+")


class Profane:
    """Finds obscene tokens by listed words, roots (regexes over unknown words) and masked spellings."""

    def __init__(self, words: Sequence[str], roots: Sequence[str]) -> None:
        self._words = frozenset(map(normal, words))
        self._roots = regex.compile("|".join(f"(?:{root})" for root in roots)) if roots else None
        self._verdicts: dict[str, str] = {}
        self._innocent: set[str] = set()
        self._harmless: set[str] = set()  # runs of single letters

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        tokens, words = passage.tokens, passage.words
        done = low
        for i in self._suspects(passage):
            if not done <= i < high:
                continue
            raw = words[tokens[i].word].text
            heard = _heard(tokens[i])
            end, note = i + 1, self._verdict(heard, self._judge)
            first = not i or tokens[i - 1].last_word != tokens[i].word
            if not note and first and (note := self._masked(passage, i)):
                while end < len(tokens) and tokens[end].word == tokens[i].word:
                    end += 1
            if not note and len(tokens[i].text) == 1:
                end, note = self._spelled(passage, i)
            if note:
                yield Match(i, end, note=note)
            else:
                self.clears(raw)
            done = max(end, i + 1)

    def _suspects(self, passage: Passage) -> list[int]:
        """The tokens whose spelling nobody has acquitted yet, and those that somebody may be spelling a word with."""
        found = [i for run in passage.spelt for i in run]
        places = passage.places
        if not self._innocent.issuperset(places):
            found += [i for spelling in places.keys() - self._innocent for i in places[spelling]]
        return sorted(set(found))

    def clears(self, spelling: str) -> bool:
        """Whether nothing is wrong with a word, as it is spelt, wherever it stands (but among single letters: somebody
        may be spelling). Remembered.
        """
        if spelling in self._innocent:
            return True
        if len(spelling) > _LONGEST or self._spelling_verdict(spelling):
            return False
        if any(self._verdict(token.text, self._judge) for token in tokenise((Word(spelling),))):
            return False
        if len(self._innocent) > _MOST_KEPT:
            self._innocent.clear()
        self._innocent.add(spelling)
        return True

    def _verdict(self, key: str, judge: Callable[[str], str]) -> str:
        note = self._verdicts.get(key)
        if note is None:
            if len(self._verdicts) > _MOST_KEPT:
                self._verdicts.clear()
            note = self._verdicts[key] = judge(key)
        return note

    def _judge(self, text: str) -> str:
        """What is obscene about a normalised token; "" where nothing is."""
        reading = form(text)
        if text in self._words or not self._words.isdisjoint(reading.lemmas):
            return "listed word"
        if reading.known:
            return ""
        plain = text.translate(_LOOKALIKES)
        for spelling in dict.fromkeys((text, plain, _DRAWN_OUT.sub(r"\1", plain))):
            if spelling != text and not self._words.isdisjoint(form(spelling).lemmas):
                return "listed word"
            if self._roots is not None and not is_known(spelling) and self._roots.search(spelling, timeout=_TIMEOUT):
                return "root"
        return ""

    # a word as it was spelt, signs and all

    def _masked(self, passage: Passage, i: int) -> str:
        note = self._spelling_verdict(passage.words[passage.tokens[i].word].text)
        if note == "cut short":
            head = passage.tokens[i].text
            again = i + 1 < len(passage.tokens) and passage.tokens[i + 1].text.startswith(head)
            return "" if again else note
        return note

    def _spelling_verdict(self, raw: str) -> str:
        return "" if len(raw) > _LONGEST or _is_plain(raw) else self._verdict("\n" + raw, self._judge_spelling)

    def _judge_spelling(self, key: str) -> str:
        core = normal(key[1:].strip(_EDGES))
        core = core if core.endswith("..") else core.rstrip(".")
        if not _MASKED.fullmatch(core) or not any(map(str.isalpha, core)):
            return ""
        head = core.rstrip(".…")
        if head != core:
            return "cut short" if self._is_cut(head) else ""
        if self._fills(core):
            return "masked"
        if ".." in core or "…" in core:
            return ""
        pieces = core.replace("-", ".").split(".")
        if len(pieces) > 1:
            stutter = 0
            while stutter + 1 < len(pieces) and pieces[stutter] == pieces[stutter + 1]:
                stutter += 1
            letters = "".join(pieces[stutter:])
            if stutter and self._judge(letters):
                return "letters apart"
            letters = "".join(pieces)
            sung = _SUNG.sub(r"\1", core)
            if sung != core and _PLAIN.fullmatch(sung) and self._judge(sung):
                return "letters drawn out"
            return self._judge(letters) if len(pieces) > 2 and 3 * len(pieces) > len(letters) else ""
        plain = core.translate(_LOOKALIKES)
        if _PLAIN.fullmatch(plain) and self._judge(plain):
            return "signs for letters"
        return "masked" if self._fits(core) else ""

    def _is_cut(self, head: str) -> bool:
        return len(head) > 1 and not is_known(head) and any(word.startswith(head) for word in self._words)

    def _fits(self, core: str) -> bool:
        """Whether the letters that a mask left fit a listed word: «пи***ц», «х**»."""
        signs = sum(map(len, _MASK.findall(core)))
        letters = len(core) - signs
        parts = _MASK.split(core)
        if not signs or letters < 1 or letters + signs < 3 or (signs == 1 and not parts[-1] and is_known(parts[0])):
            return False
        mask = regex.compile(r"\p{L}+".join(map(regex.escape, parts)))
        return any(mask.fullmatch(word) for word in self._words if len(word) > letters)

    def _fills(self, core: str) -> bool:
        """Whether an obscene word, in any of its forms, had its middle left out: «за…бали», «п***ец»."""
        head, *tail = _GAP.split(core)
        if len(tail) != 1 or not tail[0] or not head or not _HEAD.fullmatch(head):
            return False
        if is_known(tail[0]) and not tail[0].startswith(("бал", "бис", "лся", "лис")):
            return False
        return any(self._judge(head + filling + tail[0]) for filling in _FILLINGS)

    def _spelled(self, passage: Passage, i: int) -> tuple[int, str]:
        """Three or more letters said or written apart, read as one word."""
        tokens = passage.tokens
        end = i
        while end < min(len(tokens), i + _LONGEST) and len(tokens[end].text) == 1 and tokens[end].text.isalpha():
            end += 1
        letters = "".join(token.text for token in tokens[i:end])
        if letters not in self._harmless:
            for stop in range(end, i + 2, -1):
                if self._verdict(letters[: stop - i], self._judge):
                    return stop, "letters apart"
            if len(self._harmless) > _MOST_KEPT:
                self._harmless.clear()
            self._harmless.add(letters)
        return i + 1, ""


def _heard(token: Token) -> str:
    """A word as it was heard, whatever rules read it as; a name that was heard in pieces as the name."""
    return token.text if token.sure or " " in token.raw else normal(token.raw)


def _is_plain(raw: str) -> bool:
    """Whether a word has letters only, marks at its edges apart."""
    return _PLAIN.fullmatch(raw.strip(_EDGES).removesuffix(".")) is not None
