"""The public names of the package: there, lazy, typed, and doing what the README shows."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import streamcheck
from streamcheck import Checker, StreamcheckError, check_file, check_text, load_rules

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACK = """
pack: probe
sources: {s: {title: Правила}}
rules:
  - id: word
    title: Слово
    category: distraction
    any: [{words: [тарабарщина]}]
    message: "«{match}»"
    advice: {say: Говорите по-русски.}
    why: Так проще.
    source: s
"""
SRT = "1\n00:00:01,000 --> 00:00:03,000\nэто тарабарщина\n"


def test_every_public_name_is_there_and_no_other_is_said_to_be() -> None:
    assert set(streamcheck.__all__) <= set(dir(streamcheck))
    for name in streamcheck.__all__:
        assert getattr(streamcheck, name).__doc__ or name == "__version__"
    with pytest.raises(AttributeError, match="check_video"):
        streamcheck.check_video  # noqa: B018
    assert (Path(streamcheck.__file__).parent / "py.typed").is_file()


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, streamcheck, json; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout))
    assert not loaded & {"numpy", "av", "faster_whisper", "pymorphy3", "pydantic", "streamcheck.checking"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "probe.yaml").write_text(PACK, encoding="utf-8")
    return tmp_path


def test_a_text_gives_findings_with_their_lines(folder: Path) -> None:
    found = check_text("Доброе утро\n\nэто тарабарщина", rules=[str(folder)])
    assert [(one.line, one.rule, one.quote) for one in found] == [(3, "probe/word", "тарабарщина")]
    assert check_text("это тарабарщина") == []
    assert check_text("") == check_text(" \n") == []


def test_a_file_gives_words_findings_and_notes(folder: Path) -> None:
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    checker = Checker(load_rules([folder]))
    reviewed = check_file(folder / "a.srt", checker=checker)
    assert [one.text for one in reviewed.utterances] == ["это тарабарщина"]
    assert [(one.rule, one.file) for one in reviewed.findings] == [("probe/word", str(folder / "a.srt"))]
    assert (reviewed.notes, reviewed.length) == ([], 3.0)


def test_what_is_wrong_is_raised_in_one_sentence(folder: Path) -> None:
    (folder / "a.srt").write_bytes(b"")
    for action in (
        lambda: check_file(folder / "a.srt"),
        lambda: check_file(folder / "absent.mp4", use_cache=False),
        lambda: check_file(folder / "absent.mp4", transcript=folder / "a.srt"),
        lambda: check_text("x", platform="амазон"),
        lambda: check_text("x", rules=[folder / "absent"]),
    ):
        with pytest.raises(StreamcheckError) as raised:
            action()
        assert str(raised.value)


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_the_examples_of_the_readme_run(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-rules").mkdir()
    (rule,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "my-rules" / "shop.yaml").write_text(rule, encoding="utf-8")
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    assert test.examples
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(test, out=told.append).failed == 0, "".join(told)
