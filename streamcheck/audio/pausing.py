"""A source that the host can pause: neither heard nor kept while she does."""

import threading
from collections.abc import Iterator

from streamcheck.audio.source import Source
from streamcheck.events import AudioBlock


class PausableSource:
    """Passes a source on, but for its pauses. Sound that goes by is left out then, a gap; sound that waits is held."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._running = threading.Event()
        self._running.set()
        self.name = source.name
        self.waits = source.waits

    @property
    def trouble(self) -> str:
        """What is wrong with the source."""
        return self._source.trouble

    @property
    def paused(self) -> bool:
        """Whether it is paused now."""
        return not self._running.is_set()

    def toggle(self) -> None:
        """Pause, or go on; from any thread."""
        if self._running.is_set():
            self._running.clear()
        else:
            self._running.set()

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the blocks of the source that are wanted."""
        for block in self._source.blocks():
            if self.waits:
                self._running.wait()
            if self._running.is_set():
                yield block

    def close(self) -> None:
        """Close the source, and let go what is held."""
        self._source.close()
        self._running.set()
