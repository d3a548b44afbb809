"""Examples of speech → the classifier that rules ask with `like`.

Logistic regression for each label (scikit-learn), over stretches: the examples as a whole, the breaches in them with a
few words around, and what lies between breaches; so that the classifier knows a breach in the middle of other talk,
and talk without one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import regex

from streamcheck.checking.classifier import Classifier, divisor, stretches
from streamcheck.checking.loading import Sources
from streamcheck.checking.schema import CATEGORIES
from streamcheck.checking.selftest import read_case
from streamcheck.errors import ConfigError, RulesError
from streamcheck.events import Word
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.text.features import NEXT, NEXT_BUT_ONE, SIZE, lemma_hashes, pair_features, word_features
from streamcheck.text.tokens import Token, tokenise

STRENGTH = 10.0
"""Inverse of how much large weights cost; by errors on authors whose examples were left out, between 3 and 30."""
AROUND = 3
"""Words to each side of a breach that make a stretch of their own with it."""
BETWEEN = 6
"""Words of a stretch between breaches."""
_LEAST_MET = 3  # stretches that a feature must be met in: what one author said once is chance
_LEAST_AROUND = 10  # words of an example from which on its breaches are cut out
_LEAST_BETWEEN = 14
_NOTHING = "ok"
_BRACKETS = regex.compile(r"\[([^\[\]]+)\]")

Labels = frozenset[str]
Row = tuple[Sequence[str], Labels]
"""The normalised tokens of a stretch, and what it is."""


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody says, and the breaches in it: label and words of each."""

    said: str
    breaches: tuple[tuple[str, str], ...] = ()


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """The examples of `.tsv` files: `label<TAB>text with the [breach] in brackets` a line, or `ok<TAB>text`.

    Several breaches: `label,label<TAB>…`, one for each bracket in order. Raises RulesError with file and line.
    """
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = printable(str(error))
            raise RulesError(text("training.unreadable", path=printable(str(path)), why=why)) from error
        for number, line in enumerate(lines, start=1):
            if line.strip() and not line.startswith("#"):
                found.append(_example(line, f"{printable(str(path))}:{number}"))
    return found


def _example(line: str, at: str) -> Example:
    label, tab, said = line.partition("\t")
    labels = [part.strip() for part in label.split(",")]
    quotes = _BRACKETS.findall(said)
    if not tab or not said.strip():
        raise RulesError(text("training.no-tab", at=at))
    if labels == [_NOTHING] and not quotes:
        return Example(said)
    unknown = [one for one in labels if one not in CATEGORIES]
    if unknown:
        raise RulesError(text("training.bad-label", at=at, name=printable(unknown[0]), known=", ".join(CATEGORIES)))
    if len(labels) not in (1, len(quotes)) or not quotes:
        raise RulesError(text("training.bad-brackets", at=at))
    each = labels * len(quotes) if len(labels) == 1 else labels
    return Example(said.replace("[", "").replace("]", ""), tuple(zip(each, quotes, strict=True)))


def examples_of_rules(sources: Sources) -> list[Example]:
    """The tests of all rules and the rewordings that they advise, as examples; save the tests of those that ask the
    classifier: they are its own.
    """
    found = []
    for rule in (rule for pack, _ in sources.packs.values() for rule in pack.rules):
        if rule.status == "retired":
            continue
        found += [Example(said) for said in rule.advice.instead]
        if any(matcher.like for matcher in rule.any):
            continue
        for item in rule.tests:
            case, wanted = read_case(item)
            if not (case.products or case.evidence or case.todo):
                found.append(Example(" ".join(case.say), tuple((rule.category, quote) for quote in wanted)))
    return found


def train(examples: Sequence[Example]) -> Classifier:
    """A classifier of all categories. Raises ConfigError where scikit-learn is missing or a category has no example."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise ConfigError(text("training.no-library")) from error
    rows = [row for example in examples for row in _rows(example)]
    known = {label for _, labels in rows for label in labels}
    if missing := [label for label in CATEGORIES if label not in known]:
        raise ConfigError(text("training.no-examples", names=", ".join(missing)))
    matrix = _matrix([texts for texts, _ in rows])
    met = matrix.count_nonzero(axis=0)
    rarity = (np.log((len(rows) + 1) / (met + 1)) + 1) * (met >= _LEAST_MET)
    scaled = matrix.multiply(rarity.astype(np.float32)).tocsr()
    weights, bias = [], []
    for label in CATEGORIES:
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0, max_iter=200)
        model.fit(scaled, [label in labels for _, labels in rows])
        weights.append(model.coef_[0] * rarity)
        bias.append(model.intercept_[0])
    return Classifier(CATEGORIES, np.array(weights, np.float32).T, np.array(bias, np.float32))


def _rows(example: Example) -> Iterator[Row]:
    """The stretches that an example teaches."""
    tokens = tokenise([Word(part) for part in example.said.split()])
    texts = [token.text for token in tokens]
    if not texts:
        return
    spans = [(label, _place(texts, quote)) for label, quote in example.breaches]
    yield texts, frozenset(label for label, _ in spans)
    if any(place is None for _, place in spans):
        return
    breaches = [(label, *place) for label, place in spans if place is not None]

    def labels(low: int, high: int) -> Labels:
        return frozenset(label for label, start, end in breaches if start < high and low < end)

    if len(texts) > _LEAST_AROUND:
        for _, start, end in breaches:
            low, high = max(0, start - AROUND), min(len(texts), end + AROUND)
            yield texts[low:high], labels(low, high)
    if len(texts) > _LEAST_BETWEEN:
        for low in range(0, len(texts) - BETWEEN // 2, BETWEEN):
            if not labels(low, low + BETWEEN):
                yield texts[low : low + BETWEEN], frozenset()
    breaks = _breaks(tokens)
    parts = list(stretches(breaks, breaks))
    for low, high in parts if len(parts) > 1 else ():
        most = (label for label, start, end in breaches if 2 * (min(end, high) - max(start, low)) >= end - start)
        yield texts[low:high], frozenset(most)


def _breaks(tokens: Sequence[Token]) -> list[bool]:
    return [True, *("." in left.after and left.word != right.word for left, right in pairwise(tokens))]


def _place(texts: Sequence[str], quote: str) -> tuple[int, int] | None:
    """Where the words of a quote stand, None where they do not."""
    sought = [token.text for token in tokenise([Word(part) for part in quote.split()])]
    starts = (n for n in range(len(texts) - len(sought) + 1) if list(texts[n : n + len(sought)]) == sought)
    return next(((n, n + len(sought)) for n in starts if sought), None)


def _matrix(stretched: Sequence[Sequence[str]]) -> Any:
    """A row of features for each stretch, divided by the root of its length: CSR, shape (stretches, SIZE)."""
    from scipy.sparse import csr_array

    features_of = cache(word_features)
    numbers, counts, ends = [], [], [0]
    for texts in stretched:
        words = [features_of(one) for one in texts]
        lemmas = lemma_hashes(words)
        pairs = [pair_features(lemmas, 1), pair_features(lemmas, 2)]
        found = np.concatenate([*(one.numbers for one in words), *pairs])
        weighed = [*(one.counts for one in words), np.full(len(pairs[0]), NEXT), np.full(len(pairs[1]), NEXT_BUT_ONE)]
        numbers.append(found)
        counts.append(np.concatenate(weighed) / divisor(len(texts)))
        ends.append(ends[-1] + len(found))
    matrix = csr_array(
        (np.concatenate(counts).astype(np.float32), np.concatenate(numbers).astype(np.int32), np.array(ends, np.int32)),
        shape=(len(stretched), SIZE),
    )
    matrix.sum_duplicates()
    return matrix
