"""`--redact`: phones, cards, personal numbers and net addresses masked in all that is kept and shown but the sound.

Postal addresses are not known to it: nothing here tells a street from a brand.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from streamcheck.events import Finding, Hypothesis, Status, Word
from streamcheck.text.addresses import addresses
from streamcheck.text.digits import digit_runs
from streamcheck.text.numbers import classify
from streamcheck.text.tokens import tokenise

if TYPE_CHECKING:
    from streamcheck.live import Sink

MASK = "•••"
_SECRET = frozenset({"phone", "card", "iin"})
_MANY_DIGITS = 6
"""Digits from which an unfinished run may become a phone: masked while it is still being said."""
_CONTEXT = 24
"""Words of the utterances before that may hold the beginning of a number, or say what it is."""
_NUMBER = re.compile(r"\+?\d(?:[\s().+-]*\d){5,}")
_ENDING = re.compile(r"[.,!?;:…»\"]*$")


def secret_words(words: Sequence[Word], *, unfinished: bool = False) -> set[int]:
    """Which words belong to something secret, by their place; `unfinished` counts any long run of digits."""
    tokens = tokenise(words)
    spans = [
        (run.start, run.end)
        for run in digit_runs(tokens)
        if classify(run, tokens) in _SECRET or (unfinished and len(run.digits) >= _MANY_DIGITS)
    ]
    spans += [(address.start, address.end) for address in addresses(tokens)]
    return {place for start, end in spans for place in range(tokens[start].word, tokens[end - 1].last_word + 1)}


def masked(words: Sequence[Word], secret: set[int]) -> tuple[Word, ...]:
    """The words with the secret ones masked, each at its time and with the marks behind it."""
    return tuple(
        replace(word, text=MASK + _ENDING.findall(word.text)[0]) if place in secret else word
        for place, word in enumerate(words)
    )


def redact_text(text: str) -> str:
    """A text with what is secret in it masked; blanks become single ones where something was."""
    words = [Word(part) for part in text.split()]
    secret = secret_words(words)
    return " ".join(word.text for word in masked(words, secret)) if secret else text


def redact_finding(finding: Finding) -> Finding:
    """A finding whose texts hold nothing secret; the words around the quote say what its numbers are."""
    quote = _redacted_quote(finding.quote, finding.context)

    def redacted(text: str) -> str:
        # What explains a finding may hold its number spelt another way than it was said.
        return _NUMBER.sub(MASK, redact_text(text.replace(finding.quote, quote) if finding.quote else text))

    return replace(
        finding,
        quote=quote,
        context=redact_text(finding.context),
        message=redacted(finding.message),
        suggestion=redacted(finding.suggestion),
        because=tuple(redacted(part) for part in finding.because),
        fingerprint=finding.fingerprint if quote == finding.quote else _fingerprint(finding.rule, quote),
    )


def _fingerprint(rule: str, quote: str) -> str:
    """One that tells nothing of what is masked: a phone number could be guessed from the usual one by trying all."""
    return hashlib.blake2b(f"{rule}\n{quote}".encode(), digest_size=6).hexdigest()


def _redacted_quote(quote: str, context: str) -> str:
    around, own = context.split(), quote.split()
    for start in range(len(around) - len(own) + 1):
        if around[start : start + len(own)] == own:
            words = [Word(part) for part in around]
            shown = masked(words, secret_words(words))[start : start + len(own)]
            return " ".join(word.text for word in shown)
    return redact_text(quote)


class Redacted:
    """A sink that passes everything on to others with what is secret masked."""

    def __init__(self, sinks: Sequence["Sink"]) -> None:
        self._sinks = sinks
        self._before: tuple[Word, ...] = ()

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        """Pass on a pass."""
        words = (*self._before, *hypothesis.words)
        secret = secret_words(words, unfinished=not hypothesis.final)
        shown = replace(hypothesis, words=masked(words, secret)[len(self._before) :])
        if hypothesis.final:
            self._before = words[-_CONTEXT:]
        for sink in self._sinks:
            sink.transcript(shown, emitted)

    def finding(self, finding: Finding) -> None:
        """Pass on a finding."""
        shown = redact_finding(finding)
        for sink in self._sinks:
            sink.finding(shown)

    def status(self, status: Status) -> None:
        """Pass on a status."""
        for sink in self._sinks:
            sink.status(status)

    def close(self) -> None:
        """Close all."""
        for sink in self._sinks:
            sink.close()
