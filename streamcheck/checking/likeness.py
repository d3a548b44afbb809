"""What the classifier says of what any rule found: how like its category it is, through which sentences it lasts."""

from collections.abc import Iterator
from dataclasses import dataclass

from streamcheck.checking.classifier import LONGEST_SENTENCE, Classifier
from streamcheck.checking.passage import Passage
from streamcheck.checking.phrases import Phrases

_LIKELY = 0.5
_TURN = 4
"""Words at the beginning of a sentence in which a turn that ends a breach is looked for."""
LONGEST = 60
"""Words of a breach that lasts, at most: an hour of talk aside is no one finding."""


@dataclass(frozen=True)
class Likeness:
    """To the examples of one label. `lasts` is the probability from which on a sentence beside a breach belongs to it,
    None where each breach stands for itself; `until` are turns that end what lasts (see `schema.Like`).
    """

    classifier: Classifier
    label: str
    lasts: float | None = None
    until: Phrases | None = None

    def probabilities(self, passage: Passage, start: int, end: int) -> Iterator[float]:
        """The highest of the sentences that share a token with [start, end), and that of its own utterance: where
        nobody wrote full stops, a sentence is several utterances, and one of them may be about something else.
        """
        judgement = passage.judged_by(self.classifier)
        yield judgement.probability(self.label, start, end)
        yield judgement.probability_of(self.label, *_own_utterance(passage, start, end))

    def stretch(self, passage: Passage, start: int, end: int, low: int) -> tuple[int, int]:
        """Tokens [start, end) with the sentences of the same utterance, before them down to token `low` and after them,
        through which it lasts.
        """
        while (before := passage.sentence_tokens(start).start - 1) >= low:
            first = passage.sentence_tokens(before).start
            if first < low or end - first > LONGEST or not self._lasts(passage, before, (first, end)):
                break
            start = first
        while (after := passage.sentence_tokens(end - 1).stop) < len(passage.tokens):
            last = passage.sentence_tokens(after).stop
            if last - start > LONGEST or self._ends(passage, after) or not self._lasts(passage, after, (start, last)):
                break
            end = last
        return start, end

    def _ends(self, passage: Passage, i: int) -> bool:
        """Whether the sentence that begins with token i begins with a turn that ends it, after a word at most."""
        stop = min(i + _TURN, passage.sentence_tokens(i).stop)
        return self.until is not None and any(low <= i + 1 for low, _ in self.until.spans(passage, i, stop))

    def _lasts(self, passage: Passage, i: int, together: tuple[int, int]) -> bool:
        """Whether the sentence of token i belongs to the breach; `together` are the tokens of both."""
        start, end = together
        if self.lasts is None or passage.tokens[start].utterance != passage.tokens[end - 1].utterance:
            return False
        sentence, judgement = passage.sentence_tokens(i), passage.judged_by(self.classifier)
        if judgement.probability(self.label, sentence.start, sentence.stop) >= self.lasts:
            return True
        return self.until is not None and judgement.probability_of(self.label, start, end) >= _LIKELY


def _own_utterance(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The tokens around [start, end) of its sentence and utterance, at most `LONGEST_SENTENCE` to each side."""
    tokens, breaks = passage.tokens, passage.breaks
    low, high = start, end
    while start - low < LONGEST_SENTENCE and not breaks[low] and tokens[low - 1].utterance == tokens[start].utterance:
        low -= 1
    while (
        high < min(len(tokens), end + LONGEST_SENTENCE)
        and not breaks[high]
        and tokens[high].utterance == tokens[end - 1].utterance
    ):
        high += 1
    return low, high
