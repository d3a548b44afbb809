"""`streamcheck live` as a user runs it: real sound, real model, a process of its own."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamcheck.cli.outlets import Tally
from streamcheck.events import SEVERITIES, Finding
from tests.overlay.events import finding
from tests.overlay.test_terminal import Terminal

SAMPLES = Path(__file__).parents[2] / "samples"
COMMAND = [sys.executable, "-W", "error", "-m", "streamcheck", "live"]


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def live(*args: str, sound: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    stdin = {"stdin": subprocess.DEVNULL} if sound is None else {"input": sound}
    return subprocess.run([*COMMAND, *args], capture_output=True, timeout=240, **stdin)  # type: ignore[call-overload, no-any-return]


def start(*args: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_json_lines_of_the_sample() -> None:
    done = live(str(SAMPLES / "broadcast.opus"), "--platform", "kaspi", "--speed", "max", "--format", "jsonl")
    assert done.stderr == b""
    assert done.returncode == 1
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    states = [row["state"] for row in rows if row["type"] == "status"]
    assert states[-1] == "stopped"
    assert "listening" in states
    findings = {row["id"]: row for row in rows if row["type"] == "finding"}
    assert all(row["state"] != "tentative" for row in findings.values())
    assert {"superlative", "contact", "deal", "marketplace"} <= {row["category"] for row in findings.values()}
    said = " ".join(row["text"] for row in rows if row["type"] == "transcript").lower()
    assert "на рынке" in said
    assert "честный" in said, "the last utterance is heard too"


def test_what_is_lighter_than_asked_for_is_left_out_and_still_counts() -> None:
    shown: list[Finding] = []
    tally = Tally([SimpleNamespace(finding=shown.append)], "warning")  # type: ignore[list-item]
    for number, severity in enumerate(SEVERITIES):
        tally.finding(finding(id=str(number), severity=severity))
    assert [one.severity for one in shown] == ["violation", "warning"]
    assert len(tally.findings) == 3


def test_plain_lines_where_there_is_no_terminal_and_raw_standard_input() -> None:
    decode = ["ffmpeg", "-loglevel", "error", "-i", str(SAMPLES / "broadcast.opus"), "-t", "25"]
    if shutil.which("ffmpeg") is None:
        pytest.skip("needs Debian's package ffmpeg")
    sound = subprocess.run([*decode, "-f", "s16le", "-ar", "16000", "-ac", "1", "-"], stdout=subprocess.PIPE).stdout
    done = live("-", "--ui-language", "en", "--fail-on", "never", sound=sound)
    out = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in out
    assert "LISTENING" in out
    assert "VIOLATION · Superlative" in out
    assert "The broadcast has ended: 0:2" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_user_ends_a_session_with_its_summary_and_exit_0(number: int) -> None:
    with start(str(SAMPLES / "broadcast.opus"), "--format", "plain", "--platform", "kaspi") as process:
        assert process.stdout is not None
        while "СЛУШАЮ" not in (line := process.stdout.readline()):
            assert line, process.communicate()
        time.sleep(2)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 0
    assert "Эфир окончен" in out


def test_a_reader_that_goes_away_ends_the_session() -> None:
    with start(str(SAMPLES / "broadcast.opus"), "--format", "jsonl") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=120) == 141
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["нет-такого.wav"], "нет-такого.wav: нет такого файла"),
        ([str(SAMPLES / "README.md")], "README.md: не звук и не видео"),
        ([str(SAMPLES / "broadcast.opus"), "--platform", "kaspy"], "kaspi"),
        ([str(SAMPLES / "broadcast.opus"), "--model", "/нет/папки"], "/нет/папки"),
        ([str(SAMPLES / "broadcast.opus"), "--rules", "/нет/папки"], "/нет/папки"),
        ([str(SAMPLES / "broadcast.opus"), "--products", "/нет/такого.yaml"], "/нет/такого.yaml"),
        (["--device", "нет такого микрофона"], "микрофон"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(args: list[str], said: str) -> None:
    done = live(*args)
    err = done.stderr.decode()
    assert done.returncode == 2, err
    assert err.startswith("streamcheck: ")
    assert said in err
    assert err.count("\n") == 1, err
    assert b"Traceback" not in done.stdout


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs Debian's package tmux")
def test_the_screen_of_a_session_and_its_end(tmp_path: Path) -> None:
    command = f"{' '.join(COMMAND)} {SAMPLES / 'broadcast.opus'} --platform kaspi --speed 4 --ui-language ru"
    terminal = Terminal(tmp_path / "tmux", 80, 24, f"bash -c '{command}; echo code $?'")
    try:
        shown = "\n".join(terminal.until(lambda rows: any("НАРУШЕНИЕ" in row for row in rows), 60))
        assert "ПРЕВОСХОДНАЯ СТЕПЕНЬ" in shown
        assert "broadcast.opus · площадка kaspi · модель base" in shown
        terminal.run("send-keys", "C-c")
        after = "\n".join(terminal.until(lambda rows: "END" in rows, 30))
        assert "Эфир окончен" in after
        assert "code 0" in after
    finally:
        terminal.run("kill-server")
