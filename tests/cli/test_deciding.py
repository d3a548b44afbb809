"""Findings walked and decided in the terminal: nothing that was decided is lost, whatever ends the walk."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from streamcheck.audio import playing
from streamcheck.cli import deciding
from streamcheck.cli.deciding import pressed, walk
from streamcheck.cli.main import main
from streamcheck.errors import DeviceError
from streamcheck.events import Samples, Utterance, Word
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import About, Session, Settled, Store
from tests.overlay.events import HOSTILE, finding

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Home(tmp_path).store() as store:
        ident = store.begin(About("эфир.mp4", "kaspi", "base"))
        words = tuple(Word(word, i * 1.0, i + 0.9) for i, word in enumerate("самый лучший и гарантия".split()))
        store.add_utterance(ident, Settled(0, Utterance(words, 0.0, 3.9), 4.0))
        store.put_findings(
            ident,
            [
                finding("самый лучший", id="f1", start=1.0, end=2.0, fingerprint="aa"),
                finding("гарантия", id="f2", start=30.0, end=31.0, fingerprint="bb", severity="warning"),
                finding("пишите", id="f3", start=60.0, end=61.0, fingerprint="cc"),
                finding("снято", id="f4", start=70.0, state="withdrawn"),
                finding("не считать", id="f5", start=80.0, ignored="так надо"),
            ],
        )
        yield store


def session(store: Store) -> Session:
    return store.session("last")


def verdicts(store: Store) -> dict[str, str]:
    return {one.finding: one.verdict for one in store.decisions(session(store).id)}


def test_keys_decide_and_go_on_in_both_layouts(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert walk(store, session(store), None, iter(["1", "2", "л", "\x1b[D", "3", "о", "3"]))
    assert verdicts(store) == {"f1": "unsure", "f3": "unsure", "f2": "false-alarm"}
    out = capsys.readouterr().out
    assert "Находка 3 из 3 · решено 2" in out
    assert "Решено 3 из 3." in out
    assert "снято" not in out
    assert "не считать" not in out


def test_it_begins_at_the_first_that_is_open_and_quits(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.decide(session(store).id, "f1", "breach")
    assert not walk(store, session(store), None, iter(["q"]))
    out = capsys.readouterr().out
    assert "Находка 2 из 3" in out
    assert "Находка 1" not in out


def test_a_verdict_can_be_taken_back_and_the_walk_stays(store: Store) -> None:
    walk(store, session(store), None, iter(["1", "k", "0", "3", "й"]))
    assert verdicts(store) == {"f1": "unsure"}


def test_what_was_decided_outlives_ctrl_c(store: Store) -> None:
    def keys() -> Iterator[str]:
        yield "1"
        raise KeyboardInterrupt

    assert not walk(store, session(store), None, keys())
    assert verdicts(store) == {"f1": "breach"}


def test_remarks_and_assignees_are_written_and_ctrl_c_takes_the_question_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["название товара", "Ерлан", KeyboardInterrupt, ""])

    def answer(_: str) -> str:
        said = next(answers)
        if isinstance(said, str):
            return said
        raise said

    monkeypatch.setattr("builtins.input", answer)
    walk(store, session(store), None, iter(["r", "a", "2", "к", "ф", "1", "q"]))
    first, second = store.decisions(session(store).id)
    assert (first.verdict, first.remark, first.assignee) == ("false-alarm", "название товара", "Ерлан")
    assert (second.finding, second.verdict, second.remark) == ("f2", "breach", "")


def test_a_remark_to_a_carried_over_decision_keeps_its_verdict(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = session(store).id
    store.decide(ident, "f1", "breach", remark="да")
    again = finding("самый лучший", id="later-aa", start=1.2, end=2.0, fingerprint="aa")
    store.replace(ident, [], [again], store.decisions(ident))
    monkeypatch.setattr("builtins.input", lambda _: "Ерлан")
    walk(store, session(store), None, iter(["a", "q"]))
    (made,) = [one for one in store.decisions(ident) if one.finding == "later-aa"]
    assert (made.verdict, made.remark, made.assignee) == ("breach", "да", "Ерлан")


def test_each_finding_is_played_with_a_margin(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[tuple[float, float]] = []
    played: list[int] = []

    def clip(start: float, end: float) -> Samples:
        spans.append((start, end))
        return np.zeros(10 if start < 40 else 0, np.float32)

    monkeypatch.setattr(deciding, "play", lambda samples: played.append(len(samples)))
    walk(store, session(store), clip, iter([" ", "1", "j", "q"]))
    assert spans == [(0.0, 4.0), (0.0, 4.0), (28.0, 33.0), (58.0, 63.0)]
    assert played == [10, 10, 10]


def test_no_device_is_said_and_stops_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Samples) -> None:
        raise DeviceError("звука нет: занято")

    monkeypatch.setattr(deciding, "play", refuse)
    walk(store, session(store), lambda *_: np.zeros(5, np.float32), iter(["1", "q"]))
    assert "звука нет: занято" in capsys.readouterr().out
    assert verdicts(store) == {"f1": "breach"}


def test_keys_typed_ahead_come_one_by_one() -> None:
    typed = iter(["12й", "\x1b[D", "k"])
    keys = pressed(lambda: next(typed))
    assert [next(keys) for _ in range(5)] == ["1", "2", "й", "\x1b[D", "k"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_acts_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with Home(tmp_path).store() as store:
        ident = store.begin(About(text, text, text, presenter=text))
        one = finding(text, id="f1", rule=text, category=text, message=text, suggestion=text, source=text)
        store.put_findings(ident, [one])
        store.add_utterance(ident, Settled(0, Utterance((Word(text, 3.0, 4.0),), 3.0, 4.0), 4.0))
        store.decide(ident, "f1", remark=text, assignee=text)
        walk(store, store.session(ident), None, iter(["q"]))
    assert [char for char in capsys.readouterr().out if not char.isprintable() and char != "\n"] == []


def test_scripts_are_told_to_use_another_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", str(SAMPLES / "broadcast.srt"), "--decide"]) == 2
    assert "streamcheck sessions decide ID" in capsys.readouterr().err


def test_a_review_decided_in_a_terminal_is_kept_and_holds_in_the_next(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_DATA_HOME": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-W", "error", "-m", "streamcheck"]
    review = ["review", str(SAMPLES / "broadcast.srt"), "--platform", "kaspi", "--fail-on", "never"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, *review, "--decide"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        _until(ours, "", "решено 0")
        _until(ours, "2", "решено 1")
        seen = _until(ours, "\x03", "Решено 1")
        _drain(ours)
        assert process.wait(60) == 0, seen
    os.close(ours)
    home = Home(tmp_path / "streamcheck" / "sessions")
    with home.store() as store:
        assert session(store).decided == 1
        assert session(store).recording == str(SAMPLES / "broadcast.srt")
    lines = subprocess.run(
        [*command, *review, "--keep", "--format", "jsonl"], capture_output=True, text=True, env=environment, check=True
    ).stdout
    assert [json.loads(line).get("ignored") for line in lines.splitlines()].count("ложная тревога") == 1
    with home.store() as store:
        assert len(store.sessions()) == 1


def _until(terminal: int, key: str, words: str) -> str:
    """Press a key until the words come: what is pressed while the screen is drawn is lost."""
    seen, deadline = b"", time.monotonic() + 60
    while words.encode() not in seen:
        assert time.monotonic() < deadline, seen.decode(errors="replace")
        if key:
            os.write(terminal, key.encode())
        while words.encode() not in seen and select.select([terminal], [], [], 1.0)[0]:
            seen += os.read(terminal, 65536)
    return seen.decode(errors="replace")


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # Linux: the other end is closed
        pass


def test_without_portaudio_or_a_device_playing_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    sounddevice = pytest.importorskip("sounddevice")

    def fail(*_: object) -> None:
        raise sounddevice.PortAudioError("Error querying device -1")

    monkeypatch.setattr(sounddevice, "play", fail)
    with pytest.raises(DeviceError, match="звука нет: Error querying device -1"):
        playing.play(np.zeros(10, np.float32))
