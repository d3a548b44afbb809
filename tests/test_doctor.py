"""The doctor: each check against a machine of the kind it speaks of."""

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from streamcheck import doctor
from streamcheck.cli.main import main
from streamcheck.doctor import Check, check_disk, check_machine, check_microphone, check_models
from streamcheck.errors import DeviceError
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.speech import fitness, models
from streamcheck.speech.fitness import Machine, Measured
from streamcheck.speech.models import FoundModel
from streamcheck.speech.speed import SIZES, Speed, estimate

LAPTOP = Speed(encode=0.07, token=0.008, review_encode=0.2, review_token=0.005)
Usage = namedtuple("Usage", "total used free")


def no_note(sentence: str) -> None: ...


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two idle cores."""
    monkeypatch.setattr(fitness, "this_machine", lambda: Machine("Processor\x1b[31m", 2, 0, ()))
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 0.1, 0.1), raising=False)


@pytest.mark.usefixtures("machine")
def test_an_idle_machine_is_good_and_a_busy_one_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_machine().verdict == "green"
    assert "\x1b" not in check_machine().found
    monkeypatch.setattr(os, "getloadavg", lambda: (3.0, 0.1, 0.1), raising=False)
    busy = check_machine()
    assert busy.verdict == "yellow"
    assert "закройте" in busy.advice
    monkeypatch.setattr(fitness, "this_machine", lambda: Machine("x", 1, 0, ()))
    assert "одного ядра" in check_machine().advice
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 0.1, 0.1), raising=False)
    monkeypatch.setattr(fitness, "this_machine", lambda: Machine("x", 1, 1, ()))
    assert check_machine().verdict == "green", "a graphics card makes up for it"


def with_models(monkeypatch: pytest.MonkeyPatch, base: Speed, *names: str) -> dict[str, Check]:
    """The checks of a machine that has these models, where base is so fast."""
    found = [FoundModel(name, "hub", Path("/x"), 5, ready=True) for name in names]
    monkeypatch.setattr(models, "list_models", lambda: found)
    measured = Measured({name: estimate(name, "base", base) for name in names}, names)
    monkeypatch.setattr(fitness, "measured_models", lambda **_: measured)
    return {check.name: check for check in check_models(no_note)}


def test_the_model_that_fits_is_named_for_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = with_models(monkeypatch, LAPTOP, "base", "small")
    assert (checks["live"].verdict, checks["live"].figures["model"]) == ("green", "base")
    assert (checks["review"].verdict, checks["review"].figures["model"]) == ("green", "small")
    assert "не подходят: medium" in checks["live"].found
    assert checks["live"].advice == ""
    assert set(checks["live"].figures["models"]) == set(SIZES)  # type: ignore[call-overload]


def test_a_better_model_that_is_not_there_is_named_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = with_models(monkeypatch, LAPTOP, "base")
    assert "--model small: один раз скачается 484 МБ" in checks["review"].advice


def test_a_slow_machine_is_told_to_take_a_smaller_model(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Speed(0.4, 0.05, 2.0, 0.02)
    late = with_models(monkeypatch, slow, "base")["live"]
    assert late.verdict == "red"
    assert "--model tiny" in late.advice
    slower = Speed(0.4, 0.03, 2.0, 0.02)
    late = with_models(monkeypatch, slower, "base")["live"]
    assert late.verdict == "yellow"
    assert "опоздание" in late.found


def test_a_machine_that_no_model_fits_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = with_models(monkeypatch, Speed(9.0, 1.0, 9.0, 1.0), "base")
    assert checks["live"].verdict == "red"
    assert "слишком слаб" in checks["live"].advice


def test_without_a_model_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "list_models", list)
    (check,) = check_models(no_note)
    assert check.verdict == "red"
    assert "pip install" in check.advice


def test_without_portaudio_or_a_device_files_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> list[object]:
        raise DeviceError("нет PortAudio")

    monkeypatch.setattr("streamcheck.audio.devices.list_devices", missing)
    assert [(one.name, one.verdict) for one in check_microphone(None, no_note)] == [("portaudio", "yellow")]
    monkeypatch.setattr("streamcheck.audio.devices.list_devices", list)
    assert [one.verdict for one in check_microphone(None, no_note)] == ["green", "yellow"]


@pytest.mark.parametrize(
    ("volume", "verdict", "said"),
    [(0.0, "red", "mute"), (0.01, "yellow", "поднимите"), (0.3, "green", ""), (1.0, "yellow", "убавьте")],
)
def test_a_microphone_is_judged_by_what_it_hears(
    volume: float, verdict: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Microphone:
        name = "микрофон"

        def __init__(self, device: str | None) -> None:
            self.closed = False

        def blocks(self):  # type: ignore[no-untyped-def]
            for start in range(0, 60 * SAMPLE_RATE, 1600):
                assert not self.closed
                yield AudioBlock(start, np.full(1600, volume, np.float32))

        def close(self) -> None:
            self.closed = True

    monkeypatch.setattr("streamcheck.audio.devices.list_devices", lambda: [1])
    monkeypatch.setattr("streamcheck.audio.microphone.Microphone", Microphone)
    notes: list[str] = []
    check = list(check_microphone(None, notes.append))[-1]
    assert check.verdict == verdict
    assert said in check.advice
    assert len(notes) == 1


def test_a_disk_is_measured_and_nothing_is_left_on_it(tmp_path: Path) -> None:
    check = check_disk(tmp_path / "new", "disk")
    assert check.verdict == "green"
    assert check.figures["write"]
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize(("megabytes", "verdict"), [(100, "red"), (500, "yellow")])
def test_a_full_disk_is_told(megabytes: int, verdict: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 0, megabytes << 20))
    check = check_disk(tmp_path, "disk")
    assert check.verdict == verdict
    assert "освободите" in check.advice


def test_a_slow_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_writing_speed", lambda _: 1.0)
    check = check_disk(tmp_path, "disk")
    assert check.verdict == "yellow"
    assert "медленный" in check.advice


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check = check_disk(tmp_path / "file" / "folder", "cache")
    assert check.verdict == "red"
    assert "XDG_CACHE_HOME" in check.advice


@pytest.mark.parametrize(("verdict", "code"), [("green", 0), ("yellow", 0), ("red", 1)])
def test_the_command_prints_every_check_and_ends_by_the_worst(
    verdict: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [
        Check("machine", "green", "хорошая [bold]машина", "", {"cores": 2}),
        Check("disk", verdict, "диск", "сделайте то"),  # type: ignore[arg-type]
    ]
    monkeypatch.setattr("streamcheck.cli.doctor.examine", lambda device, note: iter(checks))
    assert main(["doctor"]) == code
    out = capsys.readouterr().out
    assert "ХОРОШО    хорошая [bold]машина" in out
    assert "→ сделайте то" in out
    assert main(["doctor", "--format", "json"]) == code
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == verdict
    assert report["checks"][0] == {
        "check": "machine", "verdict": "green", "found": "хорошая [bold]машина", "advice": "", "cores": 2,
    }  # fmt: skip


def test_auto_is_resolved_before_the_model_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from streamcheck.cli.options import named_model

    monkeypatch.setattr(fitness, "measured_models", lambda **_: Measured({"base": LAPTOP}, ("base", "small")))
    assert (named_model("auto", "live", "ru"), named_model("auto", "review", "ru")) == ("base", "small")
    assert "выбрана модель base" in capsys.readouterr().err
    assert named_model("medium", "live", "ru") == "medium"
