import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from streamcheck.events import Status
from streamcheck.overlay.board import Board
from streamcheck.overlay.screen import Heading, Screen
from tests.overlay.events import HOSTILE, finding, hypothesis

SIZES = [(30, 8), (60, 15), (60, 24), (80, 24), (120, 40), (200, 60)]


def draw(board: Board, width: int, height: int, heading: Heading | None = None) -> list[str]:
    console = Console(file=io.StringIO(), width=width, height=height)
    screen = Screen(heading or Heading("Микрофон", "kaspi", "base"), console)
    return screen.draw(board, width, height).plain.split("\n")


def busy_board() -> Board:
    board = Board()
    board.status = Status("listening", lag=0.4, policy_lag=1.2, level_db=-20.0, received=12.0)
    for number in range(30):
        board.hear(
            hypothesis("это самый лучший халат на рынке и ещё много слов " * 2, number=number, start=number * 9.0)
        )
    for number, category in enumerate(("contact", "profanity", "deal", "link", "superlative")):
        board.find(finding(f"слова {number}", id=str(number), category=category, start=number + 1.0, end=number + 2.0))
    return board


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_size_is_filled_exactly(width: int, height: int) -> None:
    rows = draw(busy_board(), width, height)
    assert len(rows) == height
    assert max(cell_len(row) for row in rows) <= width


@pytest.mark.parametrize(("width", "height"), [(1, 1), (10, 3), (29, 24), (80, 7)])
def test_a_window_too_small_says_so(width: int, height: int) -> None:
    assert draw(busy_board(), width, height) == ["Окно мало"[:width]]


@pytest.mark.parametrize(("width", "height"), SIZES[2:])
def test_the_newest_breach_is_told_in_words(width: int, height: int) -> None:
    shown = " ".join(" ".join(draw(busy_board(), width, height)).split())
    assert "НАРУШЕНИЕ ПРЕВОСХОДНАЯ СТЕПЕНЬ" in shown
    assert "«слова 4» → «очень удобный»" in shown
    assert "«слова 3»" in shown
    assert "СЛУШАЮ 0:12" in shown
    assert "отставание 0,4 с" in shown


def test_both_lags_are_shown_where_there_is_room() -> None:
    assert "отставание 0,4 с, текста 1,2 с" in draw(busy_board(), 80, 24)[0]
    assert "отставание 0,4 с " in draw(busy_board(), 60, 24)[0]


def test_before_the_first_breach_the_screen_is_calm() -> None:
    board = Board()
    assert "Готовлюсь слушать…" in " ".join(draw(board, 80, 24))
    board.status = Status("listening", received=3.0)
    assert "Нарушений не слышно" in " ".join(draw(board, 80, 24))


def test_detail_takes_the_place_of_the_heading() -> None:
    board = Board()
    board.status = Status("gap", detail="микрофон молчит")
    rows = draw(board, 80, 24)
    assert "НЕТ ЗВУКА" in rows[0]
    assert "микрофон молчит" in rows[1]


def test_tentative_words_are_dim_and_findings_marked() -> None:
    board = Board()
    board.status = Status("listening", received=4.0)
    board.hear(hypothesis("это самый лучший халат поверьте", start=0.5, stable=3, final=False))
    board.find(finding("самый лучший", start=1.0, end=1.9))
    drawn = Screen(Heading("м", "generic", "base"), Console(file=io.StringIO())).draw(board, 80, 24)
    offset = drawn.plain.index("это самый лучший халат")
    styles = {drawn.plain[span.start : span.end]: str(span.style) for span in drawn.spans if span.start >= offset}
    assert styles["халат"] == styles["поверьте"] == "dim"
    assert "#7e22ce" in styles["лучший"]


def test_a_withdrawn_breach_is_shown_as_withdrawn() -> None:
    board = Board()
    board.status = Status("listening", received=3.0)
    board.find(finding(state="withdrawn", emitted=2.5))
    assert "СНЯТО" in " ".join(draw(board, 80, 24))


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(("width", "height"), [(60, 24), (120, 40)])
def test_hostile_text_stays_text(hostile: str, width: int, height: int) -> None:
    board = Board()
    board.status = Status("listening", received=3.0, detail=hostile)
    board.hear(hypothesis(f"до {hostile} после"))
    board.find(finding(hostile, suggestion=hostile, message=hostile, category="свой\x1b[1m"))
    board.find(finding(hostile, id="2", suggestion=hostile, severity="advice"))
    heading = Heading(hostile, hostile, hostile)
    rows = draw(board, width, height, heading)
    assert len(rows) == height
    assert all(row.isprintable() for row in rows) or "\u0301" in hostile
    assert max(cell_len(row) for row in rows) <= width
    console = Console(file=io.StringIO(), force_terminal=True, width=width, height=height, color_system="256")
    console.print(Screen(heading, console).draw(board, width, height))
    sent = console.file.getvalue()  # type: ignore[attr-defined]
    assert "\x1b[2J" not in sent
    assert "\x1b]" not in sent
    assert "разметка[/bold red]" in sent or "разметка" not in sent
