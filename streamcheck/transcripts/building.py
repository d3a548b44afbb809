"""Utterances made from what a file says: clean text, sound times, a time for every word."""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from streamcheck.events import Utterance, Word

SPEECH_RATE = 14.0
"""Letters a second of fluent Russian speech: how long a text lasts whose end nobody wrote down."""

# Soft hyphen, zero-width and bidi characters: they show nothing and only hide a word from the rules.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CLOCK = re.compile(r"\s*(-)?(?:(?:(\d{1,6}):)?(\d{1,9}):)?(\d{1,9}(?:[.,]\d{1,9})?)\s*")


def clean(text: str) -> str:
    """The text composed (й is one letter), without invisible characters; halves of surrogate pairs become `�`."""
    if text.isascii():
        return text
    return _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))


def seconds(value: Any) -> float | None:
    """Seconds from a number or from `[[h:]m:]s[.,fraction]`; negative is 0, anything else None."""
    if isinstance(value, str):
        if not (match := _CLOCK.fullmatch(value)):
            return None
        sign, hours, minutes, rest = match.groups()
        value = 0.0 if sign else int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # An integer may be too large for a float, so the bound comes first; nothing lasts a hundred years.
    return round(max(float(value), 0.0), 3) if abs(value) < 3e9 and math.isfinite(value) else None


def utterance(
    text: str,
    start: float | None = None,
    end: float | None = None,
    *,
    words: Sequence[Word] = (),
    line: int | None = None,
    speaker: str | None = None,
) -> Utterance | None:
    """One utterance, or None where there is no text.

    The text decides: `words` with their times are used only where they hold the whole of it. A missing end, or one
    before the start, is guessed from the length of the text; words without times share the gap by their letters.
    """
    words = [replace(word, text=plain) for word in words if (plain := "".join(clean(word.text).split()))]
    spoken = clean(text).split()
    if "".join(spoken) not in "".join(word.text for word in words):
        words = [Word(word) for word in spoken]
    if not words:
        return None
    known = [time for word in words for time in (word.start, word.end) if time is not None]
    start = min(known, default=None) if start is None else start
    speaker = clean(speaker).strip() or None if speaker else None
    if start is None:
        return Utterance(tuple(words), line=line, speaker=speaker)
    if end is None or end < start:
        end = max(known, default=round(start + sum(len(word.text) for word in words) / SPEECH_RATE, 3))
    end = max(end, start)
    return Utterance(tuple(_timed(words, start, end)), start, end, line, speaker)


def _timed(words: Sequence[Word], start: float, end: float) -> Iterator[Word]:
    """The words with all times set, in order and within [start, end]; those without share the gap by their letters."""
    reached, at = start, 0

    def bounded(time: float) -> float:
        return min(max(time, reached), end)

    while at < len(words):
        word = words[at]
        first = reached if word.start is None else bounded(word.start)
        if word.start is not None and word.end is not None:
            reached = max(bounded(word.end), first)
            yield replace(word, start=first, end=reached)
            at += 1
            continue
        ahead = range(at + 1, len(words))
        after, until = next(((i, time) for i in ahead if (time := words[i].start) is not None), (len(words), end))
        reached = max(bounded(until), first)
        yield from _spread(words[at:after], first, reached)
        at = after


def _spread(words: Sequence[Word], start: float, end: float) -> Iterator[Word]:
    """The words laid over [start, end] by their number of letters, a blank counting as one."""
    total = sum(len(word.text) + 1 for word in words)
    passed = 0
    for word in words:
        first = start + (end - start) * passed / total
        passed += len(word.text) + 1
        yield replace(word, start=round(first, 3), end=round(start + (end - start) * passed / total, 3))


def glued(words: Iterable[Word]) -> list[Word]:
    """Pieces joined to words where blanks in front mark the beginnings («‑то» and «%» continue the word before).

    Lists whose pieces carry no blank at all are words already.
    """
    pieces = list(words)
    if not any(piece.text[:1].isspace() for piece in pieces):
        return pieces
    joined: list[Word] = []
    for piece in pieces:
        if joined and not piece.text[:1].isspace():
            last = joined[-1]
            probability = min(last.probability, piece.probability)
            joined[-1] = replace(last, text=last.text + piece.text, end=piece.end, probability=probability)
        else:
            joined.append(piece)
    return joined


def settled(utterances: Iterable[Utterance | None]) -> list[Utterance]:
    """The utterances that hold text, in order of time.

    In a timed file, one without a time (a damaged cue) stands where the one before it ended.
    """
    kept = [utterance for utterance in utterances if utterance is not None]
    if all(utterance.start is None for utterance in kept):
        return kept
    placed: list[Utterance] = []
    here = next(utterance.start for utterance in kept if utterance.start is not None)
    for item in kept:
        if item.start is None:
            words = tuple(replace(word, start=here, end=here) for word in item.words)
            item = replace(item, words=words, start=here, end=here)
        placed.append(item)
        here = item.end if item.end is not None else here
    return sorted(placed, key=lambda utterance: utterance.start or 0.0)
