"""A regular expression over the normalised text, for what words cannot say.

Runs sentence-wide windows of tokens joined by blanks, under the `regex` module's timeout; a rule that times out three
times is switched off for the session, and says so.
"""

import logging
from collections.abc import Iterator

import regex

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage

TIMEOUT = 0.05
_STRIKES = 3
_WINDOW, _OVERLAP = 60, 15
_LOG = logging.getLogger(__name__)


class Regex:
    """Finds matches of one expression; `rule` names it in the warning when it is switched off."""

    def __init__(self, expression: str, rule: str) -> None:
        self._expression = regex.compile(expression)
        self._rule = rule
        self._strikes = 0

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        begin = low
        while begin < high and self._strikes < _STRIKES:
            stop = min(begin + _WINDOW, high)
            yield from self._window(passage, begin, stop, min(stop + _OVERLAP, len(passage.tokens)))
            begin = stop

    def _window(self, passage: Passage, low: int, high: int, reach: int) -> Iterator[Match]:
        starts: list[int] = []
        size, texts = 0, []
        for token in passage.tokens[low:reach]:
            starts.append(size)
            texts.append(token.text)
            size += len(token.text) + 1
        try:
            for match in self._expression.finditer(" ".join(texts), timeout=TIMEOUT):
                covered = [k for k, at in enumerate(starts) if at < match.end() and at + len(texts[k]) > match.start()]
                if covered and low + covered[0] < high:
                    yield Match(low + covered[0], low + covered[-1] + 1, note="expression")
        except TimeoutError:
            self._strikes += 1
            if self._strikes == _STRIKES:
                _LOG.warning("rule %s is switched off: its expression ran over %d ms", self._rule, TIMEOUT * 1000)
