import numpy as np
import pytest

from streamcheck.audio.level import FLOOR_DB, judge, peak_db, rms_db
from tests.audio.sound import tone


def test_a_full_scale_sine_reads_minus_three() -> None:
    assert rms_db(tone(440, 1, volume=1.0)) == pytest.approx(-3.01, abs=0.01)
    assert peak_db(tone(440, 1, volume=1.0)) == pytest.approx(0, abs=0.01)
    assert peak_db(-tone(440, 1, volume=0.1)) == pytest.approx(-20, abs=0.01)


def test_no_sound_is_the_floor() -> None:
    for samples in (np.zeros(100, np.float32), np.empty(0, np.float32), np.full(100, 1e-9, np.float32)):
        assert rms_db(samples) == peak_db(samples) == FLOOR_DB


def test_judges_what_a_host_must_change() -> None:
    speech = tone(200, 1, volume=0.3)
    pauses = np.zeros(4 * len(speech), np.float32)
    assert judge(pauses) == judge(np.empty(0, np.float32)) == "silent"
    assert judge(np.full(16_000, 0.0005, np.float32)) == "silent"
    assert judge(tone(200, 1, volume=0.01)) == "low"
    assert judge(np.concatenate([pauses, speech])) == "good"
    assert judge(np.clip(3 * np.concatenate([speech, speech]), -1, 1) * 1.2) == "clipping"


def test_one_bang_is_no_clipping() -> None:
    samples = tone(200, 5, volume=0.3)
    samples[1000:1020] = 1.0
    assert judge(samples) == "good"
