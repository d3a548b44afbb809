"""Text that Whisper writes where nobody speaks: subtitle credits, captions of sounds, farewells, loops.

Three classes, after what the model wrote for music, noise and silence and what public filters list: credits and
captions are never speech and go wherever they stand; farewells («Спасибо за просмотр») are real speech in a
broadcast and go only where the sound gives reason to doubt them; single words that are a whole utterance in a
foreign tongue («you») go too. Pure: words in, words out.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import compress

import regex

from streamcheck.events import Word

_NAME = r"(?:[А-ЯЁA-Z]\.\s?){1,2}[А-ЯЁA-Z][\w-]+|[А-ЯЁA-Z][\w-]*(?:\s[А-ЯЁA-Z][\w.-]*)?"
_MADE = (
    r"(?i:делал|сделал|создал|создавал|подготовил|подогнал|правил|редактировал|переводил|перевел|перевёл|добавил|"
    r"предоставил)(?i:а|и)?|(?i:предоставлен[аоы]?)"
)
_CREDITS = regex.compile(
    rf"(?i:субтитр\w*)\s(?:и\s\w+\s)?(?:{_MADE})(?:\s(?i:сообществом|студией|командой))?[\s:«]*(?:{_NAME}|$)?"
    rf"|(?i:редактор\s+субтитров)[\s:]*(?:{_NAME})?"
    rf"|(?i:корректор)(?i:\s+субтитров)?[\s:]+(?:[А-ЯЁA-Z]\.\s?){{1,2}}[А-ЯЁA-Z][\w-]+"
    r"|(?i:dima\s?torz\w*|дим[аы]\s?торж\w*)"
    r"|(?i:(?:subtitles\s+by\s+)?(?:the\s+)?amara\.\s?org(?:\s+community)?)"
    r"|(?i:(?:subtitles|captions)\s+by\b)[^.!?]*"
)
_BRACKETS = regex.compile(r"\[[^\]]*\]|\((?i:музыка|аплодисменты|смех|шум|music|applause|laughter)\w*\)|[♪♫♬]+")
_SOUND = regex.compile(
    r"МУЗЫК\w*|МЕЛОДИ\w*|ЗАСТАВК\w*|АПЛОДИСМЕНТ\w*|СМЕХ\w*|СМЕ[ЕЁ]ТСЯ|СМЕЮТСЯ|ШУМ\w*|СТУК\w*|ЗВОН\w*|ЗВУК\w*|ГУДОК|"
    r"ГУДКИ|КРИК\w*|КАШЕЛЬ|КАШЛЯЕТ|ВЗДОХ\w*|ВЗДЫХАЕТ|ПЕСНЯ|ПОЕТ|ПОЁТ|ТИШИНА|СКРИП\w*|ВЫСТРЕЛ\w*|ПЛАЧ\w*|СИГНАЛ\w*|"
    r"СИРЕНА|ЛАЙ|ТРЕСК|ГРОХОТ|ВЗРЫВ\w*|ПЕРЕВОДЧИК\w*|СУБТИТР\w*|MUSIC|APPLAUSE|LAUGHTER"
)
_FAREWELLS = regex.compile(
    r"(?:и\s)?продолжение следует|"
    r"(?:всем\s)?(?:большое\s)?спасибо(?: вам)?(?: большое)? за (?:просмотр|внимание|подписку)|"
    r"(?:не забудьте )?(?:подписаться|подписывайтесь) на (?:наш |мой )?канал|ставьте лайки?|до (?:новых|скорых) встреч|"
    r"до свидания|всем пока|пока|спасибо"
)
_NEVER_ALONE = frozenset(
    {"редактор", "корректор", "you", "thank you", "thanks for watching", "bye", "субтитры", "музыка", "аплодисменты"}
)

COMPRESSION_LIMIT = 2.4
"""Whisper's own threshold: text that packs better than this repeats itself."""

_NO_TIME = 0.025  # seconds: alignment goes in steps of 0.02
_LONGEST_REPEAT = 8
_REPEATS = 3


def remove_phantoms(words: Sequence[Word], *, doubtful: bool) -> tuple[Word, ...]:
    """The words without what nobody said. `doubtful`: little voice in the sound, or a model that was guessing."""
    spoken = _without_captions(_without_matches(words, _CREDITS, _BRACKETS))
    plain = _plain(spoken)
    if plain in _NEVER_ALONE or (doubtful and _is_farewell(plain)):
        return ()
    return tuple(spoken)


def is_looping(text: str) -> bool:
    """Whether a text repeats itself as no speaker does: a group of words three times running, or much compressible.

    A single word may come up to four times («очень-очень», «да, да, да»); groups of two to eight only twice.
    """
    return compression(text) > COMPRESSION_LIMIT or _repeated_group(_plain_words(text)) is not None


def without_loop(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with a repeated group cut down to its first occurrence."""
    kept = list(words)
    while found := _repeated_group([_letters(word.text) for word in kept]):
        start, size, repeats = found
        del kept[start + size : start + size * repeats]
    return tuple(kept)


def without_timeless(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without those in a row that take no time: alignment finds no sound for what was said only once."""
    brief = [(word.end or 0.0) - (word.start or 0.0) <= _NO_TIME for word in words]
    around = zip([False, *brief], brief, [*brief[1:], False], strict=False)
    kept = [not (here and (before or after)) for before, here, after in around]
    return tuple(compress(words, kept))


def compression(text: str) -> float:
    """How many times shorter zlib makes a text, as Whisper measures it."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _repeated_group(letters: Sequence[str]) -> tuple[int, int, int] | None:
    """Start, size and count of the first group of words that comes too often in a row."""
    for size in range(1, _LONGEST_REPEAT + 1):
        enough = _REPEATS if size > 1 else _REPEATS + 2
        for start in range(len(letters) - size * enough + 1):
            group = letters[start : start + size]
            repeats = 1
            while letters[start + size * repeats : start + size * (repeats + 1)] == group:
                repeats += 1
            if repeats >= enough:
                return start, size, repeats
    return None


def _without_matches(words: Sequence[Word], *patterns: regex.Pattern[str]) -> list[Word]:
    """The words that no match of a pattern touches."""
    kept = list(words)
    for pattern in patterns:
        spans = [match.span() for match in pattern.finditer(" ".join(word.text for word in kept)) if match[0]]
        if spans:
            kept = [
                word
                for word, (a, b) in zip(kept, _places(kept), strict=True)
                if not any(a < e and b > s for s, e in spans)
            ]
    return kept


def _places(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Where each word lies in the words joined by blanks."""
    at = 0
    for word in words:
        yield at, at + len(word.text)
        at += len(word.text) + 1


def _without_captions(words: Sequence[Word]) -> list[Word]:
    """The words without runs in capitals that name a sound («ДИНАМИЧНАЯ МУЗЫКА», «СТУК В ДВЕРЬ»)."""
    kept: list[Word] = []
    run: list[Word] = []
    for word in (*words, None):
        if word is not None and _in_capitals(word.text):
            run.append(word)
            continue
        if not any(_SOUND.fullmatch(bare) for one in run for bare in regex.findall(r"\w+", one.text)):
            kept.extend(run)
        run = []
        if word is not None:
            kept.append(word)
    return kept


def _in_capitals(text: str) -> bool:
    return any(char.isalpha() for char in text) and text.upper() == text


def _is_farewell(plain: str) -> bool:
    return _FAREWELLS.fullmatch(plain) is not None


def _plain(words: Sequence[Word]) -> str:
    return " ".join(_plain_words(" ".join(word.text for word in words)))


def _plain_words(text: str) -> list[str]:
    return regex.findall(r"\w+", text.casefold().replace("ё", "е"))


def _letters(text: str) -> str:
    return "".join(_plain_words(text))
