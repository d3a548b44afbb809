"""Candidates → what is told: one for each breach, of the category that its words belong to.

Matches that a rule takes back (`unless: [{rule: …}]`), guesses about what a phrase says already, and words that are far
more like another category that claims them are left out; matches of a category that are near are one; what lasts over
sentences is one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from streamcheck.checking.guards import CompiledGuard
from streamcheck.checking.likeness import LONGEST, Likeness
from streamcheck.checking.passage import Passage
from streamcheck.checking.ruleset import RuleSet
from streamcheck.events import SEVERITIES, Severity

_SIDE_BY_SIDE, _TOGETHER = 2, 6
"""Words between two matches of a category that still make one breach: as it is being said, and once the sentence is
known. («А мне почём знать, чем его стирать, химчистка вам на что» is one refusal.) Obscene words stay single."""
_FAR = 0.1
"""Of the probability of another category that claims the same words, under which a phrase gives way to it."""

Drop = Callable[[int, tuple[int, int], str], None]
"""Told of what is left out: the number of its rule, its tokens [start, end), and what took it back."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match of a rule in a passage, with what was decided about it."""

    rule: int
    start: int
    end: int
    severity: Severity
    certainty: float
    canonical: str = ""
    near: str = ""
    values: tuple[tuple[str, str], ...] = ()
    because: tuple[str, ...] = ()
    guessed: bool = False
    """By likeness to examples: what a phrase says about the same sentence counts for more."""
    figure: bool = False
    """A spoken figure: what follows may be more of it («две тысячи» … «девятьсот»)."""
    exact: bool = False
    """A number, an address, a figure against the card: no likeness to anything else takes that back."""
    heart: tuple[int, int] = (0, 0)
    """The tokens of the match that speaks, where it was merged with others."""


class Merging:
    """Of the candidates of one rule set."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules

    def merge(self, passage: Passage, found: Sequence[Candidate], whole: bool, drop: Drop) -> list[Candidate]:
        """One candidate for each run of matches of a category that overlap or are near within a sentence, in order.

        The heaviest rule, then the longest match, then the first rule speaks for them all, over the words of them all.
        `whole` says that nothing will come after the passage.
        """
        runs: dict[str, list[Candidate]] = defaultdict(list)
        stable = [one for one in self._exclusive(found, drop) if self._rules.rules[one.rule].spec.status != "draft"]
        for one in sorted(self._without_far_guesses(passage, stable, whole), key=lambda c: (c.start, -c.end, c.rule)):
            category = self._category(one)
            run, apart = runs[category], _TOGETHER if whole and category != "profanity" else _SIDE_BY_SIDE
            if run and one.start <= run[-1].end + apart and not any(passage.breaks[run[-1].end : one.start + 1]):
                run[-1] = _heavier(run[-1], one)
            else:
                run.append(one)
        for label, how in self._rules.likeness.items() if whole else ():
            if label in runs and how.lasts:
                runs[label] = _lasting(passage, runs[label], how)
        merged = sorted((one for run in runs.values() for one in run), key=lambda one: (one.start, one.end, one.rule))
        return self._uncontested(passage, merged, drop)

    def _category(self, one: Candidate) -> str:
        return self._rules.rules[one.rule].spec.category

    def _exclusive(self, found: Sequence[Candidate], drop: Drop) -> list[Candidate]:
        """Without those that another rule's match takes back, where the two overlap."""
        by_rule = defaultdict(list)
        for one in found:
            by_rule[self._rules.rules[one.rule].spec.id].append(one)

        def taken_by(one: Candidate) -> str:
            guards: Iterable[CompiledGuard] = self._rules.rules[one.rule].guards
            others = ((other, guard.name) for guard in guards if guard.rule for other in by_rule.get(guard.rule, ()))
            return next((name for other, name in others if other.start < one.end and one.start < other.end), "")

        kept = []
        for one in found:
            if name := taken_by(one):
                drop(one.rule, (one.start, one.end), name)
            else:
                kept.append(one)
        return kept

    def _uncontested(self, passage: Passage, found: Sequence[Candidate], drop: Drop) -> list[Candidate]:
        """Without those whose words another category claims that they are more like: a guess gives way to any such, a
        phrase if it is far more. `found` is in order. (On authors whom the classifier had not learnt from, nearly all
        that this takes back was wrong.)
        """
        kept: list[Candidate] = []
        claims = self._claims(found)
        for number, one in enumerate(found):
            rivals = [(self._probability(passage, found[other]), other) for other in claims.get(number, ())]
            share = 0.0 if one.exact else 1.0 if one.guessed else _FAR
            if rivals and self._probability(passage, one) < share * max(rivals)[0]:
                drop(one.rule, (one.start, one.end), f"more like {self._category(found[max(rivals)[1]])}")
            else:
                kept.append(one)
        return kept

    def _claims(self, found: Sequence[Candidate]) -> dict[int, list[int]]:
        """Which candidates, of categories that the classifier is asked about, share words with others of such."""
        claims: dict[int, list[int]] = defaultdict(list)
        open_: list[int] = []
        for number, one in enumerate(found):
            if self._category(one) not in self._rules.likeness:
                continue
            open_ = [other for other in open_ if found[other].end > one.start]
            for other in open_:
                if self._category(found[other]) != self._category(one):
                    claims[number].append(other)
                    claims[other].append(number)
            open_.append(number)
        return claims

    def _probability(self, passage: Passage, one: Candidate) -> float:
        return max(self._rules.likeness[self._category(one)].probabilities(passage, one.start, one.end))

    def _without_far_guesses(self, passage: Passage, found: Sequence[Candidate], whole: bool) -> list[Candidate]:
        """Without what is like a breach in a sentence where a phrase says that there is one of that category, but for
        guesses near such a phrase, once the sentence is `whole`: they are what else is telling about it.
        """

        def place(one: Candidate) -> tuple[str, int]:
            return self._category(one), passage.sentence_number(one.start)

        known = defaultdict(list)
        for one in found:
            if not one.guessed:
                known[place(one)].append(one)

        def is_near(one: Candidate, other: Candidate) -> bool:
            return one.start <= other.end + _TOGETHER and other.start <= one.end + _TOGETHER

        return [
            one
            for one in found
            if not (phrases := one.guessed and known.get(place(one)))
            or (whole and any(is_near(one, other) for other in phrases))
        ]


def _heavier(left: Candidate, right: Candidate) -> Candidate:
    """A phrase before a guess, the heavier of two neighbours, then the longer, stretched over both."""

    def weight(one: Candidate) -> tuple[bool, int, int]:
        return not one.guessed, -SEVERITIES.index(one.severity), one.end - one.start

    best = max(left, right, key=weight)
    start, end = min(left.start, right.start), max(left.end, right.end)
    figure, exact = left.figure or right.figure, left.exact or right.exact
    return replace(best, start=start, end=end, figure=figure, exact=exact)


def _lasting(passage: Passage, run: Sequence[Candidate], how: Likeness) -> list[Candidate]:
    """Each stretched over the sentences through which it lasts; those that follow each other are one."""
    found: list[Candidate] = []
    for one in run:
        last = found[-1] if found else None
        if last and one.start < last.end:
            found[-1] = _heavier(last, one)
            continue
        start, end = how.stretch(passage, one.start, one.end, last.end if last else 0)
        whole = replace(one, start=start, end=end)
        if last and end - last.start <= LONGEST and _goes_on(passage, last, whole):
            found[-1] = _heavier(last, whole)
        else:
            found.append(whole)
    return found


def _goes_on(passage: Passage, left: Candidate, right: Candidate) -> bool:
    """Whether they are of one utterance, with no sentence between them."""
    apart = passage.sentence_number(right.start) - passage.sentence_number(left.end - 1)
    return apart <= 1 and passage.tokens[left.end - 1].utterance == passage.tokens[right.start].utterance
