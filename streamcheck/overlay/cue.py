"""A cue for the ear when a breach is sure."""

from collections.abc import Callable

from streamcheck.events import Finding, Hypothesis, Status

_APART = 3.0
"""Seconds of source time between two cues: a host who hears one looks, and the screen tells the rest."""


class Cue:
    """A sink that rings at each new confirmed breach or warning; advice and `dismissed` words are worth none."""

    def __init__(self, ring: Callable[[], None], dismissed: Callable[[Finding], bool] = lambda _: False) -> None:
        self._ring = ring
        self._dismissed = dismissed
        self._known: set[str] = set()
        self._last = -_APART

    def finding(self, finding: Finding) -> None:
        """Ring, where it is time."""
        if finding.state != "confirmed" or finding.severity == "advice" or finding.ignored or finding.id in self._known:
            return
        self._known.add(finding.id)
        now = finding.emitted or 0.0
        if now - self._last >= _APART and not self._dismissed(finding):
            self._last = now
            self._ring()

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Nothing to ring for."""

    def status(self, status: Status) -> None:
        """Nothing to ring for."""

    def close(self) -> None:
        """Nothing is held."""
