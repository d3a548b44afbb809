"""The host's screen: a board drawn for a width and a height, to be read in a glance from two metres.

A coloured block names the colours of both its text and its ground, since themes bend the sixteen of the terminal
(`white` is dark grey in some); so light and dark ones show it alike. Every colour stands beside a word that says it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.overlay.board import Board, Card, Line
from streamcheck.overlay.controls import Prompt
from streamcheck.overlay.palette import COLOURS, group_of
from streamcheck.overlay.wording import ago, category_name, clock, decimal, quoted
from streamcheck.safe import printable

_FRESH = 10.0
"""Seconds for which a new breach fills its card with colour; afterwards only the title keeps it."""
_LAG_IS_BAD = 3.0
_ROOM_FOR_LAGS = 70
_METER = 10
QUIETEST_DB = -50.0
"""The level at which the meter is dark."""
_SMALLEST = (30, 8)
_HELP = ("false-alarm", "breach", "undo", "pause", "note", "help", "end")
_WATCH = Prompt()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the session listens to and by which rules and model; for people, made safe here. `pages` show it too."""

    source: str
    platform: str
    model: str
    pages: tuple[str, ...] = ()

    def __str__(self) -> str:
        known = self.platform != "generic"
        platform = text("overlay.platform", name=self.platform) if known else text("overlay.platform-generic")
        parts = (self.source, platform, text("overlay.model", name=self.model))
        return " · ".join(printable(part, 80) for part in parts)


def style_of(category: str) -> str:
    """The colours of a category: text on background."""
    return " on ".join(COLOURS[group_of(category)])


@dataclass(frozen=True, slots=True)
class Screen:
    """Draws boards with one heading; `console` only measures and wraps. Without `keys` it offers none."""

    heading: Heading
    console: Console
    keys: bool = True

    def draw(self, board: Board, width: int, height: int, prompt: Prompt = _WATCH) -> Text:
        """The whole screen: exactly `height` lines, none wider than `width` cells."""
        if width < _SMALLEST[0] or height < _SMALLEST[1]:
            return Text(text("overlay.too-small")[:width])
        top = [*self._header(board, width), *self._card(board, width, height)]
        footer = self._footer(board, width, prompt)
        if prompt.mode == "help":
            keys = [self._rule(text("overlay.keys"), width), *self._help(width)]
            top = [*top[: max(height - len(keys) - 1, 3)], *keys]
            lines = [*top, *[Text()] * (height - len(top) - 1)]
            return Text("\n").join([*lines[: height - 1], footer])
        room = height - len(top) - 1
        earlier = list(self._earlier(board, width, min(max(room // 3, 1), 12)))
        rest = height - len(top) - len(earlier) - 1
        speech = [self._rule(text("overlay.speech"), width), *self._speech(board, width, rest - 1)] if rest > 1 else []
        lines = [*top, *earlier, *speech[:rest], *[Text()] * (rest - len(speech)), footer]
        return Text("\n").join(lines[-height:] if len(lines) > height else lines)

    def _header(self, board: Board, width: int) -> Iterator[Text]:
        status = board.status
        state_style = "bold" if status.state == "listening" else "bold reverse"
        left = _run(f" ● {text(f'overlay.state-{status.state}')} ", state_style).append(f" {clock(board.now)}", "bold")
        lag_style = "bold reverse" if status.lag >= _LAG_IS_BAD else "dim"
        lags = {"seconds": decimal(status.lag), "policy": decimal(status.policy_lag)}
        right = _run(text("overlay.lags" if width >= _ROOM_FOR_LAGS else "overlay.lag", **lags), lag_style).append("  ")
        yield _spread(left, right.append_text(_meter(status.level_db)).append(" "), width)
        if detail := printable(status.detail, 300):
            for row in self._wrapped(Text(detail), width, 2, " "):
                yield self._bar(row, "bold reverse", width)
        else:
            yield _fit(Text(f" {self.heading}", "dim"), width)
        yield Text()

    def _card(self, board: Board, width: int, height: int) -> list[Text]:
        """The newest breach as a block of colour: title, quote, what to say instead."""
        card = board.newest()
        if card is None:
            waiting = board.status.state == "loading"
            return [Text(f"   {text('overlay.waiting' if waiting else 'overlay.calm')}", "bold"), Text()]
        finding, gone = card.finding, card.state == "withdrawn"
        fresh = not gone and board.now - (finding.end or 0.0) < _FRESH
        title_style = "dim reverse" if gone else f"bold {style_of(finding.category)}"
        body_style = title_style if fresh else "dim" if gone else "default"
        margin = "  " if height >= 20 else " "
        title = text("overlay.withdrawn") if gone else text(f"overlay.{finding.severity}")
        left = Text(f"{margin}{title}  {category_name(finding.category).upper()}{_times(card)}")
        right = text("overlay.tentative") if card.state == "tentative" else ago(finding, board.now)
        if card.verdict == "breach":
            right = f"{text('overlay.confirmed')}  {right}".rstrip()
        rows = [self._bar(_spread(left, Text(f"{right}{margin}"), width), title_style, width)]
        quote = Text(quoted(finding.quote), "strike" if gone else "bold")
        body = self._wrapped(quote, width, 2, 2 * margin)
        if finding.suggestion and not gone:
            said = printable(finding.suggestion, 300)
            body.append(Text())
            body += self._wrapped(Text(f"→ {said}"), width, 3 if height >= 24 else 2, 2 * margin)
        if height >= 32 and finding.message and not gone:
            body.append(Text())
            body += self._wrapped(Text(printable(finding.message, 300)), width, 2, 2 * margin)
        padding = [Text()] if height >= 20 else []
        rows += [self._bar(line, body_style, width) for line in [*padding, *body, *padding]]
        if height >= 32 and fresh:
            rows = [self._bar(Text(), title_style, width), *rows]
        return [*rows, Text()]

    def _earlier(self, board: Board, width: int, most: int) -> Iterator[Text]:
        """The breaches before the large one, newest first, one a line."""
        shown = board.newest()
        cards = [card for card in reversed(board.cards) if card is not shown][:most]
        for card in cards:
            finding = card.finding
            row = _run(f" {clock(finding.start):>7} ", "dim")
            fallen = text("overlay.false-alarm") if card.verdict == "false-alarm" else ""
            if card.state in ("withdrawn", "supported"):
                fallen = text(f"terms.{card.state}")
            if fallen:
                row.append(f" {fallen} ", "dim reverse")
            else:
                row.append(f" {category_name(finding.category)} ", style_of(finding.category))
            row.append(f" {quoted(finding.quote, 60)}", "dim strike" if fallen and card.state != "supported" else "")
            row.append(_times(card), "bold")
            if finding.suggestion and not fallen:
                row.append(f"  → {printable(finding.suggestion, 200)}", "dim")
            yield _fit(row, width)
        if cards:
            yield Text()

    def _speech(self, board: Board, width: int, height: int) -> list[Text]:
        """The end of the transcript, as many lines as fit, the newest at the bottom."""
        rows: list[Text] = []
        for line in reversed(board.lines):
            if len(rows) >= height:
                break
            if line.words:
                rows = self._utterance(line, board.marks(line), width) + rows
        return rows[-height:] if height > 0 else []

    def _utterance(self, line: Line, marks: dict[int, Finding], width: int) -> list[Text]:
        said = Text()
        for index, word in enumerate(line.words):
            before, here = marks.get(index - 1), marks.get(index)
            style = style_of(here.category) if here else "dim" if index >= line.stable else ""
            if index:
                said.append(" ", style if here is not None and here is before else "")
            said.append(word.text, style)
        rows = self._wrapped(said, width, 50, " " * 9)
        rows[0] = _run(f" {clock(line.words[0].start):>7} ", "dim").append_text(rows[0][9:])
        return rows

    def _help(self, width: int) -> Iterator[Text]:
        for name in _HELP:
            key, _, meaning = text(f"overlay.key-{name}").partition(" ")
            yield _fit(_run(f"   {key} ", "bold").append(f"  {meaning}"), width)
        for name, page in zip(("overlay.page-obs", "overlay.page-phone"), self.heading.pages, strict=False):
            yield _fit(Text(f"   {text(name)}: {page}"), width)

    def _footer(self, board: Board, width: int, prompt: Prompt) -> Text:
        if prompt.mode == "note":
            return self._note(prompt.draft, width)
        if prompt.message:
            return _fit(Text(f" {prompt.message} ", "bold reverse"), width)
        chips, room = Text(" "), width - cell_len(self._hint(board, 0)) - 4
        for category, count in board.counts.most_common():
            chip = f" {category_name(category)} {count} " if count else ""
            if chips.cell_len + cell_len(chip) > room:
                chips.append("…")
                break
            if chip:
                chips.append(chip, style_of(category)).append(" ")
        return _spread(chips, Text(f"{self._hint(board, width - chips.cell_len)} ", "dim"), width)

    def _hint(self, board: Board, room: int) -> str:
        """The keys that there are, as many as fit; those that judge where there is something to judge."""
        if not self.keys:
            return text("overlay.stop")
        names = ("hint-all", "hint-some", "hint") if board.newest() else ("hint-some", "hint")
        hints = [text(f"overlay.{name}") for name in names]
        return next((hint for hint in hints if cell_len(hint) <= room - 3), hints[-1])

    def _note(self, draft: str, width: int) -> Text:
        """The note that is being written, its end in sight, and how to leave it."""
        keys = text("overlay.note-keys") if width >= 76 else text("overlay.note-keys-short")
        row = _run(f" {text('overlay.note')} ", "bold reverse")
        room = width - row.cell_len - cell_len(keys) - 5
        shown = printable(draft)
        while cell_len(shown) > room:
            shown = shown[1:]
        return _spread(row.append(f" {shown}").append("▏", "bold"), Text(f"{keys} ", "dim"), width)

    def _wrapped(self, words: Text, width: int, most: int, indent: str) -> list[Text]:
        """At most `most` lines with an indent; the last one ends in `…` where words were left out."""
        room = max(width - 2 * len(indent), 10) if len(indent) < 9 else width - len(indent) - 1
        rows = list(words.wrap(self.console, room))
        for row in rows:
            row.rstrip()
        if len(rows) > most:
            rows = rows[:most]
            rows[-1].truncate(room - 1)
            rows[-1].append("…")
        return [Text(indent).append_text(row) for row in rows] or [Text(indent)]

    @staticmethod
    def _bar(row: Text, style: str, width: int) -> Text:
        """A row filled with a style to the full width."""
        filled = Text(style=style)
        filled.append_text(row)
        filled.append(" " * max(width - row.cell_len, 0))
        return filled

    @staticmethod
    def _rule(title: str, width: int) -> Text:
        return Text(f" ── {title} {'─' * max(width - cell_len(title) - 6, 0)}", "dim")


def _run(words: str, style: str) -> Text:
    """Words in a style that ends with them: the style of a `Text` as a whole would colour what is appended."""
    return Text().append(words, style)


def _times(card: Card) -> str:
    return f"  ×{card.standing}" if card.standing > 1 else ""


def _meter(level_db: float | None) -> Text:
    """The level from −50 dB to 0 as ten bars; the last two mean too loud."""
    share = 0.0 if level_db is None else (level_db - QUIETEST_DB) / -QUIETEST_DB
    lit = min(max(round(share * _METER), 0), _METER)
    meter = _run("▮" * min(lit, _METER - 2), "green").append("▮" * max(lit - _METER + 2, 0), "bold red")
    return meter.append("▯" * (_METER - lit), "dim")


def _fit(row: Text, width: int) -> Text:
    row.truncate(width, overflow="ellipsis")
    return row


def _spread(left: Text, right: Text, width: int) -> Text:
    """Left and right ends of a line; the left one gives way."""
    room = width - right.cell_len - 1
    if room < 10:
        return _fit(left, width)
    left.truncate(room, overflow="ellipsis")
    return left.append(" " * (width - left.cell_len - right.cell_len)).append_text(right)
