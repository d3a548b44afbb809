"""`streamcheck live [SOURCE]`: watch a broadcast while it is on air."""

import math
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from streamcheck.cli.options import (
    Evidence,
    FailOn,
    Language,
    MinSeverity,
    Model,
    Platform,
    Products,
    RuleFolders,
    UiLanguage,
    Vocabulary,
    choice,
    exit_code,
    named_model,
    read_rules,
)
from streamcheck.i18n import text
from streamcheck.safe import printable

if TYPE_CHECKING:
    from streamcheck.live import Sink
    from streamcheck.sessions.home import Home

FORMATS = ("overlay", "plain", "jsonl")
NOTIFICATIONS = ("none", "bell", "sound")


def _speed(value: str) -> float:
    """A speed above zero; `max` is as fast as the source can be read."""
    if value == "max":
        return math.inf
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0 < speed < math.inf:
        raise typer.BadParameter(text("cli.bad-number", value=printable(value, 60)))
    return speed


Source = Annotated[str | None, typer.Argument(metavar="SOURCE", help=text("cli.arg-source"), show_default=False)]
Device = Annotated[str | None, typer.Option("--device", metavar="NAME", help=text("cli.opt-device"))]
Speed = Annotated[float, typer.Option("--speed", parser=_speed, metavar="N|max", help=text("cli.opt-speed"))]
Follow = Annotated[bool, typer.Option("--follow", help=text("cli.opt-follow"))]
Format = Annotated[str, choice("--format", FORMATS, "cli.opt-live-format")]
KeepSound = Annotated[bool, typer.Option("--record/--no-record", help=text("sessions.opt-record"))]
KeepDays = Annotated[float | None, typer.Option("--keep-days", min=0, metavar="N", help=text("sessions.opt-keep-days"))]
Notify = Annotated[str, choice("--notify", NOTIFICATIONS, "cli.opt-notify")]
OverlayPort = Annotated[
    int | None, typer.Option("--overlay-port", min=0, max=65535, metavar="N", help=text("cli.opt-overlay-port"))
]
WebhookUrl = Annotated[str | None, typer.Option("--webhook", metavar="URL", help=text("cli.opt-webhook"))]
LogPath = Annotated[Path | None, typer.Option("--log", metavar="FILE", help=text("cli.opt-log"))]
SummaryPath = Annotated[Path | None, typer.Option("--summary", metavar="FILE", help=text("cli.opt-summary"))]
OverlayHost = Annotated[str, typer.Option("--overlay-host", metavar="IP", help=text("cli.opt-overlay-host"))]
Redact = Annotated[bool, typer.Option("--redact", help=text("sessions.opt-redact"))]
Presenter = Annotated[str, typer.Option("--presenter", metavar="NAME", help=text("sessions.opt-presenter"))]


def live(
    source: Source = None,
    device: Device = None,
    platform: Platform = "generic",
    rules: RuleFolders = None,
    model: Model = "base",
    language: Language = "ru",
    speed: Speed = 1.0,
    follow: Follow = False,
    products: Products = None,
    evidence: Evidence = None,
    vocabulary: Vocabulary = None,
    format: Format = "overlay",
    min_severity: MinSeverity = "advice",
    record: KeepSound = True,
    keep_days: KeepDays = None,
    presenter: Presenter = "",
    redact: Redact = False,
    notify: Notify = "none",
    overlay_port: OverlayPort = None,
    overlay_host: OverlayHost = "127.0.0.1",
    webhook: WebhookUrl = None,
    log: LogPath = None,
    summary: SummaryPath = None,
    fail_on: FailOn = "violation",
    ui_language: UiLanguage = None,
) -> int:
    """Listen until the source ends or the user does; 0 where the user ended it, else 1 or 0 by `--fail-on`."""
    from streamcheck.audio.pausing import PausableSource
    from streamcheck.audio.source import open_source
    from streamcheck.checking import Checker
    from streamcheck.cli.desk import HostDesk
    from streamcheck.cli.outlets import Outlets, Tally, Wanted
    from streamcheck.live import LiveSession
    from streamcheck.overlay.screen import Heading
    from streamcheck.sessions.home import Home
    from streamcheck.sessions.record import on_record
    from streamcheck.sessions.store import About

    home = Home.of_user()
    with closing(PausableSource(open_source(source, device=device, speed=speed, follow=follow))) as sound:
        model = named_model(model, "live", language)
        checker = Checker(read_rules(platform, rules, products, evidence, vocabulary))
        _tidy(home, keep_days)
        wanted = Wanted(format, notify, overlay_port, overlay_host, webhook, log, summary)
        about = About(sound.name, platform, model, language, presenter)
        desk = HostDesk(sound, redact=redact)
        outlets = Outlets(Heading(sound.name, platform, model), desk, wanted)
        tally = Tally(outlets.sinks, min_severity)
        try:
            with closing(outlets), _ends_in_order(), on_record(home, sound, about, keep_sound=record) as kept:
                desk.record = kept.record
                outlets.about |= {"id": kept.record.id if kept.record else None, "presenter": presenter}
                sinks: list[Sink] = [*kept.sinks, tally]
                if redact:
                    from streamcheck.redaction import Redacted

                    sinks = [Redacted(sinks)]
                LiveSession(
                    kept.source,
                    checker,
                    model=model,
                    language=language,
                    sinks=sinks,
                    older=kept.older,
                    remark=lambda: "; ".join(filter(None, (kept.remark(), outlets.trouble))),
                    paused=lambda: sound.paused,
                ).run()
        except KeyboardInterrupt:
            return 0
    return exit_code(tally.findings.values(), fail_on)


def _tidy(home: "Home", keep_days: float | None) -> None:
    """Delete what is too old, and offer what broke off to be recovered: a line each, before the screen is drawn."""
    from streamcheck.sessions.recovery import tidy

    deleted, broken = tidy(home, keep_days, time.time())
    if deleted:
        print(f"streamcheck: {text('sessions.tidied', count=deleted, days=f'{keep_days:g}')}", file=sys.stderr)
    if broken:
        key = "sessions.broken-one" if len(broken) == 1 else "sessions.broken-many"
        print(f"streamcheck: {text(key, ids=', '.join(broken[:5]))}", file=sys.stderr)


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """Let SIGTERM end a session as Ctrl+C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
