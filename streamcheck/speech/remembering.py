"""An engine that writes down what it hears as it hears it, so that a run that broke off goes on where it stopped.

Sound is decoded and searched for voice anew, which is quick; the same windows come, and those that were heard before
are not heard again.
"""

import hashlib
from collections.abc import Sequence
from threading import Lock
from typing import Any, Protocol

import numpy as np

from streamcheck.events import Samples, Word
from streamcheck.speech.engine import Engine, Heard

Rows = list[list[Any]]
"""`[text, log probability, whether it loops, words]` a window, the words as `[text, start, end, probability]`."""


class Journal(Protocol):
    """What keeps rows under a key; a run that is killed loses at most those that are being written."""

    def get(self, key: str) -> Rows | None: ...
    def put(self, key: str, rows: Rows) -> None: ...


class RememberingEngine:
    """Asks the journal first; what it does not know, the engine hears. For as many threads at once as the engine."""

    def __init__(self, engine: Engine, journal: Journal) -> None:
        self.name = engine.name
        self.workers = engine.workers
        self._engine = engine
        self._journal = journal
        self._lock = Lock()

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        """What was said in each window, as the engine says it."""
        if not windows:
            return []
        key = _key(windows, beam)
        with self._lock:
            rows = self._journal.get(key)
        if rows is None or len(rows) != len(windows):
            rows = [_row(heard) for heard in self._engine.listen(windows, beam=beam)]
            with self._lock:
                self._journal.put(key, rows)
        return [_heard(row) for row in rows]  # of rows in both cases, so that a resumed run differs in nothing


def _key(windows: Sequence[Samples], beam: int) -> str:
    digest = hashlib.blake2b(f"{beam} {[len(window) for window in windows]}".encode(), digest_size=16)
    for window in windows:
        digest.update(np.ascontiguousarray(window).view(np.uint8).data)
    return digest.hexdigest()


def _row(heard: Heard) -> list[Any]:
    words = [
        [word.text, *(float(x) for x in (word.start or 0.0, word.end or 0.0, word.probability))] for word in heard.words
    ]
    return [heard.text, float(heard.logprob), heard.looping, words]


def _heard(row: list[Any]) -> Heard:
    said, logprob, looping, rows = row
    words = tuple(Word(*parts) for parts in rows)
    return Heard(said, logprob, looping, lambda: words)
