"""The whole corpus through all that people and programs are given: nothing of it is more than text."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from streamcheck.audio.devices import Device
from streamcheck.delivery.log import Log
from streamcheck.delivery.summary import Summary
from streamcheck.events import Finding, Hypothesis, Status, Utterance, Word
from streamcheck.overlay.board import Board
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.overlay.plain import PlainLines
from streamcheck.overlay.screen import Heading, Screen
from streamcheck.reports import FORMATS, FailedFile, Report, ReviewedFile, render
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import About, Change, Settled
from tests.hostile.corpus import CORPUS
from tests.overlay.events import finding

SIZE = (80, 24)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""What rich itself sends to colour text."""


def found(hostile: str, number: int) -> Finding:
    return finding(
        hostile, id=str(number), start=number * 3.0, end=number * 3.0 + 1, emitted=number * 3.0 + 2, context=hostile,
        message=hostile, suggestion=hostile, source=hostile, category=hostile[:200], rule=hostile, because=(hostile,),
    )  # fmt: skip


def heard(hostile: str, number: int) -> Hypothesis:
    words = (Word("до", number * 3.0, number * 3.0 + 0.2), Word(hostile, number * 3.0 + 0.2, number * 3.0 + 1))
    return Hypothesis(number, words, 2, True, number * 3.0 + 1, number * 3.0 + 1)


def acts(text: str) -> list[str]:
    """The characters in a text by which a terminal or a reader could be moved, coloured, hidden from or misled."""
    if text.replace("\n", "").isprintable():
        return []
    return [char for char in text if not char.isprintable() and char != "\n"]


def test_the_corpus_is_large_and_holds_each_once() -> None:
    assert len(CORPUS) >= 200
    assert len(set(CORPUS)) == len(CORPUS)


def test_on_the_overlay() -> None:
    for number, hostile in enumerate(CORPUS):
        board = Board()
        board.status = Status("gap", received=number * 3.0 + 2, detail=hostile)
        board.hear(heard(hostile, number))
        board.find(found(f"{hostile}!", number + 1))
        board.find(found(hostile, number))
        console = Console(
            file=io.StringIO(), force_terminal=True, width=SIZE[0], height=SIZE[1], color_system="truecolor",
            markup=False, emoji=False, highlight=False,
        )  # fmt: skip
        heading = Heading(hostile, hostile, hostile)
        drawn = Screen(heading, console).draw(board, *SIZE)
        assert len(drawn.plain.split("\n")) == SIZE[1], hostile[:80]
        assert max(cell_len(row) for row in drawn.plain.split("\n")) <= SIZE[0], hostile[:80]
        console.print(drawn)
        sent = console.file.getvalue()  # type: ignore[attr-defined]
        assert not acts(_COLOUR.sub("", sent)), hostile[:80]


def test_in_plain_lines_and_its_summary() -> None:
    for number, hostile in enumerate(CORPUS):
        out = io.StringIO()
        sink = PlainLines(out, Heading(hostile, hostile, hostile))
        sink.status(Status("listening", received=1.0))
        sink.status(Status("gap", received=1.0, detail=hostile))
        sink.transcript(heard(hostile, number), 1.0)
        sink.finding(found(hostile, number))
        rows = out.getvalue().count("\n")
        assert rows == 4, hostile[:80]
        sink.close()
        assert not acts(out.getvalue()), hostile[:80]


def test_in_json_lines_the_log_and_the_summary_file(tmp_path: Path) -> None:
    log, out, summary = Log(tmp_path / "log"), io.StringIO(), Summary()
    for sink in (log, JsonLines(out), summary):
        for number, hostile in enumerate(CORPUS):
            sink.finding(found(hostile, number))
            sink.transcript(heard(hostile, number), 1.0)
            sink.status(Status("gap", detail=hostile))
    log.close()
    for lines in (out.getvalue(), (tmp_path / "log").read_text(encoding="utf-8")):
        assert not acts(lines)
        rows = [json.loads(line) for line in lines.splitlines()]
        assert len(rows) == 3 * len(CORPUS)
        assert [row["quote"] for row in rows if row["type"] == "finding"] == list(CORPUS)
        assert [row["detail"] for row in rows if row["type"] == "status"] == list(CORPUS)
    assert len(json.loads(json.dumps(summary.row(source=CORPUS[0])))["findings"]) == len(CORPUS)


def test_in_the_names_of_devices() -> None:
    for hostile in CORPUS:
        assert not acts(str(Device(1, hostile, hostile, 1, 48_000.0, True))), hostile[:80]


@pytest.fixture(scope="module")
def report() -> Report:
    short = [hostile[:2000] for hostile in CORPUS]
    said = [
        Utterance((Word("до", 3.0 * n, 3.0 * n + 0.2), Word(one, 3.0 * n + 0.2, 3.0 * n + 1)), 3.0 * n, 3.0 * n + 1)
        for n, one in enumerate(short)
    ]
    findings = [found(one, number) for number, one in enumerate(short)]
    file = ReviewedFile("эфир \x1b[31m<b>", said, findings, notes=tuple(short))
    failed = [FailedFile(one, one) for one in short]
    return Report(short[-1], datetime(2026, 11, 22, tzinfo=UTC), [file], failed, model="<script>\x1b[2J")


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ("html", "xlsx")])
def test_in_every_report_for_programs_and_readers(report: Report, form: str) -> None:
    content = render(report, form)
    assert isinstance(content, str)
    assert not acts(content.replace("\r\n", "\n").removeprefix("\ufeff"))
    content.encode()
    if form == "csv":
        for row in csv.reader(io.StringIO(content.removeprefix("\ufeff"))):
            assert not [cell for cell in row if cell.strip()[:1] in ("=", "+", "-", "@", "＝")]
    elif form in ("json", "sarif"):
        assert json.loads(content)
    elif form == "jsonl":
        assert all(json.loads(line) for line in content.splitlines())
    elif form.endswith(("srt", "vtt")):
        assert "09:00:00" not in re.sub(r"[^\n]*[^\d\n:,.> -][^\n]*", "", content), "no forged cue"


def test_in_a_workbook_no_cell_is_a_formula(report: Report) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    content = render(report, "xlsx")
    assert isinstance(content, bytes)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > len(CORPUS)
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_in_exported_sessions(tmp_path: Path) -> None:
    home = Home(tmp_path / "streamcheck" / "sessions")
    with home.store() as store:
        ident = store.begin(About("\x1b]0;x\x07<b>", "[red]", "=1", "ru", "\u202eкто"))
        store.put_findings(ident, [found(hostile, number) for number, hostile in enumerate(CORPUS)])
        for number, hostile in enumerate(CORPUS):
            words = heard(hostile, number).words
            store.add_utterance(ident, Settled(number, Utterance(words, words[0].start, words[-1].end), number * 3.0))
            store.add_change(ident, Change(number * 3.0, "note", hostile))
            store.decide(ident, str(number), "breach", remark=hostile, assignee=hostile)
        store.end(ident, 3.0 * len(CORPUS))
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    for args in (
        ["list"],
        ["show", "last"],
        *(["export", "last", "--format", form] for form in ("jsonl", "csv", "md")),
    ):
        command = [sys.executable, "-m", "streamcheck", "sessions", *args]
        done = subprocess.run(command, capture_output=True, env=environment, timeout=120)
        assert done.returncode == 0, done.stderr[-300:]
        assert not acts(done.stdout.decode().replace("\r\n", "\n").removeprefix("\ufeff")), args


def looks_harmless(tab: Any, asked: list[str], own: str) -> None:
    """Nothing ran, nothing was fetched, and no element came of what was said."""
    assert not [url for url in asked if not url.startswith(own)]
    assert "hacked" not in tab.title()
    elements = "svg, math, iframe, object, embed, form, base, video, details[ontoggle], meta[http-equiv=refresh], xmp"
    assert tab.evaluate(f"document.querySelectorAll({f'main :is({elements})'!r}).length") == 0
    handlers = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on/.test(a.name))).length"
    assert tab.evaluate(handlers) == 0
    assert tab.evaluate("[...document.links].filter(a => !/^(https?|file)?:$/.test(a.protocol)).length") == 0
    assert tab.evaluate("document.scripts.length") == 1


def test_in_the_html_report(browser: Any, report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(str(render(report, "html")), encoding="utf-8")
    tab, asked = browser.new_page(), []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    tab.wait_for_timeout(300)
    looks_harmless(tab, asked, path.as_uri())
    tab.close()


def test_on_the_page(browser: Any) -> None:
    pytest.importorskip("uvicorn", reason="needs the extra page")
    from streamcheck.overlay.page.server import PageServer
    from streamcheck.overlay.page.view import view

    for number, hostile in enumerate(CORPUS):
        board = Board()
        board.status = Status("gap", received=number * 3.0 + 2, detail=hostile)
        board.hear(heard(hostile, number))
        board.find(found(hostile, number))
        assert not acts("".join(texts(view(board, Heading(hostile, hostile, hostile))))), hostile[:80]

    server = PageServer(Heading("<b>", "[red]", "\x1b[2J"), "127.0.0.1", 0)
    tab, asked = browser.new_page(), []
    tab.on("request", lambda request: asked.append(request.url))
    try:
        tab.goto(server.addresses[1])
        for start in range(0, len(CORPUS), 6):  # as many as the page shows at once
            batch = CORPUS[start : start + 6]
            for number, hostile in enumerate(batch, start):
                server.transcript(heard(hostile, number), 1.0)
                server.finding(found(hostile, number))
            server.status(Status("gap", received=(start + 6) * 3.0, detail=f"{start}: {batch[0]}"))
            tab.locator("#detail", has_text=f"{start}: ").wait_for()
            looks_harmless(tab, asked, server.addresses[0])
    finally:
        tab.close()
        server.close()


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts(one)
