"""Chats are told from transcripts and read alike in every form; their messages are judged by the rules of messages."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from streamcheck.chats import Message, check_conduct, parse_chat
from streamcheck.chats.conduct import due, is_question
from streamcheck.checking import Checker, load_rules
from streamcheck.events import Finding
from streamcheck.reports import ReviewedFile
from streamcheck.review import Recogniser, Reviewer
from tests.transcripts.transcript_files import WHOLE

MONDAY = datetime(2026, 11, 16, 10, 0)
NOW = datetime(2026, 11, 22, 12, 0)
SAID = (
    (MONDAY, "Айгуль", "Сколько стоит доставка?"),
    (MONDAY + timedelta(minutes=40), "Магазин «Чайник»", "Бесплатно, пишите в ватсап"),
    (MONDAY + timedelta(hours=1), "Марат", "Спасибо!"),
)
ROWS = [{"author": author, "time": sent.isoformat(), "text": text} for sent, author, text in SAID]
EPOCH = [{**row, "time": int(sent.timestamp())} for (sent, _, _), row in zip(SAID, ROWS, strict=True)]
TELEGRAM = {
    "name": "Чат магазина",
    "type": "private_group",
    "id": 7,
    "messages": [
        {"id": 1, "type": "service", "date": "2026-11-16T09:59:00", "actor": "x", "action": "pin", "text": ""},
        *(
            {
                "id": n,
                "type": "message",
                "date": row["time"],
                "from": row["author"],
                "text": [row["text"][:5], {"type": "bold", "text": row["text"][5:]}],
            }
            for n, row in enumerate(ROWS, 2)
        ),
    ],
}
DIALOGS = {"dialogs": [{"id": "A", "messages": [{**row, "author": {"name": row["author"]}} for row in ROWS]}]}


def dumped(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def table(delimiter: str, heading: str, form: str) -> str:
    lines = [delimiter.join((sent.strftime(form), author, f'"{text}"')) for sent, author, text in SAID]
    return "\r\n".join([heading, *lines])


LOGS = {
    "list.json": dumped(ROWS),
    "lines.jsonl": b"\n".join(map(dumped, ROWS)),
    "epoch.json": dumped({"messages": EPOCH}),
    "milliseconds.json": dumped([{**row, "time": row["time"] * 1000} for row in EPOCH]),  # type: ignore[operator]
    "telegram.json": dumped(TELEGRAM),
    "dialogs.json": dumped(DIALOGS),
    "comma.csv": table(",", "time,author,text", "%Y-%m-%d %H:%M:%S").encode(),
    "excel.csv": table(";", "Дата;Автор;Сообщение", "%d.%m.%Y %H:%M").encode("cp1251"),
    "bom.csv": b"\xef\xbb\xbf" + table(",", "Date,From,Message", "%d/%m/%Y %H:%M").encode(),
    "tabs.tsv": table("\t", "created_at\tusername\tmessage", "%Y-%m-%dT%H:%M:%S").encode("utf-16"),
}


@pytest.mark.parametrize("name", LOGS)
def test_every_form_of_log_is_read_alike(name: str) -> None:
    messages = parse_chat(LOGS[name], name)
    assert messages is not None
    messages = messages[-3:]
    assert [(one.sent, one.author, one.text) for one in messages] == list(SAID)
    assert [one.seller for one in messages] == [False, True, False]
    assert len({one.thread for one in messages}) == 1


@pytest.mark.parametrize("name", ["comma.csv", "list.json", "lines.jsonl"])
def test_a_log_on_standard_input_is_told_by_its_text(name: str) -> None:
    messages = parse_chat(LOGS[name], "-")
    assert messages is not None
    assert [one.text for one in messages] == [text for _, _, text in SAID]


def test_a_line_that_is_cut_costs_itself_alone() -> None:
    messages = parse_chat(LOGS["lines.jsonl"][:-5], "a.jsonl")
    assert messages is not None
    assert [one.text for one in messages] == [text for _, _, text in SAID[:2]]


@pytest.mark.parametrize("name", [name for name in WHOLE if name.endswith(("json", "jsonl", "csv", "tsv"))])
def test_a_transcript_is_no_chat(name: str) -> None:
    assert parse_chat(WHOLE[name][0], name) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"author,time,text",
        b'{"author": ',
        b"\0" * 99,
        b'[{"author": 1}]',
        b'["author",' + b"[" * 960 + b"]" * 961,
    ],
)
def test_what_is_damaged_or_empty_is_no_chat(data: bytes) -> None:
    assert parse_chat(data, "a.json") is None
    assert parse_chat(data, "a.csv") is None


@pytest.mark.parametrize("name", LOGS)
def test_nothing_crashes_wherever_a_log_is_spoilt(name: str) -> None:
    data, chance = LOGS[name], random.Random(name)
    for _ in range(60):
        place = chance.randrange(len(data))
        for spoilt in (data[:place], data[place:], data[:place] + chance.randbytes(3) + data[place + 3 :]):
            parse_chat(spoilt, name)


def test_the_shop_is_told_by_name_role_or_what_it_is_called() -> None:
    def sides(rows: list[dict[str, object]], *sellers: str) -> list[bool | None]:
        messages = parse_chat(dumped(rows), "a.json", sellers)
        assert messages is not None
        return [one.seller for one in messages]

    plain: list[dict[str, object]] = [
        {**row, "author": name} for row, name in zip(ROWS, ("Аня", "Kettle", "Оля"), strict=True)
    ]
    assert sides(plain) == [None, None, None]
    assert sides(plain, "KETTLE ") == [False, True, False]
    roles = ("customer", "operator", "customer")
    assert sides([{**row, "role": role} for row, role in zip(plain, roles, strict=True)]) == [False, True, False]


def chat(*said: tuple[float, str, str], start: datetime = MONDAY, thread: str = "") -> list[Message]:
    """Messages at hours after the start; the shop is called «Магазин»."""
    return [
        Message(line, author, text, start + timedelta(hours=hours), thread, author == "Магазин")
        for line, (hours, author, text) in enumerate(said, 1)
    ]


def rules(messages: list[Message], now: datetime = NOW) -> list[tuple[int | None, str]]:
    return [(one.line, one.rule.removeprefix("chat/")) for one in check_conduct(messages, "a.csv", now)]


@pytest.mark.parametrize(
    ("hours", "rule"), [(0.5, None), (2.9, None), (3.5, "slow-answer"), (23.9, "slow-answer"), (24.5, "late-answer")]
)
def test_an_answer_is_judged_by_how_long_it_took(hours: float, rule: str | None) -> None:
    messages = chat((0, "Аня", "Есть чёрный?"), (hours, "Магазин", "Да, есть"))
    assert rules(messages) == ([(1, rule)] if rule else [])


def test_a_question_without_an_answer_is_told_once_its_time_is_over() -> None:
    messages = chat((0, "Аня", "Есть чёрный?"))
    assert rules(messages) == [(1, "unanswered")]
    assert rules(messages, MONDAY + timedelta(hours=20)) == []


def test_an_answer_to_another_buyer_answers_nobody_else() -> None:
    messages = chat((0, "Аня", "Есть чёрный?"), (0.1, "Олег", "А белый?"), (0.2, "Магазин", "Олег, белый есть"))
    assert rules(messages) == [(1, "unanswered")]
    other = chat((0.5, "Магазин", "Да"), thread="другой")
    assert rules(chat((0, "Аня", "Есть чёрный?")) + other) == [(1, "unanswered")]


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (datetime(2026, 11, 16, 10), datetime(2026, 11, 17, 10)),
        (datetime(2026, 11, 20, 15), datetime(2026, 11, 23, 15)),
        (datetime(2026, 11, 21, 15), datetime(2026, 11, 24, 0)),
        (datetime(2026, 11, 22, 23), datetime(2026, 11, 24, 0)),
    ],
    ids=["monday", "friday", "saturday", "sunday"],
)
def test_a_working_day_leaves_out_the_weekend(asked: datetime, by: datetime) -> None:
    assert due(asked) == by


def test_a_log_with_clocks_alone_ends_with_its_last_message() -> None:
    log = b"time,author,text\n0:10:00,anya,when?\n0:20:00,Shop,hello @oleg\n5:00:00,anya,so when?\n5:01:00,Shop,now\n"
    messages = parse_chat(log, "a.csv")
    assert messages is not None
    assert rules(messages) == []
    assert rules([one for one in messages if one.text != "hello @oleg"]) == [(2, "slow-answer")]


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("БЕСПЛАТНАЯ ДОСТАВКА ТОЛЬКО СЕГОДНЯ", "capitals"),
        ("Успейте: БЕСПЛАТНАЯ ДОСТАВКА ТОЛЬКО до вечера", "capitals"),
        ("Чайник BOSCH TWK3A011 с LED, НДС и USB", None),
        ("ВАЖНО: доставка сегодня до вечера, спасибо", None),
        ("Спасибо! 😊🔥", None),
        ("Спасибо! 😊🔥❤️👍🏽", "emoji"),
        ("Семья 👨‍👩‍👧‍👦 и 👍🏽👍🏽", None),
        ("1 2 3 4 5 © ™", None),
    ],
)
def test_capitals_and_emoji_in_excess(said: str, rule: str | None) -> None:
    assert rules(chat((0, "Магазин", said))) == ([(1, rule)] if rule else [])
    assert rules(chat((0, "Аня", said), (1, "Магазин", "да"))) == []


def test_questions_are_told_by_their_mark_or_their_first_word() -> None:
    asked = ["а сколько?", "Подскажите размер", "есть ли доставка", "когда привезёте"]
    assert all(map(is_question, asked))
    assert not any(map(is_question, ["Спасибо", "Скоро будет", "Сказали когда-нибудь"]))


@pytest.fixture(scope="module")
def reviewer() -> Reviewer:
    return Reviewer(Checker(load_rules(platform="yandex-market")), Recogniser("base", "ru"), now=NOW)


def found(reviewer: Reviewer, path: object) -> tuple[list[Finding], list[str]]:
    result = reviewer.review(str(path))
    assert isinstance(result, ReviewedFile)
    return list(result.findings), list(result.notes)


def test_only_the_shop_is_held_to_the_rules(reviewer: Reviewer, tmp_path: Path) -> None:
    log = tmp_path / "чат.csv"
    lines = [
        "2026-11-20 10:00,Аня,вот мой номер 87012345678 и сайт kettle.kz",
        "2026-11-20 10:01,Магазин,Напишите нам в ватсап 87012345678",
        "2026-11-20 10:02,Магазин,Пришлите номер карты и код из смс",
        "2026-11-20 10:03,Магазин,Закажите на нашем сайте kettle.kz",
        "2026-11-20 10:04,Магазин,Вы что тупая?",
        "2026-11-20 10:05,Магазин,Спасибо за заказ!",
        "2026-11-20 10:06,Аня,сами вы тупые",
    ]
    log.write_text("\n".join(["time,author,text", *lines]), encoding="utf-8")
    findings, notes = found(reviewer, log)
    by_line = {(one.line, one.category) for one in findings}
    assert {(3, "contact"), (4, "personal-data"), (5, "link"), (6, "rudeness")} <= by_line
    assert {line for line, _ in by_line} == {3, 4, 5, 6}
    assert notes == []


def test_where_the_shop_is_not_known_all_is_checked_and_that_is_told(reviewer: Reviewer, tmp_path: Path) -> None:
    log = tmp_path / "чат.json"
    log.write_bytes(dumped([{"author": "Лена", "time": "2026-11-02T10:00:00", "text": "Есть? Пишите в ватсап"}]))
    findings, notes = found(reviewer, log)
    assert [one.category for one in findings] == ["contact"]
    assert len(notes) == 1
    assert "--seller" in notes[0]
