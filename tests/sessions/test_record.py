"""What a sink shows is in the store already; a store that fails ends no session."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from streamcheck.errors import OutputError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Status
from streamcheck.sessions import record as record_module
from streamcheck.sessions.home import Home
from streamcheck.sessions.record import Record, on_record
from streamcheck.sessions.store import About, Gap, Store
from tests.overlay.events import finding, hypothesis

ABOUT = About("эфир", "kaspi", "base")


class Talk:
    """Two seconds of noise with a gap of one between them."""

    name, trouble, waits = "эфир", "", True

    def blocks(self) -> Iterator[AudioBlock]:
        for start in (0, 2):
            yield AudioBlock(start * SAMPLE_RATE, np.full(SAMPLE_RATE, 0.1, np.float32))

    def close(self) -> None: ...


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_session_is_on_record_with_words_findings_gaps_changes_and_sound(home: Home) -> None:
    with on_record(home, Talk(), ABOUT) as kept:
        (record,) = kept.sinks
        assert [len(block.samples) for block in kept.source.blocks()] == [SAMPLE_RATE] * 2
        for at, detail in ((0.5, ""), (1.0, ""), (1.5, "тихо"), (2.0, "тихо")):
            record.status(Status("listening", received=at, detail=detail))
        record.transcript(hypothesis("это самый", final=False), 1.0)
        record.transcript(hypothesis("это самый лучший"), 2.0)
        record.finding(finding(id="f1", state="tentative"))
        with home.store() as other:
            assert home.state(other.session("last")) == "running"
            assert [one.state for one in other.findings(record.id)] == ["tentative"]
        record.finding(finding(id="f1"))
        assert kept.remark() == ""
    with home.store() as store:
        session = store.session("last")
        assert home.state(session) == "ended"
        assert session.seconds == 3.0
        assert [one.text for one in store.utterances(session.id)] == ["это самый лучший"]
        assert [one.state for one in store.findings(session.id)] == ["confirmed"]
        assert store.gaps(session.id) == [Gap(1.0, 2.0, "source")]
        assert [(one.at, one.detail) for one in store.changes(session.id)] == [(0.5, ""), (1.5, "тихо")]
        assert len(list(home.of(session.id).glob("*.flac"))) == 1


def test_no_sound_is_kept_where_none_is_wanted(home: Home) -> None:
    with on_record(home, Talk(), ABOUT, keep_sound=False) as kept:
        list(kept.source.blocks())
    with home.store() as store:
        session = store.session("last")
        assert session.seconds == 3.0
        assert store.gaps(session.id) == [Gap(1.0, 2.0, "source")]
        assert not list(home.of(session.id).glob("*.flac"))


def test_a_session_ends_in_order_when_it_is_broken_off_by_an_error(home: Home) -> None:
    def interrupted() -> None:
        with on_record(home, Talk(), ABOUT) as kept:
            list(kept.source.blocks())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with home.store() as store:
        assert home.state(store.session("last")) == "ended"


def test_a_session_without_any_sound_leaves_no_trace(home: Home) -> None:
    with on_record(home, Talk(), ABOUT):
        pass
    with home.store() as store:
        assert store.sessions() == []
    assert [path for path in home.folder.iterdir() if path.is_dir()] == []


def test_where_nothing_can_be_kept_the_session_runs_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    source = Talk()
    with on_record(Home(tmp_path / "file"), source, ABOUT) as kept:
        assert kept.source is source
        assert kept.sinks == ()
        assert kept.remark().startswith("эфир не сохраняется: ")


def test_what_the_store_refuses_is_told_and_written_later(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_module, "_PATIENCE", 0.05)
    monkeypatch.setattr(record_module, "_RETRY_AFTER", 0.0)
    record = Record(home, ABOUT)
    other = sqlite3.connect(home.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    record.finding(finding(id="f1"))
    record.finding(finding(id="f1", state="withdrawn"))
    assert "locked" in record.trouble
    other.execute("ROLLBACK")
    other.close()
    record.finding(finding(id="f2"))
    assert record.trouble == ""
    record.end(1.0)
    with home.store() as store:
        assert [(one.id, one.state) for one in store.findings(record.id)] == [("f1", "withdrawn"), ("f2", "confirmed")]


def test_a_store_that_fails_at_every_write_is_not_asked_at_every_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, tries = Record(home, ABOUT), []

    def refuse(self: Store, *args: object) -> None:
        tries.append(args)
        raise OutputError("диск полон")

    monkeypatch.setattr(Store, "put_findings", refuse)
    for number in range(100):
        record.finding(finding(id=str(number)))
    assert len(tries) == 1
    assert record.trouble == "диск полон"
    monkeypatch.undo()
    record.end(1.0)
    with home.store() as store:
        assert len(store.findings(record.id)) == 100


def test_what_the_host_says_on_air_is_on_record(home: Home) -> None:
    with on_record(home, Talk(), ABOUT) as kept:
        assert kept.record is not None
        kept.record.finding(finding(id="f1"))
        kept.record.finding(finding(id="f2"))
        kept.record.decide(["f1", "f2"], "false-alarm")
        kept.record.remark(1.5, "не она", "f2")
        kept.record.decide(["f1"], "open")
        kept.record.remark(1.8, "сама по себе", None)
        list(kept.source.blocks())
    with home.store() as store:
        session = store.session("last").id
        decisions = {one.finding: (one.verdict, one.remark) for one in store.decisions(session)}
        assert decisions == {"f1": ("open", ""), "f2": ("false-alarm", "не она")}
        notes = [(one.at, one.detail) for one in store.changes(session) if one.state == "note"]
        assert notes == [(1.5, "заметка: не она"), (1.8, "заметка: сама по себе")]
