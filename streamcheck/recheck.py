"""Spans of a session that were not checked while it ran: recognised from its sound and checked. Wiring only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from streamcheck.events import SAMPLE_RATE, AudioBlock, Finding, Utterance, Word
from streamcheck.sessions.home import Home
from streamcheck.sessions.recovery import Span
from streamcheck.sessions.sound import Sound, sound_end
from streamcheck.sessions.store import Settled, Store

if TYPE_CHECKING:
    from streamcheck.checking import Checker
    from streamcheck.speech import Engine

_MARGIN = 0.5
"""Seconds before and behind a span that are heard too, so that no word is cut; what ends outside is left out."""


def check_spans(
    home: Home,
    store: Store,
    session: str,
    spans: Sequence[Span],
    engine: "Engine",
    checker: "Checker",
    progress: Callable[[float], None],
) -> int:
    """Add the words and findings of the spans to the session; how many findings are new.

    Findings that were still tentative there are confirmed or withdrawn. `progress` takes the seconds done.
    """
    folder = home.of(session)
    said, done = [one for one in store.settled(session) if one.utterance.words], 0.0
    for start, end in spans:
        for utterance in _heard(engine, Sound(folder, max(start - _MARGIN, 0.0), end + _MARGIN), start, end):
            said.append(Settled(0, utterance, utterance.end or end))
            progress(done + (utterance.end or end) - start)
        done += end - start
    said.sort(key=lambda one: one.utterance.start or 0.0)
    known = store.findings(session)
    found = checker.check([one.utterance for one in said])
    changed = _changes(known, [one for one in found if _inside(one, spans)], spans)
    store.put_findings(session, changed)
    said.append(Settled(0, Utterance(()), sound_end(folder)))
    store.replace_words(session, [replace(one, number=number) for number, one in enumerate(said)])
    before = {one.id for one in known}
    return sum(one.id not in before for one in changed)


def _heard(engine: "Engine", sound: Sound, start: float, end: float) -> Iterator[Utterance]:
    """What was said in the span, in the session's times."""
    from streamcheck.speech.offline import transcribe_recording

    first = next(sound, None)
    if first is None:
        return
    offset = first.start / SAMPLE_RATE

    def from_zero() -> Iterator[AudioBlock]:
        yield replace(first, start=0)
        for block in sound:
            yield replace(block, start=block.start - first.start)

    for utterance in transcribe_recording(engine, from_zero()):
        words = [_moved(word, offset) for word in utterance.words]
        words = [word for word in words if start < ((word.start or 0.0) + (word.end or 0.0)) / 2 <= end]
        if words:
            yield Utterance(tuple(words), words[0].start, words[-1].end)


def _moved(word: Word, by: float) -> Word:
    return replace(word, start=(word.start or 0.0) + by, end=(word.end or 0.0) + by)


def _inside(finding: Finding, spans: Sequence[Span]) -> bool:
    return any((finding.start or 0.0) < end and (finding.end or 0.0) > start for start, end in spans)


def _changes(known: Sequence[Finding], found: Sequence[Finding], spans: Sequence[Span]) -> list[Finding]:
    """What a check of the spans changes: findings that are new, and open ones that are settled by it.

    A check of a whole sentence tells as one what was told as it came; all that it takes in is settled by it.
    """
    changed, matched = [], set()
    for number, finding in enumerate(found, 1):
        same = [one for one in known if one.state != "withdrawn" and _same(one, finding)]
        if not same:
            changed.append(replace(finding, id=f"later-{finding.id or number}"))
        for one in same:
            if one.state == "tentative" and one.id not in matched:
                settled = finding if one is same[0] else replace(one, state=finding.state)
                changed.append(replace(settled, id=one.id, emitted=one.emitted))
            matched.add(one.id)
    for one in known:
        if one.state == "tentative" and one.id not in matched and _inside(one, spans):
            because = (*one.because, "withdrawn: a later check heard other words")
            changed.append(replace(one, state="withdrawn", because=because))
    return changed


def _same(one: Finding, other: Finding) -> bool:
    return (
        one.category == other.category
        and (one.start or 0.0) < (other.end or 0.0)
        and (other.start or 0.0) < (one.end or 0.0)
    )
