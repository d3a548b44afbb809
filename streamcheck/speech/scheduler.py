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
SHORT_SILENCE = 0.1
"""Seconds of silence at which the utterance has probably ended: it is decoded as if it had."""

LATE = 3.0
"""Lag in seconds from which the open utterance is no longer decoded before its end."""
RECOVERED = 1.5
"""Lag below which it is again."""
TOO_LATE = 20.0
"""Lag from which what waits is set aside, so that the host sees what is said now."""


class Rung(Enum):
    """The ladder of overload."""

    NORMAL = "normal"
    ENDS_ONLY = "ends only"
    SETTING_ASIDE = "setting aside"


class Action(Enum):
    """What a free worker does."""

    FINISH = "finish"  # decode the ended utterances that wait
    GUESS = "guess"  # decode the open utterance, quickly
    SETTLE = "settle"  # decode the open utterance as if it ended here
    SET_ASIDE = "set aside"  # leave the ended utterances that wait for later
    CATCH_UP = "catch up"  # decode one that was set aside
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is the case, in seconds of the source.

    `open_from` is the start of the open utterance (None if nobody speaks), `voiced_to` the end of its voice so far;
    `heard_to` is where the last pass over it ended, `settled` whether that pass took it as ended.
    """

    received: float
    open_from: float | None
    voiced_to: float
    heard_to: float
    settled: bool
    waiting_from: float | None
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
        self._climb(lag(now))
        if now.waiting_from is not None:
            return Decision(Action.SET_ASIDE if self.rung is Rung.SETTING_ASIDE else Action.FINISH)
        if now.open_from is None:
            return Decision(Action.CATCH_UP) if now.aside else Decision(Action.WAIT, now.received)
        if self.rung is not Rung.NORMAL:
            return Decision(Action.WAIT, now.received)
        return self._over_open(now)

    def _over_open(self, now: Situation) -> Decision:
        silence = now.received - now.voiced_to
        if silence >= SHORT_SILENCE:
            unsettled = not now.settled or now.heard_to < now.voiced_to + SHORT_SILENCE
            return Decision(Action.SETTLE) if unsettled else Decision(Action.WAIT, now.received)
        due = max(now.heard_to, now.open_from or 0.0) + step(now.cost)
        if now.received >= due:
            return Decision(Action.GUESS)
        return Decision(Action.WAIT, min(due, now.voiced_to + SHORT_SILENCE))

    def _climb(self, late: float) -> None:
        if late >= TOO_LATE:
            self.rung = Rung.SETTING_ASIDE
        elif late < RECOVERED:
            self.rung = Rung.NORMAL
        elif late >= LATE and self.rung is Rung.NORMAL:
            self.rung = Rung.ENDS_ONLY


def step(cost: float) -> float:
    """Seconds of new sound that a pass waits for, by what a pass costs."""
    return max(LEAST_STEP, STEP_PER_COST * cost)


def lag(now: Situation) -> float:
    """Seconds received but not yet decoded: from the oldest speech that no pass has heard."""
    if now.waiting_from is not None:
        return now.received - now.waiting_from
    if now.open_from is not None:
        return now.received - max(now.open_from, now.heard_to)
    return 0.0
