"""A bounded way from a thread that reads to the one that takes; either end can be closed at any time."""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Handoff(Generic[Item]):
    """Items in order, at most `limit` under way: the giver waits for room, the taker for items."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[Item] = deque()
        self._ended = False
        self._closed = False
        self._error: Exception | None = None
        self._changed = threading.Condition()

    @property
    def closed(self) -> bool:
        """Whether the taker wants no more."""
        return self._closed

    def give(self, item: Item) -> bool:
        """Hand an item over, waiting for room; return whether the taker is still there."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < self._limit)
            if not self._closed:
                self._items.append(item)
                self._changed.notify_all()
            return not self._closed

    def end(self, error: Exception | None = None) -> None:
        """Say that no more will come; `error` is raised to the taker after the last item."""
        with self._changed:
            self._ended = True
            self._error = error
            self._changed.notify_all()

    def take(self, timeout: float | None = None) -> Item | None:
        """Wait for the next item; None at the end. Raises TimeoutError, or the error that the giver ended with."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._closed or self._ended or self._items, timeout):
                raise TimeoutError
            if self._items and not self._closed:
                self._changed.notify_all()
                return self._items.popleft()
            if self._error is not None and not self._closed:
                raise self._error
            return None

    def close(self) -> None:
        """Want no more: wakes both ends, drops what is under way."""
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()
