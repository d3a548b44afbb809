"""Options that take one of a few words; apart from the others, since `streamcheck --help` needs these alone."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from streamcheck.config import near_name
from streamcheck.i18n import LANGUAGES, text
from streamcheck.safe import printable


def one_of(*allowed: str) -> Callable[[str | None], str | None]:
    """A typer callback that accepts these values only, and names them with the near one where another came."""

    def check(value: str | None) -> str | None:
        if value is not None and value not in allowed:
            raise typer.BadParameter(text("cli.bad-choice", value=printable(value, 60)) + near_name(value, allowed))
        return value

    return check


def choice(flag: str, allowed: Sequence[str], help_key: str) -> typer.models.OptionInfo:
    """An option that takes one of a few words, shown in its help."""
    info: typer.models.OptionInfo = typer.Option(
        flag, callback=one_of(*allowed), metavar="|".join(allowed), help=text(help_key)
    )
    return info


UiLanguage = Annotated[str | None, choice("--ui-language", LANGUAGES, "cli.opt-ui-language")]
