"""Sessions that broke off: ending them properly, and what of them was never checked."""

from collections.abc import Sequence
from dataclasses import dataclass

from filelock import Timeout

from streamcheck.errors import ConfigError, OutputError
from streamcheck.events import SAMPLE_RATE
from streamcheck.i18n import text
from streamcheck.sessions.home import Home
from streamcheck.sessions.sound import Sound
from streamcheck.sessions.store import Session, Settled, Store

Span = tuple[float, float]
_SHORTEST = 0.5
"""Seconds of sound in which nothing can be said that matters."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A session that has ended: how far its sound reaches, and the spans that were never checked, in seconds.

    `sound` is 0 where none was kept; `unreadable` counts pieces without any sound.
    """

    session: Session
    sound: float
    unchecked: tuple[Span, ...]
    unreadable: int


def broken(home: Home, store: Store) -> list[Session]:
    """The sessions that have no end and no process, the newest first."""
    return [one for one in store.sessions() if one.ended is None and home.state(one) == "broken"]


def tidy(home: Home, keep_days: float | None, now: float) -> tuple[int, list[str]]:
    """Before a new session: delete what is older than so many days; how many, and the ids of the broken ones.

    What does not work here is told by the session itself, when it is put on record.
    """
    deleted = 0
    try:
        with home.store() as store:
            for session in home.older_than(store, keep_days, now) if keep_days is not None else ():
                home.delete(store, session)
                deleted += 1
            return deleted, [one.id for one in broken(home, store)]
    except OutputError:
        return deleted, []


def recover(home: Home, store: Store, session: Session) -> Recovered:
    """End a broken session after what is there; of one that has ended, say what was not checked.

    Raises ConfigError where it still runs, OutputError.
    """
    try:
        lock = home.lock(session.id)
    except Timeout as error:
        raise ConfigError(text("sessions.runs", session=session.id)) from error
    try:
        reading, sound = Sound(home.of(session.id)), 0.0
        for block in reading:
            sound = (block.start + len(block.samples)) / SAMPLE_RATE
        if session.ended is None:
            seconds = max(session.seconds, sound)
            store.end(session.id, seconds, ended=session.started + seconds)
    finally:
        lock.release()
    unchecked = unchecked_spans(store.settled(session.id), sound)
    return Recovered(store.session(session.id), sound, tuple(unchecked), len(reading.unreadable))


def unchecked_spans(settled: Sequence[Settled], sound: float) -> list[Span]:
    """The spans up to `sound` seconds that were never checked: utterances left out, and all after the last.

    `settled` is in order of number; the recogniser numbers utterances as they end, so that one it set aside and
    never came back to leaves a hole.
    """
    spans: list[Span] = []
    number, heard_to = 0, 0.0
    for one in settled:
        if one.number > number:
            start = one.utterance.start
            spans.append((heard_to, one.heard_to if start is None else start))
        number, heard_to = one.number + 1, one.heard_to
    spans.append((heard_to, sound))
    return [(start, end) for start, end in spans if end - start >= _SHORTEST]
