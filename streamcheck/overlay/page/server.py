"""The page's server: Starlette on uvicorn, on a thread of its own with a loop of its own.

The session only changes a board and wakes the loop. Each browser is sent the latest state when it has taken the one
before: one that is slow sees fewer, one that is dead is let go, and neither is waited for.
"""

import asyncio
import contextlib
import json
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from importlib.resources import files
from threading import Lock, Thread

import uvicorn
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streamcheck.errors import ConfigError
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text
from streamcheck.overlay.board import Board, Verdict
from streamcheck.overlay.page.access import Access, is_loopback
from streamcheck.overlay.page.view import view
from streamcheck.overlay.screen import Heading
from streamcheck.safe import printable

_PAUSE = 0.125
"""Seconds between two states sent to one browser."""
_DEAD_AFTER = 5.0
"""Seconds for which a browser may take nothing before it is let go."""
_PING = 10
_MOST_CONNECTIONS = 64
_LAST_WORDS = 2.0

_FILES = {
    "/": ("page.html", "text/html"),
    "/phone": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class PageServer:
    """A sink that mirrors the session to browsers. `addresses` are where; elsewhere than here they hold a token.

    Raises ConfigError where the address cannot be had.
    """

    def __init__(self, heading: Heading, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        self._access = Access(host, "" if is_loopback(host) else secrets.token_hex(6))
        self._port = self._socket.getsockname()[1]
        self._cookie = f"streamcheck-{self._port}"
        self.addresses = _addresses(host, self._port, self._access.token)
        self._heading = heading
        self._board = Board()
        self._lock = Lock()
        self._version = 0
        self._over = False
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app(),
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = Thread(target=self._serve, name="page", daemon=True)
        self._thread.start()

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:  # noqa: ARG002 (the sink's contract)
        """Show what was heard."""
        with self._lock:
            self._board.hear(hypothesis)
        self._wake()

    def finding(self, finding: Finding) -> None:
        """Show a finding, or what became of it."""
        with self._lock:
            self._board.find(finding)
        self._wake()

    def status(self, status: Status) -> None:
        """Show how the session is doing."""
        with self._lock:
            self._board.status = status
        self._wake()

    def judge(self, findings: Sequence[str], verdict: Verdict | None) -> None:
        """Show what the host says of findings."""
        with self._lock:
            for card in self._board.cards_of(findings):
                self._board.judge(card, verdict)
        self._wake()

    def close(self) -> None:
        """Tell the browsers that it is over, and end."""
        self._over = True
        self._wake()
        self._server.should_exit = True
        self._thread.join(_LAST_WORDS)

    def _wake(self) -> None:
        self._version += 1
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._changed.set)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._server.serve([self._socket]))
        finally:
            self._socket.close()
            self._loop.close()

    def _app(self) -> Starlette:
        routes = [Route(path, self._file) for path in _FILES]
        routes.append(Route("/events", self._events))
        return Starlette(routes=routes, middleware=[Middleware(_Gate, self._access, self._cookie)])

    async def _file(self, request: Request) -> Response:
        if self._access.token and "token" in request.query_params:  # keep it out of the address that is on the screen
            moved = RedirectResponse(request.url.path, 303)
            moved.set_cookie(self._cookie, self._access.token, httponly=True, samesite="lax")
            return moved
        name, kind = _FILES[request.url.path]
        return Response((files(__package__) / name).read_bytes(), media_type=kind)

    async def _events(self, _: Request) -> Response:
        return EventSourceResponse(self._states(), ping=_PING, send_timeout=_DEAD_AFTER)

    async def _states(self) -> AsyncIterator[ServerSentEvent]:
        """The latest state as often as it changes and is taken, then the end."""
        sent = -1
        while not self._over:
            if sent == self._version:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _PAUSE * 8)
                continue
            sent = self._version
            yield ServerSentEvent(self._state(), event="state")
            await asyncio.sleep(_PAUSE)
        yield ServerSentEvent(self._state(), event="end")

    def _state(self) -> str:
        with self._lock:
            state = view(self._board, self._heading)
        return json.dumps(state)


class _Gate:
    """Lets in who may see the page, and sends what tells a browser to run nothing else."""

    def __init__(self, app: ASGIApp, access: Access, cookie: str) -> None:
        self._app = app
        self._access = access
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message["headers"] = [pair for pair in message["headers"] if pair[0].decode() not in _HEADERS] + own
            await send(message)

        request = Request(scope)
        admitted = self._access.admits(request.headers) and self._access.knows(
            request.query_params.get("token"), request.cookies.get(self._cookie)
        )
        answer = self._app if admitted else PlainTextResponse(text("overlay.page-refused"), 403)
        await answer(scope, receive, send_guarded)


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ConfigError."""
    address = "127.0.0.1" if host == "localhost" else host
    try:
        is_loopback(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return socket.create_server((address, port), family=family)
    except ValueError as error:
        raise ConfigError(text("overlay.page-bad-host", host=printable(host, 60))) from error
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(text("overlay.page-no-port", host=host, port=port, why=why)) from error


def _addresses(host: str, port: int, token: str) -> tuple[str, str]:
    """The addresses of the page for OBS and of the one for a phone."""
    shown = _outer_address(":" in host) if host in ("0.0.0.0", "::") else host
    root = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    return tuple(f"{root}{path}{f'?token={token}' if token else ''}" for path in ("/", "/phone"))  # type: ignore[return-value]


def _outer_address(six: bool) -> str:
    """The address of this machine on the network; a UDP socket tells it and sends nothing."""
    far, family = ("2001:db8::1", socket.AF_INET6) if six else ("192.0.2.1", socket.AF_INET)
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((far, 9))
        except OSError:
            return "::1" if six else "127.0.0.1"
        return str(probe.getsockname()[0])
