"""A live session: source → ring → recogniser → checker → sinks. Wiring only.

Three threads: one moves sound into the ring and waits for nobody, one recognises, and the caller's checks what was
heard and feeds the sinks, so that neither needs a lock.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Literal, Protocol

from streamcheck.audio.level import FIRST_LOOK, LONG_LOOK, LOOK, judge, rms_db
from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.audio.source import Source
from streamcheck.events import SAMPLE_RATE, Finding, Hypothesis, Samples, Status
from streamcheck.i18n import text
from streamcheck.overlay.wording import clock
from streamcheck.speech.recogniser import LiveRecogniser, Progress
from streamcheck.speech.scheduler import Rung

if TYPE_CHECKING:
    from streamcheck.checking import Checker
    from streamcheck.speech import Engine

RING_SECONDS = 300.0
"""Sound that is kept for the recogniser; what is set aside in an overload waits here (19 MB)."""
STATUS_EVERY = 0.5
"""Seconds between two status lines at most."""
_AHEAD = 1.0  # seconds by which sound that can wait may run ahead of the clock or of the recogniser
_LEVEL_SECONDS = 0.5
_PATIENCE = 3.0  # seconds that a thread gets to end
_NO_SOUND = 0.5  # seconds without any sound after which trouble of the source is a gap
_SILENT_SOURCE = 8.0  # seconds without any sound after which the status says so

_SPANS_SHOWN = 3


class Sink(Protocol):
    """Where a session's events go; called by one thread, in the order of events."""

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Take a pass over an utterance: tentative text, or final."""
        ...

    def finding(self, finding: Finding) -> None:
        """Take a new finding or the update of an earlier one."""
        ...

    def status(self, status: Status) -> None:
        """Take how the session is doing; comes at least every second."""
        ...

    def close(self) -> None:
        """The session is over."""
        ...


class LiveSession:
    """Listens to a source until it ends, and tells the sinks what was heard and found. Use once.

    The model is loaded while the first sound already waits in the ring, by `load_engine` unless given. What `remark`
    returns stands in every status, for the host to read; `paused` says whether she has paused the source. `older` reads
    samples from the record of the session, where there is one, for speech that was set aside longer than the ring goes.
    """

    def __init__(
        self,
        source: Source,
        checker: "Checker",
        *,
        model: str = "base",
        language: str = "ru",
        sinks: Sequence[Sink] = (),
        remark: Callable[[], str] = str,
        paused: Callable[[], bool] = bool,
        load: Callable[[Callable[[str], None]], "Engine"] | None = None,
        older: Callable[[int, int], Samples | None] | None = None,
    ) -> None:
        from streamcheck.checking import StreamChecker

        self._source = source
        self._stream = StreamChecker(checker)
        self._sinks = tuple(sinks)
        self._remark = remark
        self._paused = paused
        self._load = load or (lambda note: _load(model, language, note))
        self._ring = Ring(RING_SECONDS, older) if older else Ring(RING_SECONDS)
        self._is_kept = older is not None
        self._mailbox = _Mailbox()
        self._stopping = Event()
        self._recogniser: LiveRecogniser | None = None
        self._note = ""
        self._last_arrival = time.monotonic()
        self._spoken_to = 0.0  # the end of the last word

    def run(self) -> None:
        """Run to the end of the source. Raises SourceError, DeviceError or ModelError once all that was heard is told.

        KeyboardInterrupt ends the source: what was said so far is decoded and told, then it is raised again.
        """
        threads = [Thread(target=self._guard, args=[work], daemon=True) for work in (self._capture, self._recognise)]
        self._tell_status(self._status())
        for thread in threads:
            thread.start()
        try:
            try:
                self._follow()
            except KeyboardInterrupt:
                self._source.close()
                if self._recogniser is not None:
                    self._follow()
                raise
        finally:
            self._stopping.set()
            self._source.close()
            for thread in threads:
                thread.join(_PATIENCE)
            self._tell_findings(self._stream.close(self._received))
            self._tell_status(self._status("stopped"))

    def _follow(self) -> None:
        """Tell the sinks what the recogniser hears until it is done. Raises what ended the other threads."""
        due = time.monotonic() + STATUS_EVERY
        while True:
            hypothesis = self._mailbox.take(max(due - time.monotonic(), 0.0))
            if hypothesis is not None:
                self._tell_heard(hypothesis)
            elif self._mailbox.over:
                break
            if time.monotonic() >= due:
                self._tell_status(self._status())
                due = time.monotonic() + STATUS_EVERY
        if self._mailbox.error is not None:
            raise self._mailbox.error

    def _tell_heard(self, hypothesis: Hypothesis) -> None:
        emitted = self._received
        if hypothesis.words:
            self._spoken_to = hypothesis.heard_to
        for sink in self._sinks:
            sink.transcript(hypothesis, emitted)
        self._tell_findings(self._stream.update(hypothesis, emitted))

    def _tell_findings(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            for sink in self._sinks:
                sink.finding(finding)

    def _tell_status(self, status: Status) -> None:
        for sink in self._sinks:
            sink.status(status)

    def _capture(self) -> None:
        """Move sound into the ring. Sound that would wait is let in no faster than it can be heard."""
        began = None
        try:
            for block in self._source.blocks():
                began = time.monotonic() if began is None else began
                received = (block.start + len(block.samples)) / SAMPLE_RATE
                while self._source.waits and not self._stopping.is_set():
                    progress = self._recogniser.progress if self._recogniser else Progress()
                    ahead = received - (time.monotonic() - began)
                    if may_enter(received - progress.processed, ahead, progress.awaits - self._received):
                        break
                    time.sleep(0.02)
                self._ring.write(block)
                self._last_arrival = time.monotonic()
        finally:
            self._ring.close()

    def _recognise(self) -> None:
        """Load the model and hear what is in the ring until it is closed."""
        try:
            engine = self._load(self._take_note)
            self._recogniser = recogniser = LiveRecogniser(engine, self._ring)
            recogniser.run(self._mailbox.put, self._stopping.is_set)
        finally:
            self._mailbox.close()

    def _guard(self, work: Callable[[], None]) -> None:
        """Run the work of a thread and keep what it raises for the caller of `run`."""
        try:
            work()
        except BaseException as error:
            self._mailbox.fail(error)

    def _take_note(self, note: str) -> None:
        self._note = note

    @property
    def _received(self) -> float:
        return self._ring.end / SAMPLE_RATE

    def _status(self, state: Literal["stopped"] | None = None) -> Status:
        recogniser = self._recogniser
        progress = recogniser.progress if recogniser else Progress()
        received = self._received
        return Status(
            state=state or self._state(progress),
            lag=max(received - progress.processed, 0.0),
            policy_lag=progress.policy_lag,
            level_db=None if state else self._level(),
            received=received,
            detail=self._detail(progress, over=state == "stopped"),
            ladder=progress.rung.value,
            unchecked=(*progress.lost, *progress.aside),
        )

    def _state(self, progress: Progress) -> Literal["loading", "listening", "paused", "gap", "overload"]:
        if self._recogniser is None:
            return "loading"
        if self._paused():
            return "paused"
        quiet = 0.0 if self._ring.closed else time.monotonic() - self._last_arrival
        if self._source.trouble and quiet > _NO_SOUND:
            return "gap"
        if progress.rung is not Rung.NORMAL or progress.aside:
            return "overload"
        return "paused" if quiet > _SILENT_SOURCE and self._ring.end else "listening"

    def _detail(self, progress: Progress, *, over: bool) -> str:
        parts = [remark] if (remark := self._remark()) else []
        if self._recogniser is None:
            return "; ".join([*parts, self._note] if self._note else parts)
        if said := text("speech.paused") if self._paused() else self._source.trouble or self._level_words():
            parts.append(said)
        return "; ".join([*parts, *_overload_words(progress, over=over, kept=self._is_kept)])

    def _level(self) -> float | None:
        samples = self._last(_LEVEL_SECONDS)
        return rms_db(samples) if len(samples) else None

    def _level_words(self) -> str:
        """What is wrong with the level of sound that goes by; a recording is as it is."""
        if self._source.waits or self._ring.closed:
            return ""
        samples, least = self._last(LOOK), FIRST_LOOK
        if judge(samples) == "low" and self._received - self._spoken_to > LOOK:
            samples, least = self._last(LONG_LOOK), LONG_LOOK
        verdict = judge(samples) if len(samples) >= least * SAMPLE_RATE else "good"
        return "" if verdict == "good" else text(f"audio.level-{verdict}")

    def _last(self, seconds: float) -> Samples:
        """The last seconds of sound; none where they are being overwritten."""
        end = self._ring.end
        try:
            return self._ring.read(max(end - int(seconds * SAMPLE_RATE), 0), end)
        except SpanLostError:
            return self._ring.read(end, end)


def _overload_words(progress: Progress, *, over: bool, kept: bool) -> Iterator[str]:
    """What an overload has cost, for the host; once the session is `over`, what to do about it."""
    if progress.lost:
        yield text("speech.lost", spans=_clocks(progress.lost))
    if progress.aside and not over:
        yield text("speech.set-aside", spans=_clocks(progress.aside))
    elif progress.aside:
        yield text("speech.left-aside" if kept else "speech.left-unkept", spans=_clocks(progress.aside))
    elif progress.rung is not Rung.NORMAL:
        yield text("speech.ends-only")


def _clocks(spans: Sequence[tuple[float, float]]) -> str:
    """The last few spans as the overlay writes times."""
    shown = [f"{clock(start)}–{clock(end)}" for start, end in spans[-_SPANS_SHOWN:]]
    return ", ".join(["…", *shown] if len(spans) > _SPANS_SHOWN else shown)


def may_enter(backlog: float, ahead: float, awaited: float = 0.0) -> bool:
    """Whether sound that can wait may enter the ring now; `ahead` is by how much it outruns the clock, `awaited` how
    much more the recogniser waits for: after a slow pass, more than is let in ahead.

    Sound at the pace of life enters however late the recogniser is: its lag has to be seen. A pipe or a file that is
    read faster waits for the recogniser, and nothing overwrites what is unheard.
    """
    return awaited > 0 or backlog < (_AHEAD if ahead > _AHEAD else RING_SECONDS - _AHEAD)


def _load(model: str, language: str, note: Callable[[str], None]) -> "Engine":
    from streamcheck.speech import load_live_engine

    return load_live_engine(model, language=language, note=note)


class _Mailbox:
    """Hypotheses on their way to the caller: a newer pass takes the place of one over the same utterance."""

    def __init__(self) -> None:
        self._waiting: deque[Hypothesis] = deque()
        self._changed = Condition()
        self._closed = False
        self.error: BaseException | None = None

    def put(self, hypothesis: Hypothesis) -> None:
        """Leave one for the caller."""
        with self._changed:
            if self._waiting and self._waiting[-1].utterance == hypothesis.utterance:
                self._waiting.pop()
            self._waiting.append(hypothesis)
            self._changed.notify()

    def take(self, timeout: float) -> Hypothesis | None:
        """The next hypothesis; None where none came in time or none will."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, timeout)
            return self._waiting.popleft() if self._waiting else None

    @property
    def over(self) -> bool:
        """Whether all has been taken and nothing more will come."""
        return self._closed and not self._waiting

    def fail(self, error: BaseException) -> None:
        """Keep the first error for the caller."""
        self.error = self.error or error

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
