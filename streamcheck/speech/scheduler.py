"""What the recogniser does next. Pure and clock-free: what is the case comes in, what to do goes out.

There is no queue of jobs to grow: each time the worker is free it asks anew, and a pass over the open utterance
takes all the sound there is by then. Ends of utterances outrank passes over the open one; the step between those
follows what a pass costs. When the machine is too slow even so, the ladder is: ends only, then spans set aside that
are decoded when there is time.
"""

from dataclasses import dataclass
from enum import Enum

LEAST_STEP = 0.2
"""Seconds of new sound between two passes over the open utterance; more often, words come no sooner."""
STEP_PER_COST = 1.25
"""A pass that takes a second waits for so many seconds of sound: what is left is for the rest of the machine."""
SHORT_SILENCE = 0.12
"""Seconds of silence at which the utterance has probably ended: it is decoded as if it had. The silence within a word,
before its «т» or «к», is shorter.
"""
RETHINK = 1.5
"""Seconds of speech without such a silence after which a better pass looks again at what quick ones took for sure; at
2.0 the slowest findings came half a second later, and the processor had no less to do."""

LATE = 3.0
"""Seconds that an ended utterance may wait before the open one is no longer decoded until none waits."""
TOO_LATE = 20.0
"""Seconds of waiting after which what waits is set aside, so that the host sees what is said now."""


class Rung(Enum):
    """The ladder of overload."""

    NORMAL = "normal"
    ENDS_ONLY = "ends-only"
    SETTING_ASIDE = "setting-aside"


class Action(Enum):
    """What a free worker does."""

    FINISH = "finish"  # decode the ended utterances that wait
    GUESS = "guess"  # decode the open utterance, quickly
    RETHINK = "rethink"  # decode it as well as can be, and doubt what quick passes took for sure
    SETTLE = "settle"  # decode the open utterance as if it ended here
    SET_ASIDE = "set aside"  # leave the ended utterances that wait for later
    CATCH_UP = "catch up"  # decode one that was set aside
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is the case, in seconds of the source.

    `unheard_from` is where the oldest speech begins that no pass has heard (None if all is heard or silence).
    `voiced_to` is the end of the voice of the open utterance so far, None if none is open; `settled_to` where its
    voice ended when a pass took it as ended, `thought_to` where the last better pass over it ended; `ended` is the end
    of the oldest utterance that waits for its last pass, `cut` says that it was cut there and speech goes on; `fresh`
    says that no pass was made over the open one.
    """

    received: float
    unheard_from: float | None
    ended: float | None
    cut: bool
    fresh: bool
    voiced_to: float | None
    settled_to: float
    thought_to: float
    aside: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do; with WAIT, the source time at which to ask again at the latest."""

    action: Action
    until: float = 0.0


class Scheduler:
    """Decides by the situation and the rung of the ladder that it stands on."""

    def __init__(self) -> None:
        self.rung = Rung.NORMAL

    def decide(self, now: Situation) -> Decision:
        """The next action of a free worker."""
        self._climb(now.received - now.ended if now.ended is not None else None)
        if now.ended is not None:
            goes_on = now.cut and now.voiced_to is not None
            if goes_on and self.rung is Rung.NORMAL and (now.fresh or _is_due(now)):
                return Decision(Action.GUESS)
            return Decision(Action.SET_ASIDE if self.rung is Rung.SETTING_ASIDE else Action.FINISH)
        if now.voiced_to is not None:
            return _over_open(now, now.voiced_to)
        return Decision(Action.CATCH_UP) if now.aside else Decision(Action.WAIT, now.received)

    def _climb(self, overdue: float | None) -> None:
        if overdue is None:
            self.rung = Rung.NORMAL
        elif overdue >= TOO_LATE:
            self.rung = Rung.SETTING_ASIDE
        elif overdue >= LATE:
            self.rung = Rung.ENDS_ONLY


def _over_open(now: Situation, voiced_to: float) -> Decision:
    """Decode the open utterance at a pause, which may be its end, or when there is enough new sound."""
    if now.received - voiced_to >= SHORT_SILENCE:
        return Decision(Action.SETTLE) if now.settled_to < voiced_to else Decision(Action.WAIT, now.received)
    if _is_due(now):
        return Decision(Action.RETHINK if now.received - now.thought_to >= RETHINK else Action.GUESS)
    return Decision(Action.WAIT, min(_due(now), voiced_to + SHORT_SILENCE))


def _is_due(now: Situation) -> bool:
    """Whether there is enough new sound for a pass over the open utterance."""
    return now.received >= _due(now)


def _due(now: Situation) -> float:
    return (now.received if now.unheard_from is None else now.unheard_from) + step(now.cost)


def step(cost: float) -> float:
    """Seconds of new sound that a pass waits for, by what a pass costs."""
    return max(LEAST_STEP, STEP_PER_COST * cost)


def lag(now: Situation) -> float:
    """Seconds received but not yet decoded: from the oldest speech that no pass has heard."""
    return 0.0 if now.unheard_from is None else max(now.received - now.unheard_from, 0.0)
