"""`streamcheck sessions` as a user runs it."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from streamcheck.cli.main import main
from streamcheck.events import Utterance, Word
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import About, Gap, Settled
from tests.overlay.events import HOSTILE, finding
from tests.sessions.test_recovery import record_sound

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home of an empty data folder, in an empty working directory."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return Home.of_user()


@pytest.fixture
def session(home: Home) -> str:
    """A session of ten seconds with three findings, one of them withdrawn."""
    with home.store() as store:
        ident = store.begin(About("эфир.mp4", "kaspi", "base", presenter="Айгуль"))
        home.lock(ident).release()
        record_sound(home, ident, 10)
        words = tuple(
            Word(word, 1.0 + i / 2, 1.4 + i / 2) for i, word in enumerate("это самый лучший на рынке".split())
        )
        store.add_utterance(ident, Settled(0, Utterance(words, 1.0, 3.4), 4.0))
        store.put_findings(
            ident,
            [
                finding("самый лучший на рынке", id="f1", start=1.5, end=3.4, fingerprint="aa"),
                finding("пишите", id="f2", state="withdrawn", fingerprint="bb", start=5.0, end=5.5),
                finding("гарантия", id="f3", fingerprint="cc", severity="warning", start=6.0, end=6.5),
            ],
        )
        store.add_gap(ident, Gap(7.0, 8.0, "source"))
        store.end(ident, 10.0)
    return ident


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run `streamcheck sessions …` and return what it printed; the exit code must be the wanted one."""

    def run(*args: str, code: int = 0) -> str:
        assert main(["sessions", *args]) == code
        out, err = capsys.readouterr()
        assert (err == "") == (code == 0), err
        return out if code == 0 else err

    return run


def rows(lines: str) -> list[dict]:
    return [json.loads(line) for line in lines.splitlines()]


def test_an_empty_store_is_said_to_be_empty(home: Home, run: Callable[..., str]) -> None:
    assert run("list") == "Сохранённых эфиров нет. Они появятся после streamcheck live.\n"
    assert run("show", "last", code=2) == "streamcheck: эфира «last» нет: ещё ни один эфир не сохранён\n"
    assert run("list", "--format", "jsonl") == ""


def test_list_and_show(session: str, run: Callable[..., str], home: Home) -> None:
    (line,) = run("list").splitlines()[1:]
    assert line.split()[0] == session[:15]
    assert "эфир.mp4 · Айгуль" in line
    (row,) = rows(run("list", "--format", "jsonl"))
    assert (row["id"], row["state"], row["findings"], row["decided"], row["seconds"]) == (session, "ended", 2, 0, 10.0)
    run("decide", "last", "f3", "false-alarm", "--remark", "это про гарантийный талон", "--assign", "Ерлан")
    shown = run("show", session[:15])
    assert "звук до 0:10" in shown
    assert "0:07–0:08: источник молчал" in shown
    assert str(home.of(session)) in shown
    assert "f1 0:01 нарушение: Превосходная степень: «самый лучший на рынке»\n" in shown
    assert "«гарантия» — ложная тревога · это про гарантийный талон · → Ерлан\n" in shown
    assert "пишите" not in shown
    found = {row["id"]: row for row in rows(run("show", "last", "--format", "jsonl")) if row["type"] == "finding"}
    assert (found["f3"]["decision"], found["f3"]["assignee"]) == ("false-alarm", "Ерлан")
    assert "decision" not in found["f1"]


def test_every_form_of_export(session: str, run: Callable[..., str], tmp_path: Path) -> None:
    run("decide", session, "f3", "false-alarm", "--remark", "талон")
    lines = rows(run("export", "last"))
    assert [(row["type"], row["id"], row["state"]) for row in lines] == [
        ("finding", "f1", "confirmed"),
        ("finding", "f2", "withdrawn"),
        ("finding", "f3", "confirmed"),
    ]
    assert lines[2]["ignored"] == "ложная тревога: талон"
    table = list(csv.DictReader(io.StringIO(run("export", "last", "--format", "csv").removeprefix("\ufeff"))))
    assert [row["id" if "id" in row else "quote"] for row in table]
    assert json.loads(run("export", "last", "--format", "json"))["files"][0]["duration"] == 10.0
    for form, said in (
        ("txt", "Нарушений: 1, предупреждений: 0"),
        ("md", "## эфир"),
        ("srt", "00:00:01,500"),
        ("vtt", "WEBVTT"),
        ("html", "<!doctype html>"),
    ):
        content = run("export", "last", "--format", form)
        assert said in content
        assert "пишите" not in content
        output = tmp_path / f"report.{form}"
        run("export", "last", "--output", str(output))
        assert said in output.read_text(encoding="utf-8")


def test_delete_asks_and_takes_the_sound_too(
    session: str, run: Callable[..., str], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["sessions", "delete", session]) == 130
    assert home.of(session).exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["sessions", "delete", session]) == 0
    assert not home.of(session).exists()


def test_delete_by_age(session: str, run: Callable[..., str]) -> None:
    assert "назовите эфиры" in run("delete", code=2)
    run("delete", "--keep-days", "1")
    assert len(rows(run("list", "--format", "jsonl"))) == 1
    assert run("delete", "--keep-days", "0", "--yes") == "Удалено эфиров: 1.\n"
    assert run("list", "--format", "jsonl") == ""


def test_decisions_come_one_by_one_or_by_file_all_or_none(
    session: str, run: Callable[..., str], tmp_path: Path
) -> None:
    assert "нет находки «f9»" in run("decide", "last", "f9", "breach", code=2)
    assert "может быть, «breach»" in run("decide", "last", "f1", "breech", code=2)
    for wrong in (["last"], ["last", "f1"], ["last", "f1", "breach", "--from", "x"]):
        assert "задайте --from" in run("decide", *wrong, code=2)
    file = tmp_path / "d.json"
    entries = [{"finding": "f1", "verdict": "breach"}, {"fingerprint": "cc", "verdict": "unsure"}]
    whole = {
        "type": "streamcheck-decisions",
        "schema": 1,
        "decisions": [*entries, {"finding": "f9", "verdict": "breach"}],
    }
    file.write_text(json.dumps(whole))
    assert f"нет в эфире {session}: f9" in run("decide", "last", "--from", str(file), code=2)
    assert rows(run("list", "--format", "jsonl"))[0]["decided"] == 0
    file.write_text(json.dumps(whole | {"decisions": entries}))
    assert run("decide", "last", "--from", str(file)) == "Записано решений: 2.\n"
    file.write_text(json.dumps(whole | {"decisions": entries, "session": "20200101"}))
    assert "для эфира 20200101" in run("decide", "last", "--from", str(file), code=2)
    assert "не читается" in run("decide", "last", "--from", str(tmp_path / "absent"), code=2)
    run("decide", "last", "f1", "open", "--remark", "послушать")
    run("decide", "last", "f1", "--assign", "Ерлан")
    assert "«самый лучший на рынке» — не решено · послушать · → Ерлан" in run("show", "last")
    assert rows(run("list", "--format", "jsonl"))[0]["decided"] == 1


def test_false_alarms_are_proposed_as_entries_to_ignore(
    session: str, run: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sessions", "ignores"]) == 0
    assert capsys.readouterr() == ("", "Ложных тревог среди решений нет.\n")
    run("decide", "last", "f1", "false-alarm")
    run("decide", "last", "f3", "false-alarm", "--remark", "талон")
    assert yaml.safe_load(run("ignores", "last")) == {
        "ignore": [
            {"fingerprint": "aa", "reason": f"Ложная тревога, эфир {session}"},
            {"fingerprint": "cc", "reason": "талон"},
        ]
    }


def _acts(text: str) -> list[str]:
    """Characters by which a terminal could be moved, coloured or misled."""
    return [char for char in text if not char.isprintable() and char != "\n"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_acts_nowhere(
    home: Home, run: Callable[..., str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.store() as store:
        ident = store.begin(About(text, text, text, text, text))
        one = finding(text, id=text, rule=text, message=text, suggestion=text, source=text, fingerprint="aa")
        store.put_findings(ident, [one])
        store.add_utterance(ident, Settled(0, Utterance((Word(text, 1.0, 2.0),), 1.0, 2.0), 2.0))
        store.decide(ident, store.findings(ident)[0].id, "false-alarm", remark=text, assignee=text)
        store.end(ident, 3.0)
    for args in (["list"], ["show", "last"], ["list", "--format", "jsonl"], ["show", "last", "--format", "jsonl"]):
        assert _acts(run(*args)) == []
    for form in ("jsonl", "json", "csv", "srt", "vtt", "md", "txt"):
        assert _acts(run("export", "last", "--format", form).replace("\r\n", "\n").removeprefix("\ufeff")) == []
    page = run("export", "last", "--format", "html")
    assert "<script>alert" not in page
    assert _acts(run("ignores", "last")) == []
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)  # tables instead of lines
    monkeypatch.setenv("TERM", "dumb")
    for table in (run("list"), run("show", "last")):
        assert _acts(table) == []
        assert ("[bold red]" in text) <= ("[bold" in table), "markup is text"


def test_a_real_broadcast_killed_on_air_is_offered_recovered_and_checked(home: Home, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "streamcheck"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    live = [
        *command,
        "live",
        str(SAMPLES / "broadcast.opus"),
        "--platform",
        "kaspi",
        "--speed",
        "4",
        "--format",
        "jsonl",
    ]
    printed = []
    with subprocess.Popen(live, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            printed += [row for row in rows(line) if row["type"] == "finding"]
            if len({row["id"] for row in printed}) == 2:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL

    def sessions(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *args], capture_output=True, text=True, env=environment)

    with home.store() as store:
        ident = store.session("last").id
        assert {row["id"] for row in printed} <= {one.id for one in store.findings(ident)}
    clip = tmp_path / "empty.wav"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "anullsrc", "-t", "1", str(clip)], check=True)
    next_live = sessions("live", str(clip), "--speed", "max", "--format", "jsonl")
    assert next_live.stderr == f"streamcheck: эфир {ident} оборвался; восстановить: streamcheck sessions recover\n"
    recovered = sessions("sessions", "recover", "--check")
    assert recovered.returncode == 0, recovered.stderr
    assert f"Эфир {ident} восстановлен" in recovered.stdout
    # The kill may fall just after an utterance: then everything that was recorded had been checked already.
    assert "Не проверено: " in recovered.stdout or "Проверено всё." in recovered.stdout
    with home.store() as store:
        session = store.session(ident)
        assert session.ended is not None
        assert all(one.state != "tentative" for one in store.findings(ident))
    again = sessions("sessions", "recover", ident)
    assert again.stdout == "Проверено всё.\n"
    assert sessions("sessions", "recover").stdout == "Оборвавшихся эфиров нет.\n"
