"""The sinks that write lines: JSON and plain text."""

import io
import json

import pytest

from streamcheck.events import Status
from streamcheck.overlay.jsonl import JsonLines
from streamcheck.overlay.plain import PlainLines
from streamcheck.overlay.screen import Heading
from tests.overlay.events import HOSTILE, finding, hypothesis


class Flushed(io.StringIO):
    """Counts flushes, and how much had been written at the last one."""

    flushed = ""

    def flush(self) -> None:
        self.flushed = self.getvalue()


def plain(*events: object) -> list[str]:
    out = io.StringIO()
    sink = PlainLines(out, Heading("Микрофон", "kaspi", "base"))
    for event in events:
        getattr(sink, {"Finding": "finding", "Status": "status"}[type(event).__name__])(event)
    return out.getvalue().splitlines()


def test_json_lines_hold_the_contract() -> None:
    out = Flushed()
    sink = JsonLines(out)
    sink.status(Status("listening", lag=0.25, level_db=float("-inf"), received=1.5))
    sink.transcript(hypothesis("ещё не всё", final=False), 2.0)
    sink.transcript(hypothesis("это всё"), 2.0)
    sink.finding(finding(state="tentative"))
    sink.finding(finding())
    assert out.flushed == out.getvalue()
    status, said, first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert status == {
        "type": "status",
        "state": "listening",
        "lag": 0.25,
        "policy_lag": 0.0,
        "level": None,
        "received": 1.5,
        "detail": "",
        "ladder": "normal",
        "unchecked": [],
    }
    assert (said["type"], said["text"], said["start"], said["end"], said["emitted"]) == (
        "transcript",
        "это всё",
        1.0,
        1.9,
        2.0,
    )
    assert said["words"][0] == ["это", 1.0, 1.4, 1.0]
    assert [first["state"], second["state"]] == ["tentative", "confirmed"]
    assert first["type"] == "finding"
    assert first["id"] == second["id"]
    assert first["quote"] == "самый лучший"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_json_lines_escape_hostile_text(hostile: str) -> None:
    out = io.StringIO()
    sink = JsonLines(out)
    sink.finding(finding(hostile, suggestion=hostile))
    sink.transcript(hypothesis(hostile), 1.0)
    for line in out.getvalue().splitlines():
        assert line.isprintable()
        line.encode()
    assert json.loads(out.getvalue().splitlines()[0])["quote"] == hostile


def test_plain_lines_tell_a_finding_once() -> None:
    rows = plain(finding(state="tentative"), finding(), finding())
    assert rows == ["   0:01  ! НАРУШЕНИЕ · Превосходная степень: «самый лучший» → «очень удобный»"]


def test_plain_lines_tell_what_fell() -> None:
    assert plain(finding(state="tentative"), finding(state="withdrawn"))[1:] == ["   0:01  – снято: «самый лучший»"]
    assert plain(finding(state="withdrawn")) == []
    assert plain(finding(state="supported")) == ["   0:01  + есть доказательство: «самый лучший»"]


def test_plain_lines_tell_a_state_once() -> None:
    rows = plain(
        Status("loading"),
        Status("listening", received=1.0),
        Status("listening", received=2.0),
        Status("gap", received=3.0, detail="микрофон отключён 2 с"),
        Status("gap", received=4.0, detail="микрофон отключён 3 с"),
    )
    assert rows == [
        "   0:00  ЗАГРУЗКА",
        "   0:01  СЛУШАЮ: Микрофон · площадка kaspi · модель base",
        "   0:03  НЕТ ЗВУКА: микрофон отключён 2 с",
    ]


def test_the_summary_counts_and_lists() -> None:
    out = io.StringIO()
    sink = PlainLines(out, Heading("Микрофон", "kaspi", "base"))
    sink.status(Status("stopped", received=3725.0))
    for number, severity in enumerate(("violation", "violation", "advice")):
        sink.finding(finding(id=str(number), severity=severity, quote="слова" if number < 2 else "иное"))
    out.truncate(0)
    sink.close()
    rows = out.getvalue().strip("\0\n").splitlines()
    assert rows[:2] == ["Эфир окончен: 1:02:05", "Нарушений: 2, предупреждений: 0, советов: 1."]
    assert rows[2].endswith("×2")
    assert len(rows) == 4


def test_the_summary_lists_findings_as_they_were_said() -> None:
    out = io.StringIO()
    sink = PlainLines(out, Heading("Микрофон", "kaspi", "base"))
    sink.status(Status("stopped", received=60.0))
    for number, (start, quote) in enumerate(((42.0, "второе"), (36.0, "первое"))):
        sink.finding(finding(id=str(number), start=start, end=start + 1, quote=quote))
    out.truncate(0)
    sink.close()
    rows = out.getvalue().strip("\0\n").splitlines()
    assert ["первое" in rows[2], "второе" in rows[3]] == [True, True]


def test_the_summary_names_what_was_not_checked() -> None:
    out = io.StringIO()
    sink = PlainLines(out, Heading("Микрофон", "kaspi", "base"))
    sink.status(Status("stopped", received=60.0, detail="не проверено 0:12–0:20", unchecked=((12.0, 20.0),)))
    sink.close()
    assert "не проверено 0:12–0:20" in out.getvalue()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_plain_lines_show_hostile_text_on_one_line(hostile: str) -> None:
    out = io.StringIO()
    sink = PlainLines(out, Heading(hostile, hostile, hostile))
    sink.status(Status("listening"))
    sink.status(Status("gap", detail=hostile))
    sink.transcript(hypothesis(hostile), 1.0)
    sink.finding(finding(hostile, suggestion=hostile))
    rows = out.getvalue().split("\n")
    assert len(rows) == 5
    assert all(row.isprintable() and len(row) < 3000 for row in rows)
