"""Addresses on the net, written or spoken: e-mails, handles, domains, links.

The canonical name is the address in Latin letters as far as it can be known, so that a rule can allow a domain.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from streamcheck.checking.matchers import Match
from streamcheck.checking.passage import Passage
from streamcheck.text.addresses import Address


class NetAddress:
    """Finds addresses of one kind, or of any, but for sites in the `allowed` domains (the platform's own)."""

    def __init__(self, kind: Literal["any", "email", "handle", "domain", "url"], allowed: Sequence[str] = ()) -> None:
        self._kind = kind
        self._allowed = tuple(allowed)

    def find(self, passage: Passage, low: int, high: int) -> Iterator[Match]:
        """Matches that begin in tokens [low, high)."""
        for one in passage.addresses:
            if low <= one.start < high and self._kind in ("any", one.kind) and not self._is_allowed(one):
                yield Match(one.start, one.end, canonical=one.value, note=f"{one.kind} {one.value}")

    def _is_allowed(self, address: Address) -> bool:
        host = address.value.partition("/")[0]
        site = address.kind in ("domain", "url")
        return site and any(host == domain or host.endswith(f".{domain}") for domain in self._allowed)
