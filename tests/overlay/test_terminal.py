"""The overlay on a real terminal: tmux, looked at through capture-pane."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="needs Debian's package tmux")


class Terminal:
    """A tmux server of its own with one pane."""

    def __init__(self, socket: Path, width: int, height: int, command: str) -> None:
        self._tmux = ["tmux", "-u", "-S", str(socket), "-f", "/dev/null"]
        size = ["-x", str(width), "-y", str(height)]
        state = "stty -a | tr -s ' ;' '\\n' | grep -x -e '-*icanon' -e '-*echo' -e '-*isig'"
        shell = f"cd {ROOT} && env -u NO_COLOR -u COLUMNS -u LINES LANG=C.UTF-8 {command}; {state}; echo END; sleep 60"
        self.run("new-session", "-d", *size, shell)

    def run(self, *arguments: str) -> str:
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        command = [*self._tmux, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    def screen(self) -> list[str]:
        return self.run("capture-pane", "-p").splitlines()

    def until(self, seen: Callable[[list[str]], bool], seconds: float = 20) -> list[str]:
        """The screen once it shows what is waited for, or after so many seconds whatever it shows."""
        deadline = time.monotonic() + seconds
        while not seen(screen := self.screen()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return screen


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    return tmp_path / "gate"


@pytest.fixture
def open_terminal(tmp_path: Path, gate: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_it(width: int, height: int, before: str = "") -> Terminal:
        command = f"{before} {sys.executable} -W error -m tests.overlay.session {gate}"
        opened.append(Terminal(tmp_path / "tmux", width, height, command))
        return opened[-1]

    yield open_it
    for terminal in opened:
        terminal.run("kill-server")


@pytest.mark.parametrize(("width", "height"), [(60, 24), (80, 24), (120, 40)])
def test_a_session_on_screen_and_after(
    width: int, height: int, gate: Path, open_terminal: Callable[..., Terminal]
) -> None:
    terminal = open_terminal(width, height)
    rows = terminal.until(lambda rows: "👨" in "".join(rows) and "q конец" in rows[-1])
    shown = "\n".join(rows)
    assert rows[0].startswith(" ● СЛУШАЮ  0:03")
    assert "Микрофон ␛[31m" in rows[1]
    assert "НАРУШЕНИЕ  ПРЕВОСХОДНАЯ СТЕПЕНЬ" in shown
    assert "«самый лучший»" in shown
    assert "q конец" in rows[height - 1]
    assert "ALSA" not in shown
    assert terminal.run("display", "-p", "#{alternate_on}#{cursor_flag}").strip() == "10"
    assert "чужой" not in terminal.run("display", "-p", "#{pane_title}")

    gate.touch()
    after = "\n".join(terminal.until(lambda rows: "END" in rows))
    assert "Эфир окончен: 0:03" in after
    assert "Нарушений: 1" in after
    assert "Traceback" not in after
    assert terminal.run("display", "-p", "#{alternate_on}#{cursor_flag}").strip() == "01"


def test_the_screen_follows_the_window(gate: Path, open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(120, 40)
    terminal.until(lambda rows: any("НАРУШЕНИЕ" in row for row in rows))
    terminal.run("resize-window", "-x", "62", "-y", "24")
    rows = terminal.until(lambda rows: len(rows) == 24 and "q конец" in rows[23])
    assert rows[23].endswith("q конец")
    gate.touch()


def test_keys_of_any_layout_work_and_the_terminal_is_as_it_was(
    gate: Path, open_terminal: Callable[..., Terminal]
) -> None:
    terminal = open_terminal(80, 24)
    terminal.until(lambda rows: "q конец" in rows[-1])
    terminal.run("send-keys", "?")
    assert any("закончить и показать итог" in row for row in terminal.until(lambda rows: "Клавиши" in "".join(rows)))
    terminal.run("send-keys", "n", "это не она", "BSpace", "Enter")
    terminal.until(lambda rows: "Заметка сохранена" in rows[-1])
    terminal.run("send-keys", "n", "ой", "Escape")
    terminal.until(lambda rows: "q конец" in rows[-1])
    terminal.run("send-keys", "ь")
    assert any("Ложная тревога: «самый лучший»" in row for row in terminal.until(lambda rows: "u —" in rows[-1]))
    terminal.run("send-keys", "Up", "F1", "p", "q")
    after = terminal.until(lambda rows: "END" in rows)
    assert gate.with_suffix(".asked").read_text().splitlines() == [
        "Noted(at=3.0, words='это не он', finding='1')",
        "Judged(findings=('1',), verdict='false-alarm')",
        "PauseToggled()",
        "Ended()",
    ]
    assert "Эфир окончен: 0:03" in "\n".join(after)
    assert {row.strip() for row in after} >= {"icanon", "echo", "isig"}


def test_an_interrupt_is_the_end(gate: Path, open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(80, 24)
    terminal.until(lambda rows: "q конец" in rows[-1])
    terminal.run("send-keys", "C-c")
    after = terminal.until(lambda rows: "END" in rows)
    assert gate.with_suffix(".asked").read_text() == "Ended()\n"
    assert {row.strip() for row in after} >= {"icanon", "echo", "isig"}


def test_keys_work_though_sound_comes_by_standard_input(gate: Path, open_terminal: Callable[..., Terminal]) -> None:
    terminal = open_terminal(80, 24, before="sleep 60 |")
    terminal.until(lambda rows: "q конец" in rows[-1])
    terminal.run("send-keys", "?")
    assert "Клавиши" in "".join(terminal.until(lambda rows: "Клавиши" in "".join(rows)))
    terminal.run("send-keys", "q")
    terminal.until(lambda rows: gate.with_suffix(".asked").exists())
    assert gate.with_suffix(".asked").read_text() == "Ended()\n"
