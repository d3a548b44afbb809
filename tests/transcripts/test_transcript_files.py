"""Every form and encoding is read alike; a damaged file gives what is left in it or is refused in one line."""

import contextlib
import random
from itertools import pairwise
from pathlib import Path

import pytest

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance
from streamcheck.transcripts import EXTENSIONS, parse_transcript, read_transcript
from tests.transcripts.transcript_files import DAMAGED, PHRASES, SAID, WHOLE


@pytest.fixture
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    name, data = request.param
    path = tmp_path / name
    path.parent.mkdir()
    path.write_bytes(data)
    return path


def cases(corpus: dict) -> list:  # type: ignore[type-arg]
    return [pytest.param((name, data), expected, id=name) for name, (data, expected) in corpus.items()]


def check_times(utterances: list[Utterance]) -> None:
    for one in utterances:
        assert one.start is not None
        assert one.end is not None
        edges = [time for word in one.words for time in (word.start, word.end)]
        assert None not in edges
        assert all(a <= b for a, b in pairwise([one.start, *edges, one.end])), one  # type: ignore[operator]


@pytest.mark.parametrize(("written", "timed"), cases(WHOLE), indirect=["written"])
def test_whole_files_are_read_alike(written: Path, timed: bool) -> None:
    damage: list[str] = []
    utterances = read_transcript(written, note=damage.append)
    assert not damage
    assert [one.text for one in utterances] == list(PHRASES)
    if timed:
        check_times(utterances)
        assert [one.start for one in utterances] == pytest.approx([start for start, _, _ in SAID], abs=0.51)
    else:
        assert all(one.start is None and one.line for one in utterances)


@pytest.mark.parametrize(("written", "readable"), cases(DAMAGED), indirect=["written"])
def test_damaged_files_lose_nothing_readable_or_are_refused(written: Path, readable: tuple[str, ...] | None) -> None:
    if readable is None:
        with pytest.raises(TranscriptError) as refusal:
            read_transcript(written)
        assert str(refusal.value).startswith(f"{written}: ")
        assert len(str(refusal.value).splitlines()) == 1
        return
    utterances = read_transcript(written)
    whole = " ".join(one.text for one in utterances)
    for phrase in readable:
        assert whole.count(phrase) >= readable.count(phrase), phrase
    if any(one.start is not None for one in utterances):
        check_times(utterances)


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_crashes_wherever_a_file_is_cut_or_spoilt(name: str) -> None:
    data, _ = WHOLE[name]
    chance = random.Random(name)
    for _ in range(60):
        place = chance.randrange(len(data))
        for spoilt in (data[:place], data[place:], data[:place] + chance.randbytes(3) + data[place + 3 :]):
            with contextlib.suppress(TranscriptError):
                parse_transcript(spoilt, name)


@pytest.mark.parametrize(
    "unit",
    [
        "\n",
        " ",
        "<u",
        "<v ",
        "<v.",
        "{\\",
        "1:",
        "00:00:01,000 --> ",
        "_",
        '{"text":"',
        "[",
        "00:01\n",
        "Dialogue: \n",
        '"',
    ],
)
def test_long_repeats_of_anything_are_read_at_once(unit: str) -> None:
    """Quadratic patterns would take minutes: the limit of the whole suite is what this leans on."""
    for suffix in EXTENSIONS:
        with contextlib.suppress(TranscriptError):
            parse_transcript((unit * (1_000_000 // len(unit))).encode(), f"a{suffix}")
