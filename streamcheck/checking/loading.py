"""Rule folders → a rule set ready to check with; or every problem of every file at once, none half-loaded.

A folder holds packs (`pack:`), platform profiles (`platform:`) and lists (`lists:`, `words:`, `roots:`, `guards:`) in
YAML files at any depth, and may hold a classifier (`classifier.npz`, which `streamcheck rules train` makes). The packs
that ship with streamcheck come first; a pack, profile, list, guard of the same name or classifier in a later folder
replaces the earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from streamcheck.checking.schema import Guard, Lists, Pack, Platform, Shop
from streamcheck.checking.yamlfile import Problem, YamlFile, load_yaml, refuse, validate
from streamcheck.errors import ConfigError, RulesError
from streamcheck.i18n import text

GENERIC = "generic"
CLASSIFIER = "classifier.npz"
Model = TypeVar("Model", bound=BaseModel)


@dataclass(slots=True)
class ListSource:
    """A named list as read: its entries by canonical name (`""` in a plain list), its file for error places."""

    entries: list[tuple[str, str]]
    language: str
    file: YamlFile
    at: tuple[str | int, ...]
    names: bool


@dataclass(slots=True)
class Sources:
    """All rule files, read and shaped but not yet compiled."""

    packs: dict[str, tuple[Pack, YamlFile]] = field(default_factory=dict)
    platforms: dict[str, tuple[Platform, YamlFile]] = field(default_factory=dict)
    lists: dict[str, ListSource] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    roots: dict[str, list[str]] = field(default_factory=dict)
    guards: dict[str, tuple[Guard, YamlFile, str]] = field(default_factory=dict)
    classifier: Path | None = None


def shipped_rules() -> Path:
    """The folder of the rules that come with streamcheck: in the wheel, or beside the package in a checkout."""
    inside = Path(str(files("streamcheck"))) / "_rules"
    return inside if inside.is_dir() else Path(str(files("streamcheck"))).parent / "rules"


def clean_samples() -> Path | None:
    """The folder of clean talk beside a checkout's rules; None in an installed wheel."""
    folder = Path(str(files("streamcheck"))).parent / "samples" / "clean"
    return folder if folder.is_dir() else None


def rule_files(folder: Path) -> list[Path]:
    """The rule files of a folder, at any depth, and its classifier. Raises RulesError where they cannot be listed."""
    try:
        return sorted(
            path
            for path in folder.rglob("*")
            if (path.suffix in (".yaml", ".yml") or path == folder / CLASSIFIER) and path.is_file()
        )
    except OSError as error:  # a folder in it went meanwhile
        raise RulesError(text("checking.no-folder", folder=folder)) from error


def read_sources(folders: Sequence[Path] = ()) -> Sources:
    """Read the shipped folder and then `folders`. Raises RulesError with every problem found."""
    sources, problems = Sources(), []
    for folder in (shipped_rules(), *folders):
        if not folder.is_dir():
            raise RulesError(text("checking.no-folder", folder=folder))
        paths = [path for path in rule_files(folder) if path.name != CLASSIFIER]
        if not paths:
            raise RulesError(text("checking.no-rules", folder=folder))
        if (folder / CLASSIFIER).is_file():
            sources.classifier = folder / CLASSIFIER
        seen: dict[str, Path] = {}
        for path in paths:
            loaded = _load(path)
            problems.extend(loaded.problems)
            if loaded.file is not None and loaded.content is not None:
                problems.extend(_take(loaded.file, loaded.content, sources, seen))
    if problems:
        raise refuse(problems)
    return sources


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A rule file as read and shaped, or what is wrong with it."""

    file: YamlFile | None
    content: Pack | Platform | Lists | None
    problems: list[Problem]


_LOADED: dict[Path, tuple[tuple[int, ...], _Loaded]] = {}
"""Files without problems that were read in this process, by size and dates: rules are loaded for several platforms, and
again and again where an author changes one."""


def _load(path: Path) -> _Loaded:
    """Read a rule file, unless it is as it was."""
    try:
        stat = path.stat()
    except OSError:
        return _shaped(path)  # which says why
    stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    known = _LOADED.get(path)
    if known is not None and known[0] == stamp:
        return known[1]
    loaded = _shaped(path)
    if not loaded.problems:
        _LOADED[path] = (stamp, loaded)
    return loaded


def _shaped(path: Path) -> _Loaded:
    file, problems = load_yaml(path)
    if file is None:
        return _Loaded(None, None, problems)
    data = file.data if isinstance(file.data, dict) else {}
    kind: type[Pack] | type[Platform] | type[Lists]
    if "pack" in data:
        kind = Pack
    elif "platform" in data:
        kind = Platform
    elif data.keys() & {"lists", "words", "roots", "guards"}:
        kind = Lists
    else:
        return _Loaded(file, None, [file.problem((), text("checking.unknown-file"))])
    content, problems = validate(file, kind)
    return _Loaded(file, content, problems)


def _take(file: YamlFile, content: Pack | Platform | Lists, sources: Sources, seen: dict[str, Path]) -> list[Problem]:
    """Put one file's content where it belongs; `seen` holds the names of this folder."""
    match content:
        case Pack():
            sources.packs[content.pack] = (content, file)
            return _twice(file, seen, f"pack {content.pack}", ("pack",))
        case Platform():
            sources.platforms[content.platform] = (content, file)
            return _twice(file, seen, f"platform {content.platform}", ("platform",))
        case Lists():
            return _take_lists(file, content, sources, seen)


def _take_lists(file: YamlFile, lists: Lists, sources: Sources, seen: dict[str, Path]) -> list[Problem]:
    problems: list[Problem] = []
    for name, content in lists.lists.items():
        problems += _twice(file, seen, f"list {name}", ("lists", name))
        if isinstance(content, dict):
            entries = [(canonical, alias) for canonical, aliases in content.items() for alias in aliases]
        else:
            entries = [("", entry) for entry in content]
        sources.lists[name] = ListSource(entries, lists.language, file, ("lists", name), isinstance(content, dict))
    for kind, found, kept in (("words", lists.words, sources.words), ("roots", lists.roots, sources.roots)):
        for name in found:
            problems += _twice(file, seen, f"{kind} {name}", (kind, name))
        kept.update(found)
    for name, guard in lists.guards.items():
        problems += _twice(file, seen, f"guard {name}", ("guards", name))
        sources.guards[name] = (guard, file, lists.language)
    return problems


def _twice(file: YamlFile, seen: dict[str, Path], name: str, at: tuple[str, ...]) -> list[Problem]:
    if name in seen:
        return [file.problem(at, text("checking.twice", name=name, file=seen[name]))]
    seen[name] = file.path
    return []


def choose_platform(sources: Sources, name: str) -> Platform:
    """The profile of a platform; `generic` is there always. Raises ConfigError with the names that exist."""
    if name in sources.platforms:
        return sources.platforms[name][0]
    if name == GENERIC:
        return Platform(platform=GENERIC, title="")
    names = ", ".join(sorted({GENERIC, *sources.platforms}))
    raise ConfigError(text("checking.unknown-platform", name=name, names=names))


def read_shop(path: Path | None) -> Shop:
    """A shop's own names and ignored findings; nothing where no file is named. Raises RulesError."""
    return Shop() if path is None else _read_one(path, Shop)


def _read_one(path: Path, model: type[Model]) -> Model:
    file, problems = load_yaml(path)
    if file is not None:
        value, problems = validate(file, model)
        if value is not None:
            return value
    raise refuse(problems)
