"""Putting passes together: what two passes agree on, and windows that overlap. Pure: words in, words out.

Agreement is that of LocalAgreement-2 (Macháček et al. 2023, «Turning Whisper into Real-Time Transcription System»):
the longest common beginning of two passes over the same sound.
"""

from collections.abc import Sequence
from dataclasses import replace

from streamcheck.events import Word

_SAME_PLACE = 0.5
"""Seconds by which two windows may disagree on where the same word ends."""
_LONGEST_REPEAT = 4


def letters(word: Word) -> str:
    """A word without case, punctuation and the dots of ё: what two passes must agree on."""
    return "".join(char for char in word.text.casefold() if char.isalnum()).replace("ё", "е")


def agreed(earlier: Sequence[Word], later: Sequence[Word]) -> int:
    """How many words at the beginning of two passes are the same."""
    count = 0
    for one, other in zip(earlier, later, strict=False):
        if letters(one) != letters(other):
            break
        count += 1
    return count


def shifted(words: Sequence[Word], seconds: float) -> tuple[Word, ...]:
    """The words so much later: from the time of a window to that of the source."""
    return tuple(
        replace(word, start=round((word.start or 0.0) + seconds, 3), end=round((word.end or 0.0) + seconds, 3))
        for word in words
    )


def middle(word: Word) -> float:
    """The time in the middle of a timed word."""
    return ((word.start or 0.0) + (word.end or 0.0)) / 2


def between(words: Sequence[Word], start: float, end: float) -> tuple[Word, ...]:
    """The words whose middle lies from `start` up to `end`."""
    return tuple(word for word in words if start <= middle(word) < end)


def continued(before: Sequence[Word], words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a window that overlaps the one `before`, without what that one has heard already.

    Two windows place a word a little differently, so the words at the cut may be in both.
    """
    if not before:
        return tuple(words)
    end = before[-1].end or 0.0
    for count in range(min(_LONGEST_REPEAT, len(before), len(words)), 0, -1):
        same = [letters(word) for word in before[-count:]] == [letters(word) for word in words[:count]]
        if same and abs((words[count - 1].end or 0.0) - end) < _SAME_PLACE:
            return tuple(words[count:])
    return tuple(words)
