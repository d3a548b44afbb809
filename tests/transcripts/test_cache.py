"""The cache of what was recognised: by content and recipe, whole entries or none, never in the way."""

from pathlib import Path

import pytest

from streamcheck.events import Utterance, Word
from streamcheck.transcripts.cache import Recognition, TranscriptCache

HEARD = Recognition(
    (Utterance((Word("Доброе", 0.1, 0.5, 0.93), Word("утро", 0.5, 0.9, 1 / 3)), 0.1, 0.9, speaker="A"),), 12.5, "cut"
)


def test_the_cache_gives_back_what_it_took(tmp_path: Path) -> None:
    cache = TranscriptCache(tmp_path / "cache")
    key = cache.key([written(tmp_path / "a.wav", b"abc")], {"model": "base"})
    assert cache.get(key) is None
    cache.put(key, HEARD)
    assert cache.get(key) == HEARD
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".json"]


def test_the_cache_knows_sound_by_content_and_recipe(tmp_path: Path) -> None:
    cache = TranscriptCache(tmp_path)
    first, copy, other = (written(tmp_path / name, data) for name, data in (("a", b"abc"), ("b", b"abc"), ("c", b"ab")))
    key = cache.key([first], {"model": "base"})
    assert cache.key([copy], {"model": "base"}) == key
    assert cache.key([other], {"model": "base"}) != key
    assert cache.key([first], {"model": "small"}) != key
    assert cache.key([first, copy], {"model": "base"}) != key


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"utterances": [[1]]}', b"\xff\xfe"])
def test_a_broken_entry_counts_as_none(broken: bytes, tmp_path: Path) -> None:
    cache = TranscriptCache(tmp_path)
    cache.put("key", HEARD)
    (tmp_path / "key.json").write_bytes(broken)
    assert cache.get("key") is None


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = TranscriptCache(tmp_path / "file" / "cache")
    cache.put("key", HEARD)
    assert cache.get("key") is None


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
