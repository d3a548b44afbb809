"""Which model fits this machine: measured once, kept in the cache, obeyed by `--model auto`.

A measurement holds for the machine, the libraries and the weights that it was made with; where one of them has
changed, it is made again.
"""

import json
import platform
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

from streamcheck.errors import ModelError
from streamcheck.i18n import text
from streamcheck.speech.engine import LANGUAGES, cores, load_whisper, review_workers
from streamcheck.speech.models import OFFLINE, FoundModel, list_models, resolve_model
from streamcheck.speech.speed import SIZES, Purpose, Speed, best, estimate, measure
from streamcheck.speech.vocabulary import COMMON, TRIMMED
from streamcheck.whole import write_whole

AUTO = "auto"
"""The name by which the user leaves the choice of a model to us."""
_TOO_SLOW_TO_TRY = 3.0
"""Seconds of an estimated pass beyond which a model is not even loaded: it would take minutes, and its use is plain."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a measurement depends on beside the model."""

    processor: str
    cores: int
    cuda: int
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The speeds of the models that were measured, by name, and the names of all that are on this machine."""

    speeds: dict[str, Speed]
    present: tuple[str, ...]

    def all_speeds(self) -> dict[str, Speed]:
        """The speed of every published model: measured, else estimated by the largest that was measured."""
        known = [name for name in SIZES if name in self.speeds]
        guessed = {name: estimate(name, known[-1], self.speeds[known[-1]]) for name in SIZES} if known else {}
        return guessed | self.speeds

    def choice(self, purpose: Purpose) -> str | None:
        """The best model on this machine that is fast enough; None where none is."""
        speeds = self.all_speeds()
        return best({name: speeds[name] for name in self.present if name in speeds}, purpose)


def this_machine() -> Machine:
    """The machine as measurements know it."""
    import ctranslate2

    names = ("ctranslate2", "faster-whisper")
    libraries = tuple(f"{name} {version(name)}" for name in names)
    return Machine(_processor(), cores(), ctranslate2.get_cuda_device_count(), libraries)


def measured_models(
    *, again: bool = False, language: str = LANGUAGES[0], note: Callable[[str], None] = lambda _: None
) -> Measured:
    """The speeds of the models on this machine, from the cache; what is not there is measured, or all with `again`.

    `language` decides what is loaded of a model. `note` is told before a model is loaded. A model that does not load is
    left out. Takes some seconds for each.
    """
    found = {one.name: one for one in list_models() if one.ready and one.name in SIZES}
    machine = this_machine()
    known = {} if again else _read(machine, found, _settings(language))
    speeds = dict(known)
    for name in (name for name in SIZES if name in found and name not in known):
        so_far = Measured(speeds, tuple(found)).all_speeds().get(name)
        if so_far is not None and so_far.live_pass > _TOO_SLOW_TO_TRY:
            continue
        note(text("speech.measuring", model=name))
        with suppress(ModelError):
            model = load_whisper(resolve_model(name), workers=review_workers(), language=language)
            speeds[name] = measure(model, review_workers())
    if speeds != known:
        _write(machine, found, speeds, _settings(language))
    return Measured(speeds, tuple(name for name in SIZES if name in found))


def chosen_model(
    name: str, purpose: Purpose, note: Callable[[str], None] = lambda _: None, language: str = LANGUAGES[0]
) -> str:
    """The name itself, or for `auto` the model that fits; the offline one where nothing is there to choose from."""
    if name != AUTO:
        return name
    measured = measured_models(language=language, note=note)
    return measured.choice(purpose) or next(iter(measured.present), OFFLINE)


def _settings(language: str) -> dict[str, int]:
    """What a measurement rests on, beside the machine."""
    return {"workers": review_workers(), "common": COMMON if language in TRIMMED else 0}


def _cache() -> Path:
    return user_cache_path("streamcheck") / "speed.json"


def _read(machine: Machine, found: dict[str, FoundModel], settings: dict[str, int]) -> dict[str, Speed]:
    """What the cache knows of these models on this machine; nothing where it cannot be read."""
    try:
        kept = json.loads(_cache().read_bytes())
        if kept["machine"] != json.loads(json.dumps(asdict(machine))) or kept["settings"] != settings:
            return {}
        models = kept["models"]
        return {
            name: Speed(**models[name]["speed"])
            for name, one in found.items()
            if name in models and models[name]["size"] == one.size
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(machine: Machine, found: dict[str, FoundModel], speeds: dict[str, Speed], settings: dict[str, int]) -> None:
    """Keep the measurements; where that cannot be, the next one is made anew."""
    models = {name: {"size": found[name].size, "speed": asdict(speed)} for name, speed in speeds.items()}
    content = json.dumps({"machine": asdict(machine), "settings": settings, "models": models}, indent=1)
    with suppress(OSError):
        _cache().parent.mkdir(parents=True, exist_ok=True)
        write_whole(_cache(), content)


def _processor() -> str:
    """The processor by its name; Linux tells it in a file, others tell Python."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
