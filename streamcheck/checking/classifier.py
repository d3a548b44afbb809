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
from functools import cached_property
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
"""Words of an utterance, or of a sentence of a longer one, that are judged as a whole; of a longer sentence, stretches
of `STRETCH` words, each half over the next: a recogniser may write minutes without a full stop."""
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

    def judge(self, texts: Sequence[str], breaks: Sequence[bool], begins: Sequence[bool] | None = None) -> "Judgement":
        """What the stretches of a passage are. `texts` are its normalised tokens, `breaks` as in `Passage`; `begins[i]`
        says that an utterance begins at token i, without it every sentence is one.
        """
        known = [self._known.get(one) or self._learn(one) for one in texts]
        words = np.array([gives for gives, _ in known], np.float32).reshape(len(texts), len(self.labels))
        lemmas = np.array([lemma for _, lemma in known], np.uint32)
        next_ = self.weights[pair_features(lemmas, 1)] * np.float32(NEXT)
        further = self.weights[pair_features(lemmas, 2)] * np.float32(NEXT_BUT_ONE)
        return Judgement(self, (words, next_, further), breaks, list(stretches(breaks, begins or breaks)))

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
        self,
        classifier: Classifier,
        given: tuple[Floats, Floats, Floats],
        breaks: Sequence[bool],
        parts: Sequence[tuple[int, int]],
    ) -> None:
        self._labels, self._bias = classifier.labels, classifier.bias
        self._given, self._breaks, self._parts = given, breaks, parts
        self._sums = [np.concatenate([np.zeros((1, len(self._labels))), one.cumsum(0, np.float64)]) for one in given]
        self._odds = self._odds_of(parts)
        self._most = self._odds.max(axis=0).tolist() if parts else [-np.inf] * len(self._labels)

    def _odds_of(self, parts: Sequence[tuple[int, int]]) -> Floats:
        """The log-odds of some stretches: shape (parts, labels)."""
        low, high = np.array(parts, np.int64).reshape(-1, 2).T
        total = np.zeros((len(parts), len(self._labels)))
        for apart, sums in enumerate(self._sums):  # a pair counts where both its words lie within
            last = len(sums) - 1
            total += sums[np.clip(high - apart, low, None).clip(max=last)] - sums[low.clip(max=last)]
        odds: Floats = (total / divisor(high - low)[:, None] + self._bias).astype(np.float32)
        return odds

    def like(self, label: str, least: float) -> Iterator[Likeness]:
        """The words of each stretch whose probability of the label is `least` or more, in order."""
        column, odds = self._labels.index(label), log(least / (1 - least))
        if self._most[column] < odds:
            return
        for part in np.flatnonzero(self._odds[:, column] >= odds).tolist():
            low, high = self._parts[part]
            start, end = self._telling(low, high, column)
            yield Likeness(start, end, _probability(self._odds[part, column]))

    def probability(self, label: str, start: int, end: int) -> float:
        """The highest of the sentences, or parts of long ones, that share a token with [start, end)."""
        parts, odds = self._sentences
        first, stop = bisect_right(parts, start, key=lambda part: part[1]), bisect_left(parts, (end, 0))
        return _probability(odds[first:stop, self._labels.index(label)].max()) if first < stop else 0.0

    def probability_of(self, label: str, low: int, high: int) -> float:
        """That of tokens [low, high), taken for a stretch."""
        return _probability(self._odds_of([(low, high)])[0, self._labels.index(label)])

    @cached_property
    def _sentences(self) -> tuple[list[tuple[int, int]], Floats]:
        parts = list(_parts(self._breaks, 0, len(self._breaks)))
        return parts, self._odds_of(parts)

    def _telling(self, low: int, high: int, column: int) -> tuple[int, int]:
        """The words of a sentence of a stretch that gave the most together."""
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
            if not any(self._breaks[low + start + 1 : low + end])
        )
        return low + best[2], low + best[2] - best[1]


def _probability(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


def stretches(breaks: Sequence[bool], begins: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """What is judged at once: an utterance with the sentences in it, of a long one each sentence, of a long sentence
    its parts. `breaks[i]`: a sentence ends before token i; `begins[i]`: an utterance begins at token i.
    """
    start = 0
    for stop in range(1, len(breaks) + 1):
        if stop == len(breaks) or (breaks[stop] and begins[stop]):
            whole = stop - start <= LONGEST_SENTENCE
            yield from [(start, stop)] if whole else _parts(breaks, start, stop)
            start = stop


def _parts(breaks: Sequence[bool], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences in tokens [start, end), long ones in parts."""
    for stop in range(start + 1, end + 1):
        if stop == end or breaks[stop]:
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
