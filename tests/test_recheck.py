"""What a later check of a session's spans changes in what was found live."""

from dataclasses import replace

from streamcheck.events import Finding
from streamcheck.recheck import _changes

FOUND = Finding(
    "x", "confirmed", "rudeness", "p/a", "violation", 1.0, 6.0, "дурак ты, вот что, ума палата", "", "", "", "", 1.0
)
FIRST = replace(FOUND, id="f1", state="tentative", start=1.0, end=2.0, quote="дурак")
SECOND = replace(FOUND, id="f2", state="tentative", start=5.0, end=6.0, quote="ума палата")
SPANS = [(0.0, 10.0)]


def test_all_that_a_merged_finding_takes_in_is_settled_by_it() -> None:
    changed = _changes([FIRST, SECOND], [FOUND], SPANS)
    assert [(one.id, one.state, one.quote) for one in changed] == [
        ("f1", "confirmed", FOUND.quote),
        ("f2", "confirmed", "ума палата"),
    ]


def test_one_that_two_findings_meet_is_settled_once() -> None:
    wide = replace(FIRST, end=6.0)
    changed = _changes([wide], [replace(FOUND, end=2.0), replace(FOUND, start=5.0)], SPANS)
    assert [(one.id, one.state) for one in changed] == [("f1", "confirmed")]


def test_what_is_not_heard_again_is_withdrawn_and_what_is_new_added() -> None:
    changed = _changes([FIRST], [replace(FOUND, start=8.0, end=9.0)], SPANS)
    assert [(one.id, one.state) for one in changed] == [("later-x", "confirmed"), ("f1", "withdrawn")]
