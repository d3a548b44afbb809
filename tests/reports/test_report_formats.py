"""Every format holds every finding, and nothing of what was said acts in it."""

import csv
import io
import json
import re
import sys
from dataclasses import replace
from importlib.resources import files

import jsonschema
import openpyxl
import pytest
from pysubs2 import SSAFile
from rich.console import Console

from streamcheck.errors import OutputError
from streamcheck.i18n import use_language
from streamcheck.reports import FORMATS, Report, format_of, render, terminal
from streamcheck.reports.report import Judgement, severities, tally
from tests.reports.report_samples import BROADCAST, EVIL, HELLO, HOSTILE, MADE, MANY, REPORT, SILENT, UNTIMED, utterance
from tests.reports.sarif_shape import SARIF


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


def readable(report: Report, form: str) -> str:
    """The report as text; a workbook as its cells, one a line."""
    result = render(report, form)
    if isinstance(result, str):
        return result
    book = openpyxl.load_workbook(io.BytesIO(result))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    return "\n".join(str(cell.value) for cell in cells)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_holds_every_quote(form: str) -> None:
    result = " ".join(readable(REPORT, form).split("\n")) if form.startswith("transcript") else readable(REPORT, form)
    for quote in {finding.quote for finding in BROADCAST.findings}:
        assert quote in result.replace("\\", ""), quote


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_keeps_no_character_that_a_terminal_obeys(form: str) -> None:
    result = readable(EVIL, form).replace("\ufeff", "", 1)
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
@pytest.mark.parametrize("form", ["srt", "vtt", "transcript-srt", "transcript-vtt"])
def test_subtitles_need_one_timed_recording(report: Report, form: str) -> None:
    with pytest.raises(OutputError):
        render(report, form)


def test_a_workbook_has_a_row_a_finding_and_the_counts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(render(MANY, "xlsx")))
    findings, counts = (list(sheet.values) for sheet in book)
    assert len(findings) == 1 + 6
    assert findings[1][:5] == ("эфир.opus", "0:03", "нарушение", "Контакты и мессенджеры", "Пишите мне в вотсап")
    assert findings[6][1] == 7
    assert book.worksheets[0].auto_filter.ref == "A1:N7"
    assert ("эфир.opus", "Превосходная степень", 1, 0, 0) in counts
    assert counts[-1][:2] == ("нет.srt", "нет.srt: нет такого файла")


def test_a_workbook_tells_what_was_decided() -> None:
    judged = replace(BROADCAST, judgements={BROADCAST.findings[0].id: Judgement("false-alarm", "=1+1", "Ерлан")})
    row = list(openpyxl.load_workbook(io.BytesIO(render(Report("ozon", MADE, [judged]), "xlsx"))).worksheets[0].values)[
        1
    ]
    assert row[-3:] == ("ложная тревога", "=1+1", "Ерлан")


def test_a_workbook_holds_the_longest_text() -> None:
    found = replace(BROADCAST.findings[0], context="слово " * 10_000)
    (_, row) = (
        openpyxl.load_workbook(io.BytesIO(render(Report("ozon", MADE, [replace(BROADCAST, findings=[found])]), "xlsx")))
        .worksheets[0]
        .values
    )
    assert len(row[5]) == 32_767


def test_without_its_library_a_workbook_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(OutputError, match=r"streamcheck\[export\]"):
        render(REPORT, "xlsx")


def test_a_sarif_log_has_a_result_a_finding() -> None:
    (run,) = json.loads(render(MANY, "sarif"))["runs"]
    results = run["results"]
    assert [result["level"] for result in results] == ["error", "warning", "error", "none", "note", "error"]
    assert [result["ruleId"] for result in results] == [
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] for result in results
    ]
    assert results[3]["kind"] == "pass"
    assert results[4]["suppressions"] == [{"kind": "external", "justification": "название товара"}]
    place = results[5]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "%D1%82%D0%B5%D0%BA%D1%81%D1%82.txt", "index": 2}
    assert place["region"]["startLine"] == 7
    assert run["artifacts"][2]["location"]["uri"] == place["artifactLocation"]["uri"]
    assert run["invocations"][0]["executionSuccessful"] is False


@pytest.mark.parametrize("report", [REPORT, MANY, EVIL, Report("ozon", MADE, [])], ids=["one", "many", "evil", "none"])
def test_a_sarif_log_has_the_shape_of_the_standard(report: Report) -> None:
    jsonschema.Draft202012Validator(SARIF, format_checker=jsonschema.FormatChecker()).validate(
        json.loads(render(report, "sarif"))
    )


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_a_transcript_as_subtitles_holds_every_word_in_short_cues(form: str) -> None:
    said = utterance("Слово за слово, и длинная фраза без единой паузы тянется. " * 12, 10.0, 50.0)
    file = replace(BROADCAST, utterances=[replace(HELLO, speaker="Ирина"), said])
    content = render(Report("ozon", MADE, [file]), f"transcript-{form}")
    assert isinstance(content, str)
    cues = SSAFile.from_string(content, format_=form).events
    texts = [cue.plaintext for cue in cues]
    assert texts[0] == "Ирина: Доброе утро, друзья!"
    assert " ".join(texts[1:]).split() == said.text.split()
    assert all(len(line) <= 42 for shown in texts for line in shown.split("\n"))
    assert all(shown.count("\n") < 2 for shown in texts)
    assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
    assert (cues[1].start, cues[-1].end) == (10_000, 50_000)


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
    assert [format_of(name) for name in ("a.HTML", "b.htm", "c.txt", "d.jsonl", "e.xyz", "html", "f.sarif.json")] == [
        "html", "html", "text", "jsonl", None, "html", "sarif",
    ]  # fmt: skip


def test_a_clean_file_says_so() -> None:
    clean = Report("ozon", MADE, [SILENT])
    assert "Нарушений не найдено" in shown(clean, 80)
    assert render(clean, "text") == "Проверено файлов: 1. Нарушений: 0, предупреждений: 0, советов: 0.\n"
    assert HOSTILE not in render(clean, "html")
