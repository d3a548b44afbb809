"""Sessions for the eye: tables on a terminal, lines anywhere else. What was said or named is text, never markup."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.reports.report import counts
from streamcheck.reports.wording import around, clock, sort_of, term, where
from streamcheck.safe import printable
from streamcheck.sessions.home import State
from streamcheck.sessions.store import Change, Decision, Gap, Session

_SHORT_ID = 15
"""Characters of an id that tell the second; enough to name a session unless two began in it."""
_LONGEST_SOURCE = 80
_CONTEXT = 60
_STYLES = {"violation": "bold red", "warning": "bold yellow", "advice": "bold cyan"}
_VERDICT_STYLES = {"breach": "bold red", "false-alarm": "green", "unsure": "yellow", "open": "dim"}
_STATE_STYLES = {"running": "bold green", "broken": "bold red", "ended": ""}


def short_ids(sessions: Sequence[Session]) -> dict[str, str]:
    """The beginning of each id that names its session alone."""
    taken = [one.id[:_SHORT_ID] for one in sessions]
    return {one.id: one.id if taken.count(one.id[:_SHORT_ID]) > 1 else one.id[:_SHORT_ID] for one in sessions}


def session_row(session: Session, state: State) -> dict[str, Any]:
    """A session as a JSON object; times as ISO 8601 in local time."""
    return {
        "type": "session",
        "id": session.id,
        "state": state,
        "started": _iso(session.started),
        "ended": None if session.ended is None else _iso(session.ended),
        "seconds": round(session.seconds, 3),
        "source": session.source,
        "platform": session.platform,
        "model": session.model,
        "language": session.language,
        "presenter": session.presenter,
        "findings": session.findings,
        "decided": session.decided,
    }


def show_list(sessions: Sequence[tuple[Session, State]]) -> None:
    """Print the table of sessions."""
    if not sessions:
        print(text("sessions.nothing"))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("session", "when", "length", "platform", "source", "findings", "decided"):
        number = name in ("length", "findings", "decided")
        table.add_column(
            text(f"sessions.column-{name}"),
            justify="right" if number else "left",
            no_wrap=name != "source",
            overflow="fold",
            ratio=1 if name == "source" else None,
        )
    ids = short_ids([session for session, _ in sessions])
    for session, state in sessions:
        about = Text(_about(session))
        if state != "ended":
            about = Text.assemble((text(f"sessions.state-{state}"), _STATE_STYLES[state]), " · ", about)
        table.add_row(
            ids[session.id],
            time.strftime("%d.%m %H:%M", time.localtime(session.started)),
            clock(session.seconds),
            Text(printable(session.platform, 20)),
            about,
            str(session.findings),
            str(session.decided),
        )
    _console().print(table, highlight=False)


def show_session(
    session: Session, state: State, folder: Path, sound: float, gaps: Sequence[Gap], changes: Sequence[Change]
) -> None:
    """Print what a session is, where it lies, and what went wrong in it."""
    heard = text("sessions.sound", end=clock(sound)) if sound else text("sessions.no-sound")
    started = time.strftime("%d.%m.%Y %H:%M", time.localtime(session.started))
    platform, model = printable(session.platform, 40), printable(session.model, 60)
    head = [started, clock(session.seconds), text(f"sessions.state-{state}"), platform, model]
    print(f"{session.id} · {_about(session)}")
    print(" · ".join(part for part in (*head, "" if session.recording else heard) if part))
    print(text("sessions.where", folder=printable(session.recording or str(folder))))
    for title, lines in (("gaps", _gap_lines(gaps)), ("changes", _change_lines(changes))):
        found = list(lines)
        if found:
            print(f"\n{text(f'sessions.{title}')}:")
            for line in found:
                print(f"  {line}")
    print()


def show_findings(findings: Sequence[Finding], decided: Mapping[str, Decision]) -> None:
    """Print the findings with their decisions."""
    if not findings:
        print(text("sessions.no-findings"))
        return
    if not sys.stdout.isatty():
        for finding in findings:
            print(finding_line(finding, decided.get(finding.id)))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0), expand=True)
    for name, ratio in (("finding", None), ("time", None), ("what", 2), ("words", 5), ("decision", 2)):
        column = text(f"sessions.column-{name}")
        table.add_column(column, ratio=ratio, no_wrap=ratio is None, overflow="fold")
    for finding in findings:
        style = _STYLES[finding.severity] if counts(finding) else "dim"
        what = Text.assemble((sort_of(finding), style), "\n", term(finding.category))
        before, quote, after = around(finding, _CONTEXT)
        said = Text.assemble((before, "dim"), (quote, "bold"), (after, "dim"))
        decision = decided.get(finding.id)
        verdict = Text(decision_words(decision), _VERDICT_STYLES[decision.verdict]) if decision else Text("—", "dim")
        table.add_row(Text(printable(finding.id, 20)), where(finding.start, finding.line), what, said, verdict)
    _console().print(Group(table), highlight=False)


def finding_line(finding: Finding, decision: Decision | None) -> str:
    """One finding on a line: id, place, what, words, decision."""
    head = f"{printable(finding.id, 40)} {where(finding.start, finding.line)}"
    quote = printable(finding.quote, 500)
    ending = f" — {decision_words(decision)}" if decision else ""
    return f"{head} {sort_of(finding)}: {term(finding.category)}: «{quote}»{ending}"


def decision_words(decision: Decision) -> str:
    """A decision on a line: verdict, remark, who has it."""
    assigned = f"→ {decision.assignee}" if decision.assignee else ""
    parts = text(f"sessions.verdict-{decision.verdict}"), decision.remark, assigned
    return " · ".join(printable(part, 500) for part in parts if part)


def _about(session: Session) -> str:
    return " · ".join(printable(part, _LONGEST_SOURCE) for part in (session.source, session.presenter) if part)


def _gap_lines(gaps: Sequence[Gap]) -> Iterator[str]:
    for gap in gaps:
        yield gap_line(gap)


def gap_line(gap: Gap) -> str:
    """A gap on a line, to the tenth of a second where it is short."""
    return text("sessions.gap", start=clock(gap.start), end=clock(gap.end), why=text(f"sessions.gap-{gap.reason}"))


def _change_lines(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        if change.detail:
            yield f"{clock(change.at)} {printable(change.detail, 300)}"


def _iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(moment))


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=160)
