"""What the overlay shows, as a value that the events of a session change. No time of its own, no I/O."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.safe import printable

Verdict = Literal["breach", "false-alarm"]

_KEPT_UTTERANCES = 100
_KEPT_CARDS = 200
_MARKED = 40
"""Findings whose words are looked for in the transcript: it shows the last minutes only."""
_LONGEST_WORD = 60
_WITHDRAWN_STAYS = 3.0
"""Seconds for which a withdrawn finding keeps the large card, so that nothing blinks."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word that is safe to print, its letters for comparison, and its times."""

    text: str
    letters: str
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of the running transcript; words from `stable` on may still change."""

    number: int
    words: tuple[ShownWord, ...]
    stable: int


@dataclass(slots=True)
class Card:
    """One breach and its repeats in the same words; `finding` is the latest of them, `verdict` the host's."""

    finding: Finding
    states: dict[str, Finding] = field(default_factory=dict)
    verdict: Verdict | None = None

    @property
    def standing(self) -> int:
        """How many of the repeats have not been withdrawn."""
        return sum(one.state != "withdrawn" for one in self.states.values())

    @property
    def state(self) -> Literal["tentative", "confirmed", "withdrawn", "supported"]:
        """Withdrawn only where nothing stands; tentative only where nothing is settled."""
        states = {one.state for one in self.states.values()}
        return next(state for state in ("confirmed", "supported", "tentative", "withdrawn") if state in states)


def letters(word: str) -> str:
    """A word without case, punctuation and ё, for comparison."""
    return "".join(char for char in word.casefold() if char.isalnum()).replace("ё", "е")


@dataclass(slots=True)
class Board:
    """The state of the screen. Feed it the events of one session in their order."""

    status: Status = field(default_factory=lambda: Status("loading"))
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=_KEPT_UTTERANCES))
    cards: deque[Card] = field(default_factory=lambda: deque(maxlen=_KEPT_CARDS))
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[str] = field(default_factory=Counter)
    _card_of: dict[str, Card] = field(default_factory=dict)
    _recent: deque[str] = field(default_factory=lambda: deque(maxlen=_MARKED))

    @property
    def now(self) -> float:
        """Source time: how much sound has arrived."""
        return self.status.received

    def hear(self, hypothesis: Hypothesis) -> None:
        """Put a pass of the recogniser in the place of the earlier passes over the same utterance."""
        words = tuple(
            ShownWord(printable(word.text, _LONGEST_WORD), letters(word.text[:_LONGEST_WORD]), word.start, word.end)
            for word in hypothesis.words
        )
        line = Line(hypothesis.utterance, words, len(words) if hypothesis.final else hypothesis.stable)
        for index in range(len(self.lines) - 1, -1, -1):
            if self.lines[index].number == line.number:
                self.lines[index] = line
                return
        self.lines.append(line)

    def find(self, finding: Finding) -> None:
        """Take a finding or its update: a new one on top, repeats of the same words on one card."""
        if finding.ignored:
            return
        card = self._card_of.get(finding.id)
        before = card.states[finding.id] if card else None
        if card is None:
            card = self._card_for(finding)
            self._card_of[finding.id] = card
            self._recent.append(finding.id)
        card.states[finding.id] = finding
        if finding.state != "withdrawn" or card.standing == 0:
            card.finding = finding
        if card.verdict != "false-alarm":
            self._count(finding, 1)
            if before is not None:
                self._count(before, -1)

    def judge(self, card: Card, verdict: Verdict | None) -> None:
        """The host's word on a breach: what is a false alarm counts no longer, nor do its repeats."""
        step = (card.verdict == "false-alarm") - (verdict == "false-alarm")
        card.verdict = verdict
        for finding in card.states.values():
            self._count(finding, step)

    def cards_of(self, findings: Iterable[str]) -> list[Card]:
        """The cards of findings by their ids, each once."""
        cards = [card for one in findings if (card := self._card_of.get(one))]
        return [card for place, card in enumerate(cards) if not any(card is one for one in cards[:place])]

    def dismissed(self, finding: Finding) -> bool:
        """Whether the host has said of these words that they are a false alarm."""
        card = self._card_of.get(finding.id)
        return card is not None and card.verdict == "false-alarm"

    def newest(self) -> Card | None:
        """The card to show large: the newest breach, or one that was withdrawn a moment ago; no false alarm."""
        for card in reversed(self.cards):
            gone = card.state == "withdrawn" and self.now - (card.finding.emitted or 0.0) > _WITHDRAWN_STAYS
            if card.state != "supported" and card.verdict != "false-alarm" and not gone:
                return card
        return None

    def _count(self, finding: Finding, step: int) -> None:
        if finding.state == "confirmed":
            self.counts[finding.category] += step
            self.severities[finding.severity] += step

    def marks(self, line: Line) -> dict[int, Finding]:
        """The findings on the words of a line, by the number of the word."""
        marked: dict[int, Finding] = {}
        times = [time for word in line.words for time in (word.start, word.end) if time is not None]
        if not times:
            return marked
        for finding in (card.states[id] for id in self._recent if (card := self._card_of.get(id))):
            if finding.start is None or finding.end is None or finding.state == "withdrawn":
                continue
            if finding.end >= min(times) - 1 and finding.start <= max(times) + 1:
                marked |= dict.fromkeys(_words_of(finding.quote, finding.start, finding.end, line), finding)
        return marked

    def _card_for(self, finding: Finding) -> Card:
        """The card of the same words, moved to the top, or a new one."""
        for card in self.cards:
            if card.standing and _sameness(card.finding) == _sameness(finding):
                self.cards.remove(card)
                break
        else:
            card = Card(finding)
        if len(self.cards) == self.cards.maxlen:
            for forgotten in self.cards.popleft().states:
                del self._card_of[forgotten]
        self.cards.append(card)
        return card


def _sameness(finding: Finding) -> tuple[str, ...]:
    return finding.category, finding.rule, *_letters_of(finding.quote)


def _letters_of(quote: str) -> list[str]:
    return [plain for word in quote[:400].split() if (plain := letters(word))]


def _words_of(quote: str, start: float, end: float, line: Line) -> Iterator[int]:
    """The words of a quote in a line: the same words nearest to its time, else those said at its time."""
    wanted = _letters_of(quote)
    spoken = [word.letters for word in line.words]
    places = [place for place in range(len(spoken)) if spoken[place : place + len(wanted)] == wanted]
    if wanted and places:
        place = min(places, key=lambda place: abs((line.words[place].start or 0.0) - start))
        yield from range(place, place + len(wanted))
        return
    for index, word in enumerate(line.words):
        if word.start is not None and word.end is not None and start <= (word.start + word.end) / 2 <= end:
            yield index
