"""`streamcheck doctor`: is the machine fit, which model fits it, and what to do about the rest."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from streamcheck import __version__
from streamcheck.cli.options import UiLanguage, choice
from streamcheck.doctor import VERDICTS, Check, Verdict, examine
from streamcheck.i18n import text
from streamcheck.safe import json_line

FORMATS = ("text", "json")
_STYLES = {"green": "bold green", "yellow": "bold yellow", "red": "bold red"}


def doctor(
    device: Annotated[str | None, typer.Option("--device", metavar="NAME", help=text("cli.opt-device"))] = None,
    output_format: Annotated[str, choice("--format", FORMATS, "doctor.opt-format")] = "text",
    ui_language: UiLanguage = None,
) -> int:
    """Make every check and print it; 1 where one is red, so that a script can ask before it goes on air."""
    checks: list[Check] = []
    for check in examine(device, _say):
        checks.append(check)
        if output_format == "text":
            _print(check)
    worst = max((check.verdict for check in checks), key=VERDICTS.index)
    if output_format == "json":
        _print_json(checks, worst)
    else:
        typer.echo(f"\n{text(f'doctor.summary-{worst}')}")
    return int(worst == "red")


def _say(sentence: str) -> None:
    print(f"streamcheck: {sentence}", file=sys.stderr)


def _print(check: Check) -> None:
    """A line of its own with the verdict in words and colour, and under it what to do."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = max(len(text(f"doctor.verdict-{verdict}")) for verdict in VERDICTS)
    line = Table.grid(padding=(0, 2))
    line.add_column(width=width)
    line.add_column(overflow="fold")
    words = Text(check.found)
    if check.advice:
        words.append(f"\n→ {check.advice}", "bold")
    line.add_row(Text(text(f"doctor.verdict-{check.verdict}"), _STYLES[check.verdict]), words)
    Console().print(line)


def _print_json(checks: Sequence[Check], worst: Verdict) -> None:
    rows = [
        {"check": one.name, "verdict": one.verdict, "found": one.found, "advice": one.advice, **one.figures}
        for one in checks
    ]
    typer.echo(json_line({"type": "doctor", "version": __version__, "verdict": worst, "checks": rows}))
