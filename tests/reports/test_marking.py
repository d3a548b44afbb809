"""The words of a finding are found again in the transcript."""

from dataclasses import replace

from streamcheck.events import Utterance
from streamcheck.reports.marking import Marker
from streamcheck.reports.timeline import Timeline, silhouette
from tests.reports.report_samples import finding, utterance

FIRST = utterance("Берите, берите, не пожалеете!", 0.0, 2.0)
SECOND = utterance("Цена самая низкая", 2.0, 4.0)
THIRD = utterance("на рынке, берите!", 4.5, 6.0)


def test_words_are_found_by_quote_nearest_to_the_time() -> None:
    marker = Marker([FIRST, SECOND, THIRD])
    assert marker.places(finding(FIRST, 1, 2)) == [(0, 1)]
    assert marker.places(finding(THIRD, 2, 3)) == [(2, 2)]


def test_a_quote_may_cross_utterances() -> None:
    across = replace(finding(SECOND, 1, 3), quote="самая низкая на рынке", end=5.5)
    assert Marker([FIRST, SECOND, THIRD]).places(across) == [(1, 1), (1, 2), (2, 0), (2, 1)]


def test_a_quote_that_is_not_there_marks_the_words_at_its_time() -> None:
    odd = replace(finding(SECOND, 1, 3), quote="самая-самая")
    assert Marker([FIRST, SECOND]).places(odd) == [(1, 1), (1, 2)]


def test_a_cue_of_no_length_is_still_marked() -> None:
    frozen = Utterance(tuple(replace(word, start=3.0, end=3.0) for word in SECOND.words), 3.0, 3.0)
    assert Marker([frozen]).places(finding(frozen, 1, 3)) == [(0, 1), (0, 2)]


def test_untimed_words_are_found_by_line_and_over_line_ends() -> None:
    lines = [utterance("Привет", line=1), utterance("самая низкая", line=3), utterance("цена в городе", line=4)]
    found = replace(finding(lines[1], 0, 2), quote="самая низкая цена")
    assert Marker(lines).places(found) == [(1, 0), (1, 1), (2, 0)]


def test_repeats_in_one_untimed_line_are_told_apart() -> None:
    line = utterance("берите, кому говорю, берите!", line=5)
    marker = Marker([line])
    assert [marker.places(finding(line, 0, 1, id=str(n))) for n in range(3)] == [[(0, 0)], [(0, 3)], [(0, 3)]]


def test_marks_between_words_belong_to_the_quote() -> None:
    said = utterance("Цена — самая — низкая", 0.0, 5.0)
    assert Marker([said]).places(replace(finding(said, 2, 5), quote="самая низкая")) == [(0, 2), (0, 3), (0, 4)]


def test_a_finding_outside_the_transcript_has_no_place() -> None:
    assert Marker([]).places(finding(FIRST, 0, 1)) == []
    assert Marker([FIRST]).places(replace(finding(SECOND, 0, 1), start=90.0, end=91.0)) == []


def test_ticks_are_round_and_few() -> None:
    for length in (3.0, 61.0, 600.0, 3700.0, 8 * 3600.0, 30 * 3600.0):
        ticks = Timeline(length).ticks()
        assert 1 <= len(ticks) <= 8
        assert ticks[0] == (0.0, "0:00")
    assert Timeline(3700.0).ticks()[1] == (16.22, "10:00")


def test_the_pace_is_words_a_minute() -> None:
    said = [utterance("раз два три", 0.0, 0.9), utterance("четыре", 119.0, 120.0)]
    rates = Timeline(120.0).rates(said)
    assert (len(rates), rates[0], rates[1], rates[-1]) == (30, 45, 0, 15)
    assert [len(Timeline(length).rates(said)) for length in (0.5, 8 * 3600.0)] == [1, 180]
    assert silhouette([0, 50, 100]) == "M0,100V100H1V50H2V0H3V100Z"
