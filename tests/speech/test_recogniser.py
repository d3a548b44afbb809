"""The live recogniser over speech that can be read off its samples, with passes that take time."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from streamcheck.audio.ring import Ring
from streamcheck.events import SAMPLE_RATE, AudioBlock, Hypothesis, Samples
from streamcheck.speech.opening import MARGIN, OpenUtterance
from streamcheck.speech.recogniser import BEAM, LiveRecogniser
from streamcheck.speech.scheduler import LATE, TOO_LATE, Action, Rung
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import CONTEXT_PAUSE
from tests.speech.scripted import Engine, Voice, finals, perform, speech, words


@pytest.fixture(autouse=True)
def _scripted_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamcheck.speech.hearing.VoiceActivity", Voice)


def heard(sound: Samples, engine: Engine, **options: float) -> list[tuple[float, Hypothesis]]:
    return [(now, one) for now, _, hypotheses in perform(sound, engine, **options) for one in hypotheses]


@pytest.mark.parametrize("block", [0.02, 0.1, 3.0])
@pytest.mark.parametrize("cost", [0.0, 0.15, 0.7])
def test_every_word_is_told_once_and_in_order(block: float, cost: float) -> None:
    hypotheses = [one for _, one in heard(speech(5, 1, 70, 12, 3), Engine(cost), block=block)]
    assert finals(hypotheses) == words(91)
    assert max(Counter(one.utterance for one in hypotheses if one.final).values()) == 1


def test_speech_that_is_cut_off_by_the_end_is_decoded() -> None:
    sound = speech(4, 2)[: -SAMPLE_RATE + 100]
    assert finals([one for _, one in heard(sound, Engine(0.1))]) == words(6)


def test_one_short_word_is_decoded() -> None:
    sound = speech(1)
    sound[int(0.62 * SAMPLE_RATE) :] = 0  # an eighth of a second is left of it
    hypotheses = [one for _, one in heard(sound, Engine())]
    assert [one.final for one in hypotheses][-1]
    assert finals(hypotheses) == ["…"]


def test_words_are_shown_while_they_are_said_and_confirmed_by_a_second_pass() -> None:
    told = heard(speech(20), Engine(0.1))
    for number, word in enumerate(words(20)):
        said = 0.5 + 0.4 * (number + 1)
        first = next(now for now, one in told if word in [heard.text for heard in one.words])
        stable = next(now for now, one in told if word in [heard.text for heard in one.words[: one.stable]])
        assert first - said < 0.5
        assert first <= stable < said + 0.8


def test_no_pass_tells_a_full_stop_within_a_sentence() -> None:
    told = [one for _, one in heard(speech(6), Engine(0.1, script="это глухие. что ли. Вот плед"))]
    for one in told:
        said = " ".join(word.text for word in one.words)
        assert "глухие. что" not in said
        assert "ли Вот" not in said
    assert finals(told) == ["это", "глухие", "что", "ли.", "Вот", "плед"]


def test_nothing_at_the_edge_of_an_open_window_is_trusted() -> None:
    for _, one in heard(speech(20), Engine(0.1)):
        trusted = [word.text for word in one.words if (word.end or 0) <= one.trusted_to]
        assert "…" not in trusted
        assert one.heard_to - one.trusted_to == pytest.approx(0) or one.heard_to - one.trusted_to == pytest.approx(
            MARGIN
        )
        assert one.final or one.stable <= len(one.words)


def test_a_pass_at_a_short_silence_is_the_final_one_when_silence_goes_on() -> None:
    engine = Engine(0.1)
    told = heard(speech(2), engine)
    assert [one.final for _, one in told].count(True) == 1
    assert [beam for _, beam in engine.passes].count(BEAM) == 1
    now, last = told[-1]
    assert last.final
    assert now - 1.3 < 0.45, "the last word ends at 1.3"


def test_an_utterance_that_was_hard_to_hear_alone_is_heard_again_with_what_was_said_before_it() -> None:
    sound, engine = speech(10, 5), Engine(0.05, clear_from=4.0)
    assert finals([one for _, one in heard(sound, engine)]) == words(15), "each once, none of them misheard"
    assert max(engine.seconds) > 6.0
    far = np.concatenate([speech(10), speech(5, pause=CONTEXT_PAUSE, first=11)])
    assert finals([one for _, one in heard(far, Engine(0.05, clear_from=4.0))])[10:] == [
        f"?w{n}" for n in range(11, 16)
    ]
    lost = [one for _, one in heard(sound, Engine(0.05, clear_from=4.0), ring_seconds=5.0)]
    assert finals(lost) == [*words(10), *(f"?{word}" for word in words(5, first=11))], "its context has left the ring"
    easy = Engine(0.05)
    heard(sound, easy)
    assert max(easy.seconds) < 6.0, "what was easy to hear is not heard again"


@pytest.mark.parametrize("cost", [0.2, 0.35, 0.5])
def test_what_was_hard_to_hear_is_told_before_it_is_heard_again(cost: float) -> None:
    told = [one for _, one in heard(speech(7, 7, 7, 7), Engine(cost, clear_from=4.0))]
    again = [at for at, one in enumerate(told) if one.final and one.utterance and "?" not in one.words[-1].text]
    assert again
    for at in again:
        alone = [one for one in told[:at] if one.utterance == told[at].utterance and one.stable == len(one.words)]
        assert alone, "passes that are late for its pause make no difference"
        assert alone[-1].words[-1].text == f"?{told[at].words[-1].text}"


def test_a_pause_too_short_to_end_an_utterance_does_not_end_it() -> None:
    sound = np.concatenate([speech(3)[: int(1.7 * SAMPLE_RATE)], speech(3, pause=0.2, first=4)])
    told = [one for _, one in heard(sound, Engine(0.05))]
    assert {one.utterance for one in told} == {0}
    assert finals(told) == words(6)


def test_a_cut_holds_up_nothing_that_is_said_after_it() -> None:
    told = heard(speech(60), Engine(0.15))
    ends = [one.utterance for _, one in told if one.final][:-1]
    assert len(ends) > 1
    for number in ends:
        final = next(place for place, (_, one) in enumerate(told) if one.final and one.utterance == number)
        after = next(place for place, (_, one) in enumerate(told) if one.words and one.utterance == number + 1)
        assert after < final, "words after the cut are shown before the cut is settled"


def test_what_passes_before_a_cut_heard_after_it_is_kept() -> None:
    shown: dict[int, set[str]] = {}
    before: set[str] = set()
    for _, one in heard(speech(60), Engine(0.15)):
        shown[one.utterance] = {word.text for word in one.words} - {"…"}
        now = set().union(*shown.values())
        assert before <= now, "nothing that was shown goes"
        before = now


def test_silence_costs_no_pass() -> None:
    engine = Engine()
    assert heard(np.zeros(60 * SAMPLE_RATE, np.float32), engine) == []
    assert engine.passes == []


def test_a_slow_machine_makes_fewer_passes_and_stays_near() -> None:
    slow, quick = Engine(0.8), Engine(0.05)
    told = heard(speech(*[12] * 10), slow)
    heard(speech(*[12] * 10), quick)
    assert len(slow.passes) < len(quick.passes) / 3
    assert finals([one for _, one in told]) == words(120)
    ends = [now - one.heard_to for now, one in told if one.final]
    assert max(ends) < LATE


def test_a_machine_that_is_much_too_slow_sets_speech_aside_and_comes_back_to_it() -> None:
    sound = np.concatenate([speech(*[20] * 20), np.zeros(200 * SAMPLE_RATE, np.float32)])
    rungs, told, lags = set(), [], []
    for now, recogniser, hypotheses in perform(sound, Engine(12.0, batch_cost=11.0)):
        rungs.add(recogniser.progress.rung)
        told += hypotheses
        lags.append(min(now, len(sound) / SAMPLE_RATE) - recogniser.progress.processed)
    assert rungs == set(Rung)
    assert finals(told) == words(400), "late, but all of it"
    assert max(lags) < TOO_LATE + 100
    numbers = [one.utterance for one in told if one.final]
    assert sorted(numbers) == list(range(len(numbers)))
    assert any(later < earlier for earlier, later in pairwise(numbers)), "some came later than their turn"


def test_what_leaves_the_ring_unheard_is_named() -> None:
    sound = speech(*[20] * 10)
    *_, (_, recogniser, _) = perform(sound, Engine(30.0), ring_seconds=20.0)
    lost = recogniser.progress.lost
    assert sum(end - start for start, end in lost) > 5
    assert all(before < start < end for (_, before), (start, end) in pairwise([(0.0, 0.0), *lost]))


def test_what_has_left_the_ring_is_heard_from_the_record() -> None:
    sound = speech(*[20] * 10)
    turns = list(perform(sound, Engine(30.0), ring_seconds=20.0, older=lambda start, stop: sound[start:stop]))
    _, recogniser, _ = turns[-1]
    assert recogniser.progress.lost == ()
    assert recogniser.progress.aside == ()
    assert finals([one for _, _, hypotheses in turns for one in hypotheses]) == words(200)


def test_what_is_set_aside_is_named_until_it_is_heard() -> None:
    sound = np.concatenate([speech(*[20] * 20), np.zeros(200 * SAMPLE_RATE, np.float32)])
    named = [recogniser.progress.aside for _, recogniser, _ in perform(sound, Engine(12.0, batch_cost=11.0))]
    assert max(sum(end - start for start, end in spans) for spans in named) > 20
    assert named[-1] == ()
    for spans in named:
        assert all(one_end < start for (_, one_end), (start, _) in pairwise(spans)), "neighbours are one span"


def test_lag_is_what_has_come_since_the_last_pass() -> None:
    for now, recogniser, _ in perform(speech(30), Engine(0.2)):
        received = min(now, 13.5)
        assert -0.01 <= received - recogniser.progress.processed < 1.2
        assert recogniser.progress.policy_lag < 2.0


def test_what_it_waits_for_is_told() -> None:
    waited = 0
    for _, recogniser, hypotheses in perform(speech(30), Engine(0.5)):
        if not hypotheses and not recogniser._hearing.over:
            waited += 1
            assert recogniser.progress.awaits > recogniser._hearing.taken / SAMPLE_RATE, "else nothing more is let in"
    assert waited > 10


def test_a_pass_over_sound_that_has_left_the_ring_hears_on_from_what_is_left() -> None:
    ring = Ring(4.0)
    for second in range(10):
        ring.write(AudioBlock(second * SAMPLE_RATE, np.full(SAMPLE_RATE, 1e-4, np.float32)))
    end = 10 * SAMPLE_RATE
    span = Span(0, 0, end, end, joined=False, cut=False, voice=0.9)
    utterance = OpenUtterance(0, ())
    told = utterance.guess(Engine(), ring, span, 10 * SAMPLE_RATE)
    assert (told.words, told.heard_to) == ((), 6.0)
    assert utterance.guess(Engine(), ring, span, 10 * SAMPLE_RATE).heard_to == 10.0


def test_settling_an_utterance_whose_sound_has_left_the_ring_keeps_what_was_heard_and_names_the_loss() -> None:
    ring, sound = Ring(3.0), speech(30)
    recogniser = LiveRecogniser(Engine(), ring)
    for start in range(0, 6 * SAMPLE_RATE, SAMPLE_RATE):
        ring.write(AudioBlock(start, sound[start : start + SAMPLE_RATE]))
        recogniser._take()
    hypothesis = recogniser._over_open(Action.SETTLE)
    assert hypothesis.words == ()
    recogniser._report()
    assert recogniser.progress.lost
