"""Recordings chained into one broadcast, with what is known of them; shared by benchmarks/live.py and review.py.

A recording is a path without its ending: NAME.opus is the sound, NAME.gold.json its utterances, words with times,
labelled spans and product cards (the format of the evaluation material).
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from streamcheck.audio.media import read_samples
from streamcheck.checking import Checker, load_rules
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples, Word

PAUSE = 2.0
"""Seconds of silence between two recordings."""
BLOCK = int(0.1 * SAMPLE_RATE)


@dataclass(frozen=True)
class Recording:
    """A recording in its place in the broadcast; times are those of the broadcast."""

    name: str
    start: float
    samples: Samples
    words: list[Word]
    spans: list[dict[str, Any]]
    script: str
    gold: dict[str, Any]

    @property
    def end(self) -> float:
        """Where the silence after it ends."""
        return self.start + len(self.samples) / SAMPLE_RATE + PAUSE


def chain(paths: list[str], seconds: float | None, minutes: float | None) -> list[Recording]:
    """The recordings one after another, each cut to `seconds`, repeated until there are so many minutes."""
    broadcast: list[Recording] = []
    at = 0.0
    known: dict[str, tuple[Samples, dict[str, Any]]] = {}
    while not broadcast or (minutes and at < minutes * 60):
        for path in paths:
            if path not in known:
                sound = np.concatenate([block.samples for block in read_samples(Path(f"{path}.opus"))])
                known[path] = sound, json.loads(Path(f"{path}.gold.json").read_text(encoding="utf-8"))
            sound, gold = known[path]
            left = minutes * 60 - at if minutes else float("inf")
            length = min(seconds or float("inf"), left)
            broadcast.append(_placed(Path(path).name, at, sound[: int(min(length * SAMPLE_RATE, len(sound)))], gold))
            at = broadcast[-1].end
            if minutes and at >= minutes * 60:
                break
    return broadcast


def _placed(name: str, at: float, sound: Samples, gold: dict[str, Any]) -> Recording:
    """A recording that begins at a second of the broadcast, with what is said wholly within it."""
    length = len(sound) / SAMPLE_RATE
    whole = length >= gold["seconds"] - 0.1
    said = [one for one in gold["utterances"] if whole or one["end"] <= length - 1]
    words = [Word(*word) for one in said for word in one["words"] if re.search(r"\w", word[0])]
    words = [Word(word.text, (word.start or 0) + at, (word.end or 0) + at) for word in words]
    spans = [{**span, "start": span["start"] + at, "end": span["end"] + at} for one in said for span in one["spans"]]
    return Recording(name, at, sound, words, spans, " ".join(one["written"] for one in said), gold)


def line_of(broadcast: list[Recording]) -> Samples:
    """The whole broadcast as one line of samples."""
    silence = np.zeros(int(PAUSE * SAMPLE_RATE), np.float32)
    return np.concatenate([part for one in broadcast for part in (one.samples, silence)])


def blocks(sound: Samples) -> Iterator[AudioBlock]:
    """The sound as a decoder would bring it."""
    for start in range(0, len(sound), 10 * BLOCK):
        yield AudioBlock(start, sound[start : start + 10 * BLOCK])


def on_air(sound: Samples, began: float) -> Iterator[AudioBlock]:
    """Blocks of 0.1 s, each when its last sample has been spoken."""
    for start in range(0, len(sound), BLOCK):
        block = sound[start : start + BLOCK]
        time.sleep(max(began + (start + len(block)) / SAMPLE_RATE - time.monotonic(), 0.0))
        yield AudioBlock(start, block)


def checker_of(recording: Recording, folder: Path) -> Checker:
    """The rules of its platform with its product cards, written to the folder."""
    products = folder / f"{recording.name}.yaml"  # JSON is YAML
    products.write_text(json.dumps({"products": recording.gold["products"]}, ensure_ascii=False), encoding="utf-8")
    return Checker(load_rules(platform=recording.gold["platform"], products=products))


def plain(text: str) -> str:
    """A text as the error rate sees it: letters and digits, «2 990» as one number."""
    text = re.sub(r"(?<=\d)[\s\u00a0](?=\d{3}\b)", "", text.lower().replace("ё", "е"))
    return " ".join(re.findall(r"[^\W_]+", text))
