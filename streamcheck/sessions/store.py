"""The session store: one SQLite file (WAL) for all sessions of a user, written as things happen.

SQLite's own journal is what makes a kill at any moment harmless: a finding is committed before anybody is shown it.
Several processes may write, each its own session. An object mapper was left out: six fixed tables, one writer each.
"""

import json
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from typing import Any, Literal

from streamcheck import __version__
from streamcheck.errors import ConfigError
from streamcheck.events import Finding, Utterance, Word
from streamcheck.i18n import text
from streamcheck.safe import printable
from streamcheck.sessions.database import Database

Verdict = Literal["breach", "false-alarm", "unsure", "open"]
VERDICTS: tuple[Verdict, ...] = ("breach", "false-alarm", "unsure", "open")
"""`open` is not decided: of a finding with a remark or an assignee only, or whose verdict was taken back."""
GapReason = Literal["source", "recorder"]
LAST = "last"
_FINDING_COLUMNS = tuple(field.name for field in fields(Finding))


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a session when it begins; `presenter` is who is on air.

    Of a reviewed file `recording` is its path, and `content` what tells the same file again.
    """

    source: str
    platform: str
    model: str
    language: str = "ru"
    presenter: str = ""
    recording: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """One broadcast in the store; `findings` counts those not withdrawn, `decided` those of them with a verdict.

    `ended` is None while it runs, and for ever where its process was killed; `seconds` is as far as is known.
    """

    id: str
    started: float
    ended: float | None
    source: str
    platform: str
    model: str
    language: str
    presenter: str
    seconds: float
    recording: str = ""
    content: str = ""
    findings: int = 0
    decided: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a finding; `fingerprint`, `rule` and `start` tell it in a later run."""

    finding: str
    fingerprint: str
    start: float | None
    verdict: Verdict
    remark: str
    assignee: str
    made: float
    rule: str = ""


_DECISION_COLUMNS = tuple(field.name for field in fields(Decision))


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in seconds that the source left out (`source`), or that could not be recorded (`recorder`)."""

    start: float
    end: float
    reason: GapReason


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a session's state or of its trouble, at a second of the source."""

    at: float
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class Settled:
    """An utterance that will not change: its number in the session, its words, and how far it was heard."""

    number: int
    utterance: Utterance
    heard_to: float


class Store(Database):
    """An open store: for one thread at a time. Every method raises OutputError where SQLite or the disk refuses."""

    # writing

    def begin(self, about: About, ident: str = "") -> str:
        """Begin a session under `ident` (a new one unless given); return its id."""
        ident = ident or new_id()
        with self._writing():
            self._do(
                "INSERT INTO session (id, started, version, source, platform, model, language, presenter, recording, "
                "content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(ident, time.time(), __version__, *astuple(about)),
            )
        return ident

    def describe(self, session: str, about: About) -> None:
        """The session is of this now: a reviewed file may come back under another name or other rules."""
        columns = ", ".join(f"{field.name} = ?" for field in fields(About))
        with self._writing():
            self._do(f"UPDATE session SET {columns} WHERE id = ?", *astuple(about), session)

    def reach(self, session: str, seconds: float) -> None:
        """The session has come so far."""
        with self._writing():
            self._do("UPDATE session SET seconds = max(seconds, ?) WHERE id = ?", seconds, session)

    def end(self, session: str, seconds: float, *, ended: float | None = None) -> None:
        """The session is over, now or at `ended` (Unix seconds), after so many seconds of source."""
        with self._writing():
            self._do(
                "UPDATE session SET ended = ?, seconds = max(seconds, ?) WHERE id = ?",
                *(time.time() if ended is None else ended, seconds, session),
            )

    def add_utterance(self, session: str, settled: Settled) -> None:
        """Keep an utterance that will not change; one without words says that there was nothing to hear."""
        with self._writing():
            self._insert_utterance(session, settled)
            self._do("UPDATE session SET seconds = max(seconds, ?) WHERE id = ?", settled.heard_to, session)

    def _insert_utterance(self, session: str, settled: Settled) -> None:
        said = settled.utterance
        words = json.dumps([[w.text, w.start, w.end, round(w.probability, 3)] for w in said.words])
        self._do(
            "INSERT OR REPLACE INTO utterance (session, number, start, end, heard_to, words) VALUES (?, ?, ?, ?, ?, ?)",
            *(session, settled.number, said.start, said.end, settled.heard_to, words),
        )

    def put_findings(self, session: str, findings: Sequence[Finding]) -> None:
        """Keep findings; one with an id that is there already replaces it."""
        with self._writing():
            self._insert_findings(session, findings)

    def _insert_findings(self, session: str, findings: Sequence[Finding]) -> None:
        names = ", ".join(_FINDING_COLUMNS)
        marks = ", ".join("?" * (len(_FINDING_COLUMNS) + 1))
        for finding in findings:
            self._do(f"INSERT OR REPLACE INTO finding (session, {names}) VALUES ({marks})", session, *_values(finding))

    def add_gap(self, session: str, gap: Gap) -> None:
        """Keep a span that is not in the sound."""
        with self._writing():
            self._do("INSERT OR REPLACE INTO gap VALUES (?, ?, ?, ?)", session, gap.start, gap.end, gap.reason)

    def add_change(self, session: str, change: Change) -> None:
        """Keep a change of state."""
        with self._writing():
            self._do("INSERT INTO status VALUES (?, ?, ?, ?)", session, change.at, change.state, change.detail)

    def decide(
        self,
        session: str,
        finding: str,
        verdict: Verdict | None = None,
        *,
        remark: str | None = None,
        assignee: str | None = None,
    ) -> None:
        """Keep a person's decision; a later one replaces it, but for what it leaves out.

        Raises ConfigError where the session has no such finding.
        """
        with self._writing():
            query = "SELECT fingerprint, rule, start FROM finding WHERE session = ? AND id = ?"
            about = self._do(query, session, finding).fetchone()
            if about is None:
                raise ConfigError(text("sessions.no-finding", finding=printable(finding, 60), session=session))
            self._do(
                "INSERT INTO decision VALUES "
                "(?1, ?2, ?3, ?4, ?5, coalesce(?6, 'open'), coalesce(?7, ''), coalesce(?8, ''), ?9) "
                "ON CONFLICT DO UPDATE SET fingerprint = ?3, rule = ?4, start = ?5, verdict = coalesce(?6, verdict), "
                "remark = coalesce(?7, remark), assignee = coalesce(?8, assignee), made = ?9",
                *(session, finding, *about, verdict, remark, assignee, time.time()),
            )

    def replace(
        self, session: str, settled: Sequence[Settled], findings: Sequence[Finding], decisions: Sequence[Decision]
    ) -> None:
        """Put the words, findings and decisions of a later run in the place of all there are."""
        columns = ", ".join(_DECISION_COLUMNS)
        marks = ", ".join("?" * (len(_DECISION_COLUMNS) + 1))
        with self._writing():
            for table in ("utterance", "finding", "decision"):
                self._do(f"DELETE FROM {table} WHERE session = ?", session)
            for one in settled:
                self._insert_utterance(session, one)
            self._insert_findings(session, findings)
            for decision in decisions:
                self._do(f"INSERT INTO decision (session, {columns}) VALUES ({marks})", session, *astuple(decision))

    def replace_words(self, session: str, settled: Sequence[Settled]) -> None:
        """Put other utterances in the place of all there are."""
        with self._writing():
            self._do("DELETE FROM utterance WHERE session = ?", session)
            for one in settled:
                self._insert_utterance(session, one)

    def delete(self, session: str) -> None:
        """Forget a session and all that belongs to it, for good; its sound is the caller's to delete first."""
        with self._writing():
            self._do("DELETE FROM session WHERE id = ?", session)
        with self._telling():
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # reading

    def sessions(self) -> list[Session]:
        """All sessions, the one last begun or first reviewed at the head."""
        rows = self._rows(
            "SELECT session.id, started, ended, session.source, platform, model, language, presenter, seconds, "
            "recording, content, count(finding.id) AS findings, count(verdict) AS decided FROM session "
            "LEFT JOIN finding ON finding.session = session.id AND state <> 'withdrawn' "
            "LEFT JOIN decision ON decision.session = session.id AND finding = finding.id AND verdict <> 'open' "
            "GROUP BY session.id ORDER BY started DESC, session.id DESC"
        )
        return [Session(**dict(row)) for row in rows]

    def session(self, name: str) -> Session:
        """A session by id, the beginning of an id, or `last`. Raises ConfigError with what there is."""
        known = self.sessions()
        found = known[:1] if name == LAST else [one for one in known if name and one.id.startswith(name)]
        if len(found) != 1:
            ids = ", ".join(one.id for one in (found or known)[:10])
            key = "many" if found else "none" if known else "empty"
            raise ConfigError(text(f"sessions.{key}", name=printable(name, 60), ids=ids))
        return found[0]

    def findings(self, session: str) -> list[Finding]:
        """A session's findings in the order of speech, each in its last state."""
        rows = self._rows("SELECT * FROM finding WHERE session = ? ORDER BY start, line, length(id), id", session)
        return [_finding(row) for row in rows]

    def settled(self, session: str) -> list[Settled]:
        """A session's utterances by number, empty ones too."""
        rows = self._rows("SELECT * FROM utterance WHERE session = ? ORDER BY number", session)
        return [
            Settled(
                row["number"],
                Utterance(tuple(Word(*parts) for parts in json.loads(row["words"])), row["start"], row["end"]),
                row["heard_to"],
            )
            for row in rows
        ]

    def utterances(self, session: str) -> list[Utterance]:
        """What was said in a session, in the order of speech."""
        said = [one.utterance for one in self.settled(session) if one.utterance.words]
        return sorted(said, key=lambda one: one.start or 0.0)

    def decisions(self, session: str) -> list[Decision]:
        """A session's decisions, oldest first."""
        columns = ", ".join(_DECISION_COLUMNS)
        rows = self._rows(f"SELECT {columns} FROM decision WHERE session = ? ORDER BY made", session)
        return [Decision(**dict(row)) for row in rows]

    def gaps(self, session: str) -> list[Gap]:
        """A session's gaps in order."""
        rows = self._rows("SELECT start, end, reason FROM gap WHERE session = ? ORDER BY start", session)
        return [Gap(**dict(row)) for row in rows]

    def changes(self, session: str) -> list[Change]:
        """What a session went through, in order."""
        rows = self._rows("SELECT at, state, detail FROM status WHERE session = ? ORDER BY rowid", session)
        return [Change(**dict(row)) for row in rows]


def new_id(clock: Callable[[], float] = time.time) -> str:
    """A session id: it sorts by local time, and two of one second do not meet."""
    return time.strftime("%Y%m%d-%H%M%S", time.localtime(clock())) + "-" + uuid.uuid4().hex[:6]


def _values(finding: Finding) -> Iterator[Any]:
    row = asdict(finding)
    row["because"] = json.dumps(row["because"], ensure_ascii=False)
    yield from (row[name] for name in _FINDING_COLUMNS)


def _finding(row: sqlite3.Row) -> Finding:
    values = {name: row[name] for name in _FINDING_COLUMNS}
    values["because"] = tuple(json.loads(values["because"]))
    return Finding(**values)
