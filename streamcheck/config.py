"""`streamcheck.toml`: values for the options of `live` and `review`, checked as strictly as flags are.

The file in the working directory outranks the one in the user's configuration folder; flags outrank both. Every key
is named like its option; a key above the tables counts for every command that has the option, a key in `[live]` or
`[review]` for that command alone. Paths are taken from the folder of the file.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path

from streamcheck.errors import ConfigError
from streamcheck.i18n import text
from streamcheck.safe import printable

FILE_NAME = "streamcheck.toml"
Kind = Literal["text", "path", "paths", "number", "switch"]

_SHARED: dict[str, Kind] = {
    "platform": "text",
    "rules": "paths",
    "products": "path",
    "evidence": "path",
    "vocabulary": "path",
    "model": "text",
    "language": "text",
    "ui-language": "text",
    "fail-on": "text",
}
KEYS: Mapping[str, Mapping[str, Kind]] = {
    "live": {
        **_SHARED,
        "device": "text",
        "speed": "number",
        "follow": "switch",
        "format": "text",
        "min-severity": "text",
        "record": "switch",
        "keep-days": "number",
        "presenter": "text",
        "redact": "switch",
        "notify": "text",
        "overlay-port": "number",
        "overlay-host": "text",
        "webhook": "text",
        "log": "path",
        "summary": "path",
    },
    "review": {**_SHARED, "format": "text"},
}
"""The keys of every table; tests/cli hold them against the options of the commands."""

_TYPES: Mapping[Kind, tuple[type, ...]] = {
    "text": (str,),
    "path": (str,),
    "paths": (list,),
    "number": (int, float),
    "switch": (bool,),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One value and the place it was read from."""

    value: Any
    file: Path
    line: int

    @property
    def place(self) -> str:
        """`file:line`, safe to print."""
        return printable(f"{self.file}:{self.line}")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of every command by option name, and the files that were looked for, weakest first."""

    commands: Mapping[str, Mapping[str, Setting]]
    files: tuple[Path, ...]

    def defaults(self) -> dict[str, dict[str, Any]]:
        """The values by command and parameter name: what click takes as its `default_map`."""
        return {
            command: {name.replace("-", "_"): setting.value for name, setting in settings.items()}
            for command, settings in self.commands.items()
        }

    def setting(self, command: str, parameter: str) -> Setting | None:
        """Where the value of a command's parameter came from, None where no file sets it."""
        return self.commands.get(command, {}).get(parameter.replace("_", "-"))


def config_files(folder: Path) -> tuple[Path, ...]:
    """The files that count in a working directory, weakest first."""
    return user_config_path("streamcheck") / FILE_NAME, folder / FILE_NAME


def load_config(files: Iterable[Path]) -> Config:
    """Read the files that exist, later ones outranking earlier ones.

    Raises ConfigError with one line for every unknown key and wrong type in any of them.
    """
    files = tuple(files)
    commands: dict[str, dict[str, Setting]] = {command: {} for command in KEYS}
    problems: list[str] = []
    for file in files:
        if (source := _read(file)) is not None:
            for command, name, setting in _settings(file, source, problems):
                commands[command][name] = setting
    if problems:
        raise ConfigError("\n".join(problems))
    return Config(commands, files)


def near_hint(name: str, known: Iterable[str]) -> str:
    """«; did you mean "x"?» where a name is near, else nothing."""
    near = difflib.get_close_matches(name.lower(), list(known), n=1)
    return text("cli.did-you-mean", name=near[0]) if near else ""


def near_name(name: str, known: Iterable[str]) -> str:
    """A hint for a name that does not exist: the near one, and all that exist."""
    known = list(known)
    return near_hint(name, known) + text("cli.there-are", names=", ".join(known))


def _read(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8"
        raise ConfigError(text("cli.config-unreadable", file=printable(str(file)), why=why)) from error


def _settings(file: Path, source: str, problems: list[str]) -> Iterator[tuple[str, str, Setting]]:
    """Yield (command, name, setting) of one file: its general keys first, then those of its tables."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        problems.append(text("cli.config-broken", file=printable(str(file)), why=error))
        return
    lines = _lines(source)
    for table, keys in {"": _SHARED, **KEYS}.items():
        values = data.get(table, {}) if table else {k: v for k, v in data.items() if k not in KEYS}
        if not isinstance(values, dict):
            problems.append(text("cli.config-not-table", file=printable(str(file)), table=table))
            continue
        for name, value in values.items():
            line = lines.get((table, name), 0) or lines.get((name, ""), 1)
            if problem := _problem(table, name, value, keys):
                problems.append(printable(f"{file}:{line}: {problem}"))
                continue
            setting = Setting(_from_folder(value, keys[name], file.parent), file, line)
            for command in (table,) if table else (c for c in KEYS if name in KEYS[c]):
                yield command, name, setting


def _problem(table: str, name: str, value: Any, keys: Mapping[str, Kind]) -> str:
    if name not in keys:
        return text("cli.config-unknown", key=name) + near_name(name, [*keys, *(() if table else KEYS)])
    kind = keys[name]
    fits = isinstance(value, _TYPES[kind]) and isinstance(value, bool) == (kind == "switch")
    if fits and kind == "paths":
        fits = all(isinstance(item, str) for item in value)
    return "" if fits else text("cli.config-type", key=name, wanted=text(f"cli.kind-{kind}"))


def _from_folder(value: Any, kind: Kind, folder: Path) -> Any:
    if kind == "path":
        return str(folder / Path(value).expanduser())
    if kind == "paths":
        return [str(folder / Path(item).expanduser()) for item in value]
    return value


_TABLE = re.compile(r"\s*\[\s*[\"']?([\w-]+)[\"']?\s*\]")
_KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*[=.]")


def _lines(source: str) -> dict[tuple[str, str], int]:
    """The line, from 1, of every (table, key) and of every (table, "") header; tomllib keeps none."""
    found: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(source.splitlines(), 1):
        if header := _TABLE.match(line):
            table = header[1]
            found.setdefault((table, ""), number)
        elif key := _KEY.match(line):
            found.setdefault((table, key[1]), number)
    return found
