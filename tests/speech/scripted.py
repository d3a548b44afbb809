"""Speech that can be read off its samples: every word is a stretch of one value, silence is zero.

With it come a voice activity and an engine that read it, and a stage on which sound arrives as passes take time.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from streamcheck.audio.ring import Ring
from streamcheck.audio.voice import FRAME
from streamcheck.events import SAMPLE_RATE, AudioBlock, Hypothesis, Samples, Word
from streamcheck.speech.engine import Heard
from streamcheck.speech.recogniser import LiveRecogniser

WORD = 0.4
"""Seconds of a word."""
_UNIT = 1e-4


class Voice:
    """Probability 0.9 where a frame has sound, 0 elsewhere."""

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, np.float32)

    def feed(self, samples: Samples) -> npt.NDArray[np.float32]:
        sound = np.concatenate([self._rest, samples])
        count = len(sound) // FRAME
        self._rest = sound[count * FRAME :]
        return np.where(sound[: count * FRAME].reshape(count, FRAME).any(axis=1), 0.9, 0.0).astype(np.float32)


class Engine:
    """Reads the words of a window; one that its edge cuts in two is heard as «…». A pass takes `cost` seconds.

    With a `script`, the words are its words, in their order. What is in a window of less than `clear_from` seconds it
    mishears, and is not sure of it.
    """

    name = "scripted"
    workers = 1

    def __init__(self, cost: float = 0.0, batch_cost: float = 0.0, script: str = "", clear_from: float = 0.0) -> None:
        self.now = 0.0
        self._script = script.split()
        self.passes: list[tuple[int, int]] = []
        self.seconds: list[float] = []
        self._clear_from = clear_from
        self._cost = cost
        self._batch_cost = batch_cost

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        if windows:
            self.passes.append((len(windows), beam))
            self.seconds.append(max(map(len, windows)) / SAMPLE_RATE)
            self.now += self._cost + self._batch_cost * (len(windows) - 1)
        return [self._heard(window) for window in windows]

    def _heard(self, window: Samples) -> Heard:
        words = []
        borders = [0, *(np.flatnonzero(np.diff(window)) + 1), len(window)]
        for start, stop in pairwise(borders):
            if stop > start and window[start]:
                whole = stop - start > 0.9 * WORD * SAMPLE_RATE
                text = self._word(round(float(window[start]) / _UNIT)) if whole else "…"
                clear = len(window) >= self._clear_from * SAMPLE_RATE
                words.append(
                    Word(text if clear else f"?{text}", start / SAMPLE_RATE, stop / SAMPLE_RATE, 0.9 if clear else 0.5)
                )
        return Heard(" ".join(word.text for word in words), -0.1, False, lambda: tuple(words))

    def _word(self, number: int) -> str:
        return self._script[number - 1] if number <= len(self._script) else f"w{number}"


def speech(*runs: int, pause: float = 0.5, first: int = 1) -> Samples:
    """Runs of so many words, numbered through, with a pause before each and a longer silence at the end."""
    parts: list[Samples] = []
    number = first
    for words in runs:
        parts.append(np.zeros(int(pause * SAMPLE_RATE), np.float32))
        for _ in range(words):
            parts.append(np.full(int(WORD * SAMPLE_RATE), number * _UNIT, np.float32))
            number += 1
    return np.concatenate([*parts, np.zeros(SAMPLE_RATE, np.float32)])


def words(count: int, first: int = 1) -> list[str]:
    """What the engine hears of so many words where it has no script."""
    return [f"w{number}" for number in range(first, first + count)]


def perform(
    sound: Samples,
    engine: Engine,
    *,
    block: float = 0.1,
    ring_seconds: float = 300.0,
    older: Callable[[int, int], Samples | None] = lambda start, stop: None,
) -> Iterator[tuple[float, LiveRecogniser, list[Hypothesis]]]:
    """Let the sound arrive in real time by the engine's clock; yield after each turn of the recogniser."""
    ring = Ring(ring_seconds, older)
    recogniser = LiveRecogniser(engine, ring, clock=lambda: engine.now)
    size = int(block * SAMPLE_RATE)
    while True:
        while ring.end < len(sound) and (ring.end + size) / SAMPLE_RATE <= engine.now + 1e-6:
            ring.write(AudioBlock(ring.end, sound[ring.end : ring.end + size]))
        if len(sound) - ring.end < size and not ring.closed:
            if len(sound) > ring.end:
                ring.write(AudioBlock(ring.end, sound[ring.end :]))
            ring.close()
        hypotheses, position = recogniser.turn()
        yield engine.now, recogniser, hypotheses
        if position is None:
            return
        if ring.end < position and not ring.closed:
            engine.now = max(engine.now, (ring.end + size) / SAMPLE_RATE)


def finals(hypotheses: Sequence[Hypothesis]) -> list[str]:
    """The words of the final hypotheses in the order of utterances."""
    ended = sorted((one for one in hypotheses if one.final), key=lambda one: one.utterance)
    return [word.text for one in ended for word in one.words]
