"""Words that a rule set has nothing to say about, wherever they stand: a text of them need not be read.

That can be known of rules that go by words: phrases, each looked for where its rarest word stands, and finders that
judge a word by itself. Rules that ask about every sentence (likeness, degree, figures, silence) leave nothing to know.
What a word is read as depends on its neighbours only where one of them is misheard, or where letters are spelt.
"""

from collections.abc import Sequence
from itertools import pairwise, starmap
from typing import Literal

from streamcheck.checking.hearing import Hearing
from streamcheck.checking.matchers import WordFinder
from streamcheck.checking.ruleset import RuleSet
from streamcheck.events import Word
from streamcheck.text.tokens import Token, tokenise

_Kind = Literal["alone", "letter", "marks", "misheard", "needy", "suspect"]
"""What a spelling is to the rules: nothing, whatever stands beside it; nothing, unless three letters follow each other
(somebody may be spelling a word); nothing to read; nothing, unless a neighbour makes a word of it; nothing, unless the
text has what a phrase needs beside it; perhaps something."""
_MOST_KEPT = 200_000
_NOTHING: frozenset[int] = frozenset()


def harmless_words(rules: RuleSet, hearing: Hearing) -> "HarmlessWords | None":
    """What tells harmless texts for a rule set that goes by words; None for any other."""
    finders = [finder for finder, _ in rules.finders]
    by_word = [finder for finder in finders if isinstance(finder, WordFinder)]
    found = HarmlessWords(rules, hearing, by_word)
    # a misheard word may become part of a name, with neighbours that nobody asks about
    return found if len(by_word) == len(finders) and all(map(found.says_nothing_of, hearing.read_as)) else None


class HarmlessWords:
    """Tells texts in which a rule set can find nothing. Remembers by spelling, and by two words of which one is
    misheard.
    """

    def __init__(self, rules: RuleSet, hearing: Hearing, finders: Sequence[WordFinder]) -> None:
        self._rules, self._hearing, self._finders = rules, hearing, finders
        self._alone: set[str] = set()
        self._kinds: dict[str, _Kind] = {}
        self._company: dict[str, frozenset[int]] = {}
        self._passed: dict[str, frozenset[int]] = {}
        self._pairs: dict[tuple[str, str], bool] = {}

    def make_up(self, spellings: Sequence[str]) -> bool:
        """Whether the rules can find nothing in these words, said one after the other; no where it is not known."""
        alone = self._alone
        places = [i for i, spelling in enumerate(spellings) if spelling not in alone]
        letters, before = 0, -2
        needed, misheard = _NOTHING, False
        for i in places:
            kind = self._kinds.get(spellings[i]) or self._learn(spellings[i])
            if kind == "alone":
                continue
            letters = letters if i == before + 1 else 0
            before = i
            if kind == "letter":
                letters += 1
            elif kind == "misheard":
                misheard, letters = True, 0
            elif kind == "needy":
                needed, letters = needed | self._company[spellings[i]], 0
            if kind == "suspect" or letters > 2 or (kind == "misheard" and not self._apart(spellings, i)):
                return False
        # what a misheard word may become with its neighbours is not asked then
        return not needed or (not misheard and all(map(needed.isdisjoint, map(self._passed_by, spellings))))

    def says_nothing_of(self, text: str) -> bool:
        """Whether no rule asks for this word, as it is read."""
        passed = self._rules.lexicon.passed(text)
        return self._rules.phrases.company(passed) == _NOTHING and self._clear(text)

    def _clear(self, spelling: str) -> bool:
        return all(finder.clears(spelling) for finder in self._finders)

    def _learn(self, spelling: str) -> _Kind:
        if len(self._kinds) + len(self._alone) > _MOST_KEPT:
            self._kinds.clear()
            self._alone.clear()
            self._company.clear()
        kind = self._kind(spelling)
        if kind == "alone":
            self._alone.add(spelling)
        else:
            self._kinds[spelling] = kind
        return kind

    def _kind(self, spelling: str) -> _Kind:
        tokens = _tokens_of(spelling)
        if not tokens:
            return "marks"
        misheard = any(self._hearing.is_strange(token.text) for token in tokens)
        letters = sum(len(token.text) == 1 and token.text.isalpha() for token in tokens)
        if not self._clear(spelling) or letters > 1 or (letters and misheard):
            return "suspect"
        read = (*tokens, *self._hearing.read(tokens))
        if all(self.says_nothing_of(token.text) for token in read) and all(starmap(self._nothing, pairwise(tokens))):
            return "misheard" if misheard else "letter" if letters else "alone"
        if len(tokens) > 1 or misheard or letters:
            return "suspect"
        passed = self._rules.lexicon.passed(tokens[0].text)
        company = self._rules.phrases.company(passed)
        if company is None or not company.isdisjoint(passed):
            return "suspect"
        self._company[spelling] = company
        return "needy"

    def _passed_by(self, spelling: str) -> frozenset[int]:
        """The atoms that the tokens of a word pass."""
        known = self._passed.get(spelling)
        if known is None:
            if len(self._passed) > _MOST_KEPT:
                self._passed.clear()
            lexicon = self._rules.lexicon
            known = _NOTHING.union(*(lexicon.passed(token.text) for token in _tokens_of(spelling)))
            self._passed[spelling] = known
        return known

    def _apart(self, spellings: Sequence[str], i: int) -> bool:
        """Whether a misheard word makes nothing with the word before it, nor with the one after it."""
        return (i == 0 or self._pair(spellings[i - 1], spellings[i])) and (
            i + 1 == len(spellings) or self._pair(spellings[i], spellings[i + 1])
        )

    def _pair(self, left: str, right: str) -> bool:
        """Whether two words make nothing; of bare marks it is not known who stands behind them."""
        known = self._pairs.get((left, right))
        if known is None:
            if len(self._pairs) > _MOST_KEPT:
                self._pairs.clear()
            first, second = _tokens_of(left), _tokens_of(right)
            known = bool(first and second) and self._nothing(first[-1], second[0])
            self._pairs[left, right] = known
        return known

    def _nothing(self, left: Token, right: Token) -> bool:
        """Whether two tokens, read as one where they can be, are nothing that the rules ask for."""
        joined = self._hearing.joined(left, right)
        return joined is None or (self.says_nothing_of(joined.text) and self._clear(joined.raw))


def _tokens_of(spelling: str) -> list[Token]:
    return tokenise((Word(spelling),))
