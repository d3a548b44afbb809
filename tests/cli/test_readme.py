"""What the README says is true: commands, options, fields, the rule, the settings."""

import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from streamcheck.cli.main import COMMANDS, load_command, main
from streamcheck.config import load_config
from streamcheck.events import Finding

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.ru.md"]
ENGLISH = READMES[0].read_text(encoding="utf-8")


def blocks(readme: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)


def commands(readme: Path) -> list[list[str]]:
    """The arguments of every `streamcheck` in the shell blocks and in the running text of a README."""
    text = readme.read_text(encoding="utf-8")
    lines = [line for block in blocks(readme, "sh") for line in block.splitlines()]
    lines += re.findall(r"`(streamcheck [^`]+)`", text)
    parts = [shlex.split(part, comments=True) for line in lines for part in re.split(r"&&|\|", line)]
    return [part[1:] for part in parts if part and Path(part[0]).name == "streamcheck"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_commands_and_options_exist(readme: Path) -> None:
    found = commands(readme)
    assert len(found) > 5
    for args in found:
        if args[0] == "COMMAND":
            continue
        assert args[0] in COMMANDS, args
        command = load_command(args[0])
        if hasattr(command, "commands"):
            assert args[1] in command.commands, args
            command = command.commands[args[1]]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {arg for arg in args if arg.startswith("--")} <= options, args


def test_options_in_the_table_exist() -> None:
    options = {
        name: {o for parameter in load_command(name).params for o in parameter.opts} for name in ("live", "review")
    }
    rows = re.findall(r"^\| `(live )?(--[\w-]+) [^`]*` \|", ENGLISH, re.MULTILINE)
    assert len(rows) > 10
    for live_only, option in rows:
        assert option in options["live"]
        assert live_only or option in options["review"]


def test_every_field_of_a_finding_is_explained() -> None:
    table = ENGLISH.partition("## Findings")[2].partition("## Rules")[0]
    explained = {name for row in table.splitlines() if row.startswith("|") for name in re.findall(r"`(\w+)`", row)}
    assert {field.name for field in fields(Finding)} - {"ignored"} <= explained


def test_the_rule_loads_and_passes_its_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (rule,) = blocks(READMES[0], "yaml")
    (tmp_path / "my-shop.yaml").write_text(rule, encoding="utf-8")
    code = main(["rules", "test", "warehouse-pickup", "--rules", str(tmp_path)])
    assert code == 0, capsys.readouterr()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_settings_load(readme: Path, tmp_path: Path) -> None:
    (settings,) = blocks(readme, "toml")
    (tmp_path / "streamcheck.toml").write_text(settings, encoding="utf-8")
    assert load_config([tmp_path / "streamcheck.toml"]).commands["live"]["device"].value == "USB"


def test_ci_runs_both_commands() -> None:
    """Installing and checking the sample, then installing for development and testing."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    first, second = (block for block in blocks(READMES[0], "sh") if "pip install" in block)
    for part in ("'.[offline]'", "samples/broadcast.opus", "--platform kaspi"):
        assert part in first
        assert part.replace("samples", "$OLDPWD/samples") in script or part in script
    for part in ("-e '.[offline,dev]'", "pytest"):
        assert part in second
        assert part in script
