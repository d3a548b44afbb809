"""The HTML report in a real browser: it shows, filters, searches and jumps, and runs nothing that was said."""

import io
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest

from streamcheck.audio.decoding import SPEECH
from streamcheck.audio.writing import SoundTrack
from streamcheck.events import SAMPLE_RATE
from streamcheck.i18n import LANGUAGES, use_language
from streamcheck.reports import Report, ReviewedFile, render
from streamcheck.reports.report import Clip, Judgement
from streamcheck.sessions.decisions import read_decisions
from tests.reports.report_samples import BROADCAST, EVIL, MADE, MANY, REPORT, finding, utterance

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(autouse=True, params=["ru"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_language(request.param)
    yield request.param
    use_language(None)


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A function that opens a report and returns its page; complaints of the page fail the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_report(
        report: Report, viewport: dict[str, int] = DESKTOP, *, allow_errors: bool = False, **options: Any
    ) -> Any:
        path = tmp_path / "report.html"
        path.write_text(render(report, "html"), encoding="utf-8")
        contexts.append(browser.new_context(viewport=viewport, reduced_motion="reduce", **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: allow_errors or complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith(("file:", "blob:")) or complaints.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert not complaints


def shown(page: Any, selector: str) -> int:
    return sum(one.is_visible() for one in page.query_selector_all(selector))


def until(page: Any, condition: str) -> None:
    """Wait for a condition; playwright's own way evaluates strings, which the page's policy forbids."""
    deadline = time.monotonic() + 30
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


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
    page.locator(".lane[data-category=deal] a").first.focus()
    page.keyboard.press("Enter")
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


def tone(seconds: float) -> bytes:
    """Ogg Opus that a browser plays."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as container:
        track = SoundTrack(container, "libopus", SPEECH, 24_000)
        samples = np.sin(np.arange(round(seconds * SAMPLE_RATE)) * 0.2).astype(np.float32) * 0.3
        container.mux([*track.encode(0, samples), *track.finish()])
    return file.getvalue()


@pytest.fixture
def heard() -> Report:
    """A report whose findings can be heard, with a level and earlier decisions."""
    findings = [replace(one, id=f"f{n}") for n, one in enumerate(BROADCAST.findings, 1)]
    clips = {one.id: Clip(max((one.start or 0.0) - 2.0, 0.0), tone(4.0)) for one in findings[:2]}
    judgements = {"f3": Judgement("breach", "проверено", "Ерлан")}
    levels = [-20.0] * 3600 + [-80.0] * 100
    file = replace(
        BROADCAST,
        findings=findings,
        clips=clips,
        judgements=judgements,
        levels=levels,
        session="20261122-101010-abcdef",
    )
    return replace(REPORT, files=[file])


def test_clips_play_within_the_page_and_lead_to_the_words(opened: Any, heard: Report) -> None:
    page = opened(heard)
    assert shown(page, "button.play") == 2
    page.click("#f1-1 .play")
    until(page, "document.querySelector('audio').currentTime > 0.3")
    assert page.evaluate("document.querySelector('audio').src").startswith("blob:")
    page.wait_for_selector("#u1-2.now, #u1-1.now")
    assert shown(page, "#player .trouble") == 0
    page.click("#player .close")
    assert page.evaluate("document.querySelector('audio').paused")
    assert shown(page, ".now") == 0


def test_speech_that_can_be_heard_plays_from_its_line(opened: Any, heard: Report) -> None:
    page = opened(heard)
    assert page.get_attribute("#u1-2", "class") == "hit audible"
    assert page.get_attribute("#u1-3", "class") == "hit"
    page.click("#u1-2 .at")
    until(page, "document.querySelector('audio').currentTime > 1.5")  # the clip begins two seconds before
    page.click("#u1-3 .at")
    page.wait_for_selector("#u1-3.flash")


@pytest.mark.parametrize("there", [True, False])
def test_the_recording_beside_the_page_plays_or_is_missed(opened: Any, tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "эфир 1.opus").write_bytes(tone(8.0))
    page = opened(replace(REPORT, files=[replace(BROADCAST, recording=quote("эфир 1.opus"))]), allow_errors=not there)
    page.click("#u1-2 .at")
    if there:
        until(page, "document.querySelector('audio').currentTime > 3.5")
        page.wait_for_selector("#u1-2.now")
    else:
        page.wait_for_selector("#player .trouble:not([hidden])")


def test_the_picture_shows_level_and_silence_and_leads_to_the_speech(opened: Any, heard: Report) -> None:
    page = opened(heard)
    assert page.locator(".lane.level path").bounding_box()["height"] > 10
    titles = page.eval_on_selector_all(".lane.pauses rect title", "(all) => all.map((one) => one.textContent)")
    assert titles == ["0:07–1:00:00 никто не говорит", "1:00:03–1:01:40 никто не говорит"]
    box = page.locator(".lane.speech .track").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.99, box["y"] + box["height"] / 2)
    page.wait_for_selector("#u1-3.flash")


def saved(page: Any) -> dict:
    with page.expect_download() as download:
        page.click(".save")
    assert re.fullmatch(r"decisions-[\w.-]+\.json", download.value.suggested_filename)
    return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))


def test_decisions_are_made_filtered_and_saved_for_the_program(opened: Any, heard: Report) -> None:
    page = opened(heard)
    page.click("#f1-1 button[value=false-alarm]")
    page.fill("#f1-1 input.remark", "название «товара» </script>")
    page.fill("#f1-2 input.assignee", "Айгуль")
    page.click("#f1-3 button[value=breach]")  # it was pressed: taken back
    assert page.inner_text(".unsaved") == "Не сохранено: 3"
    page.select_option("#decision", "false-alarm")
    settled(page)
    assert shown(page, ".finding") == 1
    page.select_option("#decision", "open")
    settled(page)
    assert shown(page, ".finding") == 4
    content = saved(page)
    file = read_decisions(json.dumps(content).encode(), "decisions.json")
    assert file.session == "20261122-101010-abcdef"
    assert [(one.finding, one.verdict, one.remark, one.assignee) for one in file.decisions] == [
        ("f1", "false-alarm", "название «товара» </script>", ""),
        ("f2", "open", "", "Айгуль"),
        ("f3", "open", "проверено", "Ерлан"),
    ]
    assert "streamcheck sessions decide 20261122-101010-abcdef --from" in page.inner_text(".unsaved")


def test_a_draft_outlives_a_closed_page(opened: Any, heard: Report) -> None:
    page = opened(heard)
    page.click("#f1-2 button[value=unsure]")
    page.reload()
    assert page.get_attribute("#f1-2 button[value=unsure]", "aria-pressed") == "true"
    assert page.inner_text(".unsaved") == "Не сохранено: 1"
    assert page.inner_text("#f1-3 button[aria-pressed=true]") == "Нарушение"
    assert [one["finding"] for one in saved(page)["decisions"]] == ["f2"]
    page.click("#f1-1 button[value=breach]")
    page.reload()
    assert page.get_attribute("#f1-2", "data-verdict") == "unsure"
    assert [one["finding"] for one in saved(page)["decisions"]] == ["f1"], "what was saved is not saved again"


def test_keys_decide_and_go_on(opened: Any, heard: Report) -> None:
    page = opened(heard)
    for key in ("j", "1", "2", "k", "0", "r"):
        page.keyboard.press(f"Digit{key}" if key.isdigit() else key)
    assert page.get_attribute("#f1-1", "data-verdict") == "breach"
    assert page.get_attribute("#f1-2", "data-verdict") == "open"
    page.keyboard.type("12 jk")
    assert page.get_attribute("#f1-2", "data-remark") == "12 jk"
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    until(page, "!document.querySelector('audio').paused")


def test_decisions_are_printed_and_read_without_the_script(opened: Any, heard: Report) -> None:
    page = opened(heard, java_script_enabled=False)
    assert page.inner_text("#f1-3 .decision") == "нарушение · проверено · → Ерлан"
    assert shown(page, "button") == 0
    page = opened(heard)
    page.locator("#f1-3").scroll_into_view_if_needed()
    page.wait_for_selector("#f1-3 .controls")
    page.emulate_media(media="print")
    assert shown(page, ".controls") == 0
    assert shown(page, "#f1-3 .decision") == 1


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
    page = opened(report)
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    print(f"opened in {loaded / 1000:.2f} s")
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
