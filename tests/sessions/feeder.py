"""A real session but for the words, until it is killed: `feeder.py FOLDER POSITION RECORDING SPEED`.

Source, ring, voice activity, checker, store and recorder are the real ones; only the model is replaced, by one that
hears a breach in every window at once, so that findings come as fast as they can. POSITION is a file that holds the
number of samples that have come, at every moment; findings go to standard output as `live --format jsonl` prints them.
"""

import os
import struct
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from streamcheck.audio.media import paced, read_samples
from streamcheck.checking import Checker, load_rules
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples, Word
from streamcheck.live import LiveSession
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.sessions.home import Home
from streamcheck.sessions.record import on_record
from streamcheck.sessions.store import About
from streamcheck.speech.engine import Heard

_SAYINGS = (
    "это самый лучший магазин на рынке",
    "пишите мне в вотсап прямо сейчас",
    "переведите деньги на карту будет дешевле",
    "гарантия сто процентов результат навсегда",
)


class Parrot:
    """An engine that hears one saying after the other, whatever is said."""

    name = "parrot"
    workers = 1

    def __init__(self) -> None:
        self._turn = count()

    def listen(self, windows: Sequence[Samples], *, beam: int = 1) -> list[Heard]:
        return [self._heard(len(window) / SAMPLE_RATE) for window in windows]

    def _heard(self, seconds: float) -> Heard:
        said = _SAYINGS[next(self._turn) // 3 % len(_SAYINGS)].split()
        step = seconds / len(said)
        words = tuple(Word(word, i * step, (i + 0.9) * step, 0.9) for i, word in enumerate(said))
        return Heard(" ".join(said), logprob=-0.2, looping=False, align=lambda: words)


class Endless:
    """A recording over and over, in its own time times `speed`; writes down how far it has come."""

    name, trouble, waits = "feeder", "", False

    def __init__(self, recording: Path, position: Path, speed: float) -> None:
        import threading

        self._blocks = list(read_samples(recording))
        self._position = os.open(position, os.O_RDWR | os.O_CREAT)
        self._speed = speed
        self._closed = threading.Event()

    def blocks(self) -> Iterator[AudioBlock]:
        for block in paced(self._looped(), self._speed, self._closed):
            os.pwrite(self._position, struct.pack("<q", block.start + len(block.samples)), 0)
            yield block

    def _looped(self) -> Iterator[AudioBlock]:
        length = self._blocks[-1].start + len(self._blocks[-1].samples)
        for turn in count():
            for block in self._blocks:
                yield AudioBlock(turn * length + block.start, block.samples)

    def close(self) -> None:
        self._closed.set()


def main(folder: str, position: str, recording: str, speed: str) -> None:
    checker = Checker(load_rules(platform="kaspi"))
    source = Endless(Path(recording), Path(position), float(speed))
    with on_record(Home(Path(folder)), source, About("feeder", "kaspi", "none")) as kept:
        sinks = [*kept.sinks, JsonLines(sys.stdout)]
        LiveSession(kept.source, checker, sinks=sinks, remark=kept.remark, load=lambda _: Parrot()).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
