"""Speech that is like examples of a breach, though no phrase of it is known: by the rule set's classifier."""

from collections.abc import Iterator

from streamcheck.checking.classifier import Classifier
from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage


class Like:
    """Finds the telling words of stretches whose probability of a label is `least` or more."""

    def __init__(self, classifier: Classifier, label: str, least: float) -> None:
        self._classifier, self._label, self._least = classifier, label, least

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        judgement = passage.judged_by(self._classifier)
        for one in judgement.like(self._label, self._least):
            if low <= one.start < high:
                yield Match(one.start, one.end, note=f"{one.probability:.2f}", certainty=one.probability)
