import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import streamcheck.audio.capture as capture
from streamcheck.audio.capture import explain
from streamcheck.audio.devices import Device, list_devices
from streamcheck.audio.microphone import Microphone
from streamcheck.audio.source import open_source
from streamcheck.errors import DeviceError, DeviceRefusedError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from tests.audio.sound import gaps, joined, pitch, tone
from tests.audio.stage import Stage

RATE = 48_000
SILENCE = np.zeros(RATE // 2, np.float32)


def listen(source: Microphone, until: float) -> list[AudioBlock]:
    """Listen for so many seconds of sound."""
    blocks = []
    for block in source.blocks():
        blocks.append(block)
        if block.start > until * SAMPLE_RATE:
            source.close()
    return blocks


def parts(line: Samples) -> list[Samples]:
    """The stretches of sound between silences."""
    loud = np.abs(line) > 0.02
    loud = np.convolve(loud, np.ones(400), "same") > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(int)))
    return [line[start + 200 : stop - 200] for start, stop in edges.reshape(-1, 2)]


@pytest.fixture
def playing(stage: Stage) -> Iterator[Stage]:
    """Two tones of a second each, the second on the right channel only, after two seconds."""
    pause = np.zeros(2 * RATE, np.float32)
    left = np.concatenate([pause, tone(440, 1, RATE), SILENCE, 0 * tone(1000, 1, RATE), SILENCE])
    right = np.concatenate([pause, tone(440, 1, RATE), SILENCE, tone(1000, 1, RATE), SILENCE])
    player = stage.play(left, right, RATE)
    yield stage
    player.terminate()
    player.wait(10)


def test_what_is_played_arrives_in_pitch_and_length_from_any_channel(playing: Stage) -> None:
    source = open_source(None)
    assert isinstance(source, Microphone)
    assert not source.waits
    blocks = listen(source, until=5)
    assert blocks[0].start == 0
    assert gaps(blocks) == []
    first, second = parts(joined(blocks))
    assert pitch(first) == pytest.approx(440, abs=2)
    assert pitch(second) == pytest.approx(1000, abs=2)
    assert len(first) == pytest.approx(SAMPLE_RATE, abs=0.02 * SAMPLE_RATE)
    assert len(second) == pytest.approx(SAMPLE_RATE, abs=0.02 * SAMPLE_RATE)
    assert np.abs(first).max() == pytest.approx(0.5, abs=0.05)
    assert np.abs(second).max() == pytest.approx(0.25, abs=0.05)
    assert source.trouble == ""


def test_the_default_and_the_named_device_are_found(stage: Stage) -> None:
    devices = list_devices()
    assert [device.name for device in devices if device.default] == ["default"]
    for wanted in (None, "DEFAULT", str(next(device.number for device in devices if device.default))):
        source = Microphone(wanted)
        assert source.name == "default"
        source.close()


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("77", "нет микрофона с номером 77; есть: "),
        ("Røde", "нет микрофона с названием «Røde»; есть: "),
        ("ul", "«ul» подходит к нескольким микрофонам: "),
    ],
)
def test_a_wrong_device_is_one_line_with_those_there_are(stage: Stage, wanted: str, problem: str) -> None:
    with pytest.raises(DeviceError, match=problem) as error:
        open_source(None, device=wanted)
    for device in list_devices():
        assert f"{device.number} «{device.name}»" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_device_that_takes_none_of_its_own_settings_is_asked_for_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = [replace(device, channels=500, rate=3.0) for device in list_devices()]
    monkeypatch.setattr(capture, "list_devices", lambda: odd)
    taking = capture._Taking(odd[0])
    assert (taking._stream.samplerate, taking._stream.channels) == (48_000, 2)
    taking._stream.close()
    monkeypatch.setattr(capture, "_USUAL_RATES", (5, 7))
    (refusal,) = capture.capture(None)
    assert "ни в одном обычном формате" in str(refusal)


def test_closing_ends_it_from_another_thread(stage: Stage) -> None:
    source = Microphone(None)
    threading.Timer(0.3, source.close).start()
    list(source.blocks())
    source.close()
    assert list(source.blocks()) == []


def test_sound_from_before_is_not_taken(stage: Stage) -> None:
    source = Microphone(None)
    time.sleep(3)
    called = time.monotonic()
    first = next(source.blocks())
    source.close()
    assert first.start == 0
    assert source._process.receive(1) is None
    assert time.monotonic() > called


def test_sound_that_nobody_takes_is_lost_counted_and_a_gap(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "_UNDER_WAY", 0.2)
    taking = capture._Taking(next(device for device in list_devices() if device.default))
    blocks: list[AudioBlock] = []
    for captured in taking.blocks():
        blocks.append(captured.block)
        if len(blocks) == 1:
            time.sleep(1.5)
        if gaps(blocks) and captured.block.start > gaps(blocks)[0][1] + SAMPLE_RATE // 2:
            break
    taking._stream.close()
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE == pytest.approx(1.3, abs=0.5)


def test_a_device_that_goes_away_is_waited_for_and_the_time_without_it_is_a_gap(stage: Stage) -> None:
    source = Microphone(None)
    blocks: list[AudioBlock] = []
    told = ""
    unplugged = plugged = 0.0
    for block in source.blocks():
        blocks.append(block)
        if not unplugged and block.start > SAMPLE_RATE:
            unplugged = time.monotonic()
            stage.tear_down()

            def return_it() -> None:
                nonlocal told, plugged
                told = source.trouble
                plugged = time.monotonic()
                stage.set_up()

            threading.Timer(4.0, return_it).start()
        if gaps(blocks) and block.start > gaps(blocks)[0][1] + SAMPLE_RATE:
            source.close()
    assert told == "микрофон default пропал: жду, пока он вернётся"
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE > plugged - unplugged - 1
    assert source.trouble.startswith("микрофон снова работает; потеряно ")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        (("Device unavailable", -9985), "занят другой программой"),
        (("Invalid device", -9996), "пропал"),
        (("Invalid sample rate", -9997), "ни в одном обычном формате"),
        (("Illegal combination of I/O devices", -9993), "нет доступа к микрофону"),
        (("Unanticipated host error", -9999, (13, -2, "Access is denied.")), "нет доступа к микрофону"),
        (("Error opening", -9999, (0, -5, "Input/output error")), r"не открылся \(Input/output error\)"),
        (("Error querying device -1",), r"не открылся \(Error querying device -1\)"),
    ],
)
def test_what_portaudio_says_has_words_of_its_own(facts: tuple, word: str) -> None:
    device = Device(3, "USB\x1b[2J", "ALSA", 1, 48_000.0, False)
    said = explain(Exception(*facts), device)
    assert re.search(word, str(said))
    assert "3 «USB␛[2J»" in str(said)
    assert isinstance(said, DeviceRefusedError) == bool(re.search("занят|доступа|формате", word))


def test_without_portaudio_the_rest_works_and_the_microphone_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("""
import ctypes.util, sys
find = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if name == "portaudio" else find(name)
sys.platform = "linux"
""")
    script = tmp_path / "open.py"
    script.write_text("""
from streamcheck.audio.source import open_source
if __name__ == "__main__":
    for address in ("nowhere.wav", None):
        try:
            open_source(address)
        except OSError as error:
            print(type(error).__name__, error)
""")
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    run = subprocess.run([sys.executable, script], env=env, capture_output=True, text=True, check=True)
    file, device = run.stdout.splitlines()
    assert file.startswith("SourceError nowhere.wav: нет такого файла")
    assert device.startswith("DeviceError")
    assert "libportaudio2" in device
