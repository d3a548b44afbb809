"""The utterance that is still going on: quick passes over its end, better ones at its pauses and now and then."""

from streamcheck.audio.ring import Ring, SpanLostError
from streamcheck.events import SAMPLE_RATE, Hypothesis, Word
from streamcheck.speech.engine import Engine
from streamcheck.speech.merging import Agreement, restart, without_false_stops
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import Said, in_source, own_words, reach_back

MARGIN = 0.35
"""Seconds at the end of an open window whose words may still be cut off: nothing is found in them. At 0.2, three times
as many findings were taken back, and those that stayed came a quarter of a second sooner."""
QUIET = int(0.1 * SAMPLE_RATE)
"""Samples of silence after which no word is cut off."""
LONGEST_WINDOW = 6.0
"""Seconds after which a quick pass no longer listens to the utterance from its start, even within a sentence."""
LEAST_WINDOW = 2.0
"""Seconds that it listens to at least, then."""


class OpenUtterance:
    """What the passes over one utterance have heard so far. `before` are the words of the one before it, `heard`
    what passes over that one have heard of this.

    A quick pass listens from the last sentence on whose words before it are stable: it costs less than one over the
    whole utterance, and Whisper likes to stop after a sentence.
    """

    def __init__(self, number: int, before: tuple[Word, ...], heard: tuple[Word, ...] = ()) -> None:
        self.number = number
        self.heard_to = 0
        self.settled_to = 0
        """Sample up to which the voice had gone when a pass took it as ended."""
        self.thought_to = 0
        """Sample up to which a better pass has listened."""
        self.cost = 0.0
        """What the last pass took, in seconds."""
        self._before = before
        self._agreement = Agreement(heard)
        self._start: float | None = None

    @property
    def words(self) -> tuple[Word, ...]:
        """The words so far."""
        return self._agreement.words

    def guess(self, engine: Engine, ring: Ring, span: Span, stop: int, beam: int = 1) -> Hypothesis:
        """A pass over the end of the utterance, up to sample `stop`. What was a guess counts for nothing.

        A greedy one adds to what is stable where it agrees with the one before; one with a `beam` puts that right.
        """
        start = reach_back(span) / SAMPLE_RATE if self._start is None else self._start
        first = int(start * SAMPLE_RATE)
        try:
            samples = ring.read(first, stop)
        except SpanLostError as error:  # far behind: hear on from what is left, the last pass names what is not
            self._start = error.stop / SAMPLE_RATE
            return self._told(error.stop, error.stop)
        heard = engine.listen([samples], beam=beam)[0]
        trusted = stop if stop - span.voiced_end >= QUIET else stop - int(MARGIN * SAMPLE_RATE)
        if not heard.doubtful:
            said = Said(in_source(heard, first), doubtful=False)
            words = own_words(said, span, span, stop, self._before)
            if beam > 1:
                self._agreement.revise(words, start, trusted / SAMPLE_RATE)
            else:
                self._agreement.add(words, trusted / SAMPLE_RATE)
            stable = len(self._agreement.stable)
            self._start = restart(without_false_stops(self.words), stable, start, LONGEST_WINDOW, LEAST_WINDOW)
        if beam > 1:
            self.thought_to = stop
        return self._told(stop, trusted)

    def settle(self, words: tuple[Word, ...], span: Span) -> Hypothesis:
        """Take the words of a better pass up to the pause after `span`'s voice."""
        self._agreement.settle(words)
        self._start = span.voiced_end / SAMPLE_RATE
        self.settled_to = self.thought_to = span.voiced_end
        return self._told(span.end, span.end)

    def _told(self, heard_to: int, trusted_to: int) -> Hypothesis:
        self.heard_to = heard_to
        stable = len(self._agreement.stable)
        words = without_false_stops(self.words)
        return Hypothesis(self.number, words, stable, False, heard_to / SAMPLE_RATE, trusted_to / SAMPLE_RATE)
