from dataclasses import replace

import pytest

from streamcheck.speech.scheduler import (
    LATE,
    LEAST_STEP,
    RETHINK,
    SHORT_SILENCE,
    STEP_PER_COST,
    TOO_LATE,
    Action,
    Rung,
    Scheduler,
    Situation,
    lag,
)

SILENCE = Situation(
    received=10.0,
    unheard_from=None,
    ended=None,
    voiced_to=None,
    settled_to=0.0,
    thought_to=10.0,
    aside=False,
    cost=0.0,
    cut=False,
    fresh=False,
)
SPEECH = replace(SILENCE, unheard_from=9.0, voiced_to=10.0)
ENDED = replace(SPEECH, ended=9.9)


def test_silence_waits() -> None:
    assert Scheduler().decide(SILENCE).action is Action.WAIT


def test_the_end_of_an_utterance_outranks_the_open_one() -> None:
    assert Scheduler().decide(ENDED).action is Action.FINISH


def test_after_a_cut_what_is_said_now_comes_before_the_end_of_what_was_cut_off() -> None:
    cut = replace(ENDED, cut=True, unheard_from=10.0 - LEAST_STEP)
    assert Scheduler().decide(cut).action is Action.GUESS
    heard = replace(cut, unheard_from=9.99)
    assert Scheduler().decide(heard).action is Action.FINISH, "it has just been heard"
    assert Scheduler().decide(replace(heard, fresh=True)).action is Action.GUESS, "but not as an utterance of its own"
    assert Scheduler().decide(replace(cut, ended=10.0 - LATE)).action is Action.FINISH, "not when it is late"


@pytest.mark.parametrize(("cost", "step"), [(0.0, LEAST_STEP), (0.05, LEAST_STEP), (0.8, 0.8 * STEP_PER_COST)])
def test_the_step_follows_the_cost(cost: float, step: float) -> None:
    scheduler = Scheduler()
    early = replace(SPEECH, cost=cost, unheard_from=10.0 - step + 0.01)
    decision = scheduler.decide(early)
    assert decision.action is Action.WAIT
    assert decision.until <= early.received + step
    assert scheduler.decide(replace(early, unheard_from=10.0 - step)).action is Action.GUESS


def test_a_short_silence_settles_once_and_until_more_is_said() -> None:
    scheduler = Scheduler()
    pause = replace(SPEECH, voiced_to=9.99 - SHORT_SILENCE, unheard_from=9.95)
    assert scheduler.decide(pause).action is Action.SETTLE
    assert scheduler.decide(replace(pause, settled_to=pause.voiced_to)).action is Action.WAIT
    assert scheduler.decide(replace(pause, settled_to=9.0)).action is Action.SETTLE


def test_speech_without_a_silence_is_thought_over_now_and_then() -> None:
    due = replace(SPEECH, thought_to=10.0 - RETHINK)
    assert Scheduler().decide(due).action is Action.RETHINK
    assert Scheduler().decide(replace(due, thought_to=10.1 - RETHINK)).action is Action.GUESS
    assert Scheduler().decide(replace(due, unheard_from=9.99)).action is Action.WAIT, "not without new sound"
    assert Scheduler().decide(replace(due, ended=9.9)).action is Action.FINISH, "ends are better passes themselves"


def test_a_short_silence_is_not_slept_through() -> None:
    decision = Scheduler().decide(replace(SPEECH, unheard_from=9.99, cost=5.0))
    assert decision.action is Action.WAIT
    assert decision.until <= SPEECH.received + SHORT_SILENCE


def test_the_ladder() -> None:
    scheduler = Scheduler()
    scheduler.decide(replace(ENDED, ended=10.0 - LATE + 0.1))
    assert scheduler.rung is Rung.NORMAL
    assert scheduler.decide(replace(ENDED, ended=10.0 - LATE)).action is Action.FINISH
    assert scheduler.rung is Rung.ENDS_ONLY
    scheduler.decide(replace(ENDED, ended=9.9))
    assert scheduler.rung is Rung.ENDS_ONLY, "it stays until nothing waits"
    late = replace(ENDED, received=TOO_LATE + 10, ended=10.0)
    assert scheduler.decide(late).action is Action.SET_ASIDE
    assert scheduler.rung is Rung.SETTING_ASIDE
    assert scheduler.decide(replace(SPEECH, aside=True)).action is Action.GUESS
    assert scheduler.rung is Rung.NORMAL


def test_what_was_set_aside_is_done_in_silence_only() -> None:
    assert Scheduler().decide(replace(SILENCE, aside=True)).action is Action.CATCH_UP
    assert Scheduler().decide(replace(ENDED, aside=True)).action is Action.FINISH
    assert Scheduler().decide(replace(SPEECH, unheard_from=9.95, aside=True)).action is Action.WAIT


def test_lag_is_counted_from_the_oldest_unheard_speech() -> None:
    assert lag(SILENCE) == 0.0
    assert lag(SPEECH) == 1.0
    assert lag(replace(SPEECH, unheard_from=10.5)) == 0.0
