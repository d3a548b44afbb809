"""Findings as they come about in a live broadcast: tentative, then confirmed or withdrawn, each with one id.

Each pass of the recogniser brings the open utterance anew; it is checked together with the tail of what was said
before, so that a phrase across the border of two utterances is found, once. A finding is tentative when a pass first
shows it (advice waits until it is sure), confirmed when a second pass or the end of the utterance agrees, withdrawn
when the end does not. Time comes in as an argument; the cost of an update depends on the tail's length only, never on
the broadcast's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from streamcheck.checking.engine import Checker
from streamcheck.checking.history import History, utterance_of
from streamcheck.checking.merging import Candidate
from streamcheck.checking.passage import Passage
from streamcheck.events import Finding, Hypothesis, Utterance
from streamcheck.text.cardinals import is_number
from streamcheck.text.morphology import form
from streamcheck.text.units import unit_at

_OTHER_WORDS = "the final pass heard other words"
_NOT_HEARD_AGAIN = "the session ended before a second pass heard it"
_GROWS = 0.7
"""Seconds that a guess waits for what follows: without, guesses at half a sentence are false alarms."""
_HEARD_AFTER = 0.2
"""Seconds that two passes must have heard after a finding to agree on it: «на все комнаты» was twice «навсегда»."""
_AND_MORE = frozenset(("с", "и"))
_SAME_START = 1.0
"""Two passes place the same word within so many seconds."""


@dataclass(slots=True)
class _Known:
    """A finding that was shown: its latest form, the utterance it belongs to, in how many passes it was seen."""

    finding: Finding
    utterance: int
    sightings: int


class StreamChecker:
    """Checks one live session. Not thread-safe: one caller."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._history = History()
        self._known: list[_Known] = []
        self._glimpsed: tuple[int, list[Finding]] = (-1, [])
        """What the last pass saw but not to its end, and was not shown; with its utterance."""
        self._count = 0

    def update(self, hypothesis: Hypothesis, emitted: float) -> list[Finding]:
        """What a pass changes: new findings and those whose state changed. `emitted` is the source time arrived."""
        number = hypothesis.utterance
        before, after = self._history.before(hypothesis), self._history.after(hypothesis)
        words_before = sum(len(utterance.words) for utterance in before)
        passage, first, stop = self._passage(hypothesis, before, after)
        own = self._known_of(number)
        changed: list[Finding] = []
        matched: set[int] = set()
        glimpsed: list[Finding] = []
        for candidate in self._checker.candidates(passage, low=first, whole=False):
            if candidate.start >= stop:
                continue
            finding = self._checker.finding(passage, candidate)
            known = self._same(finding, own, matched)
            if known is None:
                stable = passage.tokens[candidate.end - 1].word - words_before < hypothesis.stable
                whole = _is_whole(passage, candidate, hypothesis)
                whole = whole or (not _is_open(passage, candidate) and self._was_glimpsed(finding, hypothesis))
                if whole and (stable or hypothesis.final or finding.severity != "advice"):  # advice can wait
                    changed.append(self._show(finding, hypothesis, stable, emitted))
                    matched.add(id(self._known[-1]))
                elif not whole:
                    glimpsed.append(finding)
                continue
            matched.add(id(known))
            known.sightings += 1
            if candidate.start >= first:  # a cut may have moved its words to the next utterance
                known.utterance = number
            if known.finding.state == "tentative":
                changed.append(self._settle(known, finding, emitted))
            for other in self._swallowed(finding, own, matched):
                matched.add(id(other))
                if other.finding.state == "tentative":
                    changed.append(self._settle(other, replace(other.finding, state=finding.state), emitted))
        self._glimpsed = number, glimpsed
        if hypothesis.final:
            gone = [one for one in own if one.utterance == number and id(one) not in matched]
            changed.extend(self._withdraw(gone, emitted, _OTHER_WORDS))
            self._keep(hypothesis)
        return changed

    def close(self, emitted: float) -> list[Finding]:
        """The session ends: what is still tentative is withdrawn."""
        return self._withdraw(self._known, emitted, _NOT_HEARD_AGAIN)

    def _passage(
        self, hypothesis: Hypothesis, before: Sequence[Utterance], after: Sequence[Utterance]
    ) -> tuple[Passage, int, int]:
        """The utterance among its neighbours, and the numbers of its first token and of the one after its last."""
        passage = self._checker.read([*before, utterance_of(hypothesis), *after])
        own = [index for index, token in enumerate(passage.tokens) if token.utterance == len(before)]
        return passage, *((own[0], own[-1] + 1) if own else (len(passage.tokens),) * 2)

    def _was_glimpsed(self, finding: Finding, hypothesis: Hypothesis) -> bool:
        """Whether the pass before saw it end where this one is sure of the words: what has come to it since says more
        of the same.
        """
        number, findings = self._glimpsed
        return number == hypothesis.utterance and any(
            one.category == finding.category
            and (finding.start or 0.0) < (one.end or 0.0) <= hypothesis.trusted_to
            and (one.start or 0.0) < (finding.end or 0.0)
            for one in findings
        )

    def _known_of(self, utterance: int) -> list[_Known]:
        """Findings that a pass over this utterance can show again: its own, and those of its neighbours."""
        return [one for one in self._known if abs(one.utterance - utterance) <= 1]

    @staticmethod
    def _same(finding: Finding, known: Sequence[_Known], matched: set[int]) -> _Known | None:
        """The known finding that this one is, seen by another pass: the same category about the same words."""
        best: tuple[float, _Known] | None = None
        for one in known:
            other = one.finding
            if id(one) in matched or other.category != finding.category or other.state == "withdrawn":
                continue
            apart = abs((other.start or 0.0) - (finding.start or 0.0))
            shared = min(other.end or 0.0, finding.end or 0.0) - max(other.start or 0.0, finding.start or 0.0)
            if shared > 0 or (apart < _SAME_START and other.quote.casefold() == finding.quote.casefold()):
                best = min(best or (apart, one), (apart, one), key=lambda pair: pair[0])
        return best[1] if best else None

    @staticmethod
    def _swallowed(finding: Finding, known: Sequence[_Known], matched: set[int]) -> list[_Known]:
        """Other known findings whose words this one has taken in: neighbours of a category are told together."""
        start, end = finding.start or 0.0, finding.end or 0.0
        return [
            one
            for one in known
            if id(one) not in matched
            and one.finding.category == finding.category
            and start <= (one.finding.start or 0.0)
            and (one.finding.end or 0.0) <= end + 0.01
        ]

    def _show(self, finding: Finding, hypothesis: Hypothesis, stable: bool, emitted: float) -> Finding:
        self._count += 1
        agreed = stable and (finding.end or 0.0) <= hypothesis.trusted_to - _HEARD_AFTER
        settled = hypothesis.final or agreed
        state = finding.state if settled else "tentative"
        shown = replace(finding, id=f"f{self._count}", state=state, emitted=round(emitted, 3))
        self._known.append(_Known(shown, hypothesis.utterance, 1))
        return shown

    @staticmethod
    def _settle(known: _Known, finding: Finding, emitted: float) -> Finding:
        """A second pass agrees: confirmed (or supported), in the words of the newer pass."""
        known.finding = replace(finding, id=known.finding.id, emitted=round(emitted, 3))
        return known.finding

    @staticmethod
    def _withdraw(known: Sequence[_Known], emitted: float, why: str) -> list[Finding]:
        changed = []
        for one in known:
            if one.finding.state == "tentative":
                because = (*one.finding.because, f"withdrawn: {why}")
                one.finding = replace(one.finding, state="withdrawn", because=because, emitted=round(emitted, 3))
                changed.append(one.finding)
        return changed

    def _keep(self, hypothesis: Hypothesis) -> None:
        """The utterance is settled; findings that no pass can show again are forgotten, open ones never."""
        self._history.add(hypothesis)
        oldest = min(self._history.awaited) - 1
        self._known = [one for one in self._known if one.utterance >= oldest or one.finding.state == "tentative"]


def _is_whole(passage: Passage, candidate: Candidate, hypothesis: Hypothesis) -> bool:
    """Whether a match has been heard to its end, and what may follow will not make another thing of it."""
    end = passage.end(candidate.end - 1)
    if hypothesis.final or end is None:
        return True
    if end > hypothesis.trusted_to:
        return False
    pause = hypothesis.trusted_to == hypothesis.heard_to
    if candidate.guessed:
        return pause or end <= hypothesis.heard_to - _GROWS
    return not _is_open(passage, candidate) or _is_followed(passage, candidate, hypothesis.trusted_to, nothing=pause)


def _is_open(passage: Passage, candidate: Candidate) -> bool:
    """Whether the next words may make another thing of a match: more of a figure, what a guess stands on, the noun of
    an adjective («лучшей» … «взять»: it was «лучше»).
    """
    parses = form(passage.texts[candidate.end - 1]).parses
    return candidate.figure or candidate.guessed or bool(parses and "ADJF" in parses[0].tags)


def _is_followed(passage: Passage, candidate: Candidate, until: float, *, nothing: bool) -> bool:
    """Whether the word after a match has been heard, and is not more of its figure («две тысячи» … «девятьсот», «два
    кило с» … «половиной»); `nothing` says whether it is so where no word follows.
    """
    tokens, i = passage.tokens, candidate.end
    if i >= len(tokens):
        return nothing
    end = passage.end(i)
    more = is_number(tokens, i) or unit_at(tokens, i) is not None or tokens[i].text in _AND_MORE
    return end is not None and end <= until and not (candidate.figure and more)
