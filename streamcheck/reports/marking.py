"""Where in a transcript the words of each finding stand."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from streamcheck.events import Finding, Utterance, Word

_QUOTE_LINES = 3
"""Lines of an untimed text over which a quote may run."""
_NEAREST = 20
"""Repeats of a quote's first word, before and after its time, that are compared with it."""

Place = tuple[int, int]
"""Numbers of an utterance and of a word in it, both from 0."""


class Marker:
    """Looks up findings, in their order, in one transcript whose utterances are in order of time."""

    def __init__(self, utterances: Sequence[Utterance]) -> None:
        self._utterances = utterances
        self._starts = [utterance.start or 0.0 for utterance in utterances]
        self._reach = list(accumulate((utterance.end or 0.0 for utterance in utterances), max))
        self._lines = {utterance.line: number for number, utterance in enumerate(utterances) if utterance.line}
        self._places: list[Place] = []
        self._letters: list[str] = []
        self._index: dict[str, list[int]] = defaultdict(list)
        self._repeats: Counter[tuple[int, str]] = Counter()
        for number, utterance in enumerate(utterances):
            for place, word in enumerate(utterance.words):
                if plain := _letters(word.text):
                    self._index[plain].append(len(self._letters))
                    self._letters.append(plain)
                    self._places.append((number, place))

    def places(self, finding: Finding) -> list[Place]:
        """The words of the quote, nearest to the finding's time; else the words at that time; else its utterance.

        The second finding of a quote in one line of untimed text is its second occurrence. Empty where the finding
        points into no utterance at all.
        """
        near = self._near(finding)
        if not near:
            return []
        wanted = [plain for word in finding.quote.split() if (plain := _letters(word))]
        found = self._occurrence(finding, near, wanted) if wanted else None
        if found is not None:
            return list(self._between(self._places[found], self._places[found + len(wanted) - 1]))
        inside = self._between((near[0], 0), (near[-1], len(self._utterances[near[-1]].words) - 1))
        return [at for at in inside if _covers(finding, self._word(at))] or [
            (near[0], place) for place in range(len(self._utterances[near[0]].words))
        ]

    def _near(self, finding: Finding) -> Sequence[int]:
        """The utterances that the finding can lie in."""
        if finding.start is not None and finding.end is not None:
            return range(bisect_left(self._reach, finding.start), bisect_right(self._starts, finding.end))
        first = self._lines.get(finding.line or 0, len(self._utterances))
        return range(first, min(first + _QUOTE_LINES, len(self._utterances)))

    def _occurrence(self, finding: Finding, near: Sequence[int], wanted: Sequence[str]) -> int | None:
        """The number, among all words with letters, at which the wanted words begin."""
        first, last = (bisect_left(self._places, (number, 0)) for number in (near[0], near[-1] + 1))
        repeats = self._index.get(wanted[0], [])
        repeats = repeats[bisect_left(repeats, first) : bisect_left(repeats, last)]
        start = finding.start
        if start is not None:
            middle = bisect_left(repeats, start, key=self._start)
            repeats = repeats[max(middle - _NEAREST, 0) : middle + _NEAREST]
        found = [at for at in repeats if self._letters[at : at + len(wanted)] == wanted]
        if not found:
            return None
        if start is not None:
            return min(found, key=lambda at: abs(self._start(at) - start))
        earlier = self._repeats[near[0], finding.quote]
        self._repeats[near[0], finding.quote] += 1
        return found[min(earlier, len(found) - 1)]

    def _between(self, first: Place, last: Place) -> Iterator[Place]:
        for number in range(first[0], last[0] + 1):
            begin = first[1] if number == first[0] else 0
            end = last[1] + 1 if number == last[0] else len(self._utterances[number].words)
            yield from ((number, place) for place in range(begin, end))

    def _start(self, at: int) -> float:
        return self._word(self._places[at]).start or 0.0

    def _word(self, at: Place) -> Word:
        return self._utterances[at[0]].words[at[1]]


def _covers(finding: Finding, word: Word) -> bool:
    if finding.start is None or finding.end is None or word.start is None or word.end is None:
        return False
    return finding.start <= (word.start + word.end) / 2 <= finding.end


def _letters(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum()).replace("ё", "е")
