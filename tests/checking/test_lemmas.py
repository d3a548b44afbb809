from pathlib import Path

import pytest

from streamcheck.checking import lemmas
from streamcheck.checking.lemmas import LemmaStore, lemmas_of


def test_lemmas_that_were_kept_are_not_looked_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cache" / "lemmas.json"
    words = ["телефоны", "пишите", "вотсап", "стали"]
    store = LemmaStore(path)
    found = {word: store.of(word) for word in words}
    assert found == {word: lemmas_of(word) for word in words}
    store.save()
    monkeypatch.setattr(lemmas, "form", None)
    assert {word: LemmaStore(path).of(word) for word in words} == found


@pytest.mark.parametrize(
    "damaged", [b"", b"\xff\x00", b"[]", b'{"dictionary": "another", "lemmas": {"x": ["y"]}}', b"SAME5", b"SAME[5]"]
)
def test_a_broken_file_counts_as_none(tmp_path: Path, damaged: bytes) -> None:
    path = tmp_path / "lemmas.json"
    if damaged.startswith(b"SAME"):
        store = LemmaStore(path)
        store.of("пишите")
        store.save()
        damaged = path.read_bytes().replace('["писать"]'.encode(), damaged.removeprefix(b"SAME"))
    path.write_bytes(damaged)
    assert LemmaStore(path).of("пишите") == ["писать"]


def test_a_folder_that_cannot_be_written_keeps_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = LemmaStore(tmp_path / "file" / "lemmas.json")
    assert store.of("пишите") == ["писать"]
    store.save()
