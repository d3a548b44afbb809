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
def said() -> str:
    """What is reviewed; a test may say something else."""
    return "шарфик тёплый\nкарманы глубокие\n"


@pytest.fixture
def watching(tmp_path: Path, rules: Path, said: str) -> Iterator[Watching]:
    (tmp_path / "said.txt").write_text(said, encoding="utf-8")
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


def test_text_of_rules_is_shown_safe(watching: Watching, rules: Path) -> None:
    watching.until("жду правок")
    (rules / "mine.yaml").write_text('pack: mine\nrulez: ["\\e[31m", \u202e]\n', encoding="utf-8")
    assert "\u202e" not in "".join(watching.until("rulez: ["))


@pytest.mark.parametrize("said", ["не шарфик лежит на столе.\nА потом покажу ещё один. Тот шарфик зелёный.\n"])
def test_of_two_like_findings_only_the_one_that_goes_is_told(watching: Watching, rules: Path) -> None:
    watching.until("жду правок")
    guarded = PACK.replace("    message:", "    unless: [{before: [не], scope: 1}]\n    message:")
    (rules / "mine.yaml").write_text(guarded % ("шарфик", "шарфик"), encoding="utf-8")
    gone, told = watching.until("проверено заново")
    assert gone.startswith("- ")
    assert "находок 1: новых 0, ушло 1" in told


@pytest.mark.parametrize("option", [["--format", "json"], ["--output", "x.html"], ["--keep"], ["--clips", "x"]])
def test_it_is_for_the_screen(tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "said.txt").write_text("шарфик\n", encoding="utf-8")
    command = [sys.executable, "-m", "streamcheck", "review", str(tmp_path / "said.txt"), "--watch", *option]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 2
    assert b"--watch" in done.stderr
