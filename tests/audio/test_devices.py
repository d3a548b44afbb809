import json
import os
import subprocess
import sys

import pytest

from streamcheck.audio.devices import Device, choose_device
from streamcheck.cli import devices as command
from streamcheck.cli import main
from streamcheck.errors import DeviceError
from tests.audio.stage import Stage

MICROPHONES = [
    Device(0, "Встроенный микрофон", "MME", 2, 44_100.0, False),
    Device(1, "Микрофон (USB Audio)", "MME", 1, 44_100.0, True),
    Device(4, "Микрофон (USB Audio)", "Windows WASAPI", 1, 48_000.0, False),
    Device(5, "Stereo Mix", "Windows WASAPI", 2, 48_000.0, False),
    Device(6, "Stereo Mix 2", "Windows WASAPI", 2, 48_000.0, False),
]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [(None, 1), ("0", 0), ("4", 4), ("встроен", 0), ("usb", 1), ("stereo mix", 5), (" Mix 2", 6)],
)
def test_finds_the_device_that_is_meant(wanted: str | None, number: int) -> None:
    assert choose_device(MICROPHONES, wanted).number == number


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("2", "нет микрофона с номером 2; есть: 0 «Встроенный микрофон», 1 «Микрофон (USB Audio)», 4 "),
        ("99999999999999999999", "нет микрофона с номером 9999"),
        ("Blue Yeti", "нет микрофона с названием «Blue Yeti»; есть: 0 «Встр"),
        ("mix", "«mix» подходит к нескольким микрофонам: 5 «Stereo Mix» (Windows WASAPI), 6 «Stereo Mix 2» (Wind"),
        ("\x1b[31mx", "нет микрофона с названием «␛[31mx»"),
    ],
)
def test_says_what_there_is_where_nothing_or_too_much_fits(wanted: str, problem: str) -> None:
    with pytest.raises(DeviceError) as error:
        choose_device(MICROPHONES, wanted)
    assert problem in str(error.value)


def test_without_a_default_the_only_device_is_meant() -> None:
    one, two = MICROPHONES[0], MICROPHONES[3]
    assert choose_device([one], None) == one
    with pytest.raises(DeviceError, match="по умолчанию не выбран; укажите --device: 0 "):
        choose_device([one, two], None)
    with pytest.raises(DeviceError, match=r"микрофон не найден|нет прав"):
        choose_device([], None)


def test_the_table_names_every_device_and_obeys_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = [Device(2, "\x1b[2J[red]evil[/red]\u202e\x9b", "[link=x]", 2, 48_000.0, True)]
    monkeypatch.setattr(command, "list_devices", lambda: MICROPHONES + hostile)
    assert main(["devices"]) == 0
    shown = capsys.readouterr().out
    assert "␛[2J[red]evil[/red]" in shown
    assert "[link=x]" in shown
    for device in MICROPHONES:
        assert device.name in shown
    assert "по умолчанию" in shown
    assert not set(shown) & {"\x1b", "\x9b", "\u202e"}


def test_json_lines_hold_every_field_and_the_drivers_own_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = [Device(2, "\x1b[2J\u202e\x9bя", "ALSA", 2, 48_000.0, False)]
    monkeypatch.setattr(command, "list_devices", lambda: MICROPHONES[:1] + hostile)
    assert main(["devices", "--format", "jsonl"]) == 0
    shown = capsys.readouterr().out
    first, second = map(json.loads, shown.splitlines())
    assert first == {
        "type": "device",
        "number": 0,
        "name": "Встроенный микрофон",
        "host_api": "MME",
        "channels": 2,
        "rate": 44_100.0,
        "default": False,
    }
    assert second["name"] == hostile[0].name
    assert shown.isascii()


def test_no_device_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(command, "list_devices", list)
    assert main(["devices"]) == 0
    assert capsys.readouterr().out.startswith("микрофон")
    assert main(["devices", "--format", "jsonl"]) == 0
    assert capsys.readouterr().out == ""


def test_lists_the_devices_of_this_machine(stage: Stage) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "streamcheck", "devices", "--format", "jsonl"],
        env=os.environ | stage.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    devices = [json.loads(line) for line in run.stdout.splitlines()]
    assert [device["name"] for device in devices if device["default"]] == ["default"]
    assert run.stderr == ""
