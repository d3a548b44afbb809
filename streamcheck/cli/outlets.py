"""Where a live session's findings, words and states go, as its options say."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from streamcheck.audio.chime import Chime
from streamcheck.cli.options import at_least
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.live import Sink
from streamcheck.overlay.controls import Desk
from streamcheck.overlay.cue import Cue
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.overlay.plain import PlainLines
from streamcheck.overlay.rich_overlay import RichOverlay
from streamcheck.overlay.screen import Heading


class Outlets:
    """The sinks of one session, in the order in which they are told; closed, in the opposite one."""

    def __init__(self, heading: Heading, desk: Desk, *, format: str, notify: str) -> None:
        self.sinks: list[Sink] = []
        self._ends = ExitStack()
        self._troubles: list[Callable[[], str]] = []
        screen = _screen(format, heading, desk)
        self._add(screen)
        if notify == "sound":
            chime = Chime()
            self._ends.callback(chime.close)
            self._troubles.append(lambda: chime.trouble)
            self._add(Cue(chime.ring, screen.dismissed) if isinstance(screen, RichOverlay) else Cue(chime.ring))
        elif notify == "bell" and isinstance(screen, RichOverlay):
            self._add(Cue(screen.ring, screen.dismissed))
        elif notify == "bell" and format != "jsonl" and sys.stdout.isatty():
            self._add(Cue(lambda: print(end="\a", flush=True)))

    @property
    def trouble(self) -> str:
        """What does not work at the moment, for the host."""
        return "; ".join(filter(None, (trouble() for trouble in self._troubles)))

    def close(self) -> None:
        """The session is over."""
        self._ends.close()

    def _add(self, sink: Sink) -> None:
        self.sinks.append(sink)
        self._ends.callback(sink.close)


class Tally:
    """Passes on what is heavy enough, and keeps the last state of every finding for the exit code."""

    def __init__(self, sinks: Sequence[Sink], min_severity: str) -> None:
        self.findings: dict[str, Finding] = {}
        self._sinks = sinks
        self._min_severity = min_severity

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Pass on a pass."""
        for sink in self._sinks:
            sink.transcript(hypothesis, emitted)

    def finding(self, finding: Finding) -> None:
        """Count a finding, and pass it on where it is heavy enough."""
        self.findings[finding.id] = finding
        if at_least(finding.severity, self._min_severity):
            for sink in self._sinks:
                sink.finding(finding)

    def status(self, status: Status) -> None:
        """Pass on a status."""
        for sink in self._sinks:
            sink.status(status)

    def close(self) -> None:
        """Whose sinks they are closes them."""


def _screen(form: str, heading: Heading, desk: Desk) -> Sink:
    """The sink of a format; plain lines where a screen cannot be drawn or is not wanted."""
    if form == "jsonl":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        return JsonLines(sys.stdout)
    if form == "plain" or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return PlainLines(sys.stdout, heading)
    return RichOverlay(heading, desk)
