"""The command line as a whole: help, versions, and how everything that goes wrong ends."""

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from streamcheck import __version__
from streamcheck.cli.main import COMMANDS, main
from streamcheck.errors import RulesError, SourceError


def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """`python -m streamcheck` in a process of its own."""
    command = [sys.executable, "-W", "error", "-m", "streamcheck", *args]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", **env})


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """An app of one command in the place of `live`, which raises what `failing.error` holds."""
    app = typer.Typer(add_completion=False)

    @app.command()
    def live() -> None:
        raise app.error  # type: ignore[attr-defined]

    monkeypatch.setattr(import_module("streamcheck.cli.main"), "load_command", lambda name: typer.main.get_command(app))
    return app


def test_help_lists_every_command_in_the_users_language() -> None:
    russian, english = run("--help").stdout, run("--help", LC_ALL="en_US.UTF-8").stdout
    assert "Слушать эфир" in russian
    assert "Listen to a broadcast" in english
    assert all(re.search(rf"\b{name}\b", russian) for name in COMMANDS)
    assert run("--help", "--ui-language", "en").stdout == english


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from streamcheck.cli import main; main(['--help']); print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(out.splitlines()[-1].split())
    heavy = {"numpy", "av", "faster_whisper", "ctranslate2", "onnxruntime", "sounddevice", "pymorphy3", "pydantic"}
    assert not loaded & (heavy | {"jinja2", "yaml", "regex", "soxr"})


def test_without_arguments_help_is_shown() -> None:
    assert run().stdout == run("--help").stdout


def test_version() -> None:
    assert run("--version").stdout == f"streamcheck {__version__}\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["liv"], "нет команды «liv»; может быть, «live»; есть: live, review"),
        (["config", "shwo"], "нет команды «shwo»; может быть, «show»"),
        (["--vrsion"], "нет параметра «--vrsion»; может быть, «--version»"),
        (["live", "--fail-on", "violatio"], "--fail-on: нет значения «violatio»; может быть, «violation»; есть:"),
        (["live", "--fail-on"], "--fail-on"),
        (["live", "--speed", "быстро"], "--speed: «быстро» — не число больше нуля"),
        (["live", "--speed", "0"], "--speed: «0» — не число больше нуля"),
        (["live", "--platfrm", "kaspi"], "нет параметра «--platfrm»; может быть, «--platform»"),
        (["live", "--ui-language", "de"], "--ui-language: нет значения «de»; есть: ru, en"),
        (["live\x1b[31m"], "нет команды «live␛[31m»"),
        (["review"], "FILE"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("streamcheck: ")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SourceError("нет файла x\x1b[31m"), 2, "streamcheck: нет файла x␛[31m\n"),
        (RulesError("a.yaml:1:1: раз\nb.yaml:2:2: два"), 2, "streamcheck: a.yaml:1:1: раз\nb.yaml:2:2: два\n"),
        (KeyboardInterrupt(), 130, "streamcheck: прервано\n"),
        (typer.Exit(1), 1, ""),
    ],
)
def test_errors_end_in_lines(
    failing: typer.Typer, error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    failing.error = error  # type: ignore[attr-defined]
    assert main(["live"]) == code
    assert capsys.readouterr().err == said


def test_an_unexpected_error_is_a_line_and_a_file(
    failing: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    failing.error = ZeroDivisionError("деление")  # type: ignore[attr-defined]
    assert main(["live"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "внутренняя ошибка streamcheck (ZeroDivisionError: деление)" in err
    (saved,) = (tmp_path / "streamcheck" / "crashes").iterdir()
    assert str(saved) in err
    assert "Traceback" in saved.read_text(encoding="utf-8")


def test_a_closed_pipe_is_silent() -> None:
    script = f"{sys.executable} -W error -m streamcheck --help | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.returncode in (0, 141)


def test_a_terminal_of_another_encoding_ends_nothing() -> None:
    done = run("--help", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert done.stderr == ""
