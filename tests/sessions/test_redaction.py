"""`--redact` leaves nothing secret in what is kept and shown, and everything else as it was."""

from dataclasses import replace

import pytest

from streamcheck.checking import Checker, StreamChecker, load_rules
from streamcheck.events import Finding, Hypothesis, Status, Word
from streamcheck.redaction import MASK, Redacted, redact_finding, redact_text
from tests.overlay.events import finding, hypothesis


class Screen:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.found: list[Finding] = []

    def transcript(self, hypothesis: Hypothesis, emitted: float) -> None:
        self.said.append(" ".join(word.text for word in hypothesis.words))

    def finding(self, finding: Finding) -> None:
        self.found.append(finding)

    def status(self, status: Status) -> None: ...

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("звоните 8 701 234 45 67, жду", f"звоните {' '.join([MASK] * 4)} {MASK}, жду"),
        (
            "звоните восемь семьсот один двести тридцать четыре сорок пять шестьдесят семь",
            f"звоните {' '.join([MASK] * 10)}",
        ),
        ("пишите на почту shop@example.com.", f"пишите на почту {MASK}."),
        ("переведите на карту 4400 4301 2345 6783", f"переведите на карту {' '.join([MASK] * 4)}"),
        ("мой ИИН 900101300017", f"мой ИИН {MASK}"),
        ("цена 12 990 тенге, скидка 40 процентов", "цена 12 990 тенге, скидка 40 процентов"),
        ("артикул 123456", "артикул 123456"),
        ("", ""),
    ],
)
def test_what_is_secret_is_masked_and_nothing_else(text: str, wanted: str) -> None:
    assert redact_text(text) == wanted


def test_the_words_around_say_what_the_quote_is() -> None:
    phone = "8 701 234 45 67"
    one = finding(
        phone, context=f"звоните мне {phone} сегодня", message=f"«{phone}» — телефон", because=("number 87012344567",)
    )
    shown = redact_finding(one)
    assert shown.quote == " ".join([MASK] * 5)
    assert shown.context == f"звоните мне {shown.quote} сегодня"
    assert shown.message == f"«{shown.quote}» — телефон"
    assert shown.because == (f"number {MASK}",)
    assert (shown.id, shown.start) == (one.id, one.start)


def test_the_fingerprint_of_a_masked_quote_tells_nothing_of_it() -> None:
    one, other = (finding(phone, context=f"звоните {phone}") for phone in ("8 701 234 45 67", "8 702 111 22 33"))
    plain = finding("звоните", context="звоните нам")
    assert redact_finding(plain).fingerprint == plain.fingerprint
    first, second = (redact_finding(replace(x, fingerprint=f"of {x.quote}")) for x in (one, other))
    assert first.fingerprint == second.fingerprint


def test_a_number_is_masked_while_it_is_being_said_and_across_utterances() -> None:
    screen = Screen()
    redacted = Redacted([screen])
    redacted.transcript(hypothesis("звоните 8701234", final=False), 1.0)
    redacted.transcript(hypothesis("звоните мне 8 701", final=True), 2.0)
    redacted.transcript(hypothesis("234 45 67 спасибо", number=1, start=5.0), 3.0)
    assert screen.said[0] == f"звоните {MASK}"
    assert screen.said[2] == f"{MASK} {MASK} {MASK} спасибо"


def test_a_broadcast_with_a_phone_and_a_mail_shows_neither() -> None:
    screen = Screen()
    redacted, stream = Redacted([screen]), StreamChecker(Checker(load_rules(platform="kaspi")))
    said = "пишите в вотсап 8 701 234 45 67 или на почту shop@example.com это самый лучший магазин на рынке".split()
    words = tuple(Word(word, i * 0.4, i * 0.4 + 0.3) for i, word in enumerate(said))
    heard = Hypothesis(0, words, len(words), True, 9.0, 9.0)
    redacted.transcript(heard, 9.0)
    for one in stream.update(heard, 9.0):
        redacted.finding(one)
    shown = repr((screen.said, [replace(one, fingerprint="") for one in screen.found]))  # a hash may hold any digits
    assert screen.found
    for secret in ("701", "8701", "shop@", "example"):
        assert secret not in shown
    assert "самый лучший магазин на рынке" in shown
