"""`streamcheck evidence check`: are the register of proofs and the product cards in order?"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from streamcheck.errors import ConfigError
from streamcheck.i18n import text
from streamcheck.safe import printable

app = typer.Typer(no_args_is_help=True, help=text("cli.help-evidence"), add_completion=False)


@app.callback()
def evidence() -> None:
    """Keeps `check` a command of its own."""


@app.command("check", help=text("checking.help-evidence-check"))
def check(
    evidence: Annotated[Path | None, typer.Option("--evidence", metavar="FILE", help=text("cli.opt-evidence"))] = None,
    products: Annotated[Path | None, typer.Option("--products", metavar="FILE", help=text("cli.opt-products"))] = None,
    ui_language: Annotated[str | None, typer.Option("--ui-language", help=text("cli.opt-ui-language"))] = None,
) -> None:
    """Load both files as `live` and `review` do; 1 where an entry proves nothing any more, 2 where a file is wrong."""
    from streamcheck.checking.evidence import read_evidence, remarks
    from streamcheck.checking.products import read_products

    if evidence is None and products is None:
        raise ConfigError(text("checking.nothing-to-check"))
    found: list[str] = []
    if evidence is not None:
        register = read_evidence(evidence)
        found = list(remarks(register, date.today()))
        typer.echo(text("checking.evidence-count", file=printable(str(evidence)), count=len(register.entries)))
    if products is not None:
        catalogue = read_products(products)
        typer.echo(text("checking.products-count", file=printable(str(products)), count=len(catalogue.products)))
    for remark in found:
        typer.echo(printable(remark))
    raise typer.Exit(1 if found else 0)
