"""From the ring to utterances: voice activity and segmenter, fed with whatever has arrived."""

import numpy as np

from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.audio.voice import FRAME, VoiceActivity
from streamcheck.events import SAMPLE_RATE
from streamcheck.speech.utterances import Segmenter, Span

_AT_ONCE = 10 * SAMPLE_RATE  # a backlog needs no more memory than this


class Hearing:
    """Reads a ring from its first sample on and tells the utterances in it.

    `taken` is the sample up to which it has read, `lost` the spans that left the ring before it came, heard as silence.
    """

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._voice = VoiceActivity()
        self._segmenter = Segmenter()
        self.taken = 0
        self.lost: list[tuple[int, int]] = []
        self.over = False

    @property
    def open(self) -> Span | None:
        """The utterance that has not ended yet."""
        return self._segmenter.open

    def take(self) -> list[Span]:
        """Read what has arrived; return the utterances that ended. After the ring's end, `over` is set."""
        closed, end = self._ring.closed, self._ring.end  # in this order: once closed, the end is final
        spans: list[Span] = []
        while self.taken < end:
            stop = min(end, self.taken + _AT_ONCE)
            try:
                samples = self._ring.read(self.taken, stop)
            except SpanLostError as error:
                stop = min(stop, error.stop)
                samples = np.zeros(stop - self.taken, np.float32)
                self.lost.append((self.taken, stop))
            self.taken = stop
            spans += self._segmenter.feed(self._voice.feed(samples))
        if closed and not self.over:
            spans += self._segmenter.feed(self._voice.feed(np.zeros(FRAME, np.float32)))  # the last frame, filled up
            last = self._segmenter.finish()
            spans += [last] if last else []
            self.over = True
        return spans
