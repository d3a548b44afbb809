"""What broke off is found, ended and looked through for what was never checked."""

import time
from pathlib import Path

import numpy as np
import pytest

from streamcheck.errors import ConfigError
from streamcheck.events import AudioBlock, Utterance, Word
from streamcheck.sessions.home import Home
from streamcheck.sessions.recovery import Span, broken, recover, tidy, unchecked_spans
from streamcheck.sessions.sound import PieceWriter
from streamcheck.sessions.store import About, Settled

ABOUT = About("эфир", "kaspi", "base")


def said(number: int, start: float, end: float) -> Settled:
    return Settled(number, Utterance((Word("да", start, end),), start, end), end)


def nothing(number: int, heard_to: float) -> Settled:
    return Settled(number, Utterance(()), heard_to)


@pytest.mark.parametrize(
    ("settled", "sound", "spans"),
    [
        ([], 0.0, []),
        ([], 9.0, [(0.0, 9.0)]),
        ([said(0, 1, 2), said(1, 3, 4)], 4.2, []),
        ([said(0, 1, 2), said(1, 3, 4)], 9.0, [(4, 9.0)]),
        ([said(0, 1, 2), nothing(1, 8)], 8.3, []),
        ([said(0, 1, 2), said(3, 7, 8)], 8.0, [(2, 7)]),
        ([said(1, 5, 6), said(2, 7, 8)], 8.0, [(0.0, 5)]),
        ([said(0, 1, 2), nothing(2, 6), said(5, 9, 10)], 20.0, [(2, 6), (6, 9), (10, 20.0)]),
    ],
)
def test_what_no_number_stands_for_was_not_checked(settled: list[Settled], sound: float, spans: list[Span]) -> None:
    assert unchecked_spans(settled, sound) == spans


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def record_sound(home: Home, session: str, seconds: float) -> None:
    writer = PieceWriter(home.of(session))
    for n in range(int(seconds * 10)):
        writer.write(AudioBlock(n * 1600, np.zeros(1600, np.float32)))
    writer.cut()


def test_a_broken_session_ends_with_its_sound(home: Home) -> None:
    with home.store() as store:
        ident = store.begin(ABOUT)
        store.add_utterance(ident, said(0, 1, 2))
        home.lock(ident).release()  # as a killed process leaves it
        record_sound(home, ident, 10)
        assert [one.id for one in broken(home, store)] == [ident]
        recovered = recover(home, store, store.session(ident))
        assert recovered.unchecked == ((2, 10.0),)
        assert recovered.sound == 10.0
        assert recovered.session.ended == recovered.session.started + 10.0
        assert broken(home, store) == []
        again = recover(home, store, recovered.session)
        assert again == recovered


def test_a_running_session_is_neither_broken_nor_recovered_nor_deleted(home: Home) -> None:
    with home.store() as store:
        ident = store.begin(ABOUT)
        lock = home.lock(ident)
        session = store.session(ident)
        assert home.state(session) == "running"
        assert broken(home, store) == []
        assert home.older_than(store, 0, time.time() + 1000) == []
        with pytest.raises(ConfigError, match="ещё идёт"):
            recover(home, store, session)
        with pytest.raises(ConfigError, match="ещё идёт"):
            home.delete(store, session)
        lock.release()
        assert home.state(session) == "broken"


def test_before_a_session_old_ones_go_and_broken_ones_are_named(home: Home) -> None:
    with home.store() as store:
        old, new, unfinished = (store.begin(ABOUT) for _ in range(3))
        store.end(old, 10.0, ended=time.time() - 40 * 86_400)
        store.end(new, 10.0)
        home.of(old).mkdir()
    assert tidy(home, None, time.time()) == (0, [unfinished])
    assert tidy(home, 30, time.time()) == (1, [unfinished])
    with home.store() as store:
        assert {one.id for one in store.sessions()} == {new, unfinished}
    assert not home.of(old).exists()


def test_a_store_that_does_not_open_stops_no_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert tidy(Home(tmp_path / "file"), 30, 0.0) == (0, [])
