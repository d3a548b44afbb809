"""Lemmas that rules look words up by."""

import pytest

from streamcheck.text.morphology import form


@pytest.mark.parametrize(
    ("spelling", "lemma", "other"),
    [
        ("высшего", "высший", "высочайший"),
        ("высочайшее", "высочайший", "высший"),
        ("меньшая", "меньший", "малейший"),
        ("наилучшую", "наилучший", "лучший"),
        ("крупнейшую", "крупнейший", "крупный"),
    ],
)
def test_a_superlative_keeps_the_lemma_that_its_spelling_shows(spelling: str, lemma: str, other: str) -> None:
    assert lemma in form(spelling).lemmas
    assert other not in form(spelling).lemmas
