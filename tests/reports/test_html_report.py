"""The HTML report in a real browser: it shows, filters, searches and jumps, and runs nothing that was said."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from streamcheck.i18n import LANGUAGES, use_language
from streamcheck.reports import Report, ReviewedFile, render
from tests.reports.report_samples import BROADCAST, EVIL, MADE, MANY, REPORT, finding, utterance

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True, params=["ru"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language(None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("needs a browser: Debian package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A function that opens a report and returns its page; complaints of the page fail the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_report(report: Report, viewport: dict[str, int] = DESKTOP, **options: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(render(report, "html"), encoding="utf-8")
        contexts.append(browser.new_context(viewport=viewport, reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith("file:") or complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert not complaints


def shown(page: Any, selector: str) -> int:
    return sum(one.is_visible() for one in page.query_selector_all(selector))


def settled(page: Any) -> None:
    page.wait_for_timeout(200)  # the search waits 80 ms for the next key


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_that_was_said_runs_or_breaks_the_page(opened: Any, viewport: dict[str, int]) -> None:
    page = opened(EVIL, viewport)
    settled(page)
    assert page.title() != "hacked"
    assert page.evaluate("document.scripts.length") == 1
    assert page.evaluate("document.querySelectorAll('main img, body img, [onload], [onerror]').length") == 0
    assert page.evaluate("[...document.links].filter((a) => !/^(file|https?):/.test(a.protocol)).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert "{{7*7}}" in page.inner_text("h1")


def test_the_policy_stops_a_script_that_slipped_through(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "slipped.html"
    slipped = "<script>document.title = 'hacked'</script><img src=x onerror=\"document.title = 'hacked'\">"
    path.write_text(render(REPORT, "html").replace("<footer>", f"{slipped}<footer>"), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_timeout(200)
    assert page.title().startswith("Проверка эфира")
    page.close()


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_view_shows_all_and_fits(opened: Any, language: str, scheme: str, viewport: dict[str, int]) -> None:
    page = opened(MANY, viewport, color_scheme=scheme)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert shown(page, ".finding") == 6
    assert shown(page, ".lines p[id]") == 4
    assert max(row.bounding_box()["height"] for row in page.query_selector_all(".finding")) < viewport["height"] / 2
    assert shown(page, ".failed") == 1
    assert shown(page, "#filters") == 1
    assert not re.search(r"reports\.|terms\.|undefined|None", page.inner_text("body"))


def test_severities_categories_and_search_filter(opened: Any) -> None:
    page = opened(REPORT)
    page.uncheck("input[value=violation]")
    settled(page)
    assert shown(page, ".finding") == 2
    page.click("#clear")
    page.select_option("#category", "superlative")
    settled(page)
    assert shown(page, ".finding") == 2
    assert page.evaluate("document.querySelectorAll('.track a:not(.off)').length") == 1
    page.click("#clear")
    page.fill("#search", "ВОТСАП")
    settled(page)
    assert shown(page, ".finding") == 2
    assert shown(page, ".lines p[id]") == 1
    assert page.inner_text("#shown") == "Показано 2 из 5"
    page.fill("#search", "такого никто не говорил")
    settled(page)
    assert shown(page, ".findings .empty") == 1
    page.keyboard.press("Escape")
    settled(page)
    assert shown(page, ".finding") == 5


def test_a_lane_picks_its_category(opened: Any) -> None:
    page = opened(REPORT)
    page.click(".lane[data-category=deal] .label")
    settled(page)
    assert shown(page, ".finding") == 1


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_jumps_lead_both_ways(opened: Any, viewport: dict[str, int]) -> None:
    page = opened(REPORT, viewport)
    page.click("#f1-3 .when a")
    assert page.get_attribute("#u1-3", "class") == "hit flash"
    assert page.locator("#u1-3").evaluate(IN_VIEW)
    page.click("#u1-3 .mark")
    assert "flash" in page.get_attribute("#f1-3", "class")
    assert page.locator("#f1-3").evaluate(IN_VIEW)
    page.click(".lane[data-category=deal] a", force=True)
    assert "flash" in page.get_attribute("#f1-2", "class")


IN_VIEW = """(one) => {
  const box = one.getBoundingClientRect();
  return box.top >= 0 && box.top < innerHeight && document.elementFromPoint(box.left + 20, box.top + 10) !== null;
}"""


def test_keys_walk_the_findings(opened: Any) -> None:
    page = opened(REPORT)
    for key, flashed in (("j", "f1-1"), ("j", "f1-2"), ("k", "f1-1")):
        page.keyboard.press(key)
        assert page.get_attribute(".finding.flash", "id") == flashed
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"


def test_only_speech_with_findings(opened: Any) -> None:
    page = opened(REPORT)
    page.check("label.only input")
    assert shown(page, ".lines p[id]") == 2


def test_it_reads_without_its_script(opened: Any) -> None:
    page = opened(REPORT, java_script_enabled=False)
    assert shown(page, ".finding") == 5
    assert shown(page, ".filters") == 0
    page.click("#u1-2 .mark")
    assert page.url.endswith("#f1-1")


def test_print_shows_all_speech_and_no_controls(opened: Any) -> None:
    page = opened(REPORT)
    page.emulate_media(media="print")
    assert shown(page, "#filters") == 0
    assert page.locator(".lines").evaluate("(pane) => pane.scrollHeight <= pane.clientHeight + 2")


def test_eight_hours_with_500_findings_open_and_search(opened: Any) -> None:
    said = [
        utterance(f"Номер {n} стоит дёшево, пишите мне в вотсап и берите сразу две штуки", n * 4.8, n * 4.8 + 4.5)
        for n in range(6000)
    ]
    found = [finding(one, 4, 8, id=str(n)) for n, one in enumerate(said[::12])]
    report = Report("ozon", MADE, [replace(BROADCAST, utterances=said, findings=found, duration=8 * 3600.0)])
    began = time.monotonic()
    page = opened(report)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    print(f"rendered and opened in {time.monotonic() - began:.2f} s")
    page.fill("#search", "номер 5988")
    settled(page)
    assert shown(page, ".finding") == 1
    page.click("#clear")
    settled(page)
    page.click("#f1-499 .when a")
    page.wait_for_timeout(100)
    assert page.locator("#u1-5977").evaluate(IN_VIEW)


def test_a_review_of_nothing_is_still_a_page(opened: Any) -> None:
    page = opened(Report("generic", MADE, [ReviewedFile("пусто.vtt", [], [])]))
    assert "Нарушений не найдено" in page.inner_text("body")
    assert shown(page, "#filters") == 0
