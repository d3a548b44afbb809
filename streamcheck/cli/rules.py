"""`streamcheck rules`: list, show, explain, test, lint, schema and new, for the people who write rules."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from streamcheck.errors import ConfigError, OutputError
from streamcheck.i18n import text
from streamcheck.safe import printable

if TYPE_CHECKING:
    from streamcheck.checking.ruleset import CompiledRule, RuleSet

app = typer.Typer(no_args_is_help=True, help=text("cli.help-rules"), add_completion=False)

Folders = Annotated[list[Path] | None, typer.Option("--rules", metavar="DIR", help=text("checking.opt-rules"))]
PlatformName = Annotated[str, typer.Option("--platform", help=text("checking.opt-platform"))]
UiLanguage = Annotated[str | None, typer.Option("--ui-language", help=text("cli.opt-ui-language"))]


def _load(folders: list[Path] | None, platform: str) -> "RuleSet":
    from streamcheck.checking import load_rules

    return load_rules(folders or (), platform=platform)


def _find(rules: "RuleSet", name: str) -> "CompiledRule":
    from streamcheck.checking.yamlfile import near_name

    for rule in rules.rules:
        if name in (rule.spec.id, rule.name):
            return rule
    hint = near_name(name, [rule.spec.id for rule in rules.rules])
    raise ConfigError(text("checking.unknown-rule", name=name) + hint)


@app.command("list", help=text("checking.help-list"))
def list_rules(
    folders: Folders = None,
    platform: PlatformName = "generic",
    category: Annotated[str | None, typer.Option("--category", help=text("checking.opt-category"))] = None,
    output: Annotated[str, typer.Option("--format", help="text | jsonl")] = "text",
    ui_language: UiLanguage = None,
) -> None:
    """Every rule that applies on the platform, a line each."""
    from streamcheck.checking.schema import CATEGORIES
    from streamcheck.checking.yamlfile import near_name

    if category is not None and category not in CATEGORIES:
        message = text("checking.unknown-category", name=category) + near_name(category, CATEGORIES)
        raise ConfigError(message)
    if output not in ("text", "jsonl"):
        raise ConfigError(text("checking.unknown-format", name=output, names="text, jsonl"))
    rules = _load(folders, platform)
    chosen = [rule for rule in rules.rules if category in (None, rule.spec.category)]
    if output == "jsonl":
        for rule in chosen:
            row = {"rule": rule.name, "title": rule.spec.title, "category": rule.spec.category}
            row |= {"severity": rule.severity, "language": rule.spec.language, "source": rule.source}
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for key in ("rule", "category", "severity", "title"):
        table.add_column(text(f"checking.column-{key}"), overflow="fold")
    for rule in sorted(chosen, key=lambda one: (one.spec.category, one.name)):
        table.add_row(escape(rule.name), rule.spec.category, rule.severity, escape(printable(rule.spec.title)))
    console = Console()
    console.print(table)
    console.print(text("checking.rules-count", count=len(chosen), platform=platform), markup=False)


@app.command("show", help=text("checking.help-show"))
def show(
    name: str,
    folders: Folders = None,
    platform: PlatformName = "generic",
    ui_language: UiLanguage = None,
) -> None:
    """A rule as it stands in its file, with what the platform makes of it."""
    import yaml

    rule = _find(_load(folders, platform), name)
    data = rule.spec.model_dump(exclude_defaults=True, mode="json")
    data["severity"] = rule.severity
    shown = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    typer.echo("\n".join(printable(line) for line in shown.splitlines()))


@app.command("explain", help=text("checking.help-explain"))
def explain(
    name: str,
    folders: Folders = None,
    platform: PlatformName = "generic",
    ui_language: UiLanguage = None,
) -> None:
    """Why a rule is there, what it rests on, what to say instead, and examples both ways."""
    from streamcheck.checking.selftest import read_case

    rule = _find(_load(folders, platform), name)
    spec = rule.spec
    console = Console(highlight=False)

    def line(markup: str, value: str = "") -> None:
        console.print(markup + escape(printable(value)))

    line(f"[bold]{escape(printable(spec.title))}[/]  ", f"{rule.name} · {spec.category} · {rule.severity}")
    line("\n", spec.why.strip())
    line(f"\n[bold]{text('checking.say-instead')}[/] ", spec.advice.say)
    for sentence in spec.advice.instead:
        line("  + ", sentence)
    line(f"\n[bold]{text('checking.sources')}[/] ", rule.source)
    for part in spec.known_false:
        line(f"[bold]{text('checking.known-false')}[/] ", part)
    for fires, title in ((True, "checking.examples-fire"), (False, "checking.examples-silent")):
        line(f"\n[bold]{text(title)}[/]")
        for item in spec.tests:
            case, wanted = read_case(item)
            if bool(wanted) is fires and not case.todo:
                line("  – ", item if isinstance(item, str) else " / ".join(case.say))


@app.command("test", help=text("checking.help-test"))
def run_tests(
    name: Annotated[str | None, typer.Argument(help=text("checking.arg-test"))] = None,
    folders: Folders = None,
    platform: Annotated[str | None, typer.Option("--platform", help=text("checking.opt-platform"))] = None,
    clean: Annotated[Path | None, typer.Option("--clean", metavar="DIR", help=text("checking.opt-clean"))] = None,
    ui_language: UiLanguage = None,
) -> None:
    """Run every case of every rule, hostile strings, and count false alarms on clean talk."""
    from streamcheck.checking.loading import GENERIC, choose_platform, clean_samples, read_sources
    from streamcheck.checking.selftest import false_alarms, run_cases, run_hostile

    names = [platform] if platform else sorted({GENERIC, *read_sources(folders or ()).platforms})
    choose_platform(read_sources(folders or ()), names[0])
    failed, cases = 0, 0
    failures: dict[tuple[str, str], list[str]] = {}
    for one in names:
        rules = _load(folders, one)
        if name is not None and one == names[0] and name not in {rule.pack for rule in rules.rules}:
            _find(rules, name)
        outcome = run_cases(rules, name)
        cases += outcome.cases
        found = [*(outcome.failures or ()), *(run_hostile(rules) if name is None and one == names[0] else ())]
        for failure in found:
            failures.setdefault((failure.rule, failure.message), []).append(one)
    for (rule, message), where in failures.items():
        failed += 1
        typer.echo(f"{rule} ({', '.join(where)}): {printable(message)}")
    folder = clean or clean_samples()
    if folder is not None and folder.is_dir() and name is None:
        alarms, hours = false_alarms(_load(folders, GENERIC), folder)
        for file, finding in alarms:
            place = f"{file}:{finding.line} {finding.rule}"
            typer.echo(text("checking.false-alarm", place=place, quote=printable(finding.quote)))
        typer.echo(text("checking.alarms", count=len(alarms), hours=round(hours, 2)))
    typer.echo(text("checking.tested", cases=cases, platforms=len(names), failed=failed))
    raise typer.Exit(1 if failed else 0)


@app.command("train", help=text("training.help"))
def train(
    folders: Folders = None,
    output: Annotated[Path, typer.Option("--output", help=text("training.opt-output"))] = Path("classifier.npz"),
    ui_language: UiLanguage = None,
) -> None:
    """A classifier from the tests of all rules and the examples beside them."""
    from streamcheck.checking.classifier import save_classifier
    from streamcheck.checking.loading import read_sources, shipped_rules
    from streamcheck.checking.training import examples_of_rules, read_examples
    from streamcheck.checking.training import train as fit

    paths = [path for folder in (shipped_rules(), *(folders or ())) for path in sorted(folder.glob("examples/*.tsv"))]
    examples = [*examples_of_rules(read_sources(folders or ())), *read_examples(paths)]
    classifier = fit(examples)
    try:
        save_classifier(classifier, output)
    except OSError as error:
        raise OutputError(text("checking.cannot-write", file=output, why=error.strerror)) from error
    typer.echo(text("training.trained", count=len(examples), file=output))


@app.command("lint", help=text("checking.help-lint"))
def lint(folders: Folders = None, ui_language: UiLanguage = None) -> None:
    """Errors of the rule files, and what an author may want to mend."""
    from streamcheck.checking.linting import lint_rules

    remarks = lint_rules(_load(folders, "generic"))
    for remark in remarks:
        typer.echo(printable(remark))
    typer.echo(text("checking.linted", count=len(remarks)))
    raise typer.Exit(1 if remarks else 0)


@app.command("schema", help=text("checking.help-schema"))
def schema(ui_language: UiLanguage = None) -> None:
    """JSON Schema of rule files, for editors."""
    from pydantic import TypeAdapter

    from streamcheck.checking.schema import Lists, Pack, Platform

    data = TypeAdapter(Pack | Platform | Lists).json_schema()
    data["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


@app.command("new", help=text("checking.help-new"))
def new(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    category: Annotated[str, typer.Option("--category", help=text("checking.opt-category"))],
    output: Annotated[Path, typer.Option("--output", help=text("checking.opt-new-file"))] = Path("rules/my-rules.yaml"),
    ui_language: UiLanguage = None,
) -> None:
    """A new pack with one draft rule to fill in."""
    from streamcheck.checking.linting import TEMPLATE
    from streamcheck.checking.schema import CATEGORIES
    from streamcheck.checking.yamlfile import near_name

    if category not in CATEGORIES:
        raise ConfigError(text("checking.unknown-category", name=category) + near_name(category, CATEGORIES))
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule_id):
        raise ConfigError(text("checking.bad-rule-id", name=rule_id))
    if output.exists():
        raise OutputError(text("checking.file-exists", file=output))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(TEMPLATE.format(id=rule_id, category=category, pack=output.stem), encoding="utf-8")
    except OSError as error:
        raise OutputError(text("checking.cannot-write", file=output, why=error.strerror)) from error
    typer.echo(text("checking.written", file=output))
