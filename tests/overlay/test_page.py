"""The page: served to whom it should be, shown by a real browser, and never waited for."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from streamcheck.errors import ConfigError
from streamcheck.events import Status
from streamcheck.overlay.page.access import Access
from streamcheck.overlay.palette import COLOURS
from streamcheck.overlay.screen import Heading
from tests.overlay.events import HOSTILE, finding, hypothesis

pytest.importorskip("uvicorn", reason="needs the extra page")
from streamcheck.overlay.page.server import PageServer

HEADING = Heading("Микрофон", "kaspi", "base")


_listening: list[Any] = []


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    while _listening:
        _listening.pop().close()


@pytest.fixture
def page() -> Iterator[PageServer]:
    server = PageServer(HEADING, "127.0.0.1", 0)
    yield server
    server.close()


def port_of(server: PageServer) -> int:
    return urlsplit(server.addresses[0]).port or 0


def get(server: PageServer, path: str = "/", host: str | None = None, **headers: str) -> http.client.HTTPResponse:
    port = port_of(server)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}", **named})
    answer = connection.getresponse()
    if path != "/events" or answer.status != 200:
        answer.read()
        connection.close()
    else:
        _listening.extend([answer, connection])
    return answer


def states(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    for line in answer:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def busy(server: PageServer) -> None:
    server.status(Status("listening", lag=0.4, level_db=-14.0, received=12.0))
    server.transcript(hypothesis("это самый лучший халат"), 3.0)
    server.transcript(hypothesis("пишите мне в вотсап", number=1, start=8.0), 11.0)
    server.finding(finding("самый лучший", start=1.5, end=2.4))
    server.finding(
        finding("пишите мне в вотсап", id="2", category="contact", start=8.0, end=9.9, suggestion="«пишите в чат»")
    )


def test_it_listens_on_loopback_and_asks_for_no_token_there(page: PageServer) -> None:
    assert [urlsplit(address).hostname for address in page.addresses] == ["127.0.0.1"] * 2
    assert page._socket.getsockname()[0] == "127.0.0.1"
    assert not any(urlsplit(address).query for address in page.addresses)
    answer = get(page)
    assert answer.status == 200
    assert "default-src 'none'" in (answer.getheader("content-security-policy") or "")
    assert answer.getheader("server") is None
    for path in ("/phone", "/page.css", "/page.js"):
        assert get(page, path).status == 200
    assert get(page, "/etc/passwd").status == get(page, "/../server.py").status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[", "192.168.1.7:80"])
def test_another_host_is_refused(page: PageServer, host: str) -> None:
    assert get(page, host=host or " ").status in (400, 403)


def test_a_page_of_somebody_else_is_refused(page: PageServer) -> None:
    own = f"127.0.0.1:{port_of(page)}"
    assert get(page, "/page.js", Origin="http://evil.example").status == 403
    assert get(page, "/page.js", Origin="null").status == 403
    assert get(page, "/page.js", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
    assert get(page, "/page.js", Origin=f"http://{own}").status == 200
    assert get(page, "/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate").status == 200


def test_elsewhere_it_is_seen_with_the_token_only() -> None:
    server = PageServer(HEADING, "0.0.0.0", 0)
    try:
        token = server._access.token
        assert len(token) == 12
        assert all(urlsplit(address).query == f"token={token}" for address in server.addresses)
        for path in ("/", "/phone", "/events", "/page.js", "/?token=wrong", f"/?token={token}x", "/nothing"):
            assert get(server, path).status == 403
        answer = get(server, f"/phone?token={token}")
        assert (answer.status, answer.getheader("location")) == (303, "/phone")
        cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        assert "httponly" in (answer.getheader("set-cookie") or "").lower()
        assert get(server, "/phone", Cookie=cookie).status == 200
        assert get(server, "/phone", Cookie=cookie + "x").status == 403
        assert get(server, "/phone", host="evil.example", Cookie=cookie).status == 403
    finally:
        server.close()


@pytest.mark.parametrize(
    ("host", "headers", "admitted"),
    [
        ("127.0.0.1", {"host": "localhost:8765"}, True),
        ("127.0.0.1", {"host": "[::1]:8765"}, True),
        ("127.0.0.1", {"host": "10.0.0.2:8765"}, False),
        ("0.0.0.0", {"host": "10.0.0.2:8765"}, True),
        ("0.0.0.0", {"host": "rebound.example:8765"}, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"host": "localhost:1", "origin": "http://localhost:2"}, False),
    ],
)
def test_whom_it_admits(host: str, headers: dict[str, str], admitted: bool) -> None:
    assert Access(host, "").admits(headers) == admitted


def test_each_browser_gets_the_latest_state_and_the_end(page: PageServer) -> None:
    first = states(get(page, "/events"))
    assert next(first)["state"] == "loading"
    busy(page)
    state = next(one for one in first if one["card"])
    assert state["card"]["quote"] in ("«пишите мне в вотсап»", "«самый лучший»")
    page.judge(["2", "2"], "false-alarm")
    state = next(one for one in first if one["card"] and one["card"]["quote"] == "«самый лучший»")
    assert state["earlier"][0]["state"] == "false-alarm"
    page.status(Status("stopped", received=13.0))
    page.close()
    assert list(first)[-1]["state"] == "stopped"


def test_a_dead_browser_is_not_waited_for(page: PageServer) -> None:
    deaf = [socket.create_connection(("127.0.0.1", port_of(page))) for _ in range(10)]
    for one in deaf:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.sendall(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port_of(page)}\r\n\r\n".encode())
    began = time.monotonic()
    for number in range(2000):
        page.transcript(hypothesis("слово " * 200, number=number), 1.0)
        page.finding(finding(f"слова {number}", id=str(number), start=number * 1.0, end=number + 1.0))
    fed = time.monotonic() - began
    listening = states(get(page, "/events"))
    assert next(listening)["card"]["quote"] == "«слова 1999»"
    assert fed < 20, "events are taken at their pace"
    page.close()
    assert not page._thread.is_alive()
    for one in deaf:
        one.close()


def test_an_address_that_cannot_be_had_is_one_line(page: PageServer) -> None:
    for host, port, word in (
        ("127.0.0.1", port_of(page), "укажите другой --overlay-port"),
        ("evil.example", 0, "не адрес"),
        ("203.0.113.7", 0, "не открывается"),
    ):
        with pytest.raises(ConfigError, match=word) as error:
            PageServer(HEADING, host, port)
        assert "\n" not in str(error.value)


def test_the_page_has_the_colours_of_the_terminal() -> None:
    css = (files("streamcheck.overlay.page") / "page.css").read_text()
    for group, (words, ground) in COLOURS.items():
        assert f'[data-group="{group}"] {{ color: {words}; background: {ground}; }}' in css


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens an address; complaints of the page and requests elsewhere fail the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_it(address: str, **options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        root = f"http://{urlsplit(address).netloc}/"
        tab.on("request", lambda request: request.url.startswith(root) or complaints.append(request.url))
        tab.goto(address)
        return tab

    yield open_it
    for context in contexts:
        context.close()
    assert not [one for one in complaints if "favicon" not in one]


def test_obs_shows_the_newest_breach_on_nothing_and_lets_it_go(page: PageServer, opened: Any, tmp_path: Path) -> None:
    busy(page)
    tab = opened(page.addresses[0], viewport={"width": 1280, "height": 720})
    tab.wait_for_selector("#card .quote")
    assert tab.inner_text("#card .quote") == "«пишите мне в вотсап»"
    assert tab.inner_text("#card .instead") == "→ «пишите в чат»"
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert tab.evaluate("getComputedStyle(document.getElementById('card')).backgroundColor") == "rgb(185, 28, 28)"
    assert not tab.is_visible("#speech")
    shot = tab.screenshot(omit_background=True, path=tmp_path / "obs.png")
    assert len(shot) > 5000
    page.status(Status("listening", received=40.0))
    tab.wait_for_selector("#card.old", state="attached")
    page.close()
    tab.wait_for_selector("body.lost")


def test_a_phone_shows_all_of_it(opened: Any, tmp_path: Path) -> None:
    server = PageServer(HEADING, "0.0.0.0", 0)
    try:
        busy(server)
        address = server.addresses[1].replace(str(urlsplit(server.addresses[1]).hostname), "127.0.0.1")
        tab = opened(address, viewport={"width": 390, "height": 844})
        tab.wait_for_selector("#speech mark")
        assert "token" not in tab.url
        assert tab.inner_text("#state") == "● СЛУШАЮ"
        assert tab.inner_text("#clock") == "0:12"
        assert [mark.inner_text() for mark in tab.query_selector_all("#speech mark")] == [
            "самый лучший",
            "пишите мне в вотсап",
        ]
        assert "Превосходная степень" in tab.inner_text("#earlier")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        tab.screenshot(path=tmp_path / "phone.png")
    finally:
        server.close()


def test_nothing_that_was_said_is_markup(page: PageServer, opened: Any) -> None:
    for number, hostile in enumerate(HOSTILE):
        page.transcript(hypothesis(hostile, number=number, start=number * 3.0), 1.0)
        page.finding(finding(hostile, id=str(number), suggestion=hostile, message=hostile, category=hostile[:50]))
    page.status(Status("gap", detail="".join(HOSTILE), received=50.0))
    tab = opened(page.addresses[1], viewport={"width": 390, "height": 844})
    tab.wait_for_selector("#card .quote")
    assert tab.evaluate("document.scripts.length") == 1
    assert (
        tab.evaluate("document.querySelectorAll('img, a, iframe, script:not([src]), [onload], [onerror]').length") == 0
    )
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.title() == "streamcheck"
