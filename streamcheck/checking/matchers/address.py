"""Addresses on the net, written or spoken: e-mails, handles, domains, links.

The canonical name is the address in Latin letters as far as it can be known, so that a rule can allow a domain.
"""

from collections.abc import Iterator
from typing import Literal

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage


class NetAddress:
    """Finds addresses of one kind, or of any."""

    def __init__(self, kind: Literal["any", "email", "handle", "domain", "url"]) -> None:
        self._kind = kind

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        for one in passage.addresses:
            if low <= one.start < high and self._kind in ("any", one.kind):
                yield Match(one.start, one.end, canonical=one.value, note=f"{one.kind} {one.value}")
