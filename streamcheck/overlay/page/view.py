"""A board as the page shows it: plain values for JSON, every text ready to read and none of it markup."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.overlay.board import Board, Card, Line
from streamcheck.overlay.palette import group_of
from streamcheck.overlay.screen import QUIETEST_DB, Heading
from streamcheck.overlay.wording import ago, category_name, clock, decimal, quoted
from streamcheck.safe import printable

_EARLIER = 8
_LINES = 12
_LONGEST = 300


def view(board: Board, heading: Heading) -> dict[str, Any]:
    """All that the page shows of a board."""
    status, newest = board.status, board.newest()
    earlier = [card for card in reversed(board.cards) if card is not newest]
    return {
        "heading": str(heading),
        "state": status.state,
        "stateName": text(f"overlay.state-{status.state}"),
        "detail": printable(status.detail, _LONGEST),
        "clock": clock(board.now),
        "now": board.now,
        "lag": text("overlay.lag", seconds=decimal(status.lag)),
        "level": _level(status.level_db),
        "calm": text("overlay.waiting" if status.state == "loading" else "overlay.calm"),
        "speech": text("overlay.speech"),
        "lost": text("overlay.page-lost"),
        "card": _card(newest, board.now) if newest else None,
        "earlier": [_card(card, board.now) for card in earlier[:_EARLIER]],
        "lines": [_line(board, line) for line in islice(reversed(board.lines), _LINES) if line.words][::-1],
        "counts": [
            {"name": category_name(category), "group": group_of(category), "count": count}
            for category, count in board.counts.most_common()
            if count
        ],
    }


def _card(card: Card, now: float) -> dict[str, Any]:
    finding = card.finding
    fallen = "false-alarm" if card.verdict == "false-alarm" else card.state
    title = text(f"overlay.{finding.severity}")
    if fallen in ("withdrawn", "supported", "false-alarm"):
        title = text("overlay.false-alarm") if fallen == "false-alarm" else text(f"terms.{fallen}")
    return {
        "id": finding.id,
        "state": fallen,
        "title": title,
        "category": category_name(finding.category),
        "group": group_of(finding.category),
        "quote": quoted(finding.quote),
        "instead": printable(finding.suggestion, _LONGEST),
        "message": printable(finding.message, _LONGEST),
        "times": card.standing,
        "time": clock(finding.start),
        "ago": text("overlay.tentative") if card.state == "tentative" else ago(finding, now),
        "end": finding.end if finding.end is not None else finding.emitted,
    }


def _line(board: Board, line: Line) -> dict[str, Any]:
    return {"time": clock(line.words[0].start), "runs": list(_runs(line, board.marks(line)))}


def _runs(line: Line, marks: dict[int, Finding]) -> Iterator[dict[str, Any]]:
    """The words of a line, those that look the same joined."""
    run: dict[str, Any] = {}
    for index, word in enumerate(line.words):
        mark = marks.get(index)
        style = (mark.id if mark else "", index >= line.stable)
        if run and run["style"] == style:
            run["text"] += f" {word.text}"
            continue
        if run:
            yield run
        run = {"style": style, "text": word.text, "group": group_of(mark.category) if mark else "", "dim": style[1]}
    if run:
        yield run


def _level(level_db: float | None) -> float:
    """How much of the meter is lit, from 0 to 1."""
    return 0.0 if level_db is None else min(max((level_db - QUIETEST_DB) / -QUIETEST_DB, 0.0), 1.0)
