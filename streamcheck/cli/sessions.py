"""`streamcheck sessions`: what is kept of broadcasts, to look at, hand on, decide, recover and delete."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streamcheck.cli.group import Group
from streamcheck.cli.options import (
    Evidence,
    Model,
    Platform,
    Products,
    RuleFolders,
    SoundInReport,
    UiLanguage,
    Vocabulary,
    choice,
)
from streamcheck.config import near_name
from streamcheck.errors import ConfigError
from streamcheck.i18n import text
from streamcheck.reports import FORMATS, Report, ReviewedFile, format_of, render
from streamcheck.reports.wording import clock
from streamcheck.safe import json_line, printable
from streamcheck.sessions.decisions import decided, findings_of, ignore_proposals, read_decisions
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import VERDICTS, Decision, Session, Store

if TYPE_CHECKING:
    from streamcheck.events import Finding
    from streamcheck.sessions.recovery import Recovered

app = typer.Typer(cls=Group, add_completion=False, no_args_is_help=True, help=text("sessions.help"))

_ALIASES = {"txt": "text", "markdown": "md"}
_FOR_PROGRAMS = frozenset({"jsonl", "json", "csv"})
"""Forms that hold withdrawn findings too; what people read leaves them out."""

Name = Annotated[str, typer.Argument(metavar="ID|last", help=text("sessions.arg-session"))]
ListFormat = Annotated[str, choice("--format", ("text", "jsonl"), "sessions.opt-list-format")]
ExportFormat = Annotated[str | None, choice("--format", (*FORMATS, "txt"), "sessions.opt-format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=text("sessions.opt-output"))]


@contextmanager
def _open() -> Iterator[tuple[Home, Store]]:
    home = Home.of_user()
    with home.store() as store:
        yield home, store


@app.command("list", help=text("sessions.help-list"))
def list_sessions(format: ListFormat = "text", ui_language: UiLanguage = None) -> None:
    """All sessions, the newest first."""
    from streamcheck.cli import sessions_view as view

    with _open() as (home, store):
        rows = [(session, home.state(session)) for session in store.sessions()]
    if format == "jsonl":
        for session, state in rows:
            print(json_line(view.session_row(session, state)))
    else:
        view.show_list(rows)


@app.command("show", help=text("sessions.help-show"))
def show(name: Name, format: ListFormat = "text", ui_language: UiLanguage = None) -> None:
    """A session, its findings and the decisions about them."""
    from streamcheck.cli import sessions_view as view
    from streamcheck.sessions.sound import sound_end

    with _open() as (home, store):
        session = store.session(name)
        findings, held = _judged(store, session)
        if format == "jsonl":
            print(json_line(view.session_row(session, home.state(session))))
            for finding in findings:
                row = finding.as_json()
                if decision := held.get(finding.id):
                    row |= {"decision": decision.verdict, "remark": decision.remark, "assignee": decision.assignee}
                print(json_line(row))
            return
        folder = home.of(session.id)
        gaps, changes = store.gaps(session.id), store.changes(session.id)
        view.show_session(session, home.state(session), folder, sound_end(folder), gaps, changes)
        view.show_findings([one for one in findings if one.state != "withdrawn"], held)


@app.command("export", help=text("sessions.help-export"))
def export(
    name: Name,
    format: ExportFormat = None,
    output: Output = None,
    sound: SoundInReport = "embed",
    ui_language: UiLanguage = None,
) -> None:
    """A session as findings, a report or subtitles; findings decided to be false alarms do not count in it."""
    from streamcheck.cli.output import check_output, deliver

    form = format or (format_of(output.name) if output else None) or "jsonl"
    form = _ALIASES.get(form, form)
    check_output(output)
    with _open() as (_, store):
        session = store.session(name)
        report = _report(store, session, form)
    if form == "html":
        from streamcheck.cli.sound_output import playable
        from streamcheck.recorded import sound_of

        (file,) = report.files
        report = replace(report, files=[playable(file, lambda: sound_of(session), sound, output)])
    deliver(render(report, form), output)


@app.command("delete", help=text("sessions.help-delete"))
def delete(
    names: Annotated[list[str] | None, typer.Argument(metavar="ID|last…", help=text("sessions.arg-sessions"))] = None,
    keep_days: Annotated[float | None, typer.Option("--keep-days", min=0, help=text("sessions.opt-older"))] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=text("sessions.opt-yes"))] = False,
    ui_language: UiLanguage = None,
) -> None:
    """Delete sessions by name or age, with their sound, after a question."""
    if not names and keep_days is None:
        raise ConfigError(text("sessions.name-or-older"))
    with _open() as (home, store):
        chosen = {one.id: one for one in (store.session(name) for name in names or [])}
        if keep_days is not None:
            chosen |= {one.id: one for one in home.older_than(store, keep_days, time.time())}
        ids = ", ".join(chosen)
        if chosen and not yes:
            typer.confirm(text("sessions.confirm", count=len(chosen), ids=ids), abort=True)
        for session in chosen.values():
            home.delete(store, session)
    print(text("sessions.deleted", count=len(chosen)))


@app.command("recover", help=text("sessions.help-recover"))
def recover_sessions(
    name: Annotated[str | None, typer.Argument(metavar="ID|last", help=text("sessions.arg-broken"))] = None,
    check: Annotated[bool, typer.Option("--check", help=text("sessions.opt-check"))] = False,
    platform: Platform = "",
    rules: RuleFolders = None,
    model: Model = "",
    products: Products = None,
    evidence: Evidence = None,
    vocabulary: Vocabulary = None,
    ui_language: UiLanguage = None,
) -> None:
    """End broken sessions properly; with `--check`, check what was left (by the session's own platform and model)."""
    from streamcheck.sessions.recovery import broken, recover

    with _open() as (home, store):
        chosen = [store.session(name)] if name else broken(home, store)
        if not chosen:
            print(text("sessions.nothing-broken"))
        for session in chosen:
            recovered = recover(home, store, session)
            _tell_recovered(recovered, was_broken=session.ended is None)
            if not recovered.unchecked:
                print(text("sessions.all-checked"))
            elif not check:
                print(text("sessions.check-hint", session=session.id))
            else:
                files = products, evidence, vocabulary
                _check_later(home, store, recovered, platform, rules, model, *files)


@app.command("decide", help=text("sessions.help-decide"))
def decide(
    name: Name,
    finding: Annotated[str | None, typer.Argument(metavar="FINDING", help=text("sessions.arg-finding"))] = None,
    verdict: Annotated[
        str | None, typer.Argument(metavar="|".join(VERDICTS), help=text("sessions.arg-verdict"))
    ] = None,
    remark: Annotated[str | None, typer.Option("--remark", help=text("sessions.opt-remark"))] = None,
    assign: Annotated[str | None, typer.Option("--assign", help=text("sessions.opt-assign"))] = None,
    from_file: Annotated[str | None, typer.Option("--from", metavar="FILE", help=text("sessions.opt-from"))] = None,
    ui_language: UiLanguage = None,
) -> None:
    """Keep one decision, or all of a file (none where one fits nothing); walk them where neither is given."""
    if (finding, remark, assign, from_file) == (None, None, None, None) and sys.stdin.isatty() and sys.stdout.isatty():
        _walk(name)
        return
    says_something = finding is not None and (verdict, remark, assign) != (None, None, None)
    if (from_file is None) != says_something or (from_file and finding):
        raise ConfigError(text("sessions.finding-or-file"))
    with _open() as (_, store):
        session = store.session(name)
        if from_file is not None:
            count = _decide_from(store, session, from_file)
        else:
            assert finding is not None
            known = next((one for one in VERDICTS if one == verdict), None)
            if known is None and verdict is not None:
                value = printable(verdict, 60)
                raise ConfigError(text("sessions.bad-verdict", value=value) + near_name(value, VERDICTS))
            store.decide(session.id, finding, known, remark=remark, assignee=assign)
            count = 1
    print(text("sessions.decided", count=count))


def _walk(name: str) -> None:
    from streamcheck.cli.deciding import walk
    from streamcheck.sessions.listening import clip_of

    with _open() as (home, store):
        session = store.session(name)
        walk(store, session, clip_of(home, session))


@app.command("ignores", help=text("sessions.help-ignores"))
def ignores(
    names: Annotated[list[str] | None, typer.Argument(metavar="ID|last…", help=text("sessions.arg-every"))] = None,
    ui_language: UiLanguage = None,
) -> None:
    """YAML entries for the shop's file, one for each false alarm."""
    judged: list[tuple[Finding, Decision, str]] = []
    with _open() as (_, store):
        for session in [store.session(name) for name in names] if names else store.sessions():
            findings, held = _judged(store, session)
            reason = text("sessions.ignore-reason", session=session.id)
            judged += [(finding, held[finding.id], reason) for finding in findings if finding.id in held]
    proposals = ignore_proposals(judged)
    if proposals:
        print(proposals, end="")
    else:
        print(text("sessions.no-false-alarms"), file=sys.stderr)


def _judged(store: Store, session: Session) -> "tuple[list[Finding], dict[str, Decision]]":
    findings = store.findings(session.id)
    return findings, decided(findings, store.decisions(session.id))


def _report(store: Store, session: Session, form: str) -> Report:
    from streamcheck.cli.keeping import with_decisions
    from streamcheck.cli.sessions_view import gap_line

    findings = store.findings(session.id)
    if form not in _FOR_PROGRAMS:
        findings = [one for one in findings if one.state != "withdrawn"]
    notes = [gap_line(gap) for gap in store.gaps(session.id)]
    file = ReviewedFile(session.source, store.utterances(session.id), findings, session.seconds, notes)
    made = datetime.fromtimestamp(session.started).astimezone()
    return Report(session.platform, made, [with_decisions(store, session.id, file)], (), session.model or None)


def _tell_recovered(recovered: "Recovered", *, was_broken: bool) -> None:
    session = recovered.session
    if was_broken:
        sound = text("sessions.sound", end=clock(recovered.sound)) if recovered.sound else text("sessions.no-sound")
        length = clock(session.seconds)
        print(text("sessions.recovered", session=session.id, length=length, findings=session.findings, sound=sound))
    if recovered.unreadable:
        print(text("sessions.unreadable", count=recovered.unreadable))
    if recovered.unchecked:
        spans = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in recovered.unchecked)
        print(text("sessions.unchecked", spans=spans))


def _check_later(
    home: Home,
    store: Store,
    recovered: "Recovered",
    platform: str,
    rules: Sequence[Path] | None,
    model: str,
    products: Path | None,
    evidence: Path | None,
    vocabulary: Path | None,
) -> None:
    from streamcheck.checking import Checker
    from streamcheck.cli.options import named_model, read_rules
    from streamcheck.cli.progress import ProgressBar
    from streamcheck.recheck import check_spans
    from streamcheck.speech import load_engine, review_workers

    session = recovered.session
    checker = Checker(read_rules(platform or session.platform, rules, products, evidence, vocabulary))
    name = named_model(model or session.model, "review", session.language)
    engine = load_engine(name, workers=review_workers(), language=session.language)
    bar = ProgressBar()
    length = sum(end - start for start, end in recovered.unchecked)
    found = check_spans(
        home, store, session.id, recovered.unchecked, engine, checker, lambda done: bar(session.id, done, length)
    )
    bar.clear()
    print(text("sessions.checked", length=clock(length), count=found))


def _decide_from(store: Store, session: Session, name: str) -> int:
    """Keep all decisions of a file, or none. Raises ConfigError."""
    shown = printable(name)
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise ConfigError(text("sessions.no-file", file=shown, why=error.strerror)) from error
    file = read_decisions(content, name)
    if file.session is not None and file.session != session.id:
        wanted = printable(file.session, 60)
        raise ConfigError(text("sessions.other-session", file=shown, wanted=wanted, session=session.id))
    findings = store.findings(session.id)
    meant = [(entry, findings_of(entry, findings)) for entry in file.decisions]
    unknown = [printable(entry.finding or entry.fingerprint or "", 60) for entry, about in meant if not about]
    if unknown:
        names = ", ".join(unknown[:10])
        raise ConfigError(text("sessions.unknown-decisions", file=shown, session=session.id, names=names))
    for entry, about in meant:
        for one in about:
            store.decide(session.id, one.id, entry.verdict, remark=entry.remark, assignee=entry.assignee)
    return sum(len(about) for _, about in meant)
