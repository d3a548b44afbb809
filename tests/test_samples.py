"""The sample broadcast holds what samples/broadcast.expected.json says, and the clean one nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from streamcheck.checking import Checker, load_rules
from streamcheck.events import Finding
from streamcheck.transcripts import read_transcript

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "broadcast.expected.json").read_text(encoding="utf-8"))


def overlaps(finding: Finding, breach: dict[str, Any]) -> bool:
    assert finding.start is not None
    assert finding.end is not None
    return finding.category == breach["category"] and finding.start < breach["end"] and finding.end > breach["start"]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_rules(platform=EXPECTED["platform"]))


def test_the_transcript_holds_the_expected_breaches_and_no_others(checker: Checker) -> None:
    findings = checker.check(read_transcript(SAMPLES / "broadcast.srt"))
    breaches = EXPECTED["findings"]
    assert [breach["quote"] for breach in breaches if not any(overlaps(one, breach) for one in findings)] == []
    assert [one.quote for one in findings if not any(overlaps(one, breach) for breach in breaches)] == []


def test_the_clean_broadcast_is_clean(checker: Checker) -> None:
    assert checker.check(read_transcript(SAMPLES / "clean" / "broadcast.srt")) == []


def test_text_and_subtitles_agree() -> None:
    for name in ("broadcast", "clean/broadcast"):
        said = [[one.text for one in read_transcript(SAMPLES / f"{name}.{ending}")] for ending in ("txt", "srt")]
        assert said[0] == said[1]
