"""How fast models are: what follows from measurements, the real model measured, and what is kept of it."""

import json
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import pytest

from streamcheck.errors import ModelError
from streamcheck.speech import fitness
from streamcheck.speech.engine import load_whisper
from streamcheck.speech.fitness import Measured, chosen_model, measured_models
from streamcheck.speech.models import FoundModel, resolve_model
from streamcheck.speech.speed import GOOD_PASS, LIVE_TOKENS, SIZES, SLOW_PASS, Speed, best, estimate, measure

LAPTOP = Speed(encode=0.07, token=0.005, review_encode=0.2, review_token=0.003)
"""Base on two cores."""


def at(seconds: float) -> Speed:
    """A model whose quick pass takes so long, and whose review goes along."""
    return Speed(0.0, seconds / LIVE_TOKENS, 0.0, seconds / LIVE_TOKENS)


def test_a_pass_and_a_review_follow_from_the_parts() -> None:
    assert LAPTOP.live_pass == pytest.approx(0.17)
    assert LAPTOP.review_rate == pytest.approx(24 / (0.2 + 144 * 0.003))


@pytest.mark.parametrize(
    ("seconds", "fit"), [(GOOD_PASS, "good"), (GOOD_PASS + 0.01, "slow"), (SLOW_PASS, "slow"), (9.0, "unfit")]
)
def test_how_long_a_pass_may_take(seconds: float, fit: str) -> None:
    assert at(seconds).fit("live") == fit


def test_larger_models_are_slower_in_both_uses() -> None:
    guessed = {name: estimate(name, "base", LAPTOP) for name in SIZES}
    assert guessed["base"] == LAPTOP
    assert guessed["tiny"].live_pass < guessed["base"].live_pass < guessed["small"].live_pass
    assert all(one.encode <= other.encode for one, other in pairwise(guessed.values()))
    assert guessed["large-v3-turbo"].token < guessed["large-v3"].token


def test_the_best_that_is_fast_enough_is_taken() -> None:
    good, slow, unfit = at(0.1), at(1.0), at(5.0)
    assert best({"tiny": good, "base": good, "small": slow}, "live") == "base"
    assert best({"tiny": slow, "base": slow, "small": unfit}, "live") == "tiny", "the fastest of those that are late"
    assert best({"tiny": unfit}, "live") is None
    assert best({"my-own": good}, "live") is None, "of a stranger nothing is known but its speed"


def test_a_model_that_is_there_is_chosen_by_an_estimate_too() -> None:
    assert Measured({"base": LAPTOP}, ("base", "small")).choice("live") == "base"
    assert Measured({"base": LAPTOP}, ("base", "small")).choice("review") == "small"
    assert Measured({}, ()).choice("live") is None


@pytest.mark.parametrize("workers", [1, 2])
def test_the_real_model_is_measured(workers: int) -> None:
    try:
        model = load_whisper(resolve_model("base"), workers=workers, language="ru")
    except ModelError as error:
        pytest.skip(f"needs the extra «offline»: {error}")
    tokens = []
    generate = model.model.generate

    class Listened:
        def __getattr__(self, name: str) -> object:
            return getattr(model.model, name)

        def generate(self, *args, **options):  # type: ignore[no-untyped-def]
            results = generate(*args, **options)
            tokens.append([len(result.sequences_ids[0]) for result in results])
            return results

    model_ = type("Model", (), {"__getattr__": lambda self, name: getattr(model, name), "model": Listened()})()
    ticks = count(0, 24)  # every span between two looks at the clock is 24 s long
    speed = measure(model_, workers, lambda: float(next(ticks)))
    assert speed == Speed(24.0, 1.0, 24.0 / workers, 1.0 / workers), "seconds of a window, and of a token of a window"
    assert {len(one) for one in tokens} == {1}
    assert {length for one in tokens for length in one} == {1, 24}, "the decoder may not end early"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`base` is on the machine and measures as LAPTOP; the list holds what was measured."""
    measured: list[str] = []

    def measure(folder: str, workers: int) -> Speed:
        measured.append(folder)
        return LAPTOP

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(fitness, "list_models", lambda: [FoundModel("base", "joined", tmp_path, 5, ready=True)])
    monkeypatch.setattr(fitness, "resolve_model", str)
    monkeypatch.setattr(fitness, "load_whisper", lambda folder, workers, language: str(folder))
    monkeypatch.setattr(fitness, "measure", measure)
    return measured


def test_it_is_measured_once(base: list[str]) -> None:
    notes: list[str] = []
    assert chosen_model("auto", "live", notes.append) == "base"
    assert chosen_model("auto", "live", notes.append) == "base"
    assert base == ["base"]
    assert len(notes) == 1
    measured_models(again=True)
    assert base == ["base", "base"]


@pytest.mark.parametrize("change", ["weights", "machine", "workers", "broken", "other shape"])
def test_what_no_longer_holds_is_measured_again(
    base: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    measured_models()
    file = tmp_path / "streamcheck" / "speed.json"
    if change == "weights":
        monkeypatch.setattr(fitness, "list_models", lambda: [FoundModel("base", "joined", tmp_path, 6, ready=True)])
    elif change == "machine":
        other = replace(fitness.this_machine(), processor="another")
        monkeypatch.setattr(fitness, "this_machine", lambda: other)
    elif change == "workers":
        monkeypatch.setattr(fitness, "review_workers", lambda: 17)
    elif change == "broken":
        file.write_text("{")
    else:
        file.write_text(json.dumps([1]))
    assert measured_models().speeds == {"base": LAPTOP}
    assert base == ["base", "base"]


def test_a_name_is_not_second_guessed(base: list[str]) -> None:
    assert chosen_model("small", "live") == "small"
    assert base == []


def test_without_models_the_offline_one_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(fitness, "list_models", list)
    assert chosen_model("auto", "live") == "base"


def test_a_cache_that_cannot_be_written_harms_nothing(base: list[str], tmp_path: Path) -> None:
    (tmp_path / "streamcheck").write_text("a file in the way")
    assert measured_models().choice("live") == "base"
