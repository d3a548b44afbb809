"""What a classifier sees of speech: of each word its spelling, its pieces, its lemma and its grammar; of two words that
stand together, their lemmas.

A feature is a number below `SIZE`, by a hash of what it says (the hashing trick: Weinberger et al. 2009): there is no
dictionary to keep, and a word that nobody met before still has known pieces.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from streamcheck.text.morphology import form

SIZE = 1 << 18
"""How many features there are; so few of them meet that more made no difference."""
WORD, LEMMA, GRAMMAR, PIECE = 1.0, 1.0, 0.5, 0.35
"""What a feature of a word counts."""
NEXT, NEXT_BUT_ONE = 1.0, 0.6
"""What the lemmas of two words count that follow each other, and with one between them."""
_PIECES = (3, 4, 5)
"""Letters of a piece; it may begin or end with the word's border. A misheard word keeps most of its pieces."""
_GRAMMAR = frozenset(
    "NOUN VERB INFN ADJF ADJS COMP PRTF PRTS GRND NUMR ADVB NPRO PRED PREP CONJ PRCL INTJ Supr impr 1per 2per 3per "
    "past futr plur".split()
)
_MASK = np.uint32(SIZE - 1)
_FIRST, _SECOND, _FURTHER = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Of one spelling: the numbers of its features, what each counts, and the hash of its lemma."""

    numbers: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.float32]
    lemma: int


def word_features(text: str) -> WordFeatures:
    """The features of a normalised token."""
    parses = form(text).parses
    lemma = parses[0].lemma if parses else "0" * min(len(text), 6) if text[:1].isdigit() else text
    grammar = "+".join(sorted(parses[0].tags & _GRAMMAR)) if parses else "0" if text[:1].isdigit() else ""
    found = {f"w{text}": WORD, f"l{lemma}": LEMMA, f"g{grammar}": GRAMMAR}
    bordered = f"<{text}>"
    for size in _PIECES:
        for start in range(len(bordered) - size + 1):
            piece = f"p{bordered[start : start + size]}"
            found[piece] = found.get(piece, 0.0) + PIECE
    numbers = np.array([crc32(name.encode()) for name in found], np.uint32) & _MASK
    return WordFeatures(numbers, np.array(list(found.values()), np.float32), crc32(lemma.encode()))


def pair_features(lemmas: npt.NDArray[np.uint32], apart: int) -> npt.NDArray[np.uint32]:
    """The numbers of the features of lemmas that stand `apart` (1 or 2) words from each other: shape (n - apart,)."""
    left, right = lemmas[:-apart], lemmas[apart:]
    mixed: npt.NDArray[np.uint32] = left * _FIRST ^ right * _SECOND
    if apart > 1:
        mixed = mixed * _FURTHER
    return (mixed ^ mixed >> np.uint32(15)) & _MASK


def lemma_hashes(words: Sequence[WordFeatures]) -> npt.NDArray[np.uint32]:
    """The hashes of the lemmas of some words: shape (n,)."""
    return np.fromiter((word.lemma for word in words), np.uint32, len(words))
