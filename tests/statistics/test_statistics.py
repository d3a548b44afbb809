"""Many broadcasts counted, shown, and drawn."""

import csv
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streamcheck.cli.main import main
from streamcheck.events import Finding
from streamcheck.sessions.home import Home
from streamcheck.sessions.store import About, Decision, Session, Verdict
from streamcheck.statistics.counting import Broadcast, count, week_of, weeks_between
from tests.overlay.events import HOSTILE, finding

MONDAY = time.mktime((2026, 11, 16, 12, 0, 0, 0, 0, -1))
WEEK = 7 * 86_400.0


def session(ident: str, presenter: str = "", hours: float = 1.0, content: str = "", **changes: Any) -> Session:
    values = {"started": MONDAY, "platform": "kaspi"} | changes
    return Session(
        ident, values["started"], 0.0, "эфир", values["platform"], "base", "ru", presenter, hours * 3600, "", content
    )


def broadcast(one: Session, *findings: Finding, **verdicts: Verdict) -> Broadcast:
    held = {ident: Decision(ident, "", None, verdict, "", "", 0.0) for ident, verdict in verdicts.items()}
    return Broadcast(one, findings, held)


def test_findings_an_hour_leave_out_what_does_not_count() -> None:
    statistics = count(
        [
            broadcast(
                session("a", "Айгуль", hours=2.0),
                finding(id="f1"),
                finding(id="f2"),
                finding(id="f3"),
                finding(id="f4", state="withdrawn"),
                finding(id="f5", state="supported"),
                finding(id="f6", ignored="так надо"),
                f1="breach",
                f2="false-alarm",
                f3="unsure",
            ),
            broadcast(session("b", "Ерлан", hours=1.0), finding(id="f1", category="contact", severity="warning")),
        ]
    )
    assert (statistics.total.findings, statistics.total.hours, statistics.total.per_hour) == (3, 3.0, 1.0)
    assert statistics.total.violations == 2
    hosts = statistics.groups["presenter"]
    assert {one.name: (one.findings, one.per_hour) for one in hosts} == {"Айгуль": (2, 1.0), "Ерлан": (1, 1.0)}
    categories = {one.name: one.per_hour for one in statistics.groups["category"]}
    assert categories == {"superlative": pytest.approx(2 / 3), "contact": pytest.approx(1 / 3)}


def test_texts_without_times_make_no_rate_worse() -> None:
    statistics = count([broadcast(session("a"), finding()), broadcast(session("b", hours=0.0), finding())])
    assert (statistics.total.findings, statistics.total.per_hour) == (2, 1.0)
    assert count([broadcast(session("b", hours=0.0), finding())]).total.per_hour is None


def test_a_session_that_was_reviewed_again_is_counted_once() -> None:
    live, review = session("a"), session("b", content="session:a")
    statistics = count([broadcast(live, finding(), finding(id="2")), broadcast(review, finding())])
    assert (statistics.total.sessions, statistics.total.findings) == (1, 1)


def test_rules_are_judged_by_all_that_they_found() -> None:
    bad, good = finding(id="f1", rule="shop/bad"), finding(id="f2", rule="shop/good")
    twice = [broadcast(session(name), bad, good, f1="false-alarm", f2="breach") for name in "ab"]
    third = broadcast(session("c"), bad, f1="unsure")
    records = {one.rule: one for one in count([*twice, third]).rules}
    assert list(records) == ["shop/bad", "shop/good"]
    assert (records["shop/bad"].sessions, records["shop/bad"].fired, records["shop/bad"].false_share) == (3, 3, 1.0)
    assert records["shop/good"].false_share == 0.0


def test_weeks_are_those_of_iso_and_come_in_order() -> None:
    assert week_of(MONDAY) == "2026-W47"
    assert week_of(time.mktime((2027, 1, 1, 12, 0, 0, 0, 0, -1))) == "2026-W53"
    assert weeks_between("2026-W51", "2027-W02") == ["2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    late, early = session("a", started=MONDAY), session("b", started=MONDAY - 5 * WEEK)
    weeks = count([broadcast(late), broadcast(early)]).groups["week"]
    assert [one.name for one in weeks] == ["2026-W42", "2026-W47"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return Home.of_user()


@pytest.fixture
def kept(home: Home) -> Home:
    """Three broadcasts of two hosts; one rule was wrong each time."""
    with home.store() as store:
        for number, presenter in enumerate(("Айгуль", "Айгуль", "=Ерлан")):
            ident = store.begin(About(f"эфир {number}", "kaspi" if number else "ozon", "base", presenter=presenter))
            found = [finding(id="f1"), finding(id="f2", rule="shop/bad", category="contact", fingerprint="bb")]
            store.put_findings(ident, found)
            store.decide(ident, "f2", "false-alarm")
            store.end(ident, 1800.0)
    return home


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*args: str, code: int = 0) -> str:
        assert main(["stats", *args]) == code
        out, err = capsys.readouterr()
        return err if code else out

    return run


def test_tables_are_for_the_terminal(kept: Home, run: Callable[..., str]) -> None:
    shown = run()
    assert "Эфиры: 3 · Часы: 1,5 · Находки: 3 · Находок в час: 2,0" in shown
    assert "Айгуль" in shown
    assert "shop/bad ← поправить" in shown
    assert "100 %" in shown
    assert "таблицу показывает терминал" in run("--output", "x.txt", code=2)


def test_an_empty_store_says_how_to_fill_it(home: Home, run: Callable[..., str]) -> None:
    assert "review --keep" in run()
    assert json.loads(run("--format", "json"))["total"]["sessions"] == 0
    assert "review --keep" in run("--format", "html")


def test_options_choose_the_sessions(kept: Home, run: Callable[..., str]) -> None:
    def sessions(*args: str) -> int:
        total: int = json.loads(run("--format", "json", *args))["total"]["sessions"]
        return total

    assert sessions("--presenter", "Айгуль") == 2
    assert sessions("--platform", "ozon") == 1
    today = time.strftime("%Y-%m-%d")
    assert sessions("--since", today, "--until", today) == 3
    assert sessions("--until", "2020-01-01") == 0
    assert "нужна дата" in run("--since", "вчера", code=2)


def test_csv_is_one_safe_table(kept: Home, run: Callable[..., str]) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv").removeprefix("\ufeff"))))
    assert {row["by"] for row in rows} == {"total", "category", "presenter", "platform", "week", "rule"}
    assert "'=Ерлан" in {row["name"] for row in rows}
    (bad,) = [row for row in rows if row["name"] == "shop/bad"]
    assert (bad["fired"], bad["false_alarm_share"]) == ("3", "1.0")


def test_without_the_plotting_library_the_page_says_what_to_install(
    kept: Home, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert "streamcheck[stats]" in run("--format", "html", code=2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_the_page_shows_every_plot_and_asks_for_nothing(
    kept: Home, run: Callable[..., str], browser: Any, tmp_path: Path, scheme: str, width: int
) -> None:
    run("--output", "stats.html")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda one: one.url.startswith(("file:", "data:")) or complaints.append(one.url))
    page.goto((tmp_path / "stats.html").as_uri())
    sizes = page.evaluate("Promise.all([...document.images].map((one) => one.decode().then(() => one.naturalWidth)))")
    assert len(sizes) == 5
    assert all(sizes)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("tr.doubtful").inner_text().startswith("shop/bad")
    assert not complaints
    page.close()


def test_hostile_names_act_nowhere(
    home: Home, run: Callable[..., str], browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with home.store() as store:
        for name in (*HOSTILE, "$\\frac{1}{0}$", "</svg><script>document.title='hacked'</script>"):
            ident = store.begin(About(name, name, name, presenter=name))
            store.put_findings(ident, [finding(name, id="f1", rule=name, category=name)])
            store.decide(ident, "f1", "false-alarm")
            store.end(ident, 60.0)
    for form in ("table", "json"):
        assert [char for char in run("--format", form) if not char.isprintable() and char != "\n"] == []
    run("--output", "stats.html")
    page = browser.new_page()
    page.goto((tmp_path / "stats.html").as_uri())
    sizes = page.evaluate("Promise.all([...document.images].map((one) => one.decode().then(() => one.naturalWidth)))")
    assert all(sizes)
    assert page.title() == "streamcheck · Статистика эфиров"
    page.close()
