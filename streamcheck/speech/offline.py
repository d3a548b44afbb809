"""Recordings → utterances, for review: windows cut at pauses, decoded with a beam by several workers at once.

A window is several utterances with the pauses between them, up to `LONGEST`: the decoder hears more of the context
than in one utterance, and the encoder is still cheap for each second. Workers of one thread with a window each are
faster than batches by several threads, and take less memory, which does not grow with the recording.
"""

from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from streamcheck.audio.ring import Ring
from streamcheck.events import SAMPLE_RATE, AudioBlock, Utterance, Word
from streamcheck.speech.engine import Engine
from streamcheck.speech.hearing import Hearing
from streamcheck.speech.memory import give_back_memory
from streamcheck.speech.merging import middle
from streamcheck.speech.utterances import Span
from streamcheck.speech.windows import Said, Window, cut_out, listen_fully, own_words

LONGEST = 24.0
"""Seconds of one window at most: with the context base makes fewer errors (WER .179; .187 at 15)."""
LONGEST_PAUSE = 2.0
"""Seconds of silence that a window may span; over longer ones phantoms grow."""
AHEAD = 2
"""Windows that wait for each worker, so that none is ever without one."""
BEAM = 5

_TIDY = 24  # windows after which memory is given back
_FEED = 5 * SAMPLE_RATE  # samples between two looks for voice
_RING_SECONDS = 60.0  # the longest window, what overlaps, and what was fed since


def transcribe_recording(
    engine: Engine,
    blocks: Iterable[AudioBlock],
    *,
    duration: float | None = None,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Utterance]:
    """The utterances of a recording in their order, each word with its time.

    `progress` takes the seconds that are done, never more than `duration`. Raises what `blocks` raises.
    """
    report = progress or (lambda _: None)
    limit = float("inf") if duration is None else duration
    before: tuple[Word, ...] = ()
    for number, (window, said) in enumerate(_decode(engine, _windows(blocks)), start=1):
        first, last = window.spans[0], window.spans[-1]
        report(min(last.end / SAMPLE_RATE, limit))
        words = own_words(said, first, last, last.end, before)
        before = words or before
        yield from _utterances(words, window.spans)
        if number % _TIDY == 0:
            give_back_memory()
    if duration is not None:
        report(duration)


def _windows(blocks: Iterable[AudioBlock]) -> Iterator[Window]:
    """Cut the sound into windows as it comes."""
    ring = Ring(_RING_SECONDS)
    hearing = Hearing(ring)
    group: list[Span] = []

    def heard_now() -> Iterator[Window]:
        for span in hearing.take():
            while group and (count := break_before(group, span)):
                yield cut_out(ring, group[:count])
                del group[:count]
            group.append(span)

    for block in blocks:
        ring.write(block)
        if ring.end - hearing.taken >= _FEED:
            yield from heard_now()
    ring.close()
    yield from heard_now()
    if group:
        yield cut_out(ring, group)


def break_before(group: Sequence[Span], span: Span) -> int:
    """How many utterances of the group make a window now that `span` follows; 0 while all fit into one.

    Where one has to end, it ends at the longest pause of its second half.
    """
    if span.start - group[-1].voiced_end > LONGEST_PAUSE * SAMPLE_RATE:
        return len(group)
    if span.end - group[0].start <= LONGEST * SAMPLE_RATE:
        return 0
    follows = [*group[1:], span]
    half = group[0].start + LONGEST / 2 * SAMPLE_RATE
    pauses = [after.start - one.voiced_end for one, after in zip(group, follows, strict=True)]
    late = [index for index, one in enumerate(group) if one.end >= half] or [len(group) - 1]
    return max(late, key=lambda index: (pauses[index], index)) + 1


def _decode(engine: Engine, windows: Iterable[Window]) -> Iterator[tuple[Window, Said]]:
    """What was heard in each window, in their order; more are cut while the workers listen."""
    waiting: deque[tuple[Window, Future[Said]]] = deque()
    with ThreadPoolExecutor(engine.workers) as listeners:
        try:
            for window in windows:
                waiting.append((window, listeners.submit(_listen, engine, window)))
                if len(waiting) > engine.workers * (1 + AHEAD):
                    yield _heard_next(waiting)
            while waiting:
                yield _heard_next(waiting)
        finally:
            listeners.shutdown(wait=False, cancel_futures=True)  # who breaks off waits for no more than is being heard


def _heard_next(waiting: deque[tuple[Window, Future[Said]]]) -> tuple[Window, Said]:
    window, said = waiting.popleft()
    return window, said.result()


def _listen(engine: Engine, window: Window) -> Said:
    return listen_fully(engine, [window], BEAM)[0]


def _utterances(words: Sequence[Word], spans: Sequence[Span]) -> Iterator[Utterance]:
    """The words of a window parted at the pauses between its utterances."""
    first = 0
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        border = float("inf") if after is None else (span.voiced_end + after.start) / 2 / SAMPLE_RATE
        stop = bisect(words, border, lo=first, key=middle)
        if own := tuple(words[first:stop]):
            yield Utterance(own, own[0].start, own[-1].end)
        first = stop
