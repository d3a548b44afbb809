"""Who may see the page. Pure: headers in, a verdict out.

On loopback any program of this machine may; a web page that a browser here has open may not, hence the checks of
Host (a name that was rebound to 127.0.0.1) and of Origin. Elsewhere a token is asked for as well.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server: the address it listens on, and the token it asks for ("" for none)."""

    host: str
    token: str

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Whether a request with these headers (names in lower case) comes from a page of ours or from none."""
        host = headers.get("host", "")
        if not self._is_own(_name(host)):
            return False
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return False
        return not (headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate")

    def knows(self, *tokens: str | None) -> bool:
        """Whether one of these is the token, where one is asked for; takes as long for any."""
        return not self.token or any(
            hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode()) for token in tokens if token
        )

    def _is_own(self, name: str) -> bool:
        """No name but ours: an address cannot be rebound."""
        if name in _OWN_NAMES or name == self.host:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return not is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only. Raises ValueError where it is no address."""
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _name(host: str) -> str:
    """The name of a Host header, without its port; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
