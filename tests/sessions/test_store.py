"""The store gives back what it was given, whatever the text, the age of the file and the company."""

import multiprocessing
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from streamcheck.errors import ConfigError, OutputError
from streamcheck.events import Utterance, Word
from streamcheck.sessions import database as database_module
from streamcheck.sessions import schema
from streamcheck.sessions import store as store_module
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import About, Change, Decision, Gap, Settled, Store
from tests.overlay.events import HOSTILE, finding

ABOUT = About("микрофон", "kaspi", "base")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def settled(number: int, *words: str) -> Settled:
    said = tuple(Word(word, i * 0.5, i * 0.5 + 0.4, 0.75) for i, word in enumerate(words))
    utterance = Utterance(said, said[0].start, said[-1].end) if said else Utterance(())
    return Settled(number, utterance, 10.0 * (number + 1))


def test_a_session_comes_back_as_it_was(home: Home) -> None:
    with home.store() as store:
        ident = store.begin(replace(ABOUT, presenter="Айгуль"))
        store.add_utterance(ident, settled(0, "самый", "лучший"))
        store.add_utterance(ident, settled(1))
        store.put_findings(ident, [finding(id="f1", state="tentative"), finding(id="f2", state="withdrawn")])
        store.put_findings(ident, [finding(id="f1", state="confirmed", because=("superlative", "«на рынке»"))])
        store.add_gap(ident, Gap(3.0, 4.5, "source"))
        store.add_change(ident, Change(1.0, "gap", "микрофон отключён"))
        store.decide(ident, "f1", "unsure", remark="послушать", assignee="Ерлан")
        store.decide(ident, "f1", "breach")
        store.end(ident, 25.0)
    with home.store() as store:
        session = store.session("last")
        assert (session.id, session.presenter, session.findings, session.decided) == (ident, "Айгуль", 1, 1)
        assert session.ended is not None
        assert session.seconds == 25.0
        assert store.settled(ident) == [settled(0, "самый", "лучший"), settled(1)]
        assert store.findings(ident)[0] == finding(id="f1", because=("superlative", "«на рынке»"))
        assert store.gaps(ident) == [Gap(3.0, 4.5, "source")]
        assert store.changes(ident) == [Change(1.0, "gap", "микрофон отключён")]
        (decision,) = store.decisions(ident)
        assert (decision.verdict, decision.remark, decision.assignee) == ("breach", "послушать", "Ерлан")


def test_hostile_text_comes_back_and_breaks_nothing(home: Home) -> None:
    hostile = [*HOSTILE, "'); DROP TABLE finding; --", '"', "%s ? :id ?1", "\\x00'"]
    with home.store() as store:
        for text in hostile:
            stored = text.encode("utf-8", "replace").decode()  # SQLite has no lone surrogates
            ident = store.begin(About(text, text, text, text, text))
            one = finding(text, id=text, because=(text,), rule=text, fingerprint=text)
            store.put_findings(ident, [one])
            store.add_utterance(ident, settled(0, text))
            store.add_change(ident, Change(0.0, text, text))
            store.decide(ident, text, "breach", remark=text, assignee=text)
            assert store.findings(ident)[0].quote == stored
            assert store.settled(ident)[0].utterance.words[0].text == text
            assert store.decisions(ident)[0].remark == stored
            assert store.session(ident).source == stored
        assert len(store.sessions()) == len(hostile)


def test_names_are_ids_their_beginnings_or_last(home: Home) -> None:
    with home.store() as store:
        with pytest.raises(ConfigError, match="ещё ни один"):
            store.session("last")
        for ident in ("20261121-100000-aa", "20261121-100000-ab", "20261122-100000-aa"):
            store.begin(ABOUT, ident)
        assert store.session("20261122").id == "20261122-100000-aa"
        assert store.session("last").id == "20261122-100000-aa"
        with pytest.raises(ConfigError, match="нескольким эфирам: 20261121-100000-ab, 20261121-100000-aa"):
            store.session("20261121")
        for name in ("2027", "", "%"):
            with pytest.raises(ConfigError, match="есть: 20261122-100000-aa"):
                store.session(name)


def test_an_unknown_finding_cannot_be_decided(home: Home) -> None:
    with home.store() as store:
        ident = store.begin(ABOUT)
        with pytest.raises(ConfigError, match="нет находки «f9»"):
            store.decide(ident, "f9", "breach")
        assert store.decisions(ident) == []


def test_decisions_of_the_first_version_are_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(home.database)) as database:
        database.executescript(schema.STEPS[0])
        database.execute(
            "INSERT INTO session (id, started, source, platform, model, language, presenter, version) "
            "VALUES ('s', 0, 'эфир', 'kaspi', 'base', 'ru', '', '0')"
        )
        names = ", ".join(store_module._FINDING_COLUMNS)
        marks = ", ".join("?" * len(store_module._FINDING_COLUMNS))
        one = finding(id="f1", fingerprint="aa")
        database.execute(f"INSERT INTO finding (session, {names}) VALUES ('s', {marks})", [*store_module._values(one)])
        database.execute("INSERT INTO decision VALUES ('s', 'f1', 'aa', 1.0, 'breach', 'да', 'Ерлан', 5.0)")
        database.execute("PRAGMA user_version = 1")
        database.commit()
    with home.store() as store:
        assert store.decisions("s") == [Decision("f1", "aa", 1.0, "breach", "да", "Ерлан", 5.0, "shared/superlatives")]


def test_a_remark_needs_no_verdict_and_a_verdict_can_be_taken_back(home: Home) -> None:
    with home.store() as store:
        ident = store.begin(ABOUT)
        store.put_findings(ident, [finding(id="f1")])
        store.decide(ident, "f1", assignee="Ерлан")
        assert [(one.verdict, one.assignee) for one in store.decisions(ident)] == [("open", "Ерлан")]
        assert store.session(ident).decided == 0
        store.decide(ident, "f1", "breach")
        assert store.session(ident).decided == 1
        store.decide(ident, "f1", "open")
        assert store.session(ident).decided == 0


def test_a_store_of_an_older_version_is_brought_up_to_date(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store:
        ident = store.begin(ABOUT)
    newer = (*schema.STEPS, "ALTER TABLE session ADD COLUMN room TEXT NOT NULL DEFAULT 'hall'; CREATE TABLE x (a)")
    monkeypatch.setattr(database_module, "STEPS", newer)
    with home.store() as store:
        assert store.session(ident).id == ident
    with sqlite3.connect(home.database) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(newer),)
        assert database.execute("SELECT room FROM session").fetchone() == ("hall",)
    database.close()
    monkeypatch.setattr(database_module, "STEPS", schema.STEPS)
    with pytest.raises(OutputError, match="более новой версией"):
        home.store()


def test_a_step_that_fails_leaves_the_store_as_it_was(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.store().close()
    monkeypatch.setattr(database_module, "STEPS", (*schema.STEPS, "CREATE TABLE half (a); CREATE TABLE half (a)"))
    with pytest.raises(OutputError, match="half"):
        home.store()
    monkeypatch.setattr(database_module, "STEPS", schema.STEPS)
    with home.store() as store:
        assert store.sessions() == []


def test_a_damaged_file_or_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sessions.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(OutputError, match="хранилище эфиров не работает"):
        Home(tmp_path).store()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="хранилище эфиров не работает"):
        Home(tmp_path / "file").store()


def test_what_is_deleted_is_nowhere_in_the_files(home: Home) -> None:
    secret = "тайное слово покупателя"
    with home.store() as store:
        ident, other = store.begin(ABOUT), store.begin(ABOUT)
        for one in (ident, other):
            store.put_findings(one, [finding(secret if one == ident else "другое", id=str(n)) for n in range(200)])
        store.add_utterance(ident, settled(0, *secret.split()))
        home.of(ident).mkdir()
        (home.of(ident) / "sound-000000000000.flac").write_bytes(b"fLaC")
        home.delete(store, store.session(ident))
        assert [one.id for one in store.sessions()] == [other]
        assert len(store.findings(other)) == 200
        files = [path for path in home.folder.rglob("*") if path.is_file()]
        assert not any(secret.encode() in path.read_bytes() for path in files)
        assert not home.of(ident).exists()


def _write_much(folder: Path, number: int, start: "multiprocessing.synchronize.Barrier") -> None:
    start.wait()
    with Store(folder / "sessions.sqlite") as store:
        ident = store.begin(replace(ABOUT, source=f"эфир {number}"))
        for turn in range(40):
            store.add_utterance(ident, settled(turn, str(number)))
            store.put_findings(ident, [finding(f"{number}", id=f"f{turn}")])
        store.end(ident, 40.0)


def test_processes_that_begin_and_write_at_once_do_not_meet(home: Home) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    writers = [context.Process(target=_write_much, args=(home.folder, n, barrier)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    with home.store() as store:
        sessions = store.sessions()
        assert sorted(one.source for one in sessions) == [f"эфир {n}" for n in range(4)]
        for one in sessions:
            assert {found.quote for found in store.findings(one.id)} == {one.source.split()[1]}
            assert one.findings == 40
            assert len(store.settled(one.id)) == 40
