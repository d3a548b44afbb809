"""A session that is killed at a random moment loses no finding that was shown, and at most a second of sound."""

import random
from pathlib import Path

import pytest

from tests.sessions.killing import kill_after


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_loses_no_finding_and_at_most_a_second_of_sound(tmp_path: Path, seed: int) -> None:
    left = kill_after(tmp_path, random.Random(seed).uniform(0.0, 3.0))
    assert left.printed
    assert left.missing == []
    assert left.differing == 0
    assert left.received - left.readable <= 1.0
