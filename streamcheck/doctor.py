"""Is this machine fit? Each check measures one thing and says what was found and what to do. Wiring only.

A check is green where all is well, yellow where something works but not as it should, red where `streamcheck live`
cannot do its work.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from platformdirs import user_cache_path

from streamcheck.errors import DeviceError, SourceError
from streamcheck.events import SAMPLE_RATE
from streamcheck.i18n import current_language, text
from streamcheck.safe import printable
from streamcheck.sessions.home import Home
from streamcheck.sessions.recorder import MEGABYTE, STOP_FREE, WARN_FREE

if TYPE_CHECKING:
    from streamcheck.events import Samples
    from streamcheck.speech.speed import Purpose, Speed

Verdict = Literal["green", "yellow", "red"]
VERDICTS: tuple[Verdict, ...] = ("green", "yellow", "red")
Note = Callable[[str], None]

LISTEN_SECONDS = 4.0
"""Seconds for which the microphone is listened to: speech has pauses."""
SLOW_DISK = 5.0
"""Megabytes a second below which a disk keeps up with nothing else beside the recording."""
_BUSY = 0.5  # programs that want a core, for each core, from which measurements are not to be trusted
_WRITTEN = 32  # megabytes written to measure the disk
_PATIENCE = 6.0  # seconds that a microphone gets beyond those it is listened to


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report: what was looked at, how it is, the words for people, and the figures for programs."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""
    figures: dict[str, object] = field(default_factory=dict)


def examine(device: str | None = None, note: Note = lambda _: None) -> Iterator[Check]:
    """Make every check, one after another; `note` is told of what takes seconds before it begins."""
    yield check_machine()
    yield from check_models(note)
    yield from check_microphone(device, note)
    yield check_disk(Home.of_user().folder, "disk")
    yield check_disk(user_cache_path("streamcheck"), "cache")


def check_machine() -> Check:
    """The processor, its cores, a graphics card, and whether other programs keep it busy."""
    from streamcheck.speech.fitness import this_machine

    machine = this_machine()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    found = text("doctor.machine", processor=printable(machine.processor, 60), cores=machine.cores)
    found += text("doctor.cuda") if machine.cuda else ""
    figures: dict[str, object] = {"cores": machine.cores, "cuda": machine.cuda, "load": round(load, 2)}
    if machine.cores < 2 and not machine.cuda:
        return Check("machine", "yellow", found, text("doctor.one-core"), figures)
    if load > _BUSY * machine.cores:
        return Check("machine", "yellow", found, text("doctor.busy", load=_number(load)), figures)
    return Check("machine", "green", found, "", figures)


def check_models(note: Note) -> Iterator[Check]:
    """Which models there are, how fast they are, and which fits live and which review."""
    from streamcheck.speech.fitness import measured_models
    from streamcheck.speech.models import list_models

    ready = sorted({one.name for one in list_models() if one.ready})
    if not ready:
        yield Check("models", "red", text("doctor.no-models"), text("doctor.install-model"), {"present": []})
        return
    names = ", ".join(printable(name, 60) for name in ready)
    yield Check("models", "green", text("doctor.models", names=names), "", {"present": ready})
    measured = measured_models(again=True, note=note)
    if not measured.speeds:
        yield Check("speed", "red", text("doctor.not-measured"), text("doctor.install-model"), {})
        return
    speeds = measured.all_speeds()
    for name, speed in measured.speeds.items():
        figures = {"model": name, "encode": round(speed.encode, 4), "token": round(speed.token, 5)}
        found = text("doctor.speed", model=name, encode=_number(speed.encode, 2), token=_number(speed.token * 1000))
        yield Check("speed", "green" if speed.fit("live") == "good" else "yellow", found, "", dict(figures))
    for purpose in ("live", "review"):
        yield _check_fit(purpose, speeds, measured.present, measured.choice(purpose))


def _check_fit(purpose: "Purpose", speeds: "dict[str, Speed]", present: tuple[str, ...], choice: str | None) -> Check:
    """Which model to take for a purpose, and what a better one would need."""
    from streamcheck.speech.speed import SIZES, best

    figures: dict[str, object] = {
        "model": choice,
        "models": {
            name: {"fit": speed.fit(purpose), "present": name in present}
            | ({"pass": round(speed.live_pass, 3)} if purpose == "live" else {"rate": round(speed.review_rate, 2)})
            for name, speed in speeds.items()
        },
    }
    better = best(speeds, purpose)
    if choice is None:
        smaller = text("doctor.take", model=better) if better else text("doctor.too-slow")
        return Check(purpose, "red", text(f"doctor.none-fits-{purpose}"), smaller, figures)
    fit = speeds[choice].fit(purpose)
    figure = _number(speeds[choice].live_pass, 2) if purpose == "live" else _number(speeds[choice].review_rate)
    found = text(f"doctor.{purpose}-{fit}", model=choice, figure=figure)
    for other in ("slow", "unfit"):
        names = [name for name in SIZES if name != choice and speeds[name].fit(purpose) == other]
        found += text(f"doctor.others-{other}", names=", ".join(names)) if names else ""
    advice = text("doctor.better", model=better, size=SIZES[better].megabytes) if better and better != choice else ""
    return Check(purpose, "green" if fit == "good" else "yellow", found, advice, figures)


def check_microphone(device: str | None, note: Note) -> Iterator[Check]:
    """PortAudio, and whether the microphone hears anything."""
    from streamcheck.audio.devices import list_devices, no_devices

    try:
        devices = list_devices()
    except DeviceError as error:
        yield Check("portaudio", "yellow", printable(str(error)), "", {"present": False})
        return
    yield Check("portaudio", "green", text("doctor.portaudio", count=len(devices)), "", {"present": True})
    if not devices:
        yield Check("microphone", "yellow", no_devices(), "", {"devices": 0})
        return
    note(text("doctor.say-something", seconds=f"{LISTEN_SECONDS:.0f}"))
    yield _check_level(device)


def _check_level(device: str | None) -> Check:
    from streamcheck.audio.level import judge, peak_db, rms_db

    try:
        name, samples = _record(device)
    except SourceError as error:
        return Check("microphone", "red", printable(str(error)))
    if len(samples) < LISTEN_SECONDS / 2 * SAMPLE_RATE:
        return Check("microphone", "red", text("doctor.no-sound", name=name), text("doctor.other-device"))
    heard = judge(samples)
    verdict: Verdict = {"silent": "red", "low": "yellow", "clipping": "yellow"}.get(heard, "green")  # type: ignore[assignment]
    found = text(f"doctor.level-{heard}", name=name, level=f"{peak_db(samples):.0f}".replace("-", "−"))
    advice = "" if heard == "good" else text(f"doctor.advice-{heard}")
    figures = {"level": round(rms_db(samples), 1), "peak": round(peak_db(samples), 1), "heard": heard}
    return Check("microphone", verdict, found, advice, dict(figures))


def _record(device: str | None) -> "tuple[str, Samples]":
    """The name of the microphone and what it hears in `LISTEN_SECONDS`; less where it falls silent."""
    from streamcheck.audio.microphone import Microphone

    microphone = Microphone(device)
    guard = threading.Timer(LISTEN_SECONDS + _PATIENCE, microphone.close)
    guard.start()
    taken: list[Samples] = []
    try:
        for block in microphone.blocks():
            taken.append(block.samples)
            if block.start + len(block.samples) >= LISTEN_SECONDS * SAMPLE_RATE:
                break
    finally:
        guard.cancel()
        microphone.close()
    return microphone.name, np.concatenate(taken) if taken else np.zeros(0, np.float32)


def check_disk(folder: Path, name: Literal["disk", "cache"]) -> Check:
    """Room and speed where sessions (`disk`) and models (`cache`) are kept."""
    place = printable(str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
        if free < max(STOP_FREE, 2 * _WRITTEN * MEGABYTE):
            advice = text("doctor.free-space")
            return Check(name, "red", text(f"doctor.{name}-full", folder=place, free=free // MEGABYTE), advice)
        speed = _writing_speed(folder)
    except OSError as error:
        why = printable(error.strerror or str(error))
        return Check(name, "red", text("doctor.not-writable", folder=place, why=why), text("doctor.other-folder"))
    figures: dict[str, object] = {"free": free, "write": round(speed, 1)}
    found = text(f"doctor.{name}", folder=place, free=_number(free / (1 << 30)), speed=f"{speed:.0f}")
    if free < WARN_FREE:
        return Check(name, "yellow", found, text("doctor.free-space"), figures)
    return Check(name, "yellow" if speed < SLOW_DISK else "green", found, _slow_disk(speed), figures)


def _slow_disk(speed: float) -> str:
    return text("doctor.slow-disk") if speed < SLOW_DISK else ""


def _writing_speed(folder: Path) -> float:
    """Megabytes that reach the disk in a second."""
    chunk = os.urandom(MEGABYTE)
    with tempfile.TemporaryFile(dir=folder) as file:
        began = time.monotonic()
        for _ in range(_WRITTEN):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        return _WRITTEN / max(time.monotonic() - began, 1e-6)


def _number(value: float, places: int = 1) -> str:
    """With the comma in Russian."""
    shown = f"{value:.{places}f}"
    return shown.replace(".", ",") if current_language() == "ru" else shown
