"""A webhook, a log and a summary: signed, tried again, bounded, and never waited for."""

import base64
import hashlib
import hmac
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import urllib3

from streamcheck.audio.media import read_samples
from streamcheck.delivery.background import Background
from streamcheck.delivery.log import Log
from streamcheck.delivery.summary import Summary
from streamcheck.delivery.webhook import Webhook, host_of
from streamcheck.errors import ConfigError, OutputError
from streamcheck.events import SAMPLE_RATE, Finding, Hypothesis, Status
from tests.overlay.events import finding, hypothesis

KEY = b"key of the test"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
QUICK = urllib3.Retry(
    total=3,
    backoff_factor=0.01,
    status_forcelist=(503,),
    allowed_methods=None,
    redirect=0,
    raise_on_redirect=False,
    raise_on_status=False,
)


class Receiver:
    """A server that answers with the given codes in turn, then 200; `gate` holds its answers up."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.messages: list[tuple[dict[str, str], bytes]] = []
        self.gate = threading.Event()
        self.gate.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.gate.wait(30)
                receiver.messages.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.codes.pop(0) if receiver.codes else 200)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?key=тайна".encode().decode()
        self.url = self.url.replace("тайна", "secret")
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.messages]

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


def hook(receiver: Receiver) -> Webhook:
    return Webhook(receiver.url, SECRET, lambda: {"id": "s1", "source": "эфир"}, QUICK)


def test_what_is_settled_is_sent_once_and_signed(receiver: Receiver) -> None:
    webhook = hook(receiver)
    webhook.finding(finding(id="1", state="tentative"))
    webhook.finding(finding(id="1"))
    webhook.finding(finding(id="1", confidence=0.5))
    webhook.finding(finding(id="2", state="withdrawn"))
    webhook.finding(finding(id="3"))
    webhook.finding(finding(id="3", state="withdrawn"))
    webhook.status(Status("stopped", received=61.5))
    webhook.close()
    rows = receiver.rows
    assert [(row["type"], row["data"].get("id")) for row in rows] == [
        ("finding.confirmed", "1"),
        ("finding.confirmed", "3"),
        ("finding.withdrawn", "3"),
        ("session.ended", None),
    ]
    assert rows[0]["session"] == {"id": "s1", "source": "эфир"}
    assert rows[0]["data"]["quote"] == "самый лучший"
    assert rows[-1]["data"] == {"seconds": 61.5, "findings": {"violation": 1}}
    for headers, body in receiver.messages:
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        wanted = base64.b64encode(hmac.new(KEY, content, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{wanted}"
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert len({headers["webhook-id"] for headers, _ in receiver.messages}) == 4


def test_a_receiver_that_is_out_for_a_moment_is_tried_again_with_the_same_message(receiver: Receiver) -> None:
    receiver.codes = [503, 503]
    hook(receiver).finding(finding())
    assert len(receiver.messages) == 3
    assert len({(headers["webhook-id"], body) for headers, body in receiver.messages}) == 1


@pytest.mark.parametrize(("code", "tries"), [(401, 1), (302, 1), (503, 4)])
def test_one_that_refuses_is_named_without_its_keys(receiver: Receiver, code: int, tries: int) -> None:
    receiver.codes = [code] * 4
    with pytest.raises(OutputError, match=f"127.0.0.1 не принимает .{code}.") as error:
        hook(receiver).finding(finding())
    assert "secret" not in str(error.value)
    assert len(receiver.messages) == tries


def test_one_that_is_not_there_is_named() -> None:
    with pytest.raises(OutputError, match="не принимает"):
        Webhook("http://127.0.0.1:1/x", SECRET, dict, QUICK).finding(finding())


@pytest.mark.parametrize(
    ("url", "secret", "word"),
    [
        ("ftp://x/y", SECRET, "нужен адрес http"),
        ("x", SECRET, "нужен адрес http"),
        ("http://[::1", SECRET, "нужен адрес http"),
        ("http://x/\x1b[2J", SECRET, "нужен адрес http"),
        ("http://x", "", "STREAMCHECK_WEBHOOK_SECRET"),
        ("http://x", "whsec_!!", "base64"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_at_once(url: str, secret: str, word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        Webhook(url, secret, dict)


def test_a_plain_secret_is_a_key_too(receiver: Receiver) -> None:
    Webhook(receiver.url, "просто слово", dict, QUICK).finding(finding())
    headers, body = receiver.messages[0]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new("просто слово".encode(), content, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert host_of("https://user:pass@hooks.example:8443/T000/KEY?x=1") == "hooks.example"


def test_a_receiver_that_hangs_holds_up_nothing_and_what_is_lost_is_counted(receiver: Receiver) -> None:
    receiver.gate.clear()
    background = Background(hook(receiver), "вебхук", patience=0.3, most_waiting=5)
    began = time.monotonic()
    for number in range(20):
        background.status(Status("listening", received=float(number)))
        background.transcript(hypothesis("ещё не всё", number=number, final=False), 1.0)
        background.finding(finding(id=str(number)))
    assert time.monotonic() - began < 5
    assert "не доставлено" in background.trouble
    background.close()
    assert time.monotonic() - began < 10
    assert background.trouble.startswith("вебхук: ")


def test_what_waits_is_delivered_at_the_end_in_order(receiver: Receiver) -> None:
    background = Background(hook(receiver), "вебхук")
    for number in range(30):
        background.finding(finding(id=str(number)))
    background.close()
    assert [row["data"].get("id") for row in receiver.rows] == [*map(str, range(30)), None]
    assert background.trouble == ""


def test_a_failure_is_told_until_it_is_over(receiver: Receiver) -> None:
    receiver.codes = [400]
    background = Background(hook(receiver), "вебхук")
    background.finding(finding(id="1"))
    while not background.trouble:
        time.sleep(0.01)
    assert background.trouble == "вебхук: 127.0.0.1 не принимает (400); не доставлено: 1"
    background.finding(finding(id="2"))
    background.close()
    assert background.trouble == "вебхук: не доставлено: 1"


def test_statuses_crowd_nothing_out() -> None:
    class Slow:
        def __init__(self) -> None:
            self.taken: list[str] = []
            self.gate = threading.Event()

        def status(self, status: Status) -> None:
            self.gate.wait(20)
            self.taken.append(str(status.received))

        def finding(self, finding: Finding) -> None:
            self.taken.append(finding.id)

        def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
            self.taken.append("t")

        def close(self) -> None:
            self.taken.append("end")

    slow = Slow()
    background = Background(slow, "x", most_waiting=6)
    background.status(Status("listening", received=1.0))
    time.sleep(0.2)
    for number in range(50):
        background.status(Status("listening", received=float(number)))
    background.finding(finding(id="f"))
    background.transcript(hypothesis("всё"), 1.0)
    slow.gate.set()
    background.close()
    assert slow.taken == ["1.0", "49.0", "f", "t", "end"]
    assert background.trouble == ""


def test_the_log_is_appended_to_line_by_line_and_private(tmp_path: Path) -> None:
    path = tmp_path / "эфир.jsonl"
    path.write_text("{}\n")
    log = Log(path)
    log.finding(finding("\x1b[2J\n<b>"))
    assert len(path.read_text().splitlines()) == 2
    log.transcript(hypothesis("это всё"), 2.0)
    log.status(Status("stopped", received=3.0))
    log.close()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row.get("type") for row in rows] == [None, "finding", "transcript", "status"]
    assert "\x1b" not in path.read_text()
    Log(tmp_path / "new").close()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_log_that_cannot_be_written_is_said_and_a_cut_line_spoils_no_other(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="журнал не пишется"):
        Log(tmp_path)
    path = tmp_path / "log"
    log = Log(path)
    log.status(Status("listening"))
    size = path.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, limits[1]))
        with pytest.raises(OutputError, match="журнал не пишется"):
            log.finding(finding())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    log.finding(finding(id="2"))
    log.close()
    first, cut, last = path.read_text().splitlines()
    assert json.loads(first)["type"] == "status"
    assert len(cut) == 10
    assert json.loads(last)["id"] == "2"


def test_the_summary_counts_what_stands_and_what_the_host_said() -> None:
    summary = Summary()
    summary.transcript(hypothesis("раз два три"), 1.0)
    summary.transcript(hypothesis("раз", final=False), 1.0)
    summary.finding(finding(id="1", state="tentative"))
    summary.finding(finding(id="1"))
    summary.finding(finding(id="2", category="contact"))
    summary.finding(finding(id="3", category="link"))
    summary.finding(finding(id="4", state="withdrawn"))
    summary.finding(finding(id="5", state="supported"))
    summary.judge(["2", "3"], "false-alarm")
    summary.judge(["3"], None)
    summary.judge(["1"], "breach")
    summary.status(Status("stopped", received=61.25, detail="потеряно 2 с"))
    row = summary.row(id="s1", source="м")
    assert row["categories"] == {"superlative": 1, "link": 1}
    assert row["severities"] == {"violation": 2}
    assert (row["id"], row["seconds"], row["words"], row["trouble"]) == ("s1", 61.25, 3, "потеряно 2 с")
    assert [one["id"] for one in row["findings"]] == ["1", "2", "3", "5"]
    assert [one.get("decision") for one in row["findings"]] == ["breach", "false-alarm", None, None]


def test_a_session_tells_all_of_them(receiver: Receiver, tmp_path: Path) -> None:
    blocks = read_samples(Path(__file__).parents[2] / "samples" / "broadcast.opus")
    sound = np.concatenate([block.samples for block in takewhile(lambda block: block.start < 25 * SAMPLE_RATE, blocks)])
    command = [sys.executable, "-W", "error", "-m", "streamcheck", "live", "-", "--platform", "kaspi"]
    command += ["--format", "plain", "--webhook", receiver.url, "--log", str(tmp_path / "log")]
    command += ["--summary", str(tmp_path / "summary.json"), "--overlay-port", "0"]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "STREAMCHECK_WEBHOOK_SECRET": SECRET}
    raw = (sound * 32767).astype("<i2").tobytes()
    done = subprocess.run(command, input=raw, capture_output=True, timeout=240, env=environment)
    told_us = done.stderr.decode()
    assert done.returncode == 1, told_us
    assert "Для OBS: http://127.0.0.1:" in told_us
    assert "не доставлено" not in told_us
    summary = json.loads((tmp_path / "summary.json").read_text())
    logged = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    told = {row["data"]["id"] for row in receiver.rows if row["type"] == "finding.confirmed"}
    standing = {row["id"] for row in summary["findings"] if row["state"] == "confirmed"}
    assert standing
    assert standing <= told
    assert standing <= {row["id"] for row in logged if row["type"] == "finding"}
    assert receiver.rows[-1]["type"] == "session.ended"
    assert receiver.rows[-1]["session"]["id"] == summary["id"]
    assert logged[-1]["state"] == "stopped"
    assert summary["started"] <= summary["ended"]
