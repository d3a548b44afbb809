"""The click group that streamcheck's commands hang on."""

from typing import Any

from typer.core import TyperGroup

from streamcheck.config import near_name
from streamcheck.errors import ConfigError
from streamcheck.i18n import text
from streamcheck.safe import printable


class Group(TyperGroup):
    """Names its commands, and the near one, where it is asked for one that it does not have."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in self.commands and not name.startswith("-"):
            raise ConfigError(text("cli.no-command", name=printable(name, 60)) + near_name(name, self.commands))
        return super().resolve_command(ctx, args)
