"""The real model over the sample broadcast: what it hears, when, and how little it is given."""

import json
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import jiwer
import numpy as np
import pytest
import regex
from rapidfuzz import fuzz

from streamcheck.audio.media import read_samples
from streamcheck.errors import ModelError
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples, Utterance
from streamcheck.speech import Engine, load_engine
from streamcheck.speech.engine import load_whisper, most_tokens
from streamcheck.speech.offline import transcribe_recording
from streamcheck.transcripts import read_transcript
from tests.audio.sound import joined, tone

SAMPLES = Path(__file__).parents[2] / "samples"


def plain(text: str) -> str:
    return " ".join(regex.findall(r"\w+", text.lower().replace("ё", "е")))


@pytest.fixture(scope="module")
def engine() -> Engine:
    try:
        return load_engine()
    except ModelError as error:
        pytest.skip(f"needs the extra «offline»: {error}")


@pytest.fixture(scope="module")
def sound() -> Samples:
    return joined(read_samples(SAMPLES / "broadcast.opus"))


@pytest.fixture(scope="module")
def heard(engine: Engine) -> list[Utterance]:
    return list(transcribe_recording(engine, read_samples(SAMPLES / "broadcast.opus")))


def test_the_recording_is_heard_as_it_was_written(heard: list[Utterance]) -> None:
    written = plain(" ".join(one.text for one in read_transcript(SAMPLES / "broadcast.txt")))
    assert jiwer.wer(written, plain(" ".join(one.text for one in heard))) < 0.25


def test_words_have_times_within_their_breach(heard: list[Utterance]) -> None:
    words = [word for one in heard for word in one.words]
    assert all(0 <= (word.start or 0) <= (word.end or 0) for word in words)
    assert all((one.start or 0) <= (other.start or 0) for one, other in pairwise(words))
    assert all(0 < word.probability <= 1 for word in words)
    for breach in json.loads((SAMPLES / "broadcast.expected.json").read_text(encoding="utf-8"))["findings"]:
        said = " ".join(word.text for word in words if breach["start"] - 0.3 <= (word.end or 0) <= breach["end"] + 0.3)
        likeness = fuzz.partial_ratio(plain(breach["quote"]).replace(" ", ""), plain(said).replace(" ", ""))
        assert likeness > 70, (breach, said)


def test_progress_rises_to_the_duration(engine: Engine, sound: Samples) -> None:
    done: list[float] = []
    blocks = [AudioBlock(0, sound[: 12 * SAMPLE_RATE])]
    assert list(transcribe_recording(engine, blocks, duration=12.0, progress=done.append))
    assert done == sorted(done)
    assert done[-1] == 12.0


def test_the_encoder_is_given_little(engine: Engine, sound: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []
    model = engine._model  # type: ignore[attr-defined]
    encode = model.encode
    monkeypatch.setattr(model, "encode", lambda features: (shapes.append(features.shape), encode(features))[1])
    engine.listen([sound[: 3 * SAMPLE_RATE]])
    engine.listen([sound[: 3 * SAMPLE_RATE], sound[: 12 * SAMPLE_RATE]])
    assert shapes == [(1, 80, 800), (2, 80, 1300)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_windows_of_ever_other_lengths_take_no_more_memory(engine: Engine) -> None:
    def megabytes() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

    for size in range(40):
        if size == 10:
            before = megabytes()
        engine.listen([np.zeros(int((8 + size / 20) * SAMPLE_RATE), np.float32)])
    assert megabytes() - before < 20, "1.4 MB for each of thirty lengths would be 42"


@pytest.mark.skipif(sys.platform != "linux", reason="the heap is glibc's there")
def test_a_pass_finds_its_memory_where_the_last_one_left_it(engine: Engine, sound: Samples) -> None:
    windows = [sound[at * SAMPLE_RATE : (at + 3) * SAMPLE_RATE] for at in range(0, 30, 3)]
    engine.listen(windows[:1])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for window in windows:
        engine.listen([window])
    faults = (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / len(windows)
    assert faults < 10_000, "fetched from the system block by block, a pass costs 59,000 page faults"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_after_the_warm_up_no_pass_makes_the_process_larger() -> None:
    script = """
import numpy as np
from pathlib import Path
from streamcheck.speech import load_live_engine
from streamcheck.speech.windows import LONGEST

def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])

engine = load_live_engine("base", language="ru")
before = pages()
for seconds in (1.0, 5.0, LONGEST):
    engine.listen([np.zeros(int(seconds * 16000), np.float32)], beam=5)
print(pages() - before)
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    if "ModelError" in told.stderr:
        pytest.skip("needs the extra «offline»")
    assert int(told.stdout) * resource.getpagesize() < 8e6, "without the warm-up the longest pass takes 34 MB more"


def test_a_batch_hears_what_single_windows_hear(engine: Engine, sound: Samples) -> None:
    windows = [sound[at * SAMPLE_RATE : (at + 5) * SAMPLE_RATE] for at in (0, 5, 10)]
    together = engine.listen(windows, beam=5)
    alone = [engine.listen([window], beam=5)[0] for window in windows]
    for one, other in zip(together, alone, strict=True):
        assert jiwer.cer(plain(one.text), plain(other.text)) < 0.2
        assert plain(" ".join(word.text for word in one.words)) == plain(one.text)


def test_nothing_is_heard_in_no_window(engine: Engine) -> None:
    assert engine.listen([]) == []


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "clicks", "music"])
def test_where_nobody_speaks_nothing_is_heard(engine: Engine, kind: str) -> None:
    dice = np.random.default_rng(7)
    seconds = 20
    sound = np.zeros(seconds * SAMPLE_RATE, np.float32)
    if kind == "noise":
        sound = dice.normal(0, 0.1, len(sound)).astype(np.float32)
    elif kind == "hum":
        sound = tone(50, seconds) + tone(150, seconds, volume=0.2)
    elif kind == "clicks":
        sound[dice.integers(0, len(sound), 60)] = 0.9
    elif kind == "music":
        chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)] * 5
        sound = np.concatenate([sum(tone(note, 1.0, volume=0.2) for note in chord) for chord in chords])
    assert list(transcribe_recording(engine, [AudioBlock(0, sound)])) == []


def test_a_language_that_is_guessed_is_guessed_right(sound: Samples) -> None:
    try:
        engine = load_engine(language="auto")
    except ModelError as error:
        pytest.skip(f"needs the extra «offline»: {error}")
    window = sound[: 6 * SAMPLE_RATE]
    assert plain(engine.listen([window])[0].text) == plain(load_engine().listen([window])[0].text)


@pytest.mark.parametrize("content", [b"", b"no model at all", b"\x06\x00\x00\x00\x0c\x00WhisperSpec\x00"])
def test_a_broken_model_is_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(content)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="не загружается") as caught:
        load_engine(str(tmp_path))
    assert str(caught.value).isprintable()


def test_an_unknown_compute_type_is_named_with_the_known_ones(engine: Engine) -> None:
    with pytest.raises(ModelError, match=r"есть: .*int8"):
        load_engine(compute_type="int3")


def test_a_text_longer_than_anybody_speaks_is_a_loop(
    engine: Engine, sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = sound[: 3 * SAMPLE_RATE]
    assert not engine.listen([window])[0].looping
    monkeypatch.setattr("streamcheck.speech.engine._SPARE_TOKENS", -18)
    cut = engine.listen([window])[0]
    assert cut.looping
    assert len(cut.text) < len(engine.listen([sound[: 6 * SAMPLE_RATE]])[0].text)


def test_as_many_tokens_as_may_be_said_are_decoded(
    engine: Engine, sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CTranslate2 halves the length that it is given: fast speech would lose its end."""
    model = engine._model.model  # type: ignore[attr-defined]
    end = engine._model.hf_tokenizer.token_to_id("<|endoftext|>")  # type: ignore[attr-defined]
    monkeypatch.setattr(type(engine), "_suppressed", staticmethod(lambda tokenizer: (end,)))
    lengths = []

    class Endless:
        def __getattr__(self, name: str) -> object:
            return getattr(model, name)

        def generate(self, *args, **options):  # type: ignore[no-untyped-def]
            results = model.generate(*args, **options)
            lengths.append(len(results[0].sequences_ids[0]))
            return results

    monkeypatch.setattr(engine._model, "model", Endless())  # type: ignore[attr-defined]
    window = sound[: 3 * SAMPLE_RATE]
    assert engine.listen([window])[0].looping
    assert lengths == [most_tokens(window)]


@pytest.mark.parametrize("works", [True, False])
def test_a_graphics_card_is_taken_where_it_works(works: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried = []

    def warm(folder: Path, language: str, device: str, compute_type: str, threads: int, workers: int) -> str:
        tried.append((device, compute_type))
        if device == "cuda" and not works:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")
        return device

    types = {"cuda": {"float16", "int8_float16"}, "cpu": {"int8", "float32"}}
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr("ctranslate2.get_supported_compute_types", types.__getitem__)
    monkeypatch.setattr("streamcheck.speech.engine._warm", warm)
    assert load_whisper(tmp_path) == ("cuda" if works else "cpu")
    assert tried == [("cuda", "int8_float16"), ("cpu", "int8")][: 1 if works else 2]
