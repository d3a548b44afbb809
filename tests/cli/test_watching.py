"""`review --watch`: what an author sees who changes a rule while the command stands by."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

PACK = """pack: mine
sources:
  s: {title: мой источник}
rules:
  - id: my-words
    title: проба
    category: literacy
    severity: violation
    any: [{lemmas: [%s]}]
    message: плохо
    advice: {say: иначе, instead: [хорошо]}
    why: потому
    source: [s]
    tests: ["[%s] тут", "совсем другое"]
"""


class Watching:
    """The command at work; its lines as they come."""

    def __init__(self, *arguments: str) -> None:
        self._lines: Queue[str] = Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamcheck", "review", *arguments, "--watch"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line.decode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()

    def until(self, words: str) -> list[str]:
        """The lines up to one with these words."""
        lines = []
        while not lines or words not in lines[-1]:
            lines.append(self._lines.get(timeout=60))
        return lines


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


@pytest.fixture
def watching(tmp_path: Path, rules: Path) -> Iterator[Watching]:
    (tmp_path / "said.txt").write_text("шарфик тёплый\nкарманы глубокие\n", encoding="utf-8")
    write(rules, "шарфик")
    running = Watching(str(tmp_path / "said.txt"), "--rules", str(rules), "--ui-language", "ru")
    yield running
    running.close()


def write(rules: Path, word: str) -> None:
    (rules / "mine.yaml").write_text(PACK % (word, word), encoding="utf-8")


def test_a_change_is_told_and_nothing_else(watching: Watching, rules: Path) -> None:
    assert any("шарфик" in line for line in watching.until("жду правок"))
    write(rules, "карман")
    gone, new, told = watching.until("проверено заново")
    assert gone.startswith("- ")
    assert "«шарфик»" in gone
    assert new.startswith("+ ")
    assert "«карманы»" in new
    assert "находок 1: новых 1, ушло 1" in told
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(30) == 1, "what stands at the end decides"


def test_a_broken_file_is_told_of_and_the_next_change_awaited(watching: Watching, rules: Path) -> None:
    watching.until("жду правок")
    (rules / "mine.yaml").write_text("pack: mine\nrules: [", encoding="utf-8")
    assert "mine.yaml:3" in watching.until("ошибка YAML")[-1]
    write(rules, "нигде")
    assert "находок 0: новых 0, ушло 1" in watching.until("проверено заново")[-1]
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(30) == 0


def test_it_is_for_the_screen(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("шарфик\n", encoding="utf-8")
    running = Watching(str(tmp_path / "said.txt"), "--format", "json", "--ui-language", "ru")
    assert "--watch" in running.until("streamcheck: ")[-1]
    assert running.process.wait(30) == 2
    running.close()
