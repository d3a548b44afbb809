"""A sink on a thread of its own, behind a bounded queue: the session never waits for it."""

import time
from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Thread
from typing import Protocol

from streamcheck.errors import OutputError
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text

MOST_WAITING = 5000
"""Events that may wait; what comes on top is left out and counted."""


class Taker(Protocol):
    """A sink that may be slow, and raise OutputError; it is called by one thread, in the order of events."""

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None: ...

    def finding(self, finding: Finding) -> None: ...

    def status(self, status: Status) -> None: ...

    def close(self) -> None: ...


class Background:
    """Passes events on to a sink that may be slow or fail; `name` stands before what is said of it.

    At the end it gets `patience` seconds to take what still waits.
    """

    def __init__(self, taker: Taker, name: str, *, patience: float = 5.0, most_waiting: int = MOST_WAITING) -> None:
        self._taker = taker
        self._name = name
        self._patience = patience
        self._waiting: Queue[Callable[[], None] | None] = Queue(most_waiting)
        self._latest: Status | None = None
        self._failure = ""
        self._lost = 0
        self._thread = Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> str:
        """What does not work, in the user's language; empty while all is well."""
        parts = [self._failure] if self._failure else []
        parts += [text("delivery.lost", count=self._lost)] if self._lost else []
        return f"{self._name}: {'; '.join(parts)}" if parts else ""

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Pass it on, once it is final: what may still change is not for others."""
        if hypothesis.final:
            self._put(lambda: self._taker.transcript(hypothesis, emitted))

    def finding(self, finding: Finding) -> None:
        """Pass it on."""
        self._put(lambda: self._taker.finding(finding))

    def status(self, status: Status) -> None:
        """Pass it on; where one still waits, in its place, so that they crowd nothing out."""
        waiting, self._latest = self._latest is not None, status
        if not waiting:
            self._put(self._take_status)

    def close(self) -> None:
        """Let the sink take what waits, and end it; what it does not take in time is lost and counted."""
        until = time.monotonic() + self._patience
        self._put(self._taker.close, self._patience)
        self._put(None, max(until - time.monotonic(), 0))
        self._thread.join(max(until - time.monotonic(), 0))
        if self._thread.is_alive():
            self._lost += self._drain()

    def _take_status(self) -> None:
        status, self._latest = self._latest, None
        if status is not None:
            self._taker.status(status)

    def _put(self, work: Callable[[], None] | None, timeout: float = 0.0) -> None:
        try:
            self._waiting.put(work, block=timeout > 0, timeout=timeout)
        except Full:
            self._lost += 1

    def _drain(self) -> int:
        """How many events nobody will take; the one that is being taken is among them."""
        count = 1
        try:
            while True:
                count += self._waiting.get_nowait() not in (None, self._taker.close)
        except Empty:
            return count

    def _run(self) -> None:
        while (work := self._waiting.get()) is not None:
            try:
                work()
                self._failure = ""
            except OutputError as error:
                self._failure = str(error)
                self._lost += 1
