"""`streamcheck models`: which speech models are on this machine, and where."""

from collections.abc import Sequence
from typing import Annotated

import typer

from streamcheck.cli.options import UiLanguage, choice
from streamcheck.i18n import text
from streamcheck.safe import json_line, printable
from streamcheck.speech.models import FoundModel, list_models

FORMATS = ("text", "jsonl")


def models(
    output_format: Annotated[str, choice("--format", FORMATS, "speech.opt-models-format")] = "text",
    ui_language: UiLanguage = None,
) -> None:
    """Print what can be loaded without a network as a table or as JSON lines."""
    found = list_models()
    if output_format == "jsonl":
        for model in found:
            row = {"name": model.name, "origin": model.origin, "ready": model.ready, "size": model.size}
            typer.echo(json_line({"type": "model", **row, "path": str(model.path)}))
    elif found:
        _print_table(found)
    else:
        typer.echo(text("speech.models-none"))


def _print_table(found: Sequence[FoundModel]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=text("speech.models-title"), caption=text("speech.models-hint"), box=box.SIMPLE_HEAD)
    for column in ("name", "origin", "size", "state", "path"):
        table.add_column(
            text(f"speech.models-{column}"), justify="right" if column == "size" else "left", overflow="fold"
        )
    for model in found:
        state, style = ("ready", "green") if model.ready else ("broken", "yellow")
        table.add_row(
            Text(printable(model.name), "bold"),
            Text(text(f"speech.origin-{model.origin}")),
            Text(text("speech.megabytes", size=round(model.size / 1e6))),
            Text(text(f"speech.model-{state}"), style),
            Text(printable(str(model.path))),
        )
    Console().print(table)
