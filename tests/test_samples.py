"""The sample broadcast holds what samples/broadcast.expected.json says, and the clean one nothing."""

import json
from pathlib import Path

import pytest

from streamcheck.checking import Checker, load_rules
from streamcheck.events import Finding
from streamcheck.transcripts import read_transcript

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = json.loads((SAMPLES / "broadcast.expected.json").read_text(encoding="utf-8"))


def missed(findings: list[Finding]) -> list[str]:
    """The expected breaches that no finding of their category overlaps."""

    def found(breach: dict[str, object]) -> bool:
        return any(
            one.category == breach["category"] and one.start < breach["end"] and one.end > breach["start"]  # type: ignore[operator]
            for one in findings
        )

    return [str(breach["quote"]) for breach in EXPECTED["findings"] if not found(breach)]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_rules(platform=EXPECTED["platform"]))


def test_the_transcript_holds_the_expected_breaches_and_no_others(checker: Checker) -> None:
    findings = checker.check(read_transcript(SAMPLES / "broadcast.srt"))
    assert missed(findings) == []
    assert len(findings) == len(EXPECTED["findings"]), [(one.category, one.quote) for one in findings]


def test_the_clean_broadcast_is_clean(checker: Checker) -> None:
    assert checker.check(read_transcript(SAMPLES / "clean" / "broadcast.srt")) == []


def test_text_and_subtitles_agree() -> None:
    for name in ("broadcast", "clean/broadcast"):
        said = [[one.text for one in read_transcript(SAMPLES / f"{name}.{ending}")] for ending in ("txt", "srt")]
        assert said[0] == said[1]
