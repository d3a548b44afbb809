"""Breaches that last, such as talk aside or a quarrel: what goes on sentence after sentence is one, told whole."""

from dataclasses import dataclass

from streamcheck.checking.classifier import Classifier
from streamcheck.checking.passage import Passage

LONGEST = 60
"""Words of a breach that lasts, at most: an hour of talk aside is no one finding."""


@dataclass(frozen=True)
class Lasting:
    """A sentence beside a breach belongs to it if the classifier gives it a probability of the label of `least`."""

    classifier: Classifier
    label: str
    least: float

    def stretch(self, passage: Passage, start: int, end: int, low: int) -> tuple[int, int]:
        """Tokens [start, end) with the sentences of the same utterance, before them down to token `low` and after them,
        through which it lasts.
        """
        while (before := passage.sentence_tokens(start).start - 1) >= low and self._lasts(passage, before, start):
            first = passage.sentence_tokens(before).start
            if first < low or end - first > LONGEST:
                break
            start = first
        while (after := passage.sentence_tokens(end - 1).stop) < len(passage.tokens):
            last = passage.sentence_tokens(after).stop
            if last - start > LONGEST or not self._lasts(passage, after, end - 1):
                break
            end = last
        return start, end

    def _lasts(self, passage: Passage, i: int, known: int) -> bool:
        """Whether the sentence of token i goes on with what token `known` is about."""
        if passage.tokens[i].utterance != passage.tokens[known].utterance:
            return False
        sentence = passage.sentence_tokens(i)
        judgement = passage.judged_by(self.classifier)
        return judgement.probability_of(self.label, sentence.start, sentence.stop) >= self.least
