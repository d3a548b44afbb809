"""Where a live session's findings, words and states go, as its options say."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streamcheck import __version__
from streamcheck.audio.chime import Chime
from streamcheck.cli.options import at_least
from streamcheck.cli.output import check_output, write_output
from streamcheck.delivery.background import Background, Taker
from streamcheck.delivery.log import Log
from streamcheck.delivery.summary import Summary
from streamcheck.errors import ConfigError
from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text
from streamcheck.live import Sink
from streamcheck.overlay.board import Verdict
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
    webhook: str | None = None
    log: Path | None = None
    summary: Path | None = None


class Outlets:
    """The sinks of one session, in the order in which they are told; closed, in the opposite one."""

    def __init__(self, heading: Heading, desk: Desk, wanted: Wanted) -> None:
        """Open them. Raises ConfigError where one cannot be."""
        self.sinks: list[Sink] = []
        self._ends = ExitStack()
        self._troubles: list[Callable[[], str]] = []
        self._judges: list[Callable[[Sequence[str], Verdict | None], None]] = []
        self._desk = desk
        self.about: dict[str, Any] = {"source": heading.source, "platform": heading.platform, "model": heading.model}
        self._began = datetime.now().astimezone()
        with ExitStack() as on_error:
            on_error.callback(self._ends.close)
            if wanted.overlay_port is not None:
                page = _page(heading, wanted.overlay_host, wanted.overlay_port)
                self._add(page)
                self._judges.append(page.judge)
                heading = replace(heading, pages=page.addresses)
            self._deliver(wanted)
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
        if isinstance(request, Judged):
            for judge in self._judges:
                judge(request.findings, request.verdict)
        return self._desk(request)

    def _deliver(self, wanted: Wanted) -> None:
        """What leaves the session. Raises ConfigError or OutputError where it cannot."""
        if wanted.summary:
            check_output(wanted.summary)
            summary = Summary()
            self._judges.append(summary.judge)
            self._ends.callback(self._write_summary, summary, wanted.summary)
            self._add(summary)
        if wanted.webhook:
            from streamcheck.delivery.webhook import Webhook

            secret = os.environ.get("STREAMCHECK_WEBHOOK_SECRET", "")
            self._add_slow(Webhook(wanted.webhook, secret, lambda: self.about), text("delivery.webhook"))
        if wanted.log:
            self._add_slow(Log(wanted.log), text("delivery.log"))

    def _write_summary(self, summary: Summary, path: Path) -> None:
        times = {"started": self._began, "ended": datetime.now().astimezone()}
        shown = {name: time.isoformat(timespec="seconds") for name, time in times.items()}
        row = summary.row(version=__version__, **self.about, **shown)
        write_output(path, json.dumps(row, ensure_ascii=False, indent=2) + "\n")

    def _add_slow(self, taker: Taker, name: str) -> None:
        """Add a sink that must not be waited for; what it still has to say at the end is printed."""
        background = Background(taker, name)
        self._troubles.append(lambda: background.trouble)
        self._ends.callback(
            lambda: print(f"streamcheck: {background.trouble}", file=sys.stderr) if background.trouble else None
        )
        self._add(background)

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
