import time

import numpy as np
import pytest

from streamcheck.audio.chime import Chime, chime
from streamcheck.events import SAMPLE_RATE
from tests.audio.sound import pitch
from tests.audio.stage import Stage


def test_the_chime_is_short_soft_at_its_edges_and_rises() -> None:
    sound = chime()
    assert len(sound) < SAMPLE_RATE / 2
    assert np.abs(sound).max() < 0.3
    assert np.abs(np.diff(sound)).max() < 0.15
    half = int(0.12 * SAMPLE_RATE)
    assert pitch(sound[:half]) == pytest.approx(880, abs=15)
    assert pitch(sound[half : 2 * half]) == pytest.approx(1320, abs=15)


def test_it_rings_or_says_why_not_and_never_waits(stage: Stage) -> None:
    cue = Chime()
    assert cue.trouble == ""
    cue.ring()
    deadline = time.monotonic() + 20
    while not (answered := cue._pipe.poll(0.1)) and time.monotonic() < deadline:
        pass
    assert answered
    assert cue.trouble == ""
    cue.close()
    cue.ring()
