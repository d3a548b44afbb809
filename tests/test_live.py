"""A live session from source to sinks, with speech that can be read off its samples."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from streamcheck.checking import Checker, load_rules
from streamcheck.errors import ModelError, SourceError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Finding, Hypothesis, Samples, Status
from streamcheck.live import RING_SECONDS, LiveSession, _Mailbox, _overload_words, may_enter
from streamcheck.speech.engine import Heard
from streamcheck.speech.recogniser import Progress
from streamcheck.speech.scheduler import Rung
from tests.speech.scripted import Engine, Voice, finals, speech, words


@pytest.fixture(autouse=True)
def _scripted_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamcheck.speech.hearing.VoiceActivity", Voice)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_rules())


class Sound:
    """A source of given samples, in blocks of 0.1 s; `error` ends it, `gate` holds its end up."""

    name = "sound"
    waits = True

    def __init__(self, samples: Samples, error: Exception | None = None, gate: threading.Event | None = None) -> None:
        self.trouble = ""
        self.closed = threading.Event()
        self._samples = samples
        self._error = error
        self._gate = gate

    def blocks(self) -> Iterator[AudioBlock]:
        for start in range(0, len(self._samples), 1600):
            if self.closed.is_set():
                return
            yield AudioBlock(start, self._samples[start : start + 1600])
        while self._gate and not self._gate.is_set() and not self.closed.is_set():
            time.sleep(0.01)
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed.set()


class Notebook:
    """A sink that keeps what it is told; `reader` may raise at a hypothesis."""

    def __init__(self, reader: Callable[[Hypothesis], None] = lambda _: None) -> None:
        self.heard: list[Hypothesis] = []
        self.findings: list[Finding] = []
        self.statuses: list[Status] = []
        self.threads: set[int] = set()
        self._reader = reader

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        self.threads.add(threading.get_ident())
        self.heard.append(hypothesis)
        self._reader(hypothesis)

    def finding(self, finding: Finding) -> None:
        self.threads.add(threading.get_ident())
        self.findings.append(finding)

    def status(self, status: Status) -> None:
        self.threads.add(threading.get_ident())
        self.statuses.append(status)

    def close(self) -> None: ...


def session(sound: Sound, checker: Checker, notebook: Notebook, engine: Engine | None = None) -> LiveSession:
    return LiveSession(sound, checker, sinks=[notebook], load=lambda note: engine or Engine())


def test_everything_said_is_told_by_one_thread_in_order(checker: Checker) -> None:
    notebook = Notebook()
    session(Sound(speech(5, 12, 3)), checker, notebook).run()
    assert finals(notebook.heard) == words(20)
    assert notebook.threads == {threading.get_ident()}
    assert notebook.statuses[0].state == "loading"
    assert notebook.statuses[-1].state == "stopped"
    assert notebook.statuses[-1].lag == 0.0


def test_a_breach_is_found_while_it_is_said_and_settled_by_the_end(checker: Checker) -> None:
    notebook = Notebook()
    script = Engine(script="это самый лучший чайник на всём рынке берите пока есть w1 w2 w3 w4")
    session(Sound(speech(14)), checker, notebook, script).run()
    assert {"superlative"} <= {one.category for one in notebook.findings}
    last = {one.id: one for one in notebook.findings}
    assert all(one.state == "confirmed" for one in last.values())
    assert all(one.emitted is not None for one in last.values())


def test_status_comes_while_nothing_else_does(checker: Checker) -> None:
    gate, notebook = threading.Event(), Notebook()
    timer = threading.Timer(2.2, gate.set)
    timer.start()
    session(Sound(np.zeros(SAMPLE_RATE, np.float32), gate=gate), checker, notebook).run()
    assert len(notebook.statuses) >= 4
    assert "listening" in {one.state for one in notebook.statuses}
    assert {one.level_db for one in notebook.statuses[2:-1]} == {-100.0}


def test_what_was_said_before_the_source_broke_is_told_before_the_error(checker: Checker) -> None:
    notebook = Notebook()
    with pytest.raises(SourceError, match="gone"):
        session(Sound(speech(7), error=SourceError("gone")), checker, notebook).run()
    assert finals(notebook.heard) == words(7)
    assert notebook.statuses[-1].state == "stopped"


def test_a_model_that_does_not_load_ends_the_session_and_the_source(checker: Checker) -> None:
    def load(note: Callable[[str], None]) -> Engine:
        raise ModelError("no model")

    sound = Sound(speech(7), gate=threading.Event())
    with pytest.raises(ModelError, match="no model"):
        LiveSession(sound, checker, load=load).run()
    assert sound.closed.is_set()


def test_the_user_ends_it_and_the_last_words_are_told(checker: Checker) -> None:
    def interrupt(hypothesis: Hypothesis) -> None:
        if hypothesis.final and hypothesis.utterance == 0:
            raise KeyboardInterrupt

    notebook = Notebook(interrupt)
    sound = Sound(speech(5, 6)[:-SAMPLE_RATE], gate=threading.Event())
    with pytest.raises(KeyboardInterrupt):
        session(sound, checker, notebook).run()
    assert finals(notebook.heard)[:5] == words(5)
    assert notebook.heard[-1].final
    assert notebook.statuses[-1].state == "stopped"
    assert sound.closed.is_set()


def test_a_sink_that_fails_ends_the_session(checker: Checker) -> None:
    def fail(hypothesis: Hypothesis) -> None:
        raise BrokenPipeError

    sound = Sound(speech(5), gate=threading.Event())
    with pytest.raises(BrokenPipeError):
        session(sound, checker, Notebook(fail)).run()
    assert sound.closed.is_set()


def test_sound_that_comes_faster_than_it_is_heard_is_held_and_not_lost(checker: Checker) -> None:
    class Slow(Engine):
        def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
            time.sleep(0.005)
            return super().listen(windows, beam=beam)

    notebook = Notebook()
    session(Sound(speech(*[20] * 40)), checker, notebook, Slow()).run()
    assert finals(notebook.heard) == words(800)
    assert not any(one.detail for one in notebook.statuses)
    assert max(one.lag for one in notebook.statuses if one.state != "loading") < 10


def test_trouble_of_the_source_is_shown(checker: Checker) -> None:
    gate, notebook = threading.Event(), Notebook()
    sound = Sound(speech(3), gate=gate)
    sound.trouble = "микрофон пропал"
    threading.Timer(1.5, gate.set).start()
    session(sound, checker, notebook).run()
    shown = [one for one in notebook.statuses if one.state == "gap"]
    assert shown
    assert shown[0].detail == "микрофон пропал"


def test_trouble_while_sound_comes_is_no_gap(checker: Checker) -> None:
    notebook = Notebook()
    sound = Sound(speech(3))
    sound.trouble = "потеряно 0.3 с звука"
    session(sound, checker, notebook).run()
    assert "gap" not in {one.state for one in notebook.statuses}


LEVELS = ("микрофон молчит", "очень тихо", "слишком громко")


@pytest.mark.parametrize(("volume", "word"), [(0.0, LEVELS[0]), (0.01, LEVELS[1]), (2.0, LEVELS[2]), (0.3, None)])
def test_a_bad_level_of_a_microphone_has_words_of_its_own(checker: Checker, volume: float, word: str | None) -> None:
    gate, notebook = threading.Event(), Notebook()
    samples = (np.sin(np.arange(40 * SAMPLE_RATE) * 0.3) * volume).clip(-1, 1).astype(np.float32)
    sound = Sound(samples, gate=gate)
    sound.waits = False
    threading.Timer(1.2, gate.set).start()
    session(sound, checker, notebook).run()
    told = {known for known in LEVELS for one in notebook.statuses if known in one.detail}
    assert told == {word} - {None}


def test_the_level_of_a_recording_is_as_it_is(checker: Checker) -> None:
    gate, notebook = threading.Event(), Notebook()
    threading.Timer(1.2, gate.set).start()
    session(Sound(np.zeros(40 * SAMPLE_RATE, np.float32), gate=gate), checker, notebook).run()
    assert {one.detail for one in notebook.statuses} == {""}


def test_a_pause_of_the_host_is_told(checker: Checker) -> None:
    gate, notebook = threading.Event(), Notebook()
    threading.Timer(1.2, gate.set).start()
    sound = Sound(speech(3), gate=gate)
    LiveSession(sound, checker, sinks=[notebook], paused=lambda: True, load=lambda note: Engine()).run()
    shown = [one for one in notebook.statuses if one.state == "paused"]
    assert shown
    assert shown[0].detail.startswith("пауза")


def test_sound_at_the_pace_of_life_is_never_held_for_a_slow_recogniser() -> None:
    assert may_enter(backlog=60.0, ahead=0.1)
    assert not may_enter(backlog=3.0, ahead=5.0)
    assert may_enter(backlog=0.5, ahead=5.0)
    assert not may_enter(backlog=RING_SECONDS, ahead=-100.0), "what is unheard is not overwritten"


def test_sound_that_waits_comes_as_far_as_the_recogniser_waits_for() -> None:
    assert may_enter(backlog=1.1, ahead=60.0, awaited=0.2)
    assert not may_enter(backlog=1.1, ahead=60.0, awaited=-0.1)


def test_a_recording_read_ahead_goes_on_after_slow_passes(checker: Checker) -> None:
    class SlowOnTheWay(Engine):
        slept = 0

        def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
            if self.slept < 3 and running._received > 40.0:  # far ahead of the clock by then
                self.slept += 1
                time.sleep(1.0)
            return super().listen(windows, beam=beam)

    notebook, engine = Notebook(), SlowOnTheWay()
    running = session(Sound(speech(150)), checker, notebook, engine)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    thread.join(30)  # it stood until the clock had come up, 40 s and the rest
    assert not thread.is_alive()
    assert engine.slept == 3
    assert finals(notebook.heard) == words(150)


def test_a_newer_pass_takes_the_place_of_one_that_nobody_took() -> None:
    mailbox = _Mailbox()
    for utterance, final in ((0, False), (0, True), (1, False), (1, False)):
        mailbox.put(Hypothesis(utterance, (), 0, final, 0.0, 0.0))
    assert [(one.utterance, one.final) for one in iter(lambda: mailbox.take(0), None)] == [(0, True), (1, False)]
    assert not mailbox.over
    mailbox.close()
    assert mailbox.over


class Passing(Sound):
    """Sound that waits for nobody."""

    waits = False


@pytest.mark.parametrize("kept", [True, False])
def test_what_the_ring_lost_is_heard_from_the_record_or_named(
    kept: bool, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streamcheck.live.RING_SECONDS", 20.0)
    samples, notebook = speech(*[20] * 12), Notebook()
    older = (lambda start, stop: samples[start:stop]) if kept else None
    LiveSession(Passing(samples), checker, sinks=[notebook], load=lambda note: Engine(), older=older).run()
    last = notebook.statuses[-1]
    if kept:
        assert finals(notebook.heard) == words(240)
        assert last.unchecked == ()
    else:
        assert len(finals(notebook.heard)) < 240
        assert last.unchecked
        assert last.detail.startswith("компьютер не успевает: не услышано ")
        minutes, seconds = divmod(int(last.unchecked[-1][0]), 60)
        assert f" {minutes}:{seconds:02}–" in last.detail


def test_an_overload_is_in_the_status_and_after_it_what_to_do() -> None:
    behind = Progress(rung=Rung.SETTING_ASIDE, aside=((12.0, 20.0), (31.0, 45.0)))
    (said,) = _overload_words(behind, over=False, kept=True)
    assert "не проверено вживую 0:12–0:20, 0:31–0:45" in said
    (said,) = _overload_words(behind, over=True, kept=True)
    assert "streamcheck sessions recover last --check" in said
    (said,) = _overload_words(behind, over=True, kept=False)
    assert "recover" not in said
    many = Progress(aside=tuple((float(at), at + 1.0) for at in range(0, 50, 10)))
    assert "…, 0:20–0:21, 0:30–0:31, 0:40–0:41" in next(iter(_overload_words(many, over=False, kept=True)))
    assert list(_overload_words(Progress(), over=False, kept=True)) == []
