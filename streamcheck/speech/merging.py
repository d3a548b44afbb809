"""Putting passes together: what two passes agree on, and windows that overlap. Pure: words in, words out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from streamcheck.events import Word

_SAME_PLACE = 0.5
"""Seconds by which two windows may disagree on where the same word ends."""
LONGEST_REPEAT = 4
"""Words at a cut that two windows may both have heard."""
_SLACK = 0.1  # seconds: a word after a border may be placed a little before it
_LEAD = 0.15  # seconds of sound before the first word of a window
_SENTENCE_ENDS = (".", "!", "?", "…")
_STOP = 0.5  # seconds of silence from which on a full stop is believed, whatever follows


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
    for count in range(min(LONGEST_REPEAT, len(before), len(words)), 0, -1):
        same = [letters(word) for word in before[-count:]] == [letters(word) for word in words[:count]]
        if same and abs((words[count - 1].end or 0.0) - end) < _SAME_PLACE:
            return tuple(words[count:])
    return tuple(words)


class Agreement:
    """What the passes over one utterance have agreed on, and what only the last one heard.

    The policy is that of LocalAgreement-2 (Macháček et al. 2023, «Turning Whisper into Real-Time Transcription
    System»): the longest common beginning of two passes stands, and later passes only add to it. Words that may be
    cut off by the edge of the sound agree too easily («3000» before «3490» is said) and wait.
    """

    def __init__(self, heard: tuple[Word, ...] = ()) -> None:
        self.stable: tuple[Word, ...] = ()
        self._pending = heard

    @property
    def words(self) -> tuple[Word, ...]:
        """All words, the stable ones first."""
        return self.stable + self._pending

    def add(self, heard: Sequence[Word], trusted_to: float) -> None:
        """Take a pass; only words that end by `trusted_to` can become stable."""
        end = (self.stable[-1].end or 0.0) if self.stable else 0.0
        fresh = continued(self.stable, between(heard, end - _SLACK, float("inf")))
        count = agreed(self._pending, fresh)
        while count and (fresh[count - 1].end or 0.0) > trusted_to:
            count -= 1
        self.stable += fresh[:count]
        self._pending = fresh[count:]

    def revise(self, heard: Sequence[Word], start: float, trusted_to: float) -> None:
        """Take a better pass over what was said from `start` on: its words that end by `trusted_to` stand."""
        before = tuple(word for word in self.stable if middle(word) < start)
        fresh = continued(before, heard)
        count = sum((word.end or 0.0) <= trusted_to for word in fresh)
        self.stable, self._pending = before + fresh[:count], fresh[count:]

    def settle(self, words: Sequence[Word]) -> None:
        """Take a better pass over the whole utterance up to a pause: it replaces all."""
        self.stable, self._pending = tuple(words), ()


def without_false_stops(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without full stops before a small letter and no pause: Whisper sets one at the end of whatever it is given, and
    the next pass heard the sentence go on («глухие. что ли»).
    """
    joined = tuple(_joined(word, later) for word, later in pairwise(words))
    return (*joined, *words[-1:])


def _joined(word: Word, later: Word) -> Word:
    goes_on = later.text[:1].islower() and (later.start or 0.0) - (word.end or 0.0) < _STOP
    stops = word.text.endswith(".") and not word.text.endswith("..") and len(word.text) > 1
    return replace(word, text=word.text[:-1]) if goes_on and stops else word


def restart(words: Sequence[Word], stable: int, start: float, longest: float, least: float) -> float:
    """The second from which the next pass over an open utterance need listen; `start` where it may not move on.

    `words` are those of the last pass, which began at `start`. It moves on to the last sentence that begins after a
    stable one. In a window longer than `longest`, it moves to the longest pause after a stable word, where `least`
    seconds remain.
    """
    if not words:
        return start
    pairs = [(one, after) for one, after in pairwise(words[: stable + 1]) if (one.end or 0.0) > start]
    ends = [(one, after) for one, after in pairs if one.text.endswith(_SENTENCE_ENDS)]
    last = words[-1].end or 0.0
    if not ends and last - start > longest:
        early = [(one, after) for one, after in pairs if last - (after.start or 0.0) >= least]
        ends = sorted(early, key=lambda pair: (pair[1].start or 0.0) - (pair[0].end or 0.0))
    if not ends:
        return start
    one, after = ends[-1]
    return max(one.end or 0.0, (after.start or 0.0) - _LEAD)
