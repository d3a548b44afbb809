"""How likely a stretch of speech commits a breach of each kind, by a linear model of examples; and by which words.

Rules know the turns of speech that somebody thought of; what nobody thought of still shares words, pieces of words and
neighbours with examples of its kind. The score of a stretch is the sum over its features of what training found them to
weigh, divided by the root of its length in words (logistic regression); so it comes apart into what each word gave,
and the words that gave most together are what is told. Word vectors of a large corpus (navec) added to the features
changed nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from streamcheck.errors import RulesError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.text.features import NEXT, NEXT_BUT_ONE, SIZE, lemma_hashes, pair_features, word_features

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
    _rows: dict[str, Floats] = field(default_factory=dict)

    def judge(self, texts: Sequence[str], breaks: Sequence[bool]) -> "Judgement":
        """What each token of a passage says for each label. `texts` are normalised, `breaks` as in `Passage`."""
        if len(self._rows) > _MOST_KNOWN:
            self._rows.clear()
        words = np.array([self._row(one) for one in texts], np.float32).reshape(len(texts), len(self.labels))
        lemmas = lemma_hashes(texts)
        next_ = self.weights[pair_features(lemmas, 1)] * np.float32(NEXT)
        further = self.weights[pair_features(lemmas, 2)] * np.float32(NEXT_BUT_ONE)
        return Judgement(self, words, next_, further, list(stretches(breaks)))

    def _row(self, one: str) -> Floats:
        row = self._rows.get(one)
        if row is None:
            features = word_features(one)
            row = self._rows[one] = features.counts @ self.weights[features.numbers]
        return row


class Judgement:
    """What a classifier makes of a passage: asked label by label."""

    def __init__(
        self, classifier: Classifier, words: Floats, next_: Floats, further: Floats, parts: Sequence[tuple[int, int]]
    ) -> None:
        self._labels = classifier.labels
        self._words, self._next, self._further, self._parts = words, next_, further, parts
        self._odds = np.zeros((0, len(self._labels)), np.float32)
        if parts:
            low, high = np.array(parts).T
            sums = _between(words, low, high) + _between(next_, low, high - 1) + _between(further, low, high - 2)
            self._odds = sums / divisor(high - low)[:, None] + classifier.bias

    def like(self, label: str, least: float) -> Iterator[Likeness]:
        """The words of each stretch whose probability of the label is `least` or more, in order."""
        column = self._labels.index(label)
        for part in np.flatnonzero(self._odds[:, column] >= np.log(least / (1 - least))).tolist():
            low, high = self._parts[part]
            start, end = self._telling(low, high, column)
            yield Likeness(start, end, float(1 / (1 + np.exp(-self._odds[part, column]))))

    def _telling(self, low: int, high: int, column: int) -> tuple[int, int]:
        """The words of a stretch that gave the most together."""
        gave = self._words[low:high, column].copy()
        for apart, pairs in ((1, self._next), (2, self._further)):
            if high - low > apart:
                half = pairs[low : high - apart, column] / 2
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


def _between(rows: Floats, low: npt.NDArray[np.int64], high: npt.NDArray[np.int64]) -> Floats:
    """The sums of rows [low, high) for each pair of borders; nothing where high is not above low."""
    total = np.zeros((len(rows) + 1, rows.shape[1]))
    np.cumsum(rows, axis=0, out=total[1:])
    first = np.minimum(low, len(rows))
    sums: Floats = (total[np.clip(high, first, len(rows))] - total[first]).astype(np.float32)
    return sums


def save_classifier(classifier: Classifier, path: Path) -> None:
    """Write the weights, a byte each: a file of some megabytes less than half of it."""
    scale = np.abs(classifier.weights).max(axis=0) / 127
    packed = np.round(classifier.weights / scale).astype(np.int8)
    np.savez_compressed(path, labels=np.array(classifier.labels), weights=packed, scale=scale, bias=classifier.bias)


def load_classifier(path: Path) -> Classifier:
    """The classifier of a file that `save_classifier` wrote. Raises RulesError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            labels = tuple(map(str, file["labels"]))
            weights = file["weights"].astype(np.float32) * file["scale"].astype(np.float32)
            bias = file["bias"].astype(np.float32)
    except (OSError, ValueError, KeyError, BadZipFile, EOFError) as error:
        raise RulesError(text("checking.bad-classifier", path=printable(str(path)))) from error
    if weights.shape != (SIZE, len(labels)) or bias.shape != (len(labels),):
        raise RulesError(text("checking.bad-classifier", path=printable(str(path))))
    return Classifier(labels, weights, bias)
