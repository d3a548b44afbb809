"""`streamcheck devices`: which microphones there are, and what to call them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from streamcheck.audio.devices import Device, list_devices, no_devices
from streamcheck.cli.options import UiLanguage, choice
from streamcheck.i18n import text
from streamcheck.safe import printable

FORMATS = ("text", "jsonl")


def devices(
    output_format: Annotated[str, choice("--format", FORMATS, "audio.opt-devices-format")] = "text",
    ui_language: UiLanguage = None,
) -> None:
    """Print the input devices as a table or as JSON lines. Raises DeviceError where PortAudio is missing."""
    found = list_devices()
    if output_format == "jsonl":
        for device in found:  # ASCII keeps a driver's own name whole and harmless
            typer.echo(json.dumps({"type": "device", **asdict(device)}))
    elif found:
        _print_table(found)
    else:
        typer.echo(no_devices())


def _print_table(found: Sequence[Device]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=text("audio.devices-title"), caption=text("audio.devices-hint"), box=box.SIMPLE_HEAD)
    for column in ("number", "name", "api", "channels", "rate"):
        table.add_column(
            text(f"audio.devices-{column}"),
            justify="left" if column in ("name", "api") else "right",
            overflow="fold",
        )
    for device in found:
        name = Text(printable(device.name), "bold" if device.default else "")
        if device.default:
            name.append(f" ({text('audio.devices-default')})", "green")
        cells = (Text(printable(device.host_api)), str(device.channels), f"{device.rate:.0f}")
        table.add_row(str(device.number), name, *cells)
    Console().print(table)
