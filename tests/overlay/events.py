"""Events of a made-up session."""

from typing import Any

from streamcheck.events import Finding, Hypothesis, Word

HOSTILE = (
    "\x1b[2J\x1b[31mкрасный\x1b[0m",
    "\x1b]0;чужой заголовок\x07",
    "\x1bP+q544e\x1b\\",
    "\x9b2J\x85\x90",
    "[bold red]разметка[/bold red] [/] [link=http://x]y[/link]",
    "<script>alert(1)</script>&amp;",
    "\u202eкоткаротбо\u2066\u2069",
    "лу\u200bч\u200dший\ufeff\u00ad",
    "\ud800 \udfff",
    "строка\nещё\r\n\x0bи\x0cещё\u2028и\u2029",
    "а" * 100_000,
    "z" + "\u0301" * 2000,
    ":smile: {placeholder} %s %n \\",
    "\x00\x07\x08\x7f",
    "漢字漢字" * 200,
    "👨‍👩‍👧‍👦" * 50,
)


def hypothesis(
    said: str, *, number: int = 0, start: float = 1.0, stable: int | None = None, final: bool = True
) -> Hypothesis:
    """An utterance of half-second words."""
    words = tuple(Word(word, start + i / 2, start + i / 2 + 0.4) for i, word in enumerate(said.split(" ")))
    end = words[-1].end or 0.0
    return Hypothesis(number, words, len(words) if stable is None else stable, final, end, end)


def finding(quote: str = "самый лучший", **changes: Any) -> Finding:
    """A confirmed superlative at 1–2 s unless said otherwise."""
    values: dict[str, Any] = {
        "id": "1",
        "state": "confirmed",
        "category": "superlative",
        "rule": "shared/superlatives",
        "severity": "violation",
        "start": 1.0,
        "end": 2.0,
        "quote": quote,
        "context": quote,
        "message": "Сравнение со всем рынком",
        "suggestion": "«очень удобный»",
        "source": "K",
        "confidence": 0.9,
        "emitted": 2.5,
    }
    return Finding(**(values | changes))
