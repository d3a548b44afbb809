"""Every format holds every finding, and nothing of what was said acts in it."""

import csv
import io
import json
import re
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
from pysubs2 import SSAFile
from rich.console import Console

from streamcheck.errors import OutputError
from streamcheck.i18n import use_language
from streamcheck.reports import FORMATS, Report, format_of, render, terminal
from streamcheck.reports.report import severities, tally
from tests.reports.report_samples import BROADCAST, EVIL, HOSTILE, MADE, MANY, REPORT, SILENT, UNTIMED


@pytest.fixture(autouse=True)
def russian():  # type: ignore[no-untyped-def]
    use_language("ru")
    yield
    use_language(None)


def shown(report: Report, width: int) -> str:
    """What a terminal shows, without the colours that rich wrote."""
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system="truecolor")
    for view in (*map(terminal.file_view, report.files), terminal.closing_view(report)):
        terminal.show(view, console)
    return re.sub(r"\x1b\[[\d;]*m", "", console.file.getvalue())  # type: ignore[attr-defined]


def test_what_does_not_stand_is_not_counted() -> None:
    assert severities(BROADCAST.findings) == {"violation": 2, "warning": 1, "advice": 0}
    assert list(tally(BROADCAST.findings)) == ["contact", "superlative", "deal"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_every_quote(form: str) -> None:
    result = render(REPORT, form)
    for quote in {finding.quote for finding in BROADCAST.findings}:
        assert quote in result.replace("\\", ""), quote


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_keeps_no_character_that_a_terminal_obeys(form: str) -> None:
    result = render(EVIL, form).replace("\ufeff", "", 1)
    assert "".join(char for char in result if not char.isprintable()).strip("\r\n") == ""


@pytest.mark.parametrize("width", [40, 80, 200])
def test_terminal_tables_fit_and_run_nothing(width: int) -> None:
    plain = shown(EVIL, width)
    assert "\x1b" not in plain
    assert "[red]{{7*7}}" in "".join(plain.split())
    assert all(len(line) <= width for line in shown(MANY, width).splitlines())


def test_plain_text_is_one_line_a_finding() -> None:
    lines = render(MANY, "text").splitlines()
    assert lines[0] == (
        "эфир.opus:0:03: нарушение: Контакты и мессенджеры: «Пишите мне в вотсап» — Отвечайте в чате под видео."
        " [shared/messenger]"
    )
    assert lines[5].startswith("текст.txt:7: нарушение: ")
    assert lines[-1] == "Проверено файлов: 3. Нарушений: 3, предупреждений: 1, советов: 0."


def test_json_lines_are_the_contract() -> None:
    rows = [json.loads(line) for line in render(MANY, "jsonl").splitlines()]
    assert [row["type"] for row in rows] == ["finding"] * 6
    assert rows[0]["start"] == 3.5
    assert "line" not in rows[0]
    assert (rows[5]["line"], rows[5]["start"], rows[5]["file"]) == (7, None, "текст.txt")


@pytest.mark.parametrize("report", [REPORT, MANY, EVIL], ids=["one", "many", "evil"])
def test_the_document_follows_its_schema(report: Report) -> None:
    schema = json.loads((files("streamcheck.reports") / "review.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(render(report, "json"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["files"][0]["utterances"][-1]["text"] == report.files[0].utterances[-1].text


def test_the_document_counts_and_names_failures() -> None:
    document = json.loads(render(MANY, "json"))
    assert document["counts"]["categories"] == {"contact": 2, "superlative": 1, "deal": 1}
    assert document["failed"] == [{"file": "нет.srt", "reason": "нет.srt: нет такого файла"}]


def cell(said: str) -> str:
    """The quote as a spreadsheet reads it."""
    found = replace(BROADCAST.findings[0], quote=said)
    report = Report("ozon", MADE, [replace(BROADCAST, findings=[found])])
    (row,) = csv.DictReader(io.StringIO(render(report, "csv").removeprefix("\ufeff")))
    return row["quote"]


@pytest.mark.parametrize("formula", ["=1+1", "+7 701", "-1", "@sum", "\t=1", "  =1", "＝1", '=HYPERLINK("x","y")'])
def test_a_spreadsheet_sees_no_formula(formula: str) -> None:
    assert cell(formula).startswith("'")


def test_a_spreadsheet_sees_plain_words_as_they_are() -> None:
    assert cell('цена, "самая" низкая; 1=1') == 'цена, "самая" низкая; 1=1'
    assert len(list(csv.reader(io.StringIO(render(EVIL, "csv"))))) == 2


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_subtitles_read_back_as_one_cue_a_finding(form: str) -> None:
    cues = SSAFile.from_string(render(REPORT, form), format_=form).events
    assert [round(cue.start / 1000, 1) for cue in cues] == [3.5, 5.8, 3600.5, 3600.5, 3601.5]
    assert all(cue.end - cue.start >= 2500 for cue in cues)
    assert "Пишите мне в вотсап" in cues[0].plaintext
    assert len(SSAFile.from_string(render(EVIL, form), format_=form).events) == 1


@pytest.mark.parametrize("report", [MANY, Report("ozon", MADE, [UNTIMED])], ids=["several", "untimed"])
@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_subtitles_need_one_timed_recording(report: Report, form: str) -> None:
    with pytest.raises(OutputError):
        render(report, form)


def test_markdown_keeps_said_markup_as_text() -> None:
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark").enable("table").render(render(EVIL, "md"))
    assert "<script" not in page
    assert "<img" not in page
    assert "<a " not in page
    assert page.count("<tr>") == 2
    assert "<strong>y</strong>" not in page


def test_markdown_shows_files_findings_and_failures() -> None:
    page = render(MANY, "md")
    assert page.count("\n## ") == 4
    assert "**Пишите мне в вотсап**" in page
    assert "нет\\.srt" in page


def test_an_ending_names_its_format() -> None:
    assert [format_of(name) for name in ("a.HTML", "b.htm", "c.txt", "d.jsonl", "e.xyz", "html")] == [
        "html", "html", "text", "jsonl", None, "html",
    ]  # fmt: skip


def test_a_clean_file_says_so() -> None:
    clean = Report("ozon", MADE, [SILENT])
    assert "Нарушений не найдено" in shown(clean, 80)
    assert render(clean, "text") == "Проверено файлов: 1. Нарушений: 0, предупреждений: 0, советов: 0.\n"
    assert HOSTILE not in render(clean, "html")
