"""A live session put on record: begun before it listens, written while it runs, ended with it.

Nothing here may end a broadcast: where the disk or the store fails, checking goes on, the host is told, and what
could not be written is written as soon as it can be.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from streamcheck.audio.source import Source
from streamcheck.errors import OutputError
from streamcheck.events import Finding, Hypothesis, Samples, Status, Utterance
from streamcheck.i18n import text
from streamcheck.sessions.home import Home
from streamcheck.sessions.recorder import RecordedSource, Recorder
from streamcheck.sessions.sound import samples_between
from streamcheck.sessions.store import About, Change, Gap, Settled, Store, Verdict, new_id

_PATIENCE = 1.0  # seconds that the overlay may wait for another process that writes
_RETRY_AFTER = 5.0
_REACH_EVERY = 5.0
Write = Callable[[Store, str], None]


class Record:
    """The record of one running session. A sink that belongs before all others: what they show is kept already."""

    def __init__(self, home: Home, about: About) -> None:
        """Begin the record. Raises OutputError where nothing can be kept."""
        self.id = new_id()
        self._home = home
        self._lock = home.lock(self.id)  # before the session can be seen, or it would pass for a broken one
        try:
            self._store = Store(home.database, patience=_PATIENCE)
            self._gaps = Store(home.database)  # of the recorder's thread
            self._desk = Store(home.database)  # of the thread that reads the host's keys
            self._store.begin(about, self.id)
        except OutputError:
            self._lock.release()
            raise
        self._trouble = ""
        self._late: deque[Write] = deque()
        self._retry_at = 0.0
        self._reached_at = 0.0
        self._last_change = ("", "")

    @property
    def trouble(self) -> str:
        """Why what is heard cannot be kept at the moment; empty when it is."""
        return self._trouble

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:  # noqa: ARG002 (a sink takes it)
        """Keep an utterance once it is final."""
        if hypothesis.final:
            words = hypothesis.words
            utterance = Utterance(words, words[0].start, words[-1].end) if words else Utterance(())
            settled = Settled(hypothesis.utterance, utterance, hypothesis.heard_to)
            self._write(lambda store, session: store.add_utterance(session, settled))

    def finding(self, finding: Finding) -> None:
        """Keep a finding or its update."""
        self._write(lambda store, session: store.put_findings(session, [finding]))

    def status(self, status: Status) -> None:
        """Keep a change of state or trouble, and now and then how far the session has come."""
        now = time.monotonic()
        if (status.state, status.detail) != self._last_change:
            self._last_change = status.state, status.detail
            change = Change(status.received, status.state, status.detail)
            self._write(lambda store, session: store.add_change(session, change))
        if now >= self._reached_at + _REACH_EVERY:
            self._reached_at = now
            self._write(lambda store, session: store.reach(session, status.received))

    def note(self, gap: Gap) -> None:
        """Keep a gap; called by the recorder's thread. Raises OutputError."""
        self._gaps.add_gap(self.id, gap)

    def decide(self, findings: Sequence[str], verdict: Verdict) -> None:
        """Keep what the host says of findings while on air; called by the thread of her keys. Raises OutputError."""
        for finding in findings:
            self._desk.decide(self.id, finding, verdict)

    def remark(self, at: float, words: str, finding: str | None) -> None:
        """Keep a note of the host, also with the finding it is about. Raises OutputError; called as `decide`."""
        self._desk.add_change(self.id, Change(at, "note", text("sessions.note", words=words)))
        if finding is not None:
            self._desk.decide(self.id, finding, remark=words)

    def close(self) -> None:
        """Nothing is held back but what the disk refused; `end` tries once more."""

    def end(self, seconds: float) -> None:
        """The session is over after so many seconds; one in which there was nothing leaves no trace."""
        self._retry_at = 0.0
        self._write(lambda store, session: store.end(session, seconds))
        try:
            if not seconds:
                self._home.forget(self._store, self.id)
        except OutputError:
            pass  # an empty session stays in the list
        finally:
            self._store.close()
            self._gaps.close()
            self._desk.close()
            self._lock.release()

    def _write(self, write: Write) -> None:
        """Write in order, what could not be written before first."""
        self._late.append(write)
        if time.monotonic() < self._retry_at:
            return
        try:
            while self._late:
                self._late[0](self._store, self.id)
                self._late.popleft()
            self._trouble = ""
        except OutputError as error:
            self._trouble = str(error)
            self._retry_at = time.monotonic() + _RETRY_AFTER


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What a live session needs to be on record: its source, the sinks that come first, and a remark for the host.

    `older` reads samples of the session from its record, None where no sound is kept.
    """

    source: Source
    sinks: Sequence[Record]
    remark: Callable[[], str]
    older: Callable[[int, int], Samples | None] | None = None

    @property
    def record(self) -> Record | None:
        """The record, where one is kept."""
        return next(iter(self.sinks), None)


@contextmanager
def on_record(home: Home, source: Source, about: About, *, keep_sound: bool = True) -> Iterator[OnRecord]:
    """Put a session on record; where that cannot be, the remark says so and why, and the session runs without."""
    try:
        record = Record(home, about)
    except OutputError as error:
        refusal = text("sessions.not-kept", why=error)
        yield OnRecord(source, (), lambda: refusal)
        return
    recorder = Recorder(home.of(record.id) if keep_sound else None, record.note)
    try:
        yield OnRecord(
            RecordedSource(source, recorder),
            (record,),
            lambda: "; ".join(trouble for trouble in (recorder.trouble, record.trouble) if trouble),
            partial(samples_between, home.of(record.id)) if keep_sound else None,
        )
    finally:
        recorder.finish()
        record.end(recorder.seconds)
