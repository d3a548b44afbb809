"""`streamcheck review FILE…`: check recordings and transcripts, and report."""

import sys
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streamcheck.cli.options import (
    Evidence,
    FailOn,
    Language,
    Model,
    Platform,
    Products,
    RuleFolders,
    SoundInReport,
    UiLanguage,
    Vocabulary,
    choice,
    exit_code,
    named_model,
    read_rules,
)
from streamcheck.cli.output import check_output, deliver
from streamcheck.errors import ConfigError, OutputError
from streamcheck.events import SEVERITIES
from streamcheck.i18n import text
from streamcheck.reports import FORMATS, FailedFile, Report, ReviewedFile, format_of, jsonl, render
from streamcheck.reports.wording import where
from streamcheck.safe import printable
from streamcheck.sessions.store import About

if TYPE_CHECKING:
    from streamcheck.checking.engine import Dropped
    from streamcheck.cli.keeping import ReviewKeeper

Files = Annotated[list[str], typer.Argument(metavar="FILE…", help=text("reports.arg-files"))]
Format = Annotated[str | None, choice("--format", FORMATS, "reports.opt-format")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=text("reports.opt-output"))]
Transcript = Annotated[Path | None, typer.Option("--transcript", metavar="FILE", help=text("reports.opt-transcript"))]
Track = Annotated[int, typer.Option("--track", min=0, metavar="N", help=text("reports.opt-track"))]
NoCache = Annotated[bool, typer.Option("--no-cache", help=text("reports.opt-no-cache"))]
Clips = Annotated[Path | None, typer.Option("--clips", metavar="DIR", help=text("reports.opt-clips"))]
ClipFormat = Annotated[str, choice("--clip-format", ("opus", "wav"), "reports.opt-clip-format")]
ClipMargin = Annotated[
    float, typer.Option("--clip-margin", min=0, max=60, metavar="SECONDS", help=text("reports.opt-clip-margin"))
]
Bleep = Annotated[Path | None, typer.Option("--bleep", metavar="FILE", help=text("reports.opt-bleep"))]
BleepWith = Annotated[str, choice("--bleep-with", ("tone", "silence"), "reports.opt-bleep-with")]
BleepSeverity = Annotated[str, choice("--bleep-severity", SEVERITIES, "reports.opt-bleep-severity")]
Keep = Annotated[bool, typer.Option("--keep", help=text("deciding.opt-keep"))]
Decide = Annotated[bool, typer.Option("--decide", help=text("deciding.opt-decide"))]
Presenter = Annotated[str, typer.Option("--presenter", metavar="NAME", help=text("deciding.opt-presenter"))]
Sellers = Annotated[list[str] | None, typer.Option("--seller", metavar="NAME", help=text("chats.opt-seller"))]
Watch = Annotated[bool, typer.Option("--watch", help=text("reports.opt-watch"))]
Trace = Annotated[bool, typer.Option("--trace", help=text("reports.opt-trace"))]


def review(
    files: Files,
    format: Format = None,
    output: Output = None,
    platform: Platform = "generic",
    rules: RuleFolders = None,
    model: Model = "base",
    language: Language = "ru",
    products: Products = None,
    evidence: Evidence = None,
    vocabulary: Vocabulary = None,
    fail_on: FailOn = "violation",
    transcript: Transcript = None,
    track: Track = 0,
    clips: Clips = None,
    clip_format: ClipFormat = "opus",
    clip_margin: ClipMargin = 2.0,
    bleep: Bleep = None,
    bleep_with: BleepWith = "tone",
    bleep_severity: BleepSeverity = "advice",
    sound: SoundInReport = "embed",
    keep: Keep = False,
    decide: Decide = False,
    presenter: Presenter = "",
    seller: Sellers = None,
    no_cache: NoCache = False,
    trace: Trace = False,
    watch: Watch = False,
    ui_language: UiLanguage = None,
) -> int:
    """Check every file and write the report; 2 where a file could not be checked, else 1 or 0 by `--fail-on`."""
    from streamcheck.checking import Checker
    from streamcheck.cli.progress import ProgressBar
    from streamcheck.cli.sound_output import playable, recorded_sound, sound_output
    from streamcheck.cli.watching import Watched, rule_folders, watch_rules
    from streamcheck.review import Recogniser, Reviewer, expand, is_recording, user_cache

    names = expand(files)
    form = format or (output and format_of(output.name)) or "text"
    if len(names) > 1:
        _check_single(form, transcript, bleep)
    if bleep and not is_recording(names[0]):
        raise ConfigError(text("reports.one-bleep"))
    check_output(output)
    heard = not transcript and any(is_recording(name) for name in names)
    if watch and (form != "text" or output or clips or bleep or keep or decide):
        raise ConfigError(text("reports.watch-alone"))
    model = named_model(model, "review", language) if heard else model
    evidence_of = sound_output(clips, clip_format, clip_margin, bleep, bleep_with, bleep_severity)
    keeper = _keeper(About("", platform, model, language, presenter), track, decide=decide) if keep or decide else None
    written = True
    bar = ProgressBar()
    load = partial(read_rules, platform, rules, products, evidence, vocabulary)
    watched = Watched([*rule_folders(rules), *filter(None, (products, evidence, vocabulary))]) if watch else None
    reviewer = Reviewer(
        Checker(load()),
        Recogniser(model, language, cache=None if no_cache else user_cache(), note=_say),
        track,
        progress=bar,
        trace=_show_dropped if trace else None,
        sellers=seller or (),
        now=datetime.now(),
    )
    reviewed: list[ReviewedFile] = []
    failed: list[FailedFile] = []
    for name in names:
        try:
            result = reviewer.review_with(transcript, name) if transcript else reviewer.review(name)
        finally:
            bar.clear()
        if isinstance(result, FailedFile):
            failed.append(result)
            _say(result.reason)
        else:
            result = keeper.keep(result) if keeper else result
            reviewed.append(result)
            _print_file(result, None if output or decide else form)
            if evidence_of and is_recording(name):
                written = evidence_of.write(result, track) and written
    if keeper and decide:
        reviewed = keeper.decide(reviewed)
    if form == "html":
        reviewed = [playable(file, partial(recorded_sound, file, track), sound, output) for file in reviewed]
    _finish(Report(platform, datetime.now().astimezone(), reviewed, failed, model if heard else None), form, output)
    if watched and reviewed:
        reviewed = watch_rules(watched, reviewed, lambda: replace(reviewer, checker=Checker(load())).recheck)
    if failed or not written:
        return 2
    return exit_code((finding for file in reviewed for finding in file.findings), fail_on)


def _check_single(form: str, transcript: Path | None, bleep: Path | None) -> None:
    """Refuse what is for one file where there are several. Raises ConfigError, OutputError."""
    if transcript:
        raise ConfigError(text("reports.one-transcript"))
    if bleep:
        raise ConfigError(text("reports.one-bleep"))
    if form in ("srt", "vtt"):
        raise OutputError(text("reports.one-recording"))


def _keeper(about: About, track: int, *, decide: bool) -> "ReviewKeeper":
    from streamcheck.cli.keeping import ReviewKeeper, check_terminal

    if decide:
        check_terminal()
    return ReviewKeeper(about, track)


def _say(sentence: str) -> None:
    print(f"streamcheck: {printable(sentence)}", file=sys.stderr)


def _show_dropped(dropped: "Dropped") -> None:
    place = where(dropped.start, dropped.line)
    quote, guard = printable(dropped.quote), printable(dropped.guard)
    line = text("reports.dropped", where=place, rule=printable(dropped.rule), quote=quote, guard=guard)
    print(f"{printable(dropped.file or '')}: {line}", file=sys.stderr)


def _print_file(file: ReviewedFile, form: str | None) -> None:
    """Tell of damage, and print the findings at once where the format lets files follow each other."""
    for note in file.notes:
        _say(note)
    if form == "jsonl":
        for line in jsonl.lines(file):
            print(line)
    elif form == "text":
        from streamcheck.reports import terminal

        if sys.stdout.isatty():
            terminal.show(terminal.file_view(file))
        else:
            for line in terminal.file_lines(file):
                print(line)
    sys.stdout.flush()


def _finish(report: Report, form: str, output: Path | None) -> None:
    """Write or print what remains once all files are done."""
    if output is not None:
        deliver(render(report, form), output)
    elif form == "text":
        from streamcheck.reports import terminal

        if sys.stdout.isatty():
            terminal.show(terminal.closing_view(report))
        else:
            for line in terminal.closing_lines(report):
                print(line)
    elif form != "jsonl":
        deliver(render(report, form), None)
