"""What can match besides phrases, one file a kind.

A matcher is built once per rule set and asked about passages; it does no I/O and keeps nothing between calls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from streamcheck.checking.passage import Passage


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens [start, end) of a passage that a matcher took.

    `canonical` is the name that they stand for («WhatsApp»), `note` a word for the trace, `values` fill placeholders of
    the rule's message, `certainty` (0…1) says how sure this kind of match is.
    """

    start: int
    end: int
    canonical: str = ""
    note: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    certainty: float = 1.0


class Finder(Protocol):
    """Finds the matches of one matcher of one rule."""

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high); a cheap look when there is nothing."""
        ...


@runtime_checkable
class WordFinder(Finder, Protocol):
    """A finder that judges words by themselves."""

    def clears(self, spelling: str) -> bool:
        """Whether nothing is wrong with a word, as it is spelt, wherever it stands, but for single letters in a row."""
        ...
