"""Which commands there are, and how everything that goes wrong ends: in clear lines on standard error.

A command's module is imported when the command is run; the list of commands and its help need none of them.
"""

import os
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from streamcheck import __version__
from streamcheck.cli.group import Group
from streamcheck.cli.output import complain
from streamcheck.config import Config, config_files, load_config, near_hint
from streamcheck.errors import StreamcheckError
from streamcheck.i18n import LANGUAGES, text, use_language

COMMANDS = {
    "live": "live:live",
    "review": "review:review",
    "rules": "rules:app",
    "devices": "devices:devices",
    "doctor": "doctor:doctor",
    "models": "models:models",
    "evidence": "evidence:app",
    "sessions": "sessions:app",
    "stats": "stats:stats",
    "config": "config:app",
}
"""Every command and where it lives below `streamcheck.cli`: a function, or the Typer app of a group."""

_INTERRUPTED = 130
_PIPE_CLOSED = 141


def load_command(name: str) -> Any:
    """Import a command's module and return its click command."""
    module, _, attribute = COMMANDS[name].partition(":")
    target = getattr(import_module(f"streamcheck.cli.{module}"), attribute)
    if not isinstance(target, typer.Typer):
        app = typer.Typer(add_completion=False)
        app.command(name, help=text(f"cli.help-{name}"))(target)
        target = app
    target.info.cls = Group
    command = get_command(target)
    command.name = name
    return command


class _LazyGroup(Group):
    """Knows its commands by name and help line, and imports the one that is run."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name in COMMANDS:
            self.add_command(TyperCommand(name, help=text(f"cli.help-{name}")))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name), rest


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"streamcheck {__version__}")
        raise typer.Exit


def _build() -> Any:
    """The root command; built anew in every call, since its texts follow the language."""
    from streamcheck.cli.choice import UiLanguage

    app = typer.Typer(cls=_LazyGroup, name="streamcheck", help=text("cli.help"), epilog=text("cli.epilog"))

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", callback=_print_version, is_eager=True, help=text("cli.opt-version"))
        ] = False,
        ui_language: UiLanguage = None,
    ) -> None: ...

    return get_command(app)


def _ui_language(args: Sequence[str], config: Config) -> str | None:
    """The language of `--ui-language` or the configuration, needed before any help text is made."""
    for index, arg in enumerate(args):
        if arg.startswith("--ui-language="):
            return arg.partition("=")[2]
        if arg == "--ui-language":
            return args[index + 1] if index + 1 < len(args) else None
    setting = config.setting(args[0], "ui_language") if args else None
    return setting.value if setting else None


def _use_language(args: Sequence[str], config: Config) -> None:
    language = _ui_language(args, config)
    use_language(language if language in LANGUAGES else None)
    if "--help" in args:
        from typer import rich_utils

        rich_utils.ARGUMENTS_PANEL_TITLE = text("cli.panel-arguments")
        rich_utils.OPTIONS_PANEL_TITLE = text("cli.panel-options")
        rich_utils.COMMANDS_PANEL_TITLE = text("cli.panel-commands")


def _usage_problem(error: typer.TyperException, config: Config) -> str:
    """What is wrong with the arguments, in the user's language, and where the wrong value came from."""
    kind, context, parameter = type(error).__name__, getattr(error, "ctx", None), getattr(error, "param", None)
    flag = " / ".join(parameter.opts) if parameter is not None and parameter.opts else ""
    if parameter is not None and parameter.param_type_name == "argument":
        flag = (parameter.metavar or parameter.name or "").strip("[].…")
    if kind == "NoSuchOption":
        known = [option for parameter in context.command.params for option in parameter.opts] if context else []
        name = getattr(error, "option_name", "")
        message = text("cli.no-option", option=name) + near_hint(name, [*known, "--help"])
    elif kind == "MissingParameter":
        message = text("cli.missing", option=flag)
    elif isinstance(error, typer.BadParameter):
        source = context.get_parameter_source(parameter.name) if context and parameter is not None else None
        from_file = source is not None and source.name == "DEFAULT_MAP"
        setting = config.setting(context.info_name, parameter.name) if context and parameter and from_file else None
        message = (f"{setting.place}: " if setting else "") + f"{flag}: {error.message}"
    else:
        message = error.format_message()
    return message


def _crash(error: Exception) -> str:
    """Keep the traceback in a file and say in one line that this is our mistake and where the file is."""
    import tempfile
    import time

    from platformdirs import user_data_path

    trace = "".join(traceback.format_exception(error))
    name = time.strftime("crash-%Y%m%d-%H%M%S.txt")
    for folder in (user_data_path("streamcheck") / "crashes", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"streamcheck {__version__}\n{sys.argv}\n{trace}", encoding="utf-8")
        except OSError:
            continue
        return text("cli.bug", why=f"{type(error).__name__}: {error}", file=folder / name)
    return text("cli.bug-unsaved", why=f"{type(error).__name__}: {error}")


def _run(args: Sequence[str], config: Config) -> int:
    command = _build()
    with command.make_context("streamcheck", list(args), default_map=config.defaults()) as context:
        code = command.invoke(context)
    return code if isinstance(code, int) else 0


def _outcome(error: BaseException, config: Config) -> int:
    """Say what ended the run, if it needs saying, and return the exit code."""
    match error:
        case typer.Exit():
            return error.exit_code
        case BrokenPipeError() | SystemExit():  # rich makes the one into the other
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _PIPE_CLOSED
        case KeyboardInterrupt() | typer.Abort() | EOFError():
            complain(text("cli.interrupted"))
            return _INTERRUPTED
        case typer.TyperException() if type(error).__name__ == "NoArgsIsHelpError":
            pass  # typer has shown the help page
        case typer.TyperException():
            complain(_usage_problem(error, config))
        case StreamcheckError():
            complain(str(error))
        case Exception():
            complain(_crash(error))
        case _:
            raise error
    return 2


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0 clean, 1 something found, 2 the job could not be done.

    Without `args` it is the process's own. Then a thread that is deep in native code and cannot be stopped (a model
    that is still being loaded when the user has had enough) is left behind: the interpreter would abort over it.
    """
    code = _main(list(sys.argv[1:] if args is None else args) or ["--help"])
    if args is None and any(thread.daemon for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _main(args: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal of another encoding must not end the session
            stream.reconfigure(errors="replace")
    if "_STREAMCHECK_COMPLETE" in os.environ:
        _build().main(prog_name="streamcheck")
    config = Config({}, ())
    try:
        if "--help" not in args and "--version" not in args:
            config = load_config(config_files(Path.cwd()))
        _use_language(args, config)
        code = _run(args, config)
        sys.stdout.flush()
    except BaseException as error:
        return _outcome(error, config)
    return code
