"""A real microphone without hardware: a PulseAudio server of our own whose null sink is the default input."""

import ctypes.util
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from streamcheck.events import Samples

_PACKAGES = {"pulseaudio": "pulseaudio", "pactl": "pulseaudio-utils", "paplay": "pulseaudio-utils"}


class Stage:
    """What is played on it is heard by every input device."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_SERVER": f"unix:{folder / 'native'}",
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        socket = f"module-native-protocol-unix socket={folder / 'native'} auth-cookie={folder / 'cookie'}"
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", f"--load={socket}"],
            env=os.environ | self.environment,
            stderr=subprocess.DEVNULL,
        )
        self._module = ""

    def set_up(self) -> None:
        """Put up the null sink; it is the default input."""
        deadline = time.monotonic() + 20
        while subprocess.run(["pactl", "info"], env=self._env, capture_output=True).returncode:
            assert time.monotonic() < deadline, "PulseAudio does not start"
            time.sleep(0.05)
        self._module = self._pactl(
            "load-module", "module-null-sink", "sink_name=stage", "rate=48000", "channels=2", "norewinds=1"
        )
        self._pactl("set-default-source", "stage.monitor")

    def tear_down(self) -> None:
        """Take the null sink away, as if the microphone were unplugged."""
        self._pactl("unload-module", self._module)

    def play(self, left: Samples, right: Samples, rate: int) -> "subprocess.Popen[bytes]":
        """Play two channels of sound."""
        path = self._folder / "played.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes((np.stack([left, right], axis=1) * 32767).astype("<i2").tobytes())
        return subprocess.Popen(["paplay", "--device=stage", "--latency-msec=1000", str(path)], env=self._env)

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait(20)

    @property
    def _env(self) -> dict[str, str]:
        return os.environ | self.environment

    def _pactl(self, *words: str) -> str:
        return subprocess.run(
            ["pactl", *words], env=self._env, capture_output=True, text=True, check=True
        ).stdout.strip()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage whose devices this process, and processes with its `environment`, see. Skips where a package lacks."""
    if not sys.platform.startswith("linux"):
        pytest.skip("needs PulseAudio, on Linux")
    missing = {package for command, package in _PACKAGES.items() if not shutil.which(command)}
    if not ctypes.util.find_library("portaudio"):
        missing.add("libportaudio2")
    if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        missing.add("libasound2-plugins")
    if missing:
        pytest.skip(f"needs the Debian packages {', '.join(sorted(missing))}")
    import sounddevice

    stage = Stage(tmp_path_factory.mktemp("pulse"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stage.environment.items():
            patch.setenv(name, value)
        try:
            stage.set_up()
            sounddevice._terminate()  # PortAudio lists devices once, when it begins
            sounddevice._initialize()
            yield stage
        finally:
            stage.close()
