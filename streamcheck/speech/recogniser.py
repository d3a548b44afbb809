"""The live recogniser: sound from the ring → hypotheses, in one worker that always takes the newest sound.

Each turn feeds what has arrived to the voice activity and the segmenter, asks the scheduler, and makes at most one
pass. Nothing is queued: an open utterance is decoded with all the sound there is at that moment, and what is late
stays in the ring.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.audio.voice import FRAME
from streamcheck.events import SAMPLE_RATE, Hypothesis, Word
from streamcheck.speech.engine import Engine
from streamcheck.speech.hearing import Hearing
from streamcheck.speech.merging import agreed
from streamcheck.speech.scheduler import Action, Rung, Scheduler, Situation, lag
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import Said, Window, cut_out, in_source, listen_fully, own_words, reach_back

BEAM = 5
"""Width of the search at the end of an utterance; passes over an open one are greedy."""
MARGIN = 0.3
"""Seconds at the end of an open window whose words may still be cut off: nothing is found in them."""
_MOST_AT_ONCE = 4  # ended utterances in one batch when late


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the recogniser is, in seconds of the source."""

    processed: float = 0.0
    committed: float = 0.0
    rung: Rung = Rung.NORMAL
    aside: float = 0.0
    """Seconds of speech set aside, to be decoded when there is time."""
    lost: float = 0.0
    """Seconds of sound that left the ring unheard."""

    @property
    def policy_lag(self) -> float:
        """Processed but not committed: what caution costs."""
        return max(self.processed - self.committed, 0.0)


@dataclass(frozen=True, slots=True)
class _Pass:
    """The last pass over the open utterance."""

    number: int
    heard_to: int
    voiced_end: int
    settled: bool
    text: str
    timed: tuple[Word, ...]  # as the engine gave them, with the source's times
    words: tuple[Word, ...]


class LiveRecogniser:
    """Turns the sound of a ring into hypotheses. `turn` is the worker's; `progress` may be read by any thread.

    `clock` measures what passes cost; it is the only time that does not come from the sound.
    """

    def __init__(self, engine: Engine, ring: Ring, *, clock: Callable[[], float] = time.perf_counter) -> None:
        self.progress = Progress()
        self._engine = engine
        self._ring = ring
        self._clock = clock
        self._hearing = Hearing(ring)
        self._scheduler = Scheduler()
        self._number = 0
        self._waiting: deque[tuple[int, Span]] = deque()
        self._aside: deque[tuple[int, Span]] = deque()
        self._last: _Pass | None = None
        self._cost = 0.0
        self._before: tuple[Word, ...] = ()  # words of the last finished utterance
        self._committed = 0.0
        self._lost = 0

    def run(self, post: Callable[[Hypothesis], None], stopped: Callable[[], bool] = lambda: False) -> None:
        """Work until the ring is closed and everything in it is decoded, or until `stopped`."""
        while not stopped():
            hypotheses, position = self.turn()
            for hypothesis in hypotheses:
                post(hypothesis)
            if position is None:
                return
            self._ring.wait(position, timeout=1.0)

    def turn(self) -> tuple[list[Hypothesis], int | None]:
        """Take what has arrived and make at most one pass.

        Returns what it heard and the sample to wait for before the next turn; None when all is done.
        """
        self._take()
        now = self._situation()
        decision = self._scheduler.decide(now)
        hypotheses: list[Hypothesis] = []
        position: int | None = self._hearing.taken
        if decision.action is Action.WAIT:
            position = (
                None if self._hearing.over else max(int(decision.until * SAMPLE_RATE), self._hearing.taken + FRAME)
            )
        elif decision.action is Action.SET_ASIDE:
            self._aside.extend(self._waiting)
            self._waiting.clear()
        elif decision.action is Action.FINISH:
            hypotheses = self._finish(self._waiting, 1 if self._scheduler.rung is Rung.NORMAL else _MOST_AT_ONCE)
        elif decision.action is Action.CATCH_UP:
            hypotheses = self._finish(self._aside, 1)
        else:
            hypotheses = self._over_open(settle=decision.action is Action.SETTLE)
        self._report()
        return hypotheses, position

    def _take(self) -> None:
        """Hear the sound that has arrived; utterances that ended wait for their last pass."""
        for span in self._hearing.take():
            self._waiting.append((self._number, span))
            self._number += 1
            self._cost = 0.0

    def _situation(self) -> Situation:
        open_, last = self._hearing.open, self._last
        oldest = self._waiting[0][1] if self._waiting else open_
        unheard = None if oldest is None else max(oldest.start, last.heard_to if last else 0)
        return Situation(
            received=_seconds(self._hearing.taken),
            unheard_from=None if unheard is None else _seconds(unheard),
            ended=_seconds(self._waiting[0][1].end) if self._waiting else None,
            voiced_to=_seconds(open_.voiced_end) if open_ else None,
            settled_to=_seconds(last.voiced_end) if last and last.settled and last.number == self._number else 0.0,
            aside=bool(self._aside),
            cost=self._cost,
        )

    def _over_open(self, *, settle: bool) -> list[Hypothesis]:
        """A pass over the open utterance; nothing where the model loops or the words are still what they were."""
        span = self._hearing.open
        assert span is not None, "the scheduler asks for it only then"
        began = self._clock()
        start = reach_back(span)
        last = self._last if self._last and self._last.number == self._number else None
        heard = self._engine.listen([self._ring.read(start, self._hearing.taken)], beam=BEAM if settle else 1)[0]
        timed = last.timed if last and last.text == heard.text else in_source(heard, start)
        words = own_words(Said(timed, heard.doubtful), span, span, self._hearing.taken, self._before)
        self._cost = self._clock() - began
        if heard.looping:
            words = last.words if last else ()
        self._last = _Pass(self._number, self._hearing.taken, span.voiced_end, settle, heard.text, timed, words)
        stable = agreed(last.words, words) if last else 0
        heard_to = _seconds(self._hearing.taken)
        if stable:
            self._committed = max(self._committed, words[stable - 1].end or 0.0)
        return [Hypothesis(self._number, words, stable, False, heard_to, heard_to - (0.0 if settle else MARGIN))]

    def _finish(self, ended: deque[tuple[int, Span]], count: int) -> list[Hypothesis]:
        """Decode the first `count` ended utterances for good."""
        taken = [ended.popleft() for _ in range(min(count, len(ended)))]
        known = self._last
        if len(taken) == 1 and known and _is_final_for(known, *taken[0]):
            return [self._commit(*taken[0], known.words)]
        readable: list[tuple[int, Span]] = []
        windows: list[Window] = []
        for number, span in taken:
            try:
                windows.append(cut_out(self._ring, [span]))
                readable.append((number, span))
            except SpanLostError as error:
                self._lost += error.stop - error.start
        beam = BEAM if self._scheduler.rung is Rung.NORMAL else 1
        hypotheses = []
        for (number, span), said in zip(readable, listen_fully(self._engine, windows, beam), strict=True):
            words = own_words(said, span, span, span.end, self._before)
            hypotheses.append(self._commit(number, span, words))
        return hypotheses

    def _commit(self, number: int, span: Span, words: tuple[Word, ...]) -> Hypothesis:
        end = _seconds(span.end)
        self._before = words
        self._committed = max(self._committed, end)
        return Hypothesis(number, words, len(words), True, end, end)

    def _report(self) -> None:
        now = self._situation()
        aside = sum(span.end - span.start for _, span in self._aside)
        self.progress = Progress(
            processed=now.received - lag(now),
            committed=self._committed if now.unheard_from is not None else now.received - lag(now),
            rung=self._scheduler.rung,
            aside=_seconds(aside),
            lost=_seconds(self._hearing.lost + self._lost),
        )


def _is_final_for(known: _Pass, number: int, span: Span) -> bool:
    """Whether the last pass took the utterance as ended already, and has heard all of its voice."""
    return known.settled and known.number == number and known.voiced_end == span.voiced_end and not span.cut


def _seconds(samples: int) -> float:
    return samples / SAMPLE_RATE
