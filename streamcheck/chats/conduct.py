"""What the rules of messages to buyers say of a message as such: capitals, emoji, questions that wait too long.

What its words say is for the rule packs. Sources: the rules of messages on Yandex Market («старайтесь отвечать
покупателям в течение 2–3 часов, максимум — 1 рабочего дня») and of talk with buyers on Kaspi («избыточное количество
эмодзи и текста в верхнем регистре»).
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import regex

from streamcheck.chats.reading import Message
from streamcheck.events import Finding, Severity
from streamcheck.i18n import text

ASKED = timedelta(hours=3)
"""In which a question should be answered."""
WORKING_DAY = timedelta(days=1)
"""In which it must be; Saturdays and Sundays do not count, holidays are not known."""
MOST_EMOJI = 3
LEAST_CAPITALS = 3
"""Words in capitals that shout, of four letters at least: shorter ones are abbreviations."""

_EMOJI = regex.compile(
    r"(?:\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\uFE0F|\p{EMod}|\u200D\p{Extended_Pictographic})*"
)
_WORD = regex.compile(r"[\p{L}-]+")
_LONG = 4
_SATURDAY = 5
_QUESTION = regex.compile(
    r"\?|^\W*(?:подскажите|скажите|сколько|когда|где|куда|какой|какая|какие|какое|какого|как|почему|зачем|есть ли|"
    r"можно ли|а есть|а можно|будет ли|чем|кто|what|when|where|how|which|why|is there|can i|do you)\b",
    regex.IGNORECASE,
)
_UNDATED = 1
"""The year of moments that are a clock alone."""


def check_conduct(messages: Sequence[Message], file: str, now: datetime) -> list[Finding]:
    """The findings of a chat as such, in the order of its lines, with ids unique within it.

    Where it is not known who the shop is, everybody's capitals and emoji are looked at, and no question is taken for
    unanswered. `now` is local: what was asked lately has time yet.
    """
    looks = (look(one) for one in messages if one.seller is not False for look in (_capitals, _emoji))
    found = [breach for breach in looks if breach]
    if any(one.seller is not None for one in messages):
        found += _waiting(messages, now)
    seen: Counter[str] = Counter()
    findings = []
    for breach in sorted(found, key=lambda one: one.line):
        fingerprint = hashlib.blake2b(f"{breach.rule}\n{breach.context}".encode(), digest_size=6).hexdigest()
        seen[fingerprint] += 1
        ident = fingerprint if seen[fingerprint] == 1 else f"{fingerprint}-{seen[fingerprint]}"
        findings.append(_finding(breach, ident, fingerprint, file))
    return findings


class _Breach(NamedTuple):
    line: int
    rule: str
    severity: Severity
    quote: str
    context: str
    values: dict[str, str]


def _capitals(one: Message) -> _Breach | None:
    """Most of the long words in capitals."""
    words = [word for word in _WORD.findall(one.text) if len(word) >= _LONG]
    loud = [word for word in words if word.isupper()]
    if len(loud) < LEAST_CAPITALS or len(loud) * 2 < len(words):
        return None
    return _Breach(one.line, "capitals", "advice", " ".join(loud), one.text, {"count": str(len(loud))})


def _emoji(one: Message) -> _Breach | None:
    signs = _EMOJI.findall(one.text)
    if len(signs) <= MOST_EMOJI:
        return None
    return _Breach(one.line, "emoji", "advice", "".join(signs), one.text, {"count": str(len(signs))})


def _waiting(messages: Sequence[Message], now: datetime) -> Iterator[_Breach]:
    """Questions of buyers that waited longer than the rules allow, or wait still."""
    threads: dict[str, list[tuple[datetime, Message]]] = defaultdict(list)
    for one in messages:
        if one.sent is not None:
            threads[one.thread].append((one.sent, one))
    last = max((sent for thread in threads.values() for sent, _ in thread), default=now)
    end = last if last.year == _UNDATED else now
    for thread in threads.values():
        thread.sort(key=lambda pair: pair[0])
        buyers = {one.author.casefold() for _, one in thread if not one.seller}
        for at, (asked, one) in enumerate(thread):
            if not one.seller and is_question(one.text):
                others = buyers - {one.author.casefold()}
                replies = (sent for sent, reply in thread[at + 1 :] if reply.seller and _is_for(reply, one, others))
                yield from _judged(one, asked, next(replies, None), end)


def is_question(said: str) -> bool:
    """Whether a message asks something: by its mark, or by how it begins."""
    return bool(_QUESTION.search(said))


def _is_for(reply: Message, asked: Message, others: set[str]) -> bool:
    """Whether a message of the shop is for whoever asked: one that names other buyers alone is not."""
    said = reply.text.casefold()
    words = set(_WORD.findall(said))
    return asked.author.casefold() in said or not any(set(_WORD.findall(name)) <= words for name in others)


def _judged(one: Message, asked: datetime, answer: datetime | None, end: datetime) -> Iterator[_Breach]:
    waited = (answer or end) - asked
    values, context = {"time": _hours(waited)}, f"{one.author}: {one.text}"
    if (answer or end) > due(asked):
        yield _Breach(one.line, "late-answer" if answer else "unanswered", "warning", one.text, context, values)
    elif answer and waited > ASKED:
        yield _Breach(one.line, "slow-answer", "advice", one.text, context, values)


def due(asked: datetime) -> datetime:
    """When one working day has passed; without a date, a day."""
    if asked.year == _UNDATED:
        return asked + WORKING_DAY
    if asked.weekday() >= _SATURDAY:
        monday = asked + timedelta(days=7 - asked.weekday())
        asked = monday.replace(hour=0, minute=0, second=0, microsecond=0)
    by = asked + WORKING_DAY
    return by + timedelta(days=2) if by.weekday() >= _SATURDAY else by


def _hours(time: timedelta) -> str:
    hours, rest = divmod(int(time.total_seconds()), 3600)
    return text("chats.hours", hours=hours, minutes=rest // 60)


def _finding(breach: _Breach, ident: str, fingerprint: str, file: str) -> Finding:
    looks = breach.rule in ("capitals", "emoji")
    return Finding(
        id=ident,
        state="confirmed",
        category="literacy" if looks else "ignoring",
        rule=f"chat/{breach.rule}",
        severity=breach.severity,
        start=None,
        end=None,
        quote=breach.quote,
        context=breach.context,
        message=text(f"chats.{breach.rule}", **breach.values),
        suggestion=text(f"chats.{breach.rule}-instead"),
        source=text("chats.source-looks" if looks else "chats.source-answers"),
        confidence=0.9,
        because=(f"chat: {breach.rule}",),
        file=file,
        line=breach.line,
        fingerprint=fingerprint,
    )
