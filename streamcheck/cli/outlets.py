"""Where a live session's findings, words and states go, as its options say."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streamcheck.audio.chime import Chime
from streamcheck.cli.options import at_least
from streamcheck.errors import ConfigError
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text
from streamcheck.live import Sink
from streamcheck.overlay.controls import Desk, Judged, Request
from streamcheck.overlay.cue import Cue
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.overlay.plain import PlainLines
from streamcheck.overlay.rich_overlay import RichOverlay
from streamcheck.overlay.screen import Heading

if TYPE_CHECKING:
    from streamcheck.overlay.page.server import PageServer


@dataclass(frozen=True, slots=True)
class Wanted:
    """The outlets that the options of `live` ask for."""

    format: str = "overlay"
    notify: str = "none"
    overlay_port: int | None = None
    overlay_host: str = "127.0.0.1"


class Outlets:
    """The sinks of one session, in the order in which they are told; closed, in the opposite one."""

    def __init__(self, heading: Heading, desk: Desk, wanted: Wanted) -> None:
        """Open them. Raises ConfigError where one cannot be."""
        self.sinks: list[Sink] = []
        self._ends = ExitStack()
        self._troubles: list[Callable[[], str]] = []
        self._page: PageServer | None = None
        self._desk = desk
        with ExitStack() as on_error:
            on_error.callback(self._ends.close)
            if wanted.overlay_port is not None:
                self._page = _page(heading, wanted.overlay_host, wanted.overlay_port)
                self._add(self._page)
                heading = replace(heading, pages=self._page.addresses)
            screen = _screen(wanted.format, heading, self._act)
            self._add(screen)
            self._cue(screen, wanted)
            on_error.pop_all()

    @property
    def trouble(self) -> str:
        """What does not work at the moment, for the host."""
        return "; ".join(filter(None, (trouble() for trouble in self._troubles)))

    def close(self) -> None:
        """The session is over."""
        self._ends.close()

    def _act(self, request: Request) -> str:
        """Do what the keys ask for; every screen shows what was judged."""
        if isinstance(request, Judged) and self._page is not None:
            self._page.judge(request.findings, request.verdict)
        return self._desk(request)

    def _cue(self, screen: Sink, wanted: Wanted) -> None:
        dismissed = screen.dismissed if isinstance(screen, RichOverlay) else lambda _: False
        if wanted.notify == "sound":
            chime = Chime()
            self._ends.callback(chime.close)
            self._troubles.append(lambda: chime.trouble)
            self._add(Cue(chime.ring, dismissed))
        elif wanted.notify == "bell" and isinstance(screen, RichOverlay):
            self._add(Cue(screen.ring, dismissed))
        elif wanted.notify == "bell" and wanted.format != "jsonl" and sys.stdout.isatty():
            self._add(Cue(lambda: print(end="\a", flush=True)))

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


def _page(heading: Heading, host: str, port: int) -> "PageServer":
    """The page in the browser; its addresses are told before the screen is drawn. Raises ConfigError."""
    try:
        from streamcheck.overlay.page.server import PageServer
    except ModuleNotFoundError as error:
        raise ConfigError(text("overlay.page-no-extra")) from error
    page = PageServer(heading, host, port)
    for name, address in zip(("obs", "phone"), page.addresses, strict=True):
        print(f"streamcheck: {text(f'overlay.page-{name}')}: {address}", file=sys.stderr)
    return page


def _screen(form: str, heading: Heading, desk: Desk) -> Sink:
    """The sink of a format; plain lines where a screen cannot be drawn or is not wanted."""
    if form == "jsonl":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        return JsonLines(sys.stdout)
    if form == "plain" or not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return PlainLines(sys.stdout, heading)
    return RichOverlay(heading, desk)
