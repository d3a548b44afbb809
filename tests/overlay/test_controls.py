import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from streamcheck.events import Status
from streamcheck.overlay.board import Board
from streamcheck.overlay.controls import (
    CLEAR,
    ENTER,
    ERASE,
    ESCAPE,
    INTERRUPT,
    LONGEST_NOTE,
    Controls,
    Ended,
    Judged,
    Noted,
    PauseToggled,
)
from streamcheck.overlay.cue import Cue
from streamcheck.overlay.plain import summary
from streamcheck.overlay.screen import Heading, Screen
from tests.overlay.events import HOSTILE, finding


@pytest.fixture
def controls() -> Controls:
    board = Board(status=Status("listening", received=12.0))
    board.find(finding("пишите в вотсап", id="1", category="contact"))
    board.find(finding(id="2"))
    board.find(finding(id="3", start=7.0, end=8.0))
    return Controls(board)


def type_in(controls: Controls, words: str) -> None:
    for char in words:
        controls.press(char)


def drawn(controls: Controls, width: int = 80, height: int = 24) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height)
    screen = Screen(Heading("м", "kaspi", "base"), console)
    return screen.draw(controls.board, width, height, controls.prompt).plain.split("\n")


@pytest.mark.parametrize("key", "mMьЬ")
def test_a_false_alarm_gives_way_to_the_one_before_with_all_its_repeats(controls: Controls, key: str) -> None:
    assert controls.press(key) == Judged(("2", "3"), "false-alarm")
    newest = controls.board.newest()
    assert newest is not None
    assert newest.finding.id == "1"
    assert controls.board.counts == {"superlative": 0, "contact": 1}
    assert "Ложная тревога: «самый лучший»" in drawn(controls)[-1]


def test_words_once_called_a_false_alarm_never_come_back_large(controls: Controls) -> None:
    controls.press("m")
    again = finding(id="4", start=20.0, end=21.0)
    controls.board.find(again)
    newest = controls.board.newest()
    assert newest is not None
    assert newest.finding.id == "1"
    assert controls.board.counts["superlative"] == 0
    assert controls.board.dismissed(again)


@pytest.mark.parametrize("key", "kл")
def test_a_breach_is_confirmed_and_stays(controls: Controls, key: str) -> None:
    assert controls.press(key) == Judged(("2", "3"), "breach")
    assert "✓ подтверждено" in " ".join(drawn(controls))
    assert controls.board.counts["superlative"] == 2


def test_the_last_word_is_taken_back(controls: Controls) -> None:
    controls.press("m")
    assert controls.press("г") == Judged(("2", "3"), None)
    newest = controls.board.newest()
    assert newest is not None
    assert newest.finding.id == "3"
    assert controls.board.counts["superlative"] == 2
    assert controls.press("u") is None


def test_where_there_is_nothing_to_judge_it_says_so() -> None:
    controls = Controls(Board(status=Status("listening", received=1.0)))
    assert controls.press("m") is None
    assert "Отмечать нечего" in drawn(controls)[-1]


@pytest.mark.parametrize(
    ("key", "request_"), [("p", PauseToggled()), ("з", PauseToggled()), ("q", Ended()), ("й", Ended())]
)
def test_pause_and_end(controls: Controls, key: str, request_: object) -> None:
    assert controls.press(key) == request_


def test_a_note_is_written_where_it_began_and_about_what_was_shown(controls: Controls) -> None:
    controls.press("т")
    type_in(controls, "нет! mkq")
    controls.press(ERASE)
    controls.board.find(finding("иное", id="9", category="link"))
    controls.board.status = Status("listening", received=99.0)
    assert "нет! mk▏" in drawn(controls)[-1]
    assert controls.press(ENTER) == Noted(12.0, "нет! mk", "3")
    assert "Заметка сохранена" in drawn(controls)[-1]


@pytest.mark.parametrize("keys", [[ESCAPE], [ENTER], [CLEAR, ENTER], [" ", ENTER]])
def test_a_note_without_words_is_none(controls: Controls, keys: list[str]) -> None:
    controls.press("n")
    if keys[0] in (ESCAPE, CLEAR):
        type_in(controls, "слова")
    assert [controls.press(key) for key in keys][-1] is None
    assert controls.prompt.mode == "watch"


def test_a_long_note_shows_its_end_and_an_interrupt_is_none_of_its_letters(controls: Controls) -> None:
    controls.press("n")
    type_in(controls, "раз два " * 100)
    row = drawn(controls)[-1]
    assert cell_len(row) <= 80
    assert "Enter" in row
    assert len(controls.prompt.draft) == LONGEST_NOTE
    assert controls.press(INTERRUPT) == Ended()


@pytest.mark.parametrize("key", "?,hр")
def test_help_comes_and_goes_and_a_key_works_in_it(controls: Controls, key: str) -> None:
    controls.press(key)
    assert "Клавиши" in " ".join(drawn(controls))
    assert "закончить и показать итог" in " ".join(drawn(controls))
    controls.press(key)
    assert "Речь" in " ".join(drawn(controls))
    controls.press(key)
    assert isinstance(controls.press("m"), Judged)


@pytest.mark.parametrize("mode", ["note", "help", "watch"])
@pytest.mark.parametrize(("width", "height"), [(30, 8), (60, 15), (60, 24), (80, 24), (120, 40)])
def test_every_mode_fills_every_size_exactly(controls: Controls, mode: str, width: int, height: int) -> None:
    controls.prompt.mode = mode  # type: ignore[assignment]
    controls.prompt.draft = "漢字 " * 60
    controls.prompt.message = "сообщение " * 30
    rows = drawn(controls, width, height)
    assert len(rows) == height
    assert max(cell_len(row) for row in rows) <= width


def test_keys_that_mean_nothing_and_hostile_ones_do_nothing(controls: Controls) -> None:
    for key in ("", "f1", "up", "x", *HOSTILE):
        assert controls.press(key) is None
    controls.press("n")
    for key in ("up", "\x1b", "\u202e", "\ud800"):
        controls.press(key)
    assert controls.prompt.draft == ""


def test_a_cue_rings_once_for_what_is_sure_and_heavy_and_not_twice_in_a_breath() -> None:
    rung: list[str] = []
    cue = Cue(lambda: rung.append("."), dismissed=lambda one: one.quote == "ложь")
    cue.finding(finding(id="1", state="tentative", emitted=1.0))
    cue.finding(finding(id="2", severity="advice", emitted=1.0))
    cue.finding(finding("ложь", id="3", emitted=1.0))
    cue.finding(finding(id="4", ignored="решено", emitted=1.0))
    assert rung == []
    cue.finding(finding(id="1", emitted=1.5))
    cue.finding(finding(id="1", emitted=9.0))
    cue.finding(finding(id="5", emitted=3.0))
    assert rung == ["."]
    cue.finding(finding(id="6", emitted=5.0))
    assert rung == [".", "."]


def test_the_summary_leaves_false_alarms_out(controls: Controls) -> None:
    controls.press("m")
    rows = list(summary(controls.board))
    assert "Нарушений: 1" in rows[2]
    assert not [row for row in rows if "самый лучший" in row]
    assert [row for row in rows if "пишите в вотсап" in row]
