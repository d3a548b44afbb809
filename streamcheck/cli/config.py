"""`streamcheck config`: what is set, and where."""

from pathlib import Path

import typer

from streamcheck.cli.options import UiLanguage
from streamcheck.config import KEYS, config_files, load_config
from streamcheck.i18n import text
from streamcheck.safe import printable

app = typer.Typer(add_completion=False, no_args_is_help=True, help=text("cli.help-config"))


@app.callback()
def config() -> None:
    """Keep `show` a subcommand: typer makes an app with one command that command."""


@app.command("show", help=text("cli.help-config-show"))
def show(ui_language: UiLanguage = None) -> None:
    """Print the configuration files and, for every command, each key with its value and where it comes from."""
    from streamcheck.cli.main import load_command

    settings = load_config(config_files(Path.cwd()))
    typer.echo(text("cli.config-files"))
    for file in reversed(settings.files):
        typer.echo(f"  {printable(str(file))}  ({text('cli.config-found' if file.exists() else 'cli.config-absent')})")
    for command, keys in KEYS.items():
        defaults = {parameter.name: parameter.default for parameter in load_command(command).params}
        typer.echo(f"\n[{command}]")
        for name in keys:
            setting = settings.setting(command, name)
            value = setting.value if setting else defaults.get(name.replace("-", "_"))
            place = setting.place if setting else text("cli.config-default")
            typer.echo(f"{name} = {_toml(value)}".ljust(44) + f"  # {place}")


def _toml(value: object) -> str:
    """A value as TOML would write it; what is unset as an empty value."""
    if value is None:
        return '""'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{printable(str(value))}"'
