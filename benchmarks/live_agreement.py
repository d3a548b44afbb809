"""The peer of benchmarks/live.py: plain LocalAgreement-2 over faster-whisper with its own 30-second encoder.

Written from the method of Macháček, Dabre and Bojar, «Turning Whisper into Real-Time Transcription System» (2023):
decode the whole buffer again whenever a second of sound has come, commit what two passes in a row agree on, prompt
with the text before the buffer, and cut the buffer at the end of a committed segment once it is longer than 15 s.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from streamcheck.events import SAMPLE_RATE, Samples, Word
from streamcheck.speech.merging import agreed, letters

CHUNK = 1.0
"""Seconds of new sound that a pass waits for."""
LONGEST_BUFFER = 15.0
PROMPT = 200
"""Characters of text before the buffer that go into the prompt."""
_LONGEST_REPEAT = 5


@dataclass
class LocalAgreement:
    """Feed it sound; it returns the words that two passes agree on."""

    model: Any
    language: str = "ru"
    committed: list[Word] = field(default_factory=list)
    _buffer: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    _offset: float = 0.0
    _pending: list[Word] = field(default_factory=list)

    def step(self, samples: Samples) -> list[Word]:
        """Take new sound, decode the buffer, and return the newly committed words."""
        self._buffer = np.concatenate([self._buffer, samples])
        before = [word.text for word in self.committed if (word.end or 0.0) <= self._offset]
        segments, _ = self.model.transcribe(
            self._buffer,
            language=self.language,
            beam_size=5,
            word_timestamps=True,
            initial_prompt=" ".join(before)[-PROMPT:],
        )
        segments = list(segments)
        heard = [
            Word(word.word.strip(), word.start + self._offset, word.end + self._offset, word.probability)
            for segment in segments
            for word in segment.words
        ]
        new = self._unheard(heard)
        count = agreed(self._pending, new)
        fresh, self._pending = new[:count], new[count:]
        self.committed += fresh
        if len(self._buffer) > LONGEST_BUFFER * SAMPLE_RATE:
            self._trim([segment.end + self._offset for segment in segments])
        return fresh

    def finish(self) -> list[Word]:
        """The end: what is still pending counts as said."""
        rest, self._pending = self._pending, []
        self.committed += rest
        return rest

    def _unheard(self, heard: list[Word]) -> list[Word]:
        """The words after the last committed one, without a repeat of the last few."""
        last = self.committed[-1].end or 0.0 if self.committed else 0.0
        new = [word for word in heard if (word.start or 0.0) > last - 0.1]
        for count in range(min(_LONGEST_REPEAT, len(self.committed), len(new)), 0, -1):
            tail = [letters(word) for word in self.committed[-count:]]
            if tail == [letters(word) for word in new[:count]]:
                return new[count:]
        return new

    def _trim(self, ends: list[float]) -> None:
        last = self.committed[-1].end or 0.0 if self.committed else 0.0
        done = [end for end in ends[:-1] if end <= last]
        if done:
            self._buffer = self._buffer[int((done[-1] - self._offset) * SAMPLE_RATE) :]
            self._offset = done[-1]
