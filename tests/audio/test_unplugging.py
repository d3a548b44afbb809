"""A microphone that is unplugged and plugged in again ten times in one session: PulseAudio's null sink, and a record.

The recogniser is read off the sound, as everywhere where words are not the matter: a tone is a sentence.
"""

import threading
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from streamcheck.audio.microphone import Microphone
from streamcheck.audio.voice import FRAME
from streamcheck.checking import Checker, load_rules
from streamcheck.events import SAMPLE_RATE, Finding, Hypothesis, Samples, Status, Word
from streamcheck.live import LiveSession
from streamcheck.sessions.home import Home
from streamcheck.sessions.record import on_record
from streamcheck.sessions.store import LAST, About
from streamcheck.speech.engine import Heard
from tests.audio.sound import tone
from tests.audio.stage import Stage

TIMES = 10
RATE = 48_000
SENTENCE = "это самый лучший чайник на рынке".split()


class Voice:
    """Speech is where a frame is loud."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> npt.NDArray[np.float32]:
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // FRAME
        self._rest = sound[count * FRAME :]
        loud = np.abs(sound[: count * FRAME]).reshape(count, FRAME).max(axis=1) > 0.05
        return np.where(loud, 0.9, 0.0).astype(np.float32)


class Engine:
    """Hears the sentence wherever there is a tone."""

    name = "tone"
    workers = 1

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        return [self._heard(window) for window in windows]

    def _heard(self, window: Samples) -> Heard:
        loud = np.flatnonzero(np.abs(window) > 0.05) / SAMPLE_RATE
        if not len(loud):
            return Heard("", -0.1, False, tuple)
        times = np.linspace(loud[0], loud[-1], len(SENTENCE) + 1)
        words = tuple(Word(word, float(times[n]), float(times[n + 1]), 0.9) for n, word in enumerate(SENTENCE))
        return Heard(" ".join(SENTENCE), -0.1, False, lambda: words)


class Notebook:
    def __init__(self) -> None:
        self.findings: dict[str, Finding] = {}
        self.details: set[str] = set()
        self.said = 0

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        self.said += hypothesis.final and bool(hypothesis.words)

    def finding(self, finding: Finding) -> None:
        self.findings[finding.id] = finding

    def status(self, status: Status) -> None:
        self.details.add(status.detail)

    def close(self) -> None: ...

    @property
    def confirmed(self) -> int:
        return sum(one.state == "confirmed" for one in self.findings.values())


def until(condition: Callable[[], bool], what: str, seconds: float = 20) -> float:
    """Wait for something, and how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"waited in vain for {what}"
        time.sleep(0.01)
    return time.monotonic() - began


def test_ten_times_unplugged_in_one_session_and_nothing_lost_but_the_time_without_it(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamcheck.speech.hearing.VoiceActivity", Voice)
    home, notebook, microphone = Home(tmp_path), Notebook(), Microphone(None)
    sentence = tone(440, 0.8, RATE, volume=0.5)

    def say(number: int) -> None:
        player = stage.play(sentence, sentence, RATE)
        until(lambda: notebook.said == notebook.confirmed == number, f"finding {number}; heard {notebook.confirmed}")
        player.terminate()
        player.wait(10)

    with on_record(home, microphone, About("m", "kaspi", "tone"), keep_sound=True) as kept:
        session = LiveSession(
            kept.source, Checker(load_rules()), sinks=[*kept.sinks, notebook], load=lambda note: Engine()
        )
        thread = threading.Thread(target=session.run)
        thread.start()
        try:
            until(lambda: session._received > 0.5, "the first sound")
            say(1)
            waits = []
            for number in range(TIMES):
                stage.tear_down()
                until(lambda: "пропал" in microphone.trouble, "word that the microphone is gone")
                time.sleep(0.3 * (number % 3))
                before = session._received
                stage.set_up()
                waits.append(until(lambda: session._received > before, "its return"))  # noqa: B023
                say(number + 2)
        finally:
            microphone.close()
            thread.join(20)
    assert not thread.is_alive()
    assert max(waits) < 2.0, waits

    with home.store() as store:
        record = store.session(LAST)
        assert record.ended is not None
        gaps = [gap for gap in store.gaps(record.id) if gap.reason == "source"]
        kept_findings = [one for one in store.findings(record.id) if one.state == "confirmed"]
        assert len(gaps) == TIMES
        assert len(kept_findings) == notebook.confirmed == TIMES + 1
        for one in kept_findings:
            assert one.start is not None
            assert not any(gap.start < one.start < gap.end for gap in gaps)
        borders = [0.0, *(gap.start for gap in gaps), record.seconds]
        for start, stop in pairwise(borders):
            assert sum(start <= (one.start or 0) < stop for one in kept_findings) == 1, "one between any two gaps"
    assert any("снова работает" in detail for detail in notebook.details)
    assert any("пропал" in detail for detail in notebook.details)
