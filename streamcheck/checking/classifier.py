"""How likely a stretch of speech commits a breach of each kind, by a linear model of examples; and by which words.

Rules know the turns of speech that somebody thought of; what nobody thought of still shares words, pieces of words and
neighbours with examples of its kind. The score of a stretch is the sum over its features of what training found them to
weigh, divided by the root of its length in words (logistic regression); so it comes apart into what each word gave,
and the words that gave most together are what is told. Word vectors of a large corpus (navec) added to the features
changed nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from streamcheck.errors import RulesError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.text.features import NEXT, NEXT_BUT_ONE, SIZE, pair_features, word_features

Floats = npt.NDArray[np.float32]

LONGEST_SENTENCE = 24
"""Words of a sentence that is judged as a whole; of a longer one, stretches of `STRETCH` words, each half over the
next: a recogniser may write minutes without a full stop."""
STRETCH = 16
SHORT = 8
"""Words under which a stretch counts as if it had so many: two words are little evidence."""
LONGEST_QUOTE = 9
"""Words that are told of a stretch at most."""
_MOST_KNOWN = 50_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """Tokens [start, end) of a passage, the telling ones of a stretch that commits a breach with this probability."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Classifier:
    """Weights of all features for each label: shape (SIZE, labels); `bias` has shape (labels,)."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    _known: dict[str, tuple[Floats, int]] = field(default_factory=dict)

    def judge(self, texts: Sequence[str], breaks: Sequence[bool]) -> "Judgement":
        """What the stretches of a passage are. `texts` are its normalised tokens, `breaks` as in `Passage`."""
        known = [self._known.get(one) or self._learn(one) for one in texts]
        words = np.array([gives for gives, _ in known], np.float32).reshape(len(texts), len(self.labels))
        lemmas = np.array([lemma for _, lemma in known], np.uint32)
        next_ = self.weights[pair_features(lemmas, 1)] * np.float32(NEXT)
        further = self.weights[pair_features(lemmas, 2)] * np.float32(NEXT_BUT_ONE)
        return Judgement(self, (words, next_, further), list(stretches(breaks)))

    def _learn(self, one: str) -> tuple[Floats, int]:
        """What a spelling gives to each label by itself, and the hash of its lemma."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        features = word_features(one)
        known = self._known[one] = (features.counts @ self.weights[features.numbers], features.lemma)
        return known


class Judgement:
    """What a classifier makes of a passage: asked label by label.

    `given` is what each token gives to each label, each token with the next one, and with the next but one.
    """

    def __init__(
        self, classifier: Classifier, given: tuple[Floats, Floats, Floats], parts: Sequence[tuple[int, int]]
    ) -> None:
        self._labels, self._bias = classifier.labels, classifier.bias
        self._given, self._parts = given, parts
        sums = [
            sum(one[low : max(low, high - apart)].sum(axis=0) for apart, one in enumerate(given)) for low, high in parts
        ]
        lengths = np.array([high - low for low, high in parts])
        total = np.array(sums, np.float32).reshape(len(parts), len(self._labels))
        self._odds = total / divisor(lengths)[:, None] + classifier.bias
        self._most = self._odds.max(axis=0).tolist() if parts else [-np.inf] * len(self._labels)

    def like(self, label: str, least: float) -> Iterator[Likeness]:
        """The words of each stretch whose probability of the label is `least` or more, in order."""
        column, odds = self._labels.index(label), log(least / (1 - least))
        if self._most[column] < odds:
            return
        for part in np.flatnonzero(self._odds[:, column] >= odds).tolist():
            low, high = self._parts[part]
            start, end = self._telling(low, high, column)
            yield Likeness(start, end, float(1 / (1 + np.exp(-self._odds[part, column]))))

    def probability(self, label: str, start: int, end: int) -> float:
        """The highest of the stretches that share a token with [start, end)."""
        column = self._labels.index(label)
        first, stop = bisect_right(self._parts, start, key=lambda part: part[1]), bisect_left(self._parts, (end, 0))
        return float(1 / (1 + np.exp(-self._odds[first:stop, column].max()))) if first < stop else 0.0

    def probability_of(self, label: str, low: int, high: int) -> float:
        """That of tokens [low, high), taken for a stretch."""
        column = self._labels.index(label)
        total = sum(one[low : max(low, high - apart), column].sum() for apart, one in enumerate(self._given))
        return float(1 / (1 + np.exp(-(total / divisor(high - low) + self._bias[column]))))

    def _telling(self, low: int, high: int, column: int) -> tuple[int, int]:
        """The words of a stretch that gave the most together."""
        words, *pairs = self._given
        gave = words[low:high, column].copy()
        for apart, given in enumerate(pairs, start=1):
            if high - low > apart:
                half = given[low : high - apart, column] / 2
                gave[:-apart] += half
                gave[apart:] += half
        total = np.concatenate([[0.0], np.cumsum(gave)])
        best = max(
            (float(total[end] - total[start]), start - end, start)
            for start in range(len(gave))
            for end in range(start + 1, min(start + LONGEST_QUOTE, len(gave)) + 1)
        )
        return low + best[2], low + best[2] - best[1]


def stretches(breaks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """What is judged at once: the sentences, long ones in parts. `breaks[i]`: a sentence ends before token i."""
    start = 0
    for stop in range(1, len(breaks) + 1):
        if stop == len(breaks) or breaks[stop]:
            if stop - start <= LONGEST_SENTENCE:
                yield start, stop
            else:
                for low in range(start, stop - STRETCH // 2, STRETCH // 2):
                    yield low, min(low + STRETCH, stop)
            start = stop


def divisor(length: "npt.NDArray[np.int64] | int") -> Floats:
    """What the sum over a stretch of so many words is divided by."""
    return np.sqrt(np.maximum(length, SHORT)).astype(np.float32)


def save_classifier(classifier: Classifier, path: Path) -> None:
    """Write the weights, a byte each, compressed. Raises OSError."""
    scale = np.maximum(np.abs(classifier.weights).max(axis=0), 1e-6) / 127
    packed = np.round(classifier.weights / scale).astype(np.int8)
    np.savez_compressed(path, labels=np.array(classifier.labels), weights=packed, scale=scale, bias=classifier.bias)


def load_classifier(path: Path) -> Classifier:
    """The classifier of a file that `save_classifier` wrote. Raises RulesError."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            labels = tuple(map(str, file["labels"]))
            weights = file["weights"].astype(np.float32) * file["scale"].astype(np.float32)
            bias = file["bias"].astype(np.float32)
    except (OSError, ValueError, KeyError, BadZipFile, EOFError) as error:
        raise RulesError(text("checking.bad-classifier", path=printable(str(path)))) from error
    if weights.shape != (SIZE, len(labels)) or bias.shape != (len(labels),):
        raise RulesError(text("checking.bad-classifier", path=printable(str(path))))
    return Classifier(labels, weights, bias)
