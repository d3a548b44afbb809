"""Reports for the tests: an ordinary broadcast, and one in which everything that people wrote or said is hostile."""

from dataclasses import replace
from datetime import UTC, datetime

from streamcheck.events import Finding, Utterance, Word
from streamcheck.reports import FailedFile, Report, ReviewedFile

MADE = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOSTILE = (
    "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">"
    "\x1b[31m\x9b2J\u202ekcah\u2066 [red]{{7*7}}{% raw %} =cmd|' /C calc'!A0 </style></title> "
    "--> \\N{\\an8} |x| **y** `z`"
    " javascript:alert(1) \"'><svg onload=document.title='hacked'>\r\n\r\n99\n00:00:00,000 --> 09:00:00,000\nforged"
)


def utterance(text: str, start: float | None = None, end: float | None = None, line: int | None = None) -> Utterance:
    """Words of equal length over the time."""
    parts = text.split()
    if start is None or end is None:
        return Utterance(tuple(Word(part) for part in parts), line=line)
    step = (end - start) / len(parts)
    words = tuple(Word(part, start + i * step, start + (i + 1) * step, 0.9) for i, part in enumerate(parts))
    return Utterance(words, start, end, line)


def finding(said: Utterance, first: int, last: int, **changes: object) -> Finding:
    """A finding on words [first, last) of an utterance."""
    words = said.words[first:last]
    found = Finding(
        id=f"{first}-{said.start}",
        state="confirmed",
        category="contact",
        rule="shared/messenger",
        severity="violation",
        start=words[0].start,
        end=words[-1].end,
        quote=" ".join(word.text for word in words).strip(".,!"),
        context=said.text,
        message="Зовёт в другой мессенджер.",
        suggestion="Отвечайте в чате под видео.",
        source="Правила общения, п. 3, https://example.org/rules?a=1&b=2",
        confidence=0.87,
        because=("lemmas: вотсап", "guards passed: negated"),
        file="эфир.opus",
        line=said.line,
        fingerprint="a1b2c3",
    )
    return replace(found, **changes)  # type: ignore[arg-type]


HELLO = utterance("Доброе утро, друзья!", 0.5, 3.0)
WRITE = utterance("Пишите мне в вотсап, там дешевле.", 3.5, 7.0)
PRICE = utterance("Это самая низкая цена на рынке.", 3600.0, 3603.0)
BROADCAST = ReviewedFile(
    "эфир.opus",
    [HELLO, WRITE, PRICE],
    [
        finding(WRITE, 0, 4),
        finding(WRITE, 4, 6, category="deal", severity="warning"),
        finding(PRICE, 1, 6, category="superlative"),
        finding(PRICE, 1, 4, category="superlative", state="supported"),
        finding(PRICE, 3, 4, category="literacy", severity="advice", ignored="название товара"),
    ],
    duration=3700.0,
)
SILENT = ReviewedFile("тишина.vtt", [], [])
LINE = utterance("пишите в телегу", line=7)
UNTIMED = ReviewedFile("текст.txt", [LINE], [finding(LINE, 0, 3, file="текст.txt")])
REPORT = Report("ozon", MADE, [BROADCAST], model="base")
MANY = Report("ozon", MADE, [BROADCAST, SILENT, UNTIMED], [FailedFile("нет.srt", "нет.srt: нет такого файла")])

_SAID = utterance(HOSTILE, 1.0, 9.0)
EVIL = Report(
    HOSTILE,
    MADE,
    [
        ReviewedFile(
            HOSTILE,
            [replace(_SAID, speaker=HOSTILE)],
            [
                finding(
                    _SAID, 0, len(_SAID.words), category=HOSTILE, rule=HOSTILE, quote=HOSTILE, context=HOSTILE,
                    file=HOSTILE, message=HOSTILE, suggestion=HOSTILE,
                    source="javascript:document.title='hacked' " + HOSTILE,
                    because=(HOSTILE,), ignored=None,
                )
            ],
            notes=(HOSTILE,),
        )
    ],
    [FailedFile(HOSTILE, HOSTILE)],
    model=HOSTILE,
)  # fmt: skip
