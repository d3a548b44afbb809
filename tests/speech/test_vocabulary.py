"""A model with fewer pieces of words: which stay, that it hears the same, and what is left alone."""

import json
import shutil
from itertools import islice
from pathlib import Path

import jiwer
import numpy as np
import pytest
import regex
from faster_whisper.tokenizer import Tokenizer as WhisperTokenizer
from tokenizers import Tokenizer

from streamcheck.audio.media import read_samples
from streamcheck.errors import ModelError
from streamcheck.events import SAMPLE_RATE, Samples
from streamcheck.speech import vocabulary
from streamcheck.speech.engine import WhisperEngine, load_whisper
from streamcheck.speech.models import resolve_model
from streamcheck.speech.vocabulary import is_trimmed, trimmed
from tests.audio.sound import joined

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def folder() -> Path:
    try:
        return resolve_model("base")
    except ModelError as error:
        pytest.skip(f"needs the extra «offline»: {error}")


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, bytes]:
    files = trimmed(folder, "ru")
    assert files is not None
    return files


def plain(text: str) -> str:
    return " ".join(regex.findall(r"\w+", text.lower().replace("ё", "е")))


def test_speech_is_heard_as_by_the_whole_model(folder: Path) -> None:
    sound: Samples = joined(read_samples(SAMPLES / "broadcast.opus"))
    step = 10 * SAMPLE_RATE
    windows = [sound[start : start + step] for start in range(0, len(sound), step)]
    whole = WhisperEngine(load_whisper(folder), "ru", "base")
    less = WhisperEngine(load_whisper(folder, language="ru"), "ru", "base")
    said = [plain(" ".join(engine.listen([one])[0].text for one in windows)) for engine in (whole, less)]
    assert jiwer.wer(*said) < 0.03
    first, second = (engine.listen(windows[:1])[0] for engine in (whole, less))
    assert [word.text for word in first.words] == [word.text for word in second.words]
    times = np.array([[word.start, word.end] for heard in (first, second) for word in heard.words]).reshape(2, -1)
    assert np.abs(times[0] - times[1]).max() < 0.05


@pytest.mark.parametrize(
    "said",
    [
        "Скидка только сегодня!",
        "Қазақстандағы әңгіме",
        "3000 ватт, 75 %",
        "пишите в WhatsApp",
        "Kaspi, Ozon, TikTok",
        "shop.kz",
        "— да, «сегодня»…",
        "№ 5, 500 ₸, 20 €",
        "♪ ♪♪",
    ],
)
def test_what_is_said_in_cyrillic_needs_no_other_pieces(folder: Path, files: dict[str, bytes], said: str) -> None:
    whole, less = Tokenizer.from_file(str(folder / "tokenizer.json")), Tokenizer.from_buffer(files["tokenizer.json"])
    assert less.encode(said).tokens == whole.encode(said).tokens
    assert less.decode(less.encode(said).ids) == said


def test_what_is_never_said_goes(folder: Path, files: dict[str, bytes]) -> None:
    whole, less = Tokenizer.from_file(str(folder / "tokenizer.json")), Tokenizer.from_buffer(files["tokenizer.json"])
    for foreign in ("의", "ال", "您", "ção"):
        assert len(whole.encode(foreign, add_special_tokens=False).ids) == 1
        assert len(less.encode(foreign, add_special_tokens=False).ids) > 1
        assert less.decode(less.encode(foreign).ids) == foreign, "still to be spelled"
    assert less.get_vocab_size() < whole.get_vocab_size() / 3
    assert is_trimmed(less)
    assert not is_trimmed(whole)


def test_special_pieces_are_numbered_alike_everywhere(folder: Path, files: dict[str, bytes]) -> None:
    pieces = files["vocabulary.txt"].decode().split("\n")
    tokenizer = Tokenizer.from_buffer(files["tokenizer.json"])
    config, before = json.loads(files["config.json"]), json.loads((folder / "config.json").read_bytes())
    assert [pieces[one] for one in config["lang_ids"]][:2] == ["<|en|>", "<|zh|>"]
    assert len(config["lang_ids"]) == len(before["lang_ids"])
    for special in ("<|endoftext|>", "<|startoftranscript|>", "<|ru|>", "<|kk|>", "<|transcribe|>", "<|notimestamps|>"):
        assert pieces[tokenizer.token_to_id(special)] == special
    assert config["alignment_heads"] == before["alignment_heads"]


def test_a_vocabulary_in_json_is_read_too(folder: Path, tmp_path: Path, files: dict[str, bytes]) -> None:
    copy = copied(folder, tmp_path)
    pieces = (copy / "vocabulary.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    (copy / "vocabulary.txt").unlink()
    (copy / "vocabulary.json").write_text(json.dumps(pieces), encoding="utf-8")
    fewer = trimmed(copy, "kk")
    assert fewer is not None
    assert fewer["model.bin"] == files["model.bin"]
    assert json.loads(fewer["vocabulary.json"]) == files["vocabulary.txt"].decode().removesuffix("\n").split("\n")
    heard = WhisperEngine(load_whisper(copy, language="ru"), "ru", "base")
    sound = np.concatenate([block.samples for block in islice(read_samples(SAMPLES / "broadcast.opus"), 60)])
    assert regex.search(r"\p{Cyrillic}{4}", heard.listen([sound[: 8 * SAMPLE_RATE]])[0].text)


def test_the_same_pieces_are_never_spoken(folder: Path, files: dict[str, bytes]) -> None:
    """Music and stage directions are suppressed by their pieces, which the tokenizer is asked for."""
    whole, less = Tokenizer.from_file(str(folder / "tokenizer.json")), Tokenizer.from_buffer(files["tokenizer.json"])
    silent, still = (
        {one.id_to_token(number) for number in WhisperTokenizer(one, True, "transcribe", "ru").non_speech_tokens}
        for one in (whole, less)
    )
    assert still == {piece for piece in silent if less.token_to_id(piece) is not None}
    assert len(still) > 50


@pytest.mark.parametrize("language", ["en", "de", "auto"])
def test_other_languages_need_it_whole(folder: Path, language: str) -> None:
    assert trimmed(folder, language) is None


@pytest.mark.parametrize("what", ["large", "version", "cut", "no vocabulary", "config", "tokenizer", "one language"])
def test_what_is_not_known_stays_as_it_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    copy = copied(folder, tmp_path)
    weights = copy / "model.bin"
    if what == "large":
        monkeypatch.setattr(vocabulary, "LARGEST", 1000)
    elif what == "version":
        weights.write_bytes(b"\x07" + weights.read_bytes()[1:])
    elif what == "cut":
        weights.write_bytes(weights.read_bytes()[:5000])
    elif what == "no vocabulary":
        (copy / "vocabulary.txt").unlink()
    elif what == "config":
        (copy / "config.json").write_text("[]")
    elif what == "tokenizer":
        (copy / "tokenizer.json").write_text("{}")
    else:
        pieces = (copy / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
        (copy / "vocabulary.txt").write_text("\n".join(pieces[:51_864]), encoding="utf-8")
    assert trimmed(copy, "ru") is None


def copied(folder: Path, to: Path) -> Path:
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copy(folder / name, to / name)
    return to
