"""A run of tokens with all that matchers ask of it: atoms passed, sentence ends, quotation marks, times."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from streamcheck.checking.classifier import Classifier, Judgement
from streamcheck.checking.hearing import Hearing
from streamcheck.checking.lexicon import Lexicon
from streamcheck.events import Utterance, Word
from streamcheck.text.addresses import Address, addresses
from streamcheck.text.digits import DigitRun, digit_runs
from streamcheck.text.quantities import Quantity, quantities
from streamcheck.text.tokens import Token, tokenise

PAUSE = 1.5
"""Seconds of silence after which words no longer belong together, whatever the marks say."""
STOP = 0.5
"""Seconds of silence after which a full stop ends a sentence where the recogniser cut the sound: it sets one at the end
of whatever it is given.
"""


@dataclass(frozen=True)
class Passage:
    """Tokens of one or more utterances, with their normalised texts. `breaks[i]` says that a sentence ends before
    token i (true for i = 0).
    """

    utterances: Sequence[Utterance]
    words: Sequence[Word]
    tokens: Sequence[Token]
    texts: Sequence[str]
    passed: Sequence[frozenset[int]]
    breaks: Sequence[bool]

    def sentence_tokens(self, i: int) -> range:
        """The tokens of the sentence around token i."""
        number = self._sentences[i]
        return range(bisect_left(self._sentences, number), bisect_right(self._sentences, number))

    def sentence_number(self, i: int) -> int:
        """The number of token i's sentence in the passage."""
        return self._sentences[i]

    def judged_by(self, classifier: Classifier) -> Judgement:
        """What a classifier makes of it; asked by a rule for each label, worked out once."""
        known = self._judgements.get(id(classifier))
        if known is None:
            begins = [True, *(left.utterance != right.utterance for left, right in pairwise(self.tokens))]
            known = self._judgements[id(classifier)] = classifier.judge(self.texts, self.breaks, begins)
        return known

    @cached_property
    def _judgements(self) -> dict[int, Judgement]:
        return {}

    @cached_property
    def _sentences(self) -> Sequence[int]:
        """The number of each token's sentence."""
        return list(accumulate(self.breaks))

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        """The tokens of each spelling, as the words were written; those of two words read as one under ""."""
        found: dict[str, list[int]] = defaultdict(list)
        words = self.words
        for i, token in enumerate(self.tokens):
            found[words[token.word].text if token.until < 0 else ""].append(i)
        return found

    @cached_property
    def spelt(self) -> Sequence[range]:
        """The runs of three or more single letters: somebody may be spelling a word."""
        single = [i for i, text in enumerate(self.texts) if len(text) == 1 and text.isalpha()]
        runs: list[range] = []
        for i in single:
            if runs and runs[-1].stop == i:
                runs[-1] = range(runs[-1].start, i + 1)
            else:
                runs.append(range(i, i + 1))
        return [run for run in runs if len(run) > 2]

    @cached_property
    def opened(self) -> dict[tuple[int, int, int], frozenset[int]]:
        """What phrase sets remember of its sentences."""
        return {}

    @cached_property
    def quoted(self) -> Sequence[bool]:
        """For each token, whether it stands between quotation marks; a mark left open counts for nothing."""
        inside = [False] * len(self.tokens)
        opened: int | None = None
        for i, token in enumerate(self.tokens):
            if '"' in token.before and opened is None:
                opened = i
            if '"' in token.after and opened is not None:
                inside[opened : i + 1] = [True] * (i + 1 - opened)
                opened = None
            elif self.breaks[i] and opened is not None and i - opened > 30:
                opened = None
        return inside

    @cached_property
    def digit_runs(self) -> Sequence[DigitRun]:
        """Every run of digits, in words or figures."""
        return digit_runs(self.tokens)

    @cached_property
    def addresses(self) -> Sequence[Address]:
        """Every address on the net, written or spoken."""
        return addresses(self.tokens)

    @cached_property
    def quantities(self) -> Sequence[Quantity]:
        """Every amount with its unit."""
        return quantities(self.tokens)

    @cached_property
    def pauses(self) -> Sequence[tuple[int, float]]:
        """Silences longer than `PAUSE`: the token before each, and its seconds."""
        found = []
        words = self.words
        for i, (left, right) in enumerate(pairwise(self.tokens)):
            if left.word != right.word:
                until, since = words[left.last_word].end, words[right.word].start
                if until is not None and since is not None and since - until > PAUSE:
                    found.append((i, since - until))
        return found

    def start(self, i: int) -> float | None:
        """When token i begins, in seconds."""
        return self.words[self.tokens[i].word].start

    def end(self, i: int) -> float | None:
        """When token i ends, in seconds."""
        return self.words[self.tokens[i].last_word].end

    def quote(self, start: int, end: int) -> str:
        """The words of tokens [start, end) as heard, without marks at the rim."""
        first, last = self.tokens[start].word, self.tokens[end - 1].last_word
        said = " ".join(word.text for word in self.words[first : last + 1])
        return said.strip(' .,;:!?…—–"«»„“”')

    def context(self, start: int, end: int) -> str:
        """The utterances that tokens [start, end) lie in."""
        first, last = self.tokens[start].utterance, self.tokens[end - 1].utterance
        return " ".join(utterance.text for utterance in self.utterances[first : last + 1])

    def sentence(self, i: int, furthest: int) -> tuple[int, int]:
        """The tokens of token i's sentence, at most `furthest` to each side."""
        low = i
        while low > 0 and not self.breaks[low] and i - low < furthest:
            low -= 1
        high = i + 1
        while high < len(self.tokens) and not self.breaks[high] and high - i <= furthest:
            high += 1
        return low, high


def read_passage(utterances: Sequence[Utterance], lexicon: Lexicon, hearing: Hearing | None = None) -> Passage:
    """The tokens of some utterances, with what each passes; `hearing` reads what was misheard."""
    words: list[Word] = []
    tokens: list[Token] = []
    for number, utterance in enumerate(utterances):
        tokens.extend(tokenise(utterance.words, number, len(words)))
        words.extend(utterance.words)
    if hearing is not None:
        tokens = hearing.read(tokens)
    texts = [token.text for token in tokens]
    return Passage(utterances, words, tokens, texts, lexicon.passed_by_each(texts), list(_sentence_ends(tokens, words)))


def _sentence_ends(tokens: Sequence[Token], words: Sequence[Word]) -> Iterator[bool]:
    """Whether a sentence ends before each token."""
    if tokens:
        yield True
    for left, right in pairwise(tokens):
        together = not left.after and left.utterance == right.utterance
        yield not together and _breaks(left, right, words)


def _breaks(left: Token, right: Token, words: Sequence[Word]) -> bool:
    """A sentence ends at a full stop, but not within a word («Яндекс.Маркет»); where a recogniser or a cue cut the
    sound, only with a pause.
    """
    if left.utterance == right.utterance:
        return "." in left.after and left.last_word != right.word
    until, since = words[left.last_word].end, words[right.word].start
    if until is None or since is None:
        return "." in left.after
    return since - until > (STOP if "." in left.after else PAUSE)
