"""`streamcheck stats`: what many broadcasts show together."""

import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streamcheck.cli.choice import UiLanguage, choice
from streamcheck.cli.output import check_output, deliver
from streamcheck.errors import ConfigError
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.sessions.decisions import decided
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import Session, Store
from streamcheck.statistics.counting import Broadcast, Group, RuleRecord, Statistics, count
from streamcheck.statistics.wording import group_name, is_doubtful, number, percent

FORMATS = ("table", "json", "csv", "html")
_MOST_RULES = 15


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(text("stats.bad-date", value=printable(value, 40))) from error


Since = Annotated[date | None, typer.Option("--since", parser=_day, metavar="DATE", help=text("stats.opt-since"))]
Until = Annotated[date | None, typer.Option("--until", parser=_day, metavar="DATE", help=text("stats.opt-until"))]
OfPlatform = Annotated[str | None, typer.Option("--platform", metavar="ID", help=text("stats.opt-platform"))]
OfPresenter = Annotated[str | None, typer.Option("--presenter", metavar="NAME", help=text("stats.opt-presenter"))]
Format = Annotated[str | None, choice("--format", FORMATS, "stats.opt-format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=text("sessions.opt-output"))]


def stats(
    since: Since = None,
    until: Until = None,
    platform: OfPlatform = None,
    presenter: OfPresenter = None,
    format: Format = None,
    output: Output = None,
    ui_language: UiLanguage = None,
) -> None:
    """Count the findings of all sessions, or of those that the options choose."""
    ending = output.suffix.removeprefix(".").lower() if output else ""
    form = format or (ending if ending in FORMATS else "table")
    if form == "table" and output is not None:
        raise ConfigError(text("stats.table-is-shown"))
    check_output(output)

    def wanted(session: Session) -> bool:
        day = datetime.fromtimestamp(session.started)
        return (
            (since is None or day >= datetime.combine(since, datetime.min.time()))
            and (until is None or day < datetime.combine(until + timedelta(days=1), datetime.min.time()))
            and platform in (None, session.platform)
            and presenter in (None, session.presenter)
        )

    with Home.of_user().store() as store:
        statistics = count([_broadcast(store, one) for one in store.sessions() if wanted(one)])
    if form == "table":
        _show(statistics)
    else:
        deliver(_written(statistics, form), output)


def _broadcast(store: Store, session: Session) -> Broadcast:
    findings = store.findings(session.id)
    return Broadcast(session, findings, decided(findings, store.decisions(session.id)))


def _written(statistics: Statistics, form: str) -> str:
    from streamcheck.statistics import page, tables

    if form == "html":
        return page.render(statistics, datetime.now())
    return tables.as_json(statistics) if form == "json" else tables.as_csv(statistics)


def _show(statistics: Statistics) -> None:
    if not statistics.total.sessions:
        print(text("stats.nothing"))
        return
    console = Console() if sys.stdout.isatty() else Console(width=120)
    total = statistics.total
    facts = [("sessions", str(total.sessions)), ("hours", number(total.hours)), ("findings", str(total.findings))]
    facts.append(("per-hour", number(total.per_hour)))
    console.print(Text(" · ".join(f"{text(f'stats.{name}')}: {value}" for name, value in facts), "bold"))
    for kind, groups in statistics.groups.items():
        if groups:
            console.print(_groups(kind, groups), highlight=False)
    if statistics.rules:
        console.print(_rules(statistics.rules), highlight=False)


def _table(title: str, first: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=text(f"stats.{title}"), title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(text(f"stats.{first}"), overflow="fold", min_width=30)
    for name in columns:
        table.add_column(text(f"stats.{name}"), justify="right")
    return table


def _groups(kind: str, groups: Sequence[Group]) -> Table:
    table = _table(f"by-{kind}", f"column-{kind}", ("sessions", "hours", "findings", "violations", "per-hour"))
    for one in groups:
        figures = str(one.sessions), number(one.hours), str(one.findings), str(one.violations), number(one.per_hour)
        table.add_row(Text(group_name(kind, one)), *figures)
    table.add_row()
    return table


def _rules(rules: Sequence[RuleRecord]) -> Table:
    """Those that are broken most, and all that are to be mended."""
    table = _table("repeat", "column-rule", ("sessions", "fired", "breaches", "alarms", "share"))
    for place, one in enumerate(rules):
        if place < _MOST_RULES or is_doubtful(one):
            note = f" ← {text('stats.mend')}" if is_doubtful(one) else ""
            name = Text(printable(one.rule, 80) + note, "bold red" if note else "")
            figures = str(one.sessions), str(one.fired), str(one.breaches), str(one.false_alarms)
            table.add_row(name, *figures, percent(one.false_share))
    return table
