"""Windows of sound around utterances, and which of the words heard in one are theirs. Pure."""

from collections.abc import Sequence

from streamcheck.events import SAMPLE_RATE, Word
from streamcheck.speech.engine import Heard
from streamcheck.speech.merging import between, continued, shifted
from streamcheck.speech.phantom import remove_phantoms, without_loop
from streamcheck.speech.utterances import Span

BEFORE_CUT = int(0.8 * SAMPLE_RATE)
"""Samples by which a window reaches back over a cut: more than a long word."""
AFTER_CUT = int(0.6 * SAMPLE_RATE)
"""Samples by which a window reaches on over a cut."""
LITTLE_VOICE = 0.5
"""Mean voice probability of an utterance below which farewells and the like are taken for phantoms."""

_SLACK = 0.1  # seconds: a word at a cut may be placed a little differently by the two windows


def reach(first: Span, last: Span) -> tuple[int, int]:
    """The samples to decode for the utterances from `first` to `last`; where speech was cut, windows overlap."""
    start = max(first.start - BEFORE_CUT, 0) if first.joined else first.start
    return start, last.end + AFTER_CUT if last.cut else last.end


def own_words(
    words: Sequence[Word], heard: Heard, first: Span, last: Span, end: int, before: Sequence[Word]
) -> tuple[Word, ...]:
    """Of the words of a window, timed from the start of the source, those said by the utterances, up to sample `end`.

    `before` are the words of the utterance that came before; phantoms and loops are left out.
    """
    own = tuple(words)
    if first.joined:
        own = continued(before, between(own, first.start / SAMPLE_RATE - _SLACK, float("inf")))
    if last.cut:
        own = between(own, 0.0, end / SAMPLE_RATE)
    doubtful = heard.doubtful or min(first.voice, last.voice) < LITTLE_VOICE
    return without_loop(remove_phantoms(own, doubtful=doubtful))


def in_source(heard: Heard, start: int) -> tuple[Word, ...]:
    """The words of a window that begins at sample `start`, timed from the start of the source."""
    return shifted(heard.words, start / SAMPLE_RATE)
