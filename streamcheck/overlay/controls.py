"""What the keys of the overlay do: a key and the board in, a change of the screen and a request out. No I/O."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from streamcheck.i18n import text
from streamcheck.overlay.board import Board, Card, Verdict
from streamcheck.overlay.wording import quoted

LONGEST_NOTE = 300
_SHOWN = 40

ENTER, ESCAPE, ERASE, CLEAR, INTERRUPT = "enter", "escape", "erase", "clear", "interrupt"
"""Keys that are no characters, as `Controls.press` takes them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The host has judged a breach and its repeats; no verdict takes an earlier one back."""

    findings: tuple[str, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Noted:
    """The host has written a note at a second of the source, with a breach on the screen or none."""

    at: float
    words: str
    finding: str | None


@dataclass(frozen=True, slots=True)
class PauseToggled:
    """The host pauses the session, or goes on."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The host ends the session."""


Request = Judged | Noted | PauseToggled | Ended
Desk = Callable[[Request], str]
"""Does what a request asks for; returns why it could not, in the user's language, or nothing."""


@dataclass(slots=True)
class Prompt:
    """What the keys have brought to the screen; `message` is there for some seconds."""

    mode: Literal["watch", "note", "help"] = "watch"
    draft: str = ""
    message: str = ""


@dataclass(slots=True)
class Controls:
    """The keys of one session's screen, whatever the keyboard's layout: `m` and `ь` are one key."""

    board: Board
    prompt: Prompt = field(default_factory=Prompt)
    _judged: Card | None = None
    _about: Card | None = None
    _at: float = 0.0

    def press(self, key: str) -> Request | None:
        """Take a key: a character, or one of the names above."""
        if key == INTERRUPT:
            return self._end()
        self.prompt.message = ""
        if self.prompt.mode == "note":
            return self._write(key)
        if self.prompt.mode == "help":
            self.prompt.mode = "watch"
            if _meaning(key) in ("help", None):
                return None
        match _meaning(key):
            case "false-alarm":
                return self._judge("false-alarm")
            case "breach":
                return self._judge("breach")
            case "undo":
                return self._take_back()
            case "pause":
                return PauseToggled()
            case "note":
                self._about, self._at = self.board.newest(), self.board.now
                self.prompt.mode, self.prompt.draft = "note", ""
            case "help":
                self.prompt.mode = "help"
            case "end":
                return self._end()
        return None

    def _end(self) -> Request:
        self.prompt.message = text("overlay.ending")
        return Ended()

    def _judge(self, verdict: Verdict) -> Request | None:
        card = self.board.newest()
        if card is None or card.state == "withdrawn":
            self.prompt.message = text("overlay.nothing-to-judge")
            return None
        self.board.judge(card, verdict)
        self._judged = card
        self.prompt.message = text(f"overlay.judged-{verdict}", quote=quoted(card.finding.quote, _SHOWN))
        return Judged(tuple(card.states), verdict)

    def _take_back(self) -> Request | None:
        card, self._judged = self._judged, None
        if card is None:
            return None
        self.board.judge(card, None)
        self.prompt.message = text("overlay.taken-back", quote=quoted(card.finding.quote, _SHOWN))
        return Judged(tuple(card.states), None)

    def _write(self, key: str) -> Request | None:
        prompt = self.prompt
        match key:
            case "enter":
                prompt.mode, words = "watch", prompt.draft.strip()
                if words:
                    prompt.message = text("overlay.noted")
                    return Noted(self._at, words, self._about.finding.id if self._about else None)
            case "escape":
                prompt.mode = "watch"
            case "erase":
                prompt.draft = prompt.draft[:-1]
            case "clear":
                prompt.draft = ""
            case _ if len(key) == 1 and key.isprintable():
                prompt.draft = (prompt.draft + key)[:LONGEST_NOTE]
        return None


_KEYS = {
    "false-alarm": "mь",
    "breach": "kл",
    "undo": "uг",
    "pause": "pз",
    "note": "nт",
    "help": "?/hр,.",
    "end": "qй",
}


def _meaning(key: str) -> str | None:
    """What a key stands for in the Latin and in the Russian layout."""
    lower = key.lower()
    return next((meaning for meaning, keys in _KEYS.items() if len(key) == 1 and lower in keys), None)
