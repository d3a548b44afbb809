"""Real silence, music, noise and crowds: nothing that is written of them may be a finding or a credit.

The clips are not part of the project; `STREAMCHECK_EVAL` names the folder of the evaluation material.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import regex

from streamcheck.audio.media import read_samples
from streamcheck.checking import Checker, StreamChecker, load_rules
from streamcheck.errors import ModelError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from streamcheck.speech import Engine, Heard, load_engine
from streamcheck.speech.offline import transcribe_recording
from tests.speech.scripted import perform

EVAL = Path(os.environ.get("STREAMCHECK_EVAL", Path(__file__).parents[3] / "shared" / "eval"))
WORDLESS = ("silence", "music", "noise", "crowd")
CREDITS = regex.compile(r"(?i)субтитр|редактор|корректор|torzok|amara|subtitles|продолжение следует|МУЗЫК|АПЛОДИСМЕНТ")


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        return load_engine()
    except ModelError as error:
        pytest.skip(f"needs the extra «offline»: {error}")


@pytest.fixture(scope="module")
def clips() -> dict[str, Samples]:
    """The wordless clips by name."""
    manifest = EVAL / "real" / "manifest.jsonl"
    if not manifest.is_file():
        pytest.skip("needs the evaluation material: ../shared/eval or STREAMCHECK_EVAL")
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    found = {
        row["id"]: np.concatenate([block.samples for block in read_samples(EVAL / "real" / row["file"])])
        for row in rows
        if row["kind"] in WORDLESS
    }
    assert len(found) >= 16
    return found


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_rules(platform="kaspi"))


class Timed:
    """The real model, a pass of which takes a third of a second by a clock of its own."""

    name = "timed"
    workers = 1

    def __init__(self, engine: Engine) -> None:
        self.now = 0.0
        self._engine = engine

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        self.now += 0.33 if windows else 0.0
        return self._engine.listen(windows, beam=beam)


def on_air(clips: dict[str, Samples]) -> Iterator[Samples]:
    """All clips as one broadcast, some silence between them."""
    for samples in clips.values():
        yield samples
        yield np.zeros(SAMPLE_RATE, np.float32)


def test_nothing_is_found_live_where_nobody_speaks(engine: Engine, clips: dict[str, Samples], checker: Checker) -> None:
    stream, found, written = StreamChecker(checker), [], []
    sound = np.concatenate(list(on_air(clips)))
    for now, _, hypotheses in perform(sound, Timed(engine)):  # type: ignore[arg-type]
        for one in hypotheses:
            found += stream.update(one, now)
            written.append(" ".join(word.text for word in one.words))
    assert [(one.category, one.quote, one.start) for one in found] == []
    assert [text for text in written if CREDITS.search(text)] == []


def test_nothing_is_found_in_review_where_nobody_speaks(
    engine: Engine, clips: dict[str, Samples], checker: Checker
) -> None:
    for name, samples in clips.items():
        heard = list(transcribe_recording(engine, [AudioBlock(0, samples)]))
        assert not CREDITS.search(" ".join(one.text for one in heard)), name
        assert [(one.category, one.quote) for one in checker.check(heard)] == [], name
