"""YAML with places: what a file says, where it says it, and errors that show the lines.

PyYAML's node tree is read directly, so that duplicate keys, merge keys and the words that YAML 1.1 turns into
booleans (`no`, `on`, `yes`, `off`) are errors with a place instead of silent surprises. Dates stay strings.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from streamcheck.errors import RulesError
from streamcheck.i18n import text

Place = tuple[int, int]
Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where PyYAML was built with it: ten times as fast."""
_MOST_BYTES = 8_000_000
_MOST_DEPTH = 40
_KEPT_AS_TEXT = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value"}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of a file; `line` and `column` count from 1, 0 means the whole file."""

    file: Path
    line: int
    column: int
    message: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)
        if not 0 < self.line <= len(self.lines):
            return f"{where}: {self.message}"
        frame = []
        for number in range(max(1, self.line - 1), min(len(self.lines), self.line + 1) + 1):
            frame.append(f"  {number:>5} | {self.lines[number - 1][:160]}")
            if number == self.line:
                frame.append(" " * 7 + " | " + " " * min(self.column - 1, 160) + "^")
        return "\n".join([f"{where}: {self.message}", *frame])


@dataclass(slots=True)
class YamlFile:
    """One loaded file: its data and the place of every key and item by its path."""

    path: Path
    data: Any
    lines: tuple[str, ...]
    places: dict[Key, Place] = field(default_factory=dict)

    def problem(self, at: Key, message: str) -> Problem:
        """A problem at the deepest known part of a path."""
        while at and at not in self.places:
            at = at[:-1]
        line, column = self.places.get(at, (1, 1))
        return Problem(self.path, line, column, message, self.lines)


def refuse(problems: Iterable[Problem]) -> RulesError:
    """All problems as one error, in the order of files and lines."""
    ordered = sorted(problems, key=lambda one: (str(one.file), one.line, one.column))
    return RulesError("\n".join(str(one) for one in ordered))


def near_name(name: str, known: Iterable[str]) -> str:
    """« — did you mean "x"?», or the names that exist, or nothing where there are too many."""
    known = sorted(set(known))
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    if near:
        return text("checking.did-you-mean", name=near[0])
    return text("checking.there-are", names=", ".join(known)) if 0 < len(known) <= 20 else ""


def load_yaml(path: Path) -> tuple[YamlFile | None, list[Problem]]:
    """Read one YAML (or JSON) file; what is wrong with it comes back as problems, never as an exception."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None, [Problem(path, 0, 0, text("checking.file-too-large", limit=_MOST_BYTES // 1_000_000))]
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None, [Problem(path, 0, 0, text("checking.not-utf8"))]
    except OSError as error:
        return None, [Problem(path, 0, 0, text("checking.cannot-read", why=error.strerror or str(error)))]
    lines = tuple(source.splitlines())
    try:
        root = yaml.compose(source, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        return None, [Problem(path, line, column, text("checking.bad-yaml", why=what), lines)]
    file = YamlFile(path, None, lines)
    if root is None:
        return None, [Problem(path, 0, 0, text("checking.empty-file"))]
    problems: list[Problem] = []
    file.data = _value(root, (), file, problems)
    return (file, problems) if not problems else (None, problems)


def _value(node: yaml.Node, at: Key, file: YamlFile, problems: list[Problem]) -> Any:
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    file.places.setdefault(at, place)
    if len(at) > _MOST_DEPTH:
        problems.append(Problem(file.path, *place, text("checking.too-deep"), file.lines))
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, at, file, problems)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*at, number), file, problems) for number, item in enumerate(node.value)]
    return _scalar(node, place, file, problems)


def _mapping(node: yaml.MappingNode, at: Key, file: YamlFile, problems: list[Problem]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else None
        place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if key is None or key == "<<":
            problems.append(Problem(file.path, *place, text("checking.bad-key"), file.lines))
        elif key in data:
            problems.append(Problem(file.path, *place, text("checking.double-key", key=key), file.lines))
        else:
            file.places[(*at, key)] = place
            data[key] = _value(value_node, (*at, key), file, problems)
    return data


def _scalar(node: yaml.Node, place: Place, file: YamlFile, problems: list[Problem]) -> Any:
    if node.tag in _KEPT_AS_TEXT:
        return node.value
    if node.tag == "tag:yaml.org,2002:bool":
        if node.value.lower() in ("true", "false"):
            return node.value.lower() == "true"
        problems.append(Problem(file.path, *place, text("checking.word-as-bool", word=node.value), file.lines))
        return node.value
    if node.tag == "tag:yaml.org,2002:null":
        return None
    try:
        return float(node.value) if node.tag.endswith(":float") else int(node.value.replace("_", ""), 0)
    except ValueError:
        return node.value


def _field_names(model: type[BaseModel], seen: set[type] | None = None) -> set[str]:
    seen = seen if seen is not None else set()
    names: set[str] = set()
    if model in seen:
        return names
    seen.add(model)
    for name, info in model.model_fields.items():
        names.add(info.alias or name)
        pending = [info.annotation]
        while pending:
            kind = pending.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                names |= _field_names(kind, seen)
            pending.extend(get_args(kind))
    return names


def validate(file: YamlFile, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The file's data as `model`, or the problems with their places and near names."""
    try:
        return model.model_validate(file.data), []
    except ValidationError as error:
        problems: dict[tuple[Key, str], Problem] = {}
        for one in error.errors(include_url=False):
            at = _path_in(file.data, one["loc"])
            message = _what_is_wrong(dict(one), model)
            problems.setdefault((at, message), file.problem(at, message))
        return None, list(problems.values())


def _what_is_wrong(error: dict[str, Any], model: type[BaseModel]) -> str:
    """One of pydantic's errors in the user's language."""
    kind, limits = str(error["type"]), error.get("ctx", {})
    name, given = str(error["loc"][-1]) if error["loc"] else "", error.get("input")
    if kind == "extra_forbidden":
        return text("checking.unknown-key", key=name) + near_name(name, _field_names(model) - {name})
    if kind == "missing":
        return text("checking.missing-key", key=name)
    if kind == "string_pattern_mismatch":
        return text("checking.wrong-form", value=given, pattern=limits["pattern"])
    if kind in ("literal_error", "enum"):
        known = limits["expected"].replace("'", "").replace(" or ", ", ")
        return text("checking.wrong-choice", value=given, known=known)
    if kind.endswith("_type") or kind.endswith("_parsing"):
        expected = kind.removesuffix("_type").removesuffix("_parsing")
        return text("checking.wrong-kind", key=name, kind=_KINDS.get(expected, expected))
    if kind in _LIMITS:
        return text(f"checking.{_LIMITS[kind][0]}", key=name, limit=limits[_LIMITS[kind][1]])
    return str(error["msg"]).removeprefix("Value error, ")


_KINDS = {"string": "string", "int": "int", "float": "float", "bool": "bool", "list": "list", "tuple": "list",
          "dict": "mapping", "model": "mapping", "model_attributes": "mapping", "date": "date"}  # fmt: skip
"""What pydantic calls a kind of value, in YAML's own words."""
_LIMITS = {
    "string_too_short": ("too-short", "min_length"),
    "too_short": ("too-short", "min_length"),
    "string_too_long": ("too-long", "max_length"),
    "too_long": ("too-long", "max_length"),
    "greater_than": ("too-small", "gt"),
    "greater_than_equal": ("too-small", "ge"),
    "less_than": ("too-great", "lt"),
    "less_than_equal": ("too-great", "le"),
}


def _path_in(data: Any, location: tuple[int | str, ...]) -> Key:
    """A pydantic location without the names of union members: the path in the data."""
    path: list[str | int] = []
    for step in location:
        inside = step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data)
        if isinstance(data, dict | list) and inside:
            data = data[step]  # type: ignore[index]
            path.append(step)
    return tuple(path)
