"""Dictated numbers of one kind: phones, bank cards, personal numbers, service numbers.

Decides by digits, national plans and the words around them (`text.numbers`); whose number it is, and whether it is
given or asked for, is for the rule's `near` and guards.
"""

from collections.abc import Iterator

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.text.numbers import Kind, classify
from streamcheck.text.plans import is_card, is_iin, is_national

_UNPROVEN = 0.8
"""How sure a number is that only the words around it make a phone, a card or an IIN."""


class Number:
    """Finds the runs of digits that are of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        for run in passage.digit_runs:
            if low <= run.start < high and classify(run, passage.tokens) == self._kind:
                proven = is_national(run.digits) or is_card(run.digits) or is_iin(run.digits)
                note = f"{self._kind} {'+' if run.has_plus else ''}{'-'.join(run.groups)}"
                yield Match(run.start, run.end, note=note, certainty=1.0 if proven else _UNPROVEN)
