"""Where utterances begin and end, from the voice probability of each frame. Pure: no clock, no sound.

An utterance ends at a pause. Speech without one runs to a minute (Russian interviews: 60 s and more), so the longer
an utterance gets the shorter a pause will do, and at `LONGEST` it is cut at the least voiced moment of its last
two seconds; the part after the cut goes on as the next utterance.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from streamcheck.audio.voice import FRAME
from streamcheck.events import SAMPLE_RATE

ONSET = 0.5
"""Voice probability from which a frame starts an utterance (Silero's own threshold)."""
OFFSET = 0.35
"""Voice probability below which a frame is silent; lower than `ONSET`, so that a word's quiet end is not cut off."""
PRE_ROLL = int(0.3 * SAMPLE_RATE)
"""Samples before the first voiced frame that belong to the utterance: soft onsets."""
PAUSE = 0.3
"""Seconds of silence that end an utterance."""
SHORT_PAUSE = 0.1
"""Seconds of silence that end an utterance that is nearly `LONGEST`."""
IMPATIENT = 3.0
"""Seconds of utterance from which the pause it takes shrinks."""
LONGEST = 7.0
"""Seconds after which an utterance is cut: base makes fewer errors in short windows (WER .18 at 7, .195 at 10), and a
better pass over the whole comes sooner."""
SEARCH = 2.0
"""Seconds back from there in which the cut is placed."""
LEAST_VOICED = 3
"""Voiced frames (0.1 s) below which a sound is no speech: clicks, breaths."""

_FRAME_SECONDS = FRAME / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Span:
    """An utterance by sample numbers, open or ended.

    Its words are those said between `start` and `end`; its voice goes from `voiced_start` to `voiced_end`. `joined`
    says that speech was cut at `start`, `cut` that it was cut at `end`. `voice` is the mean probability of its frames.
    """

    start: int
    voiced_start: int
    voiced_end: int
    end: int
    joined: bool
    cut: bool
    voice: float


class Segmenter:
    """Cuts a stream of frames into utterances."""

    def __init__(self) -> None:
        self._count = 0  # frames taken
        self._run: list[float] = []  # probabilities of the open utterance's frames; empty between utterances
        self._silent = 0  # frames at its end that are silent
        self._joined = False
        self._free = 0  # sample up to which everything belongs to earlier utterances

    @property
    def heard(self) -> int:
        """Number of the sample up to which frames have been taken."""
        return self._count * FRAME

    @property
    def open(self) -> Span | None:
        """The utterance that has not ended yet, once it is clear that it is speech."""
        return self._span(len(self._run), cut=False) if self._is_speech() else None

    def feed(self, probabilities: Iterable[float]) -> list[Span]:
        """Take the next frames; return the utterances that ended in them."""
        return [span for probability in probabilities if (span := self._take(float(probability))) is not None]

    def finish(self) -> Span | None:
        """The source has ended, and with it the open utterance; return that."""
        span = self.open
        self._run, self._joined = [], False
        return span

    def _take(self, probability: float) -> Span | None:
        self._count += 1
        if not self._run and probability < ONSET:
            return None
        self._run.append(probability)
        self._silent = 0 if probability >= OFFSET else self._silent + 1
        length, silence = len(self._run) * _FRAME_SECONDS, self._silent * _FRAME_SECONDS
        if silence >= pause_needed(length - silence):
            return self._end(len(self._run), cut=False)
        return self._end(self._least_voiced(), cut=True) if length >= LONGEST else None

    def _end(self, frames: int, *, cut: bool) -> Span | None:
        """End the open utterance after so many frames; after a cut the rest is the next one."""
        span = self._span(frames, cut=cut) if self._is_speech() else None
        self._free = (self._count - len(self._run) + frames) * FRAME
        self._run, self._joined = self._run[frames:], cut
        return span

    def _span(self, frames: int, *, cut: bool) -> Span:
        first = self._count - len(self._run)
        start = first * FRAME
        voiced = min(frames, len(self._run) - self._silent)
        return Span(
            start=start if self._joined else max(start - PRE_ROLL, self._free),
            voiced_start=start,
            voiced_end=(first + voiced) * FRAME,
            end=(first + frames) * FRAME,
            joined=self._joined,
            cut=cut,
            voice=sum(self._run[:frames]) / frames,
        )

    def _is_speech(self) -> bool:
        return bool(self._run) and (self._joined or sum(p >= ONSET for p in self._run) >= LEAST_VOICED)

    def _least_voiced(self) -> int:
        """The frame of the last `SEARCH` seconds around which there is least voice."""
        last = len(self._run) - 1
        return min(range(last - int(SEARCH / _FRAME_SECONDS), last), key=lambda i: sum(self._run[i - 1 : i + 2]))


def pause_needed(seconds: float) -> float:
    """Seconds of silence that end an utterance of this length."""
    impatience = min(max((seconds - IMPATIENT) / (LONGEST - IMPATIENT), 0.0), 1.0)
    return PAUSE - impatience * (PAUSE - SHORT_PAUSE)
