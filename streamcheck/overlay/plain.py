"""`--format plain`: the session as lines of text, for pipes, logs, screen readers and `NO_COLOR`; and its summary."""

import re
from collections.abc import Iterator
from typing import TextIO

from streamcheck.events import Finding, Hypothesis, Status
from streamcheck.i18n import text
from streamcheck.overlay.board import Board
from streamcheck.overlay.screen import Heading
from streamcheck.overlay.wording import category_name, clock, quoted
from streamcheck.safe import printable

_LONGEST_LINE = 2000
_SUMMARISED = 30


class PlainLines:
    """A sink that prints final text and every finding once, the moment it is first seen; updates only if it falls."""

    def __init__(self, out: TextIO, heading: Heading) -> None:
        self._out = out
        self._heading = heading
        self._board = Board()
        self._told: dict[str, str] = {}
        self._state = ""

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:  # noqa: ARG002 (the sink's contract)
        """Print an utterance once it is final."""
        if hypothesis.final and hypothesis.words:
            said = printable(" ".join(word.text for word in hypothesis.words), _LONGEST_LINE)
            self._print(f"{_stamp(hypothesis.words[0].start)}  {said}")

    def finding(self, finding: Finding) -> None:
        """Print a finding when it is new, withdrawn, or backed by evidence."""
        self._board.find(finding)
        fallen = finding.state in ("withdrawn", "supported")
        if finding.ignored or self._told.get(finding.id) == (finding.state if fallen else "standing"):
            return
        if not (finding.state == "withdrawn" and finding.id not in self._told):
            self._print(finding_line(finding, suggest=True))
        self._told[finding.id] = finding.state if fallen else "standing"

    def status(self, status: Status) -> None:
        """Print a change of state, and what it is about; not that its figures have changed."""
        self._board.status = status
        state = f"{status.state} {re.sub(r'[0-9]+', '', status.detail)}"
        if state == self._state:
            return
        self._state = state
        if status.state == "listening" and not status.detail:
            self._print(f"{_stamp(status.received)}  {text('overlay.state-listening')}: {self._heading}")
        elif status.state != "stopped":
            detail = f": {printable(status.detail, _LONGEST_LINE)}" if status.detail else ""
            self._print(f"{_stamp(status.received)}  {text(f'overlay.state-{status.state}')}{detail}")

    def close(self) -> None:
        """Print the summary of the session."""
        for line in summary(self._board):
            self._print(line)

    def _print(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def finding_line(finding: Finding, *, suggest: bool) -> str:
    """A finding on one line: when, what kind, the words, and on demand what to say instead."""
    when, quote = _stamp(finding.start), quoted(finding.quote)
    if finding.state == "withdrawn":
        return f"{when}  – {text('overlay.plain-withdrawn', quote=quote)}"
    if finding.state == "supported":
        return f"{when}  + {text('overlay.plain-supported', quote=quote)}"
    kind = f"{text(f'overlay.{finding.severity}')} · {category_name(finding.category)}"
    instead = printable(finding.suggestion, 300)
    ending = f" → {instead}" if suggest and instead else ""
    return f"{when}  ! {kind}: {quote}{ending}"


def summary(board: Board) -> Iterator[str]:
    """The closing words: how long it went, how much was found, and the breaches; nothing where nothing was heard."""
    if not board.now:
        return
    yield ""
    yield text("overlay.summary", duration=clock(board.now))
    if board.status.unchecked:
        yield printable(board.status.detail, _LONGEST_LINE)
    if not board.severities.total():
        yield text("overlay.summary-clean")
        return
    counts = {f"{severity}s" if severity != "advice" else severity: n for severity, n in board.severities.items()}
    yield text("overlay.summary-total", **{"violations": 0, "warnings": 0, "advice": 0, **counts})
    cards = [card for card in board.cards if card.state == "confirmed" and card.verdict != "false-alarm"]
    cards.sort(key=lambda card: card.finding.start or 0.0)  # as they were said, not as they were heard
    for card in cards[:_SUMMARISED]:
        repeats = f" ×{card.standing}" if card.standing > 1 else ""
        yield f"{finding_line(card.finding, suggest=False)}{repeats}"
    if len(cards) > _SUMMARISED:
        yield f"  {text('overlay.summary-more', n=len(cards) - _SUMMARISED)}"


def _stamp(seconds: float | None) -> str:
    return f"{clock(seconds):>7}"
