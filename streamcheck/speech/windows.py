"""Windows of sound around utterances: what is heard in them, and which of it is theirs.

Whisper now and then stops after the first sentence of a window, or skips one, and says nothing of it. Where no word
lies on a stretch of voice, the window is decoded again from there on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from streamcheck.audio.ring import Ring
from streamcheck.events import SAMPLE_RATE, Samples, Word
from streamcheck.speech.engine import Engine, Heard
from streamcheck.speech.merging import between, continued, shifted
from streamcheck.speech.phantom import remove_phantoms, without_loop, without_timeless
from streamcheck.speech.utterances import PRE_ROLL, Span

BEFORE_CUT = int(0.8 * SAMPLE_RATE)
"""Samples by which a window reaches back over a cut: more than a long word."""
AFTER_CUT = int(0.6 * SAMPLE_RATE)
"""Samples by which a window reaches on over a cut."""
CONTEXT = 12.0
"""Seconds of an utterance and what leads to it, at most, that are heard once more where it was hard to hear alone."""
LONGEST = CONTEXT + (BEFORE_CUT + AFTER_CUT) / SAMPLE_RATE
"""Seconds of the longest window of a session that keeps up."""
CONTEXT_PAUSE = 1.0
"""Seconds of silence beyond which what was said before is no context."""
SURE = 0.82
"""Mean probability of the words of an utterance that was easy to hear. Below it lies a third of the utterances; heard
again in context, they bring the errors of six recordings from WER .189 to .170, and all utterances to .169."""
LITTLE_VOICE = 0.5
"""Mean voice probability of an utterance below which farewells and the like are taken for phantoms."""
HOLE = 1.3
"""Seconds of voice without a word that the model must have skipped: in utterances without pauses the longest gap
between words that were said is 0.3 s."""
LONGEST_WORD, LONGEST_NUMBER = 1.8, 3.5
"""Seconds beyond which a word lies on something skipped; «2990» is four words of speech."""

_RESUMES = 2  # passes that may follow the first
_BACK = int(0.2 * SAMPLE_RATE)  # how far a resumed pass reaches back
_SLACK = 0.1  # seconds: a word at a cut may be placed a little differently by the two windows


@dataclass(frozen=True, slots=True)
class Window:
    """Sound that is decoded at once, from sample `start` on, and the utterances in it."""

    start: int
    samples: Samples
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a window, timed from the start of the source; `doubtful` as in `Heard`."""

    words: tuple[Word, ...]
    doubtful: bool


def cut_out(ring: Ring, spans: Sequence[Span], context: Sequence[Span] = ()) -> Window:
    """The window of some utterances, with those before them for `context`; where speech was cut, windows overlap.

    Raises SpanLostError.
    """
    start = reach_back((*context, *spans)[0])
    stop = spans[-1].end + AFTER_CUT if spans[-1].cut else spans[-1].end
    return Window(start, ring.read(start, stop), tuple(spans))


def context_of(span: Span, before: Sequence[Span]) -> list[Span]:
    """Of the utterances before one, those that lead to it: without long pauses, and no more than `CONTEXT` with it."""
    context: list[Span] = []
    after = span
    for one in reversed(before):
        far = after.start - one.voiced_end > CONTEXT_PAUSE * SAMPLE_RATE
        if far or span.end - one.start > CONTEXT * SAMPLE_RATE:
            break
        context.insert(0, one)
        after = one
    return context


def was_hard_to_hear(words: Sequence[Word]) -> bool:
    """Whether something was heard, but the model is not sure of it."""
    return bool(words) and sum(word.probability for word in words) < SURE * len(words)


def reach_back(span: Span) -> int:
    """The sample at which a window begins that begins with this utterance."""
    return max(span.start - BEFORE_CUT, 0) if span.joined else span.start


def listen_fully(engine: Engine, windows: Sequence[Window], beam: int) -> list[Said]:
    """What was said in each window, with what the first pass skipped."""
    said = [
        Said(in_source(heard, window.start), heard.doubtful)
        for heard, window in zip(engine.listen([one.samples for one in windows], beam=beam), windows, strict=True)
    ]
    resumed = [0.0] * len(windows)
    for _ in range(_RESUMES):
        holes = [unheard_from(one.words, window.spans) for one, window in zip(said, windows, strict=True)]
        again = [index for index, hole in enumerate(holes) if hole is not None and hole > resumed[index]]
        starts = [max(int((holes[i] or 0.0) * SAMPLE_RATE) - _BACK, windows[i].start) for i in again]
        rests = [windows[i].samples[start - windows[i].start :] for i, start in zip(again, starts, strict=True)]
        for index, start, heard in zip(again, starts, engine.listen(rests, beam=beam), strict=True):
            resumed[index] = holes[index] or 0.0
            said[index] = _spliced(said[index], in_source(heard, start), heard.doubtful, resumed[index])
    return said


def _spliced(first: Said, rest: Sequence[Word], doubtful: bool, at: float) -> Said:
    """The words before `at` and those of the pass from there on, if that heard more than the first."""
    kept = tuple(word for word in first.words if (word.start or 0.0) < at)
    words = (*kept, *continued(kept, rest))
    longer = sum(len(word.text) for word in words) > sum(len(word.text) for word in first.words)
    return Said(words, first.doubtful or doubtful) if longer and not doubtful else first


def unheard_from(words: Sequence[Word], spans: Sequence[Span]) -> float | None:
    """The second from which voice was skipped, None where words lie on all of it."""
    for word in words:
        if (word.end or 0.0) < spans[0].start / SAMPLE_RATE:
            continue  # context
        long = LONGEST_NUMBER if any(char.isdigit() for char in word.text) else LONGEST_WORD
        if (word.end or 0.0) - (word.start or 0.0) > long:
            return word.start
    for span in spans:
        at = span.voiced_start / SAMPLE_RATE
        end = span.voiced_end / SAMPLE_RATE
        for word in words:
            if at < (word.end or 0.0) and (word.start or 0.0) < end:
                if (word.start or 0.0) - at > HOLE:
                    return at
                at = word.end or 0.0
        if end - at > HOLE:
            return at
    return None


def after_context(said: Said, span: Span) -> Said:
    """Of what was said in a window that begins before an utterance, what is the utterance's."""
    start = (span.start if span.joined else span.start + PRE_ROLL // 2) / SAMPLE_RATE
    return Said(between(said.words, start - _SLACK, float("inf")), said.doubtful)


def own_words(said: Said, first: Span, last: Span, end: int, before: Sequence[Word]) -> tuple[Word, ...]:
    """Of what was said in a window, what the utterances from `first` to `last` said up to sample `end`.

    `before` are the words of the utterance that came before; phantoms and loops are left out.
    """
    own = said.words
    if first.joined:
        own = continued(before, between(own, first.start / SAMPLE_RATE - _SLACK, float("inf")))
    else:
        own = _from_the_voice(own, first)
    if last.cut:
        own = between(own, 0.0, end / SAMPLE_RATE)
    doubtful = said.doubtful or min(first.voice, last.voice) < LITTLE_VOICE
    return without_loop(remove_phantoms(own, doubtful=doubtful))


def _from_the_voice(words: tuple[Word, ...], first: Span) -> tuple[Word, ...]:
    """The words, the first of them from where the voice begins: aligned, it takes in the silence before it, and the
    pause that ended the sentence before is gone.
    """
    onset = first.voiced_start / SAMPLE_RATE - _SLACK
    if not words or (words[0].start or 0.0) >= onset or (words[0].end or 0.0) <= onset:
        return words
    return (replace(words[0], start=round(onset, 3)), *words[1:])


def in_source(heard: Heard, start: int) -> tuple[Word, ...]:
    """The words of a window that begins at sample `start`, timed from the start of the source."""
    return without_timeless(shifted(heard.words, start / SAMPLE_RATE))
