"""Options that `live` and `review` share, and what both make of them."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streamcheck.cli.choice import UiLanguage as UiLanguage
from streamcheck.cli.choice import choice as choice
from streamcheck.events import SEVERITIES, Finding
from streamcheck.i18n import text

if TYPE_CHECKING:
    from streamcheck.checking import RuleSet
    from streamcheck.speech.speed import Purpose

NEVER = "never"
SPEECH_LANGUAGES = ("ru", "kk", "en", "auto")


Platform = Annotated[str, typer.Option("--platform", metavar="ID", help=text("cli.opt-platform"))]
RuleFolders = Annotated[list[Path] | None, typer.Option("--rules", metavar="DIR", help=text("cli.opt-rules"))]
Products = Annotated[Path | None, typer.Option("--products", metavar="FILE", help=text("cli.opt-products"))]
Evidence = Annotated[Path | None, typer.Option("--evidence", metavar="FILE", help=text("cli.opt-evidence"))]
Vocabulary = Annotated[Path | None, typer.Option("--vocabulary", metavar="FILE", help=text("cli.opt-vocabulary"))]
Model = Annotated[str, typer.Option("--model", metavar="NAME|DIR", help=text("cli.opt-model"))]
Language = Annotated[str, choice("--language", SPEECH_LANGUAGES, "cli.opt-language")]
SoundInReport = Annotated[str, choice("--sound", ("embed", "beside", "none"), "html.opt-sound")]
FailOn = Annotated[str, choice("--fail-on", (*SEVERITIES, NEVER), "cli.opt-fail-on")]
MinSeverity = Annotated[str, choice("--min-severity", SEVERITIES, "cli.opt-min-severity")]


def named_model(model: str, purpose: "Purpose", language: str) -> str:
    """The model to use: for `auto` the one that fits the machine, measured now if it was not."""
    if model != "auto":
        return model
    from streamcheck.speech.fitness import chosen_model

    chosen = chosen_model(model, purpose, _say, language)
    _say(text("cli.chosen-model", model=chosen))
    return chosen


def _say(sentence: str) -> None:
    print(f"streamcheck: {sentence}", file=sys.stderr)


def at_least(severity: str, threshold: str) -> bool:
    """Whether a severity is as heavy as the threshold; nothing is as heavy as `never`."""
    order = (NEVER, *SEVERITIES)
    return order.index(severity) <= order.index(threshold)


def exit_code(findings: Iterable[Finding], fail_on: str) -> int:
    """1 where a standing finding is at or above `fail_on`, else 0; not counting withdrawn, supported, ignored."""
    return int(
        any(
            finding.state in ("tentative", "confirmed") and not finding.ignored and at_least(finding.severity, fail_on)
            for finding in findings
        )
    )


def read_rules(
    platform: str, folders: Sequence[Path] | None, products: Path | None, evidence: Path | None, vocabulary: Path | None
) -> "RuleSet":
    """The rules that the shared options ask for. Raises RulesError or ConfigError."""
    from platformdirs import user_cache_path

    from streamcheck.checking import load_rules

    return load_rules(
        tuple(folders or ()),
        platform=platform,
        products=products,
        evidence=evidence,
        shop=vocabulary,
        cache=user_cache_path("streamcheck"),
    )
