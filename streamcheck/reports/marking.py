"""Where in a transcript the words of each finding stand."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from streamcheck.events import Finding, Utterance, Word

_QUOTE_LINES = 3
"""Lines of an untimed text over which a quote may run."""

Place = tuple[int, int]
"""Numbers of an utterance and of a word in it, both from 0."""


class Marker:
    """Looks up findings in one transcript, whose utterances are in order of time."""

    def __init__(self, utterances: Sequence[Utterance]) -> None:
        self._utterances = utterances
        self._starts = [utterance.start or 0.0 for utterance in utterances]
        self._reach = list(accumulate((utterance.end or 0.0 for utterance in utterances), max))
        self._lines = {utterance.line: number for number, utterance in enumerate(utterances) if utterance.line}

    def places(self, finding: Finding) -> list[Place]:
        """The words of the quote, nearest to the finding's time; else the words at that time; else its utterance.

        Empty where the finding points into no utterance at all.
        """
        near = self._near(finding)
        words = [(number, place) for number in near for place in range(len(self._utterances[number].words))]
        wanted = [plain for word in finding.quote.split() if (plain := _letters(word))]
        spoken = [(at, plain) for at in words if (plain := _letters(self._word(at).text))]
        letters = [plain for _, plain in spoken]
        found = [n for n in range(len(letters)) if letters[n : n + len(wanted)] == wanted] if wanted else []
        if found:
            first = min(found, key=lambda n: abs((self._word(spoken[n][0]).start or 0.0) - (finding.start or 0.0)))
            last = spoken[first + len(wanted) - 1][0]
            return [at for at in words if spoken[first][0] <= at <= last]
        return list(self._spoken_at(finding, words)) or [at for at in words if at[0] == near[0]]

    def _near(self, finding: Finding) -> Sequence[int]:
        if finding.start is not None and finding.end is not None:
            return range(bisect_left(self._reach, finding.start), bisect_right(self._starts, finding.end))
        first = self._lines.get(finding.line or 0, len(self._utterances))
        return range(first, min(first + _QUOTE_LINES, len(self._utterances)))

    def _spoken_at(self, finding: Finding, words: Sequence[Place]) -> Iterator[Place]:
        if finding.start is None or finding.end is None:
            return
        for at in words:
            word = self._word(at)
            if word.start is None or word.end is None:
                continue
            if finding.start <= (word.start + word.end) / 2 <= finding.end:
                yield at

    def _word(self, at: Place) -> Word:
        return self._utterances[at[0]].words[at[1]]


def _letters(word: str) -> str:
    return "".join(char for char in word.casefold() if char.isalnum()).replace("ё", "е")
