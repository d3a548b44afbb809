"""The live recogniser: sound from the ring → hypotheses, in one worker that always takes the newest sound.

Each turn feeds what has arrived to the voice activity and the segmenter, asks the scheduler, and makes at most one
pass. Nothing is queued: an open utterance is decoded with all the sound there is at that moment, and what is late
stays in the ring.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.audio.voice import FRAME
from streamcheck.events import SAMPLE_RATE, Hypothesis, Word
from streamcheck.speech.engine import Engine, WhisperEngine, load_engine
from streamcheck.speech.hearing import Hearing
from streamcheck.speech.merging import LONGEST_REPEAT, between, without_false_stops
from streamcheck.speech.opening import OpenUtterance
from streamcheck.speech.scheduler import Action, Rung, Scheduler, Situation, lag
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import (
    LONGEST,
    Window,
    after_context,
    context_of,
    cut_out,
    listen_fully,
    own_words,
    was_hard_to_hear,
)

Seconds = tuple[float, float]
"""A span of the source, start and end in seconds."""
BEAM = 5
"""Width of the search at the end of an utterance; passes over an open one are greedy."""
_MOST_AT_ONCE = 6  # ended utterances in one batch when late
_CONTEXT = 6  # ended utterances that may be the context of the next
_NEAR = 2.0  # seconds between two spans that are told as one


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the recogniser is, in seconds of the source."""

    processed: float = 0.0
    committed: float = 0.0
    rung: Rung = Rung.NORMAL
    aside: tuple[Seconds, ...] = ()
    """Where speech was set aside, to be decoded when there is time."""
    lost: tuple[Seconds, ...] = ()
    """Where sound left the ring unheard, and is kept nowhere else."""
    awaits: float = 0.0
    """Up to where sound must have come before it does anything."""

    @property
    def policy_lag(self) -> float:
        """Processed but not committed: what caution costs."""
        return max(self.processed - self.committed, 0.0)


def load_live_engine(model: str, *, language: str, note: Callable[[str], None] = lambda _: None) -> WhisperEngine:
    """As `load_engine`, for a session of hours: what its costliest pass takes of memory is there before the first."""
    engine = load_engine(model, language=language, note=note)
    engine.warm_up(LONGEST, BEAM)
    return engine


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
        self._passes: dict[int, OpenUtterance] = {}  # over the open utterance, and those that wait for their last pass
        self._ended: dict[int, Span] = {}  # the last utterances that ended
        self._heard_to = 0
        self._doubted: set[int] = set()  # ended, told as heard alone, to be heard once more in context
        self._said: dict[int, tuple[Word, ...]] = {}  # the last words of finished utterances that one may follow
        self._committed = 0.0
        self._lost: list[tuple[int, int]] = []

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
            for number, _ in self._waiting:
                self._passes.pop(number, None)
                self._doubted.discard(number)
            self._aside.extend(self._waiting)
            self._waiting.clear()
        elif decision.action is Action.FINISH:
            hypotheses = self._finish(self._waiting, 1 if self._scheduler.rung is Rung.NORMAL else _MOST_AT_ONCE)
        elif decision.action is Action.CATCH_UP:
            hypotheses = self._finish(self._aside, 1)
        else:
            hypotheses = [self._over_open(decision.action)]
        self._report(position)
        return hypotheses, position

    def _take(self) -> None:
        """Hear the sound that has arrived; utterances that ended wait for their last pass."""
        for span in self._hearing.take():
            self._waiting.append((self._number, span))
            self._ended[self._number] = span
            self._ended.pop(self._number - _CONTEXT, None)
            self._number += 1

    def _situation(self) -> Situation:
        span = self._hearing.open
        known = self._passes.get(self._number)
        oldest = self._waiting[0][1] if self._waiting else span
        unheard = None if oldest is None else max(oldest.start, self._heard_to)
        return Situation(
            received=_seconds(self._hearing.taken),
            unheard_from=None if unheard is None else _seconds(unheard),
            ended=_seconds(self._waiting[0][1].end) if self._waiting else None,
            cut=bool(self._waiting) and self._waiting[0][1].cut,
            fresh=known is None,
            voiced_to=_seconds(span.voiced_end) if span else None,
            settled_to=_seconds(known.settled_to) if known else 0.0,
            thought_to=_seconds(max(known.thought_to if known else 0, span.start if span else 0)),
            aside=bool(self._aside),
            cost=known.cost if known else 0.0,
        )

    def _over_open(self, action: Action) -> Hypothesis:
        """A pass over the open utterance: over its end, quick or better, or over all of it as if it ended here."""
        span = self._hearing.open
        assert span is not None, "the scheduler asks for it only then"
        if self._number not in self._passes:
            self._passes[self._number] = self._opened(span)
        utterance, began = self._passes[self._number], self._clock()
        if action is Action.SETTLE:
            decoded = self._decoded([(self._number, span)])  # nothing where its sound has left the ring
            hypothesis = utterance.settle(decoded[0][1] if decoded else utterance.words, span)
        else:
            beam = BEAM if action is Action.RETHINK else 1
            hypothesis = utterance.guess(self._engine, self._ring, span, self._hearing.taken, beam)
            if action is Action.GUESS:
                utterance.cost = self._clock() - began
        self._heard_to = utterance.heard_to
        if hypothesis.stable:
            self._committed = max(self._committed, hypothesis.words[hypothesis.stable - 1].end or 0.0)
        return hypothesis

    def _opened(self, span: Span) -> OpenUtterance:
        """The passes over an utterance that begins; over a cut, those before it have heard some of it already."""
        known = self._words_of(self._number - 1)
        start = _seconds(span.start)
        return OpenUtterance(self._number, between(known, 0.0, start), between(known, start, float("inf")))

    def _finish(self, ended: deque[tuple[int, Span]], count: int) -> list[Hypothesis]:
        """Decode the first `count` ended utterances for good; one that was settled with all its voice is known.

        One that was hard to hear is told as heard alone, and heard in its context the next time.
        """
        number, span = ended[0]
        known = self._passes.get(number)
        settled = known is not None and known.settled_to == span.voiced_end and not span.cut
        if known is not None and (settled or number in self._doubted):
            ended.popleft()
            return [self._commit(number, span, self._again(number, span, known.words))]
        taken = [ended.popleft() for _ in range(min(count, len(ended)))]
        done = self._decoded(taken)
        if len(taken) == len(done) == 1 and self._is_doubtful(number, span, done[0][1]):
            ended.appendleft(taken[0])
            self._doubted.add(number)
            utterance = self._passes.setdefault(number, OpenUtterance(number, ()))
            hypothesis = utterance.settle(done[0][1], span)
            self._heard_to = max(self._heard_to, utterance.heard_to)
            return [hypothesis]
        spans = dict(taken)
        return [self._commit(number, spans[number], words) for number, words in done]

    def _is_doubtful(self, number: int, span: Span, words: tuple[Word, ...]) -> bool:
        """Whether an utterance was hard to hear alone, something leads to it, and there is time to hear it again."""
        return self._scheduler.rung is Rung.NORMAL and was_hard_to_hear(words) and bool(self._context(number, span))

    def _context(self, number: int, span: Span) -> list[Span]:
        return context_of(span, [self._ended[one] for one in range(number - _CONTEXT, number) if one in self._ended])

    def _again(self, number: int, span: Span, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words of an utterance, heard once more with what leads to it where they are doubtful."""
        if not self._is_doubtful(number, span, words):
            return words
        try:
            window = cut_out(self._ring, [span], self._context(number, span))
        except SpanLostError:
            return words
        said = listen_fully(self._engine, [window], BEAM)[0]
        return own_words(after_context(said, span), span, span, span.end, self._words_of(number - 1)) or words

    def _decoded(self, spans: Sequence[tuple[int, Span]]) -> list[tuple[int, tuple[Word, ...]]]:
        """The words of utterances as well as they can be heard in time; without those that have left the ring."""
        readable: list[tuple[int, Span]] = []
        windows: list[Window] = []
        for number, span in spans:
            try:
                windows.append(cut_out(self._ring, [span]))
                readable.append((number, span))
            except SpanLostError as error:
                self._lost.append((error.start, span.end))
        beam = BEAM if self._scheduler.rung is Rung.NORMAL else 1
        heard = listen_fully(self._engine, windows, beam)
        words: dict[int, tuple[Word, ...]] = {}
        for (number, span), said in zip(readable, heard, strict=True):
            before = words.get(number - 1) or self._words_of(number - 1)
            words[number] = own_words(said, span, span, span.end, before)
        return list(words.items())

    def _words_of(self, number: int) -> tuple[Word, ...]:
        """The last words of an utterance, settled or not."""
        return self._said.get(number) or (self._passes[number].words if number in self._passes else ())

    def _commit(self, number: int, span: Span, words: tuple[Word, ...]) -> Hypothesis:
        end = _seconds(span.end)
        words = without_false_stops(words)
        self._said[number] = words[-LONGEST_REPEAT:]
        needed = min([self._number, *(number for number, _ in (*self._waiting, *self._aside))]) - 1
        self._said = {one: said for one, said in self._said.items() if one >= needed}
        self._passes.pop(number, None)
        self._doubted.discard(number)
        self._committed = max(self._committed, end)
        return Hypothesis(number, words, len(words), True, end, end)

    def _report(self, position: int | None = None) -> None:
        now = self._situation()
        self.progress = Progress(
            processed=now.received - lag(now),
            committed=self._committed if now.unheard_from is not None else now.received - lag(now),
            rung=self._scheduler.rung,
            aside=_joined((span.start, span.end) for _, span in self._aside),
            lost=_joined(sorted([*self._hearing.lost, *self._lost])),
            awaits=_seconds(position or 0),
        )


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[Seconds, ...]:
    """Spans of samples in seconds, those that are near each other as one; the spans are in order."""
    joined: list[Seconds] = []
    for start, end in spans:
        if joined and _seconds(start) - joined[-1][1] <= _NEAR:
            joined[-1] = joined[-1][0], max(joined[-1][1], _seconds(end))
        else:
            joined.append((_seconds(start), _seconds(end)))
    return tuple(joined)


def _seconds(samples: int) -> float:
    return samples / SAMPLE_RATE
