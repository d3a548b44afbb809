"""Findings to a URL as they are settled, signed after Standard Webhooks (https://www.standardwebhooks.com, 1.0.0)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import urllib3

from streamcheck import __version__
from streamcheck.errors import ConfigError, OutputError
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text
from streamcheck.safe import printable

_TIMEOUT = urllib3.Timeout(connect=5.0, read=10.0)
_RETRIES = urllib3.Retry(
    total=5,
    backoff_factor=0.5,  # 0.5, 1, 2, 4, 8 s, and some chance
    backoff_jitter=0.5,
    status_forcelist=(408, 425, 429, 500, 502, 503, 504),
    allowed_methods=None,
    redirect=0,
    raise_on_redirect=False,
    raise_on_status=False,
)


class Webhook:
    """Sends each finding once it is confirmed, and again if it is withdrawn; then that the session has ended.

    A receiver that fails is asked up to six times with the same id, so that it can know a repeat. `about` describes
    the session in every message. Blocks while it sends: put it behind `Background`. Raises ConfigError on a URL or
    a secret that cannot be used, and OutputError where a message was not taken.
    """

    def __init__(
        self, url: str, secret: str, about: Callable[[], dict[str, Any]], retries: urllib3.Retry = _RETRIES
    ) -> None:
        self._url = url
        self._host = host_of(url)
        self._key = _key(secret)
        self._about = about
        self._retries = retries
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT)
        self._sent: dict[str, Finding] = {}
        self._seconds = 0.0

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """What was said is not sent."""

    def finding(self, finding: Finding) -> None:
        """Send what is settled, or no longer stands."""
        standing = finding.state == "confirmed" and not finding.ignored
        if standing and finding.id not in self._sent:
            self._sent[finding.id] = finding
            self._send("finding.confirmed", finding.as_json())
        elif not standing and self._sent.pop(finding.id, None) is not None:
            self._send("finding.withdrawn", finding.as_json())

    def status(self, status: Status) -> None:
        """Keep how far the session has come."""
        self._seconds = status.received

    def close(self) -> None:
        """Send that the session has ended, and how much stands."""
        counts = Counter(finding.severity for finding in self._sent.values())
        self._send("session.ended", {"seconds": round(self._seconds, 3), "findings": dict(counts)})
        self._pool.clear()

    def _send(self, kind: str, data: dict[str, Any]) -> None:
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        body = json.dumps({"type": kind, "timestamp": moment, "session": self._about(), "data": data}).encode()
        headers = signed(self._key, f"msg_{uuid.uuid4().hex}", int(time.time()), body)
        try:
            answer = self._pool.request("POST", self._url, body=body, headers=headers, retries=self._retries)
        except urllib3.exceptions.HTTPError as error:
            why = type(getattr(error, "reason", None) or error).__name__
            raise OutputError(text("delivery.not-sent", host=self._host, why=why)) from error
        if not 200 <= answer.status < 300:
            raise OutputError(text("delivery.not-sent", host=self._host, why=answer.status))


def signed(key: bytes, ident: str, moment: int, body: bytes) -> dict[str, str]:
    """The headers of a message: what it is, and the signature over its id, its second and its body."""
    digest = hmac.new(key, f"{ident}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "user-agent": f"streamcheck/{__version__}",
        "webhook-id": ident,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def host_of(url: str) -> str:
    """The host of a webhook, safe to print; paths and queries hold keys. Raises ConfigError on what is no URL."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isprintable():
            return printable(parts.hostname, 80)
    except ValueError:
        pass
    raise ConfigError(text("delivery.bad-url"))


def _key(secret: str) -> bytes:
    """The key in a secret: `whsec_` and base64 as the standard writes it, or any other text as it is."""
    if not secret:
        raise ConfigError(text("delivery.no-secret"))
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ConfigError(text("delivery.bad-secret")) from error
