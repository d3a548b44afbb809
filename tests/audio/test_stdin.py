import io
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator

import av
import numpy as np
import pytest

from streamcheck.audio.source import open_source
from streamcheck.audio.stdin import StandardInput
from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, Samples
from tests.audio.sound import joined, pitches, scale, tone

SCALE = [400, 500, 600]

Pipe = tuple[StandardInput, Callable[[bytes], None], Callable[[], None]]


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A source that reads a pipe, and how to write to the pipe and to end it."""
    ours, theirs = os.pipe()
    writer = os.fdopen(theirs, "wb", buffering=0)
    source = StandardInput(ours)
    yield source, writer.write, writer.close
    writer.close()
    source.close()


def heard(data: bytes) -> Samples:
    """What the source makes of an input that was there from the beginning."""
    ours, theirs = os.pipe()
    source = StandardInput(ours)

    def write() -> None:
        with os.fdopen(theirs, "wb") as writer:
            writer.write(data)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        return joined(source.blocks())
    finally:
        thread.join(10)
        for reader in threading.enumerate():
            if reader.name == "stdin":  # it reads to the end, and must not find the next test's pipe there
                reader.join(10)
        os.close(ours)


def encoded(samples: Samples, encoding: str) -> bytes:
    """Samples as bytes, by encodings of our own making."""
    match encoding:
        case "u8":
            return (samples * 127 + 128).astype("u1").tobytes()
        case "s24":
            return (samples * (2**23 - 1)).astype("<i4").view("u1").reshape(-1, 4)[:, :3].tobytes()
        case "f32" | "f64":
            return samples.astype(f"<f{int(encoding[1:]) // 8}").tobytes()
    bits = int(encoding[1:])
    return (samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()


def wav(
    samples: Samples,
    encoding: str = "s16",
    rate: int = SAMPLE_RATE,
    channels: int = 1,
    *,
    size: int | None = None,
    extensible: bool = False,
    before: bytes = b"",
) -> bytes:
    """A WAV stream with the same in every channel; `size` is what its header claims."""
    data = encoded(np.repeat(samples, channels), encoding)
    code, bits = (3 if encoding[0] == "f" else 1), int(encoding[1:])
    frame = bits // 8 * channels
    form = struct.pack("<HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * frame, frame, bits)
    if extensible:
        form += struct.pack("<HHIH", 22, bits, 0, code) + bytes.fromhex("000000001000800000aa00389b71")
    claimed = len(data) if size is None else size
    chunks = before + b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", claimed)
    return b"RIFF" + struct.pack("<I", 0) + b"WAVE" + chunks + data


def test_raw_samples_are_16_khz_mono() -> None:
    line = heard(encoded(scale(SCALE), "s16"))
    assert pitches(line) == SCALE
    assert len(line) == 3 * SAMPLE_RATE
    np.testing.assert_allclose(line, scale(SCALE), atol=1e-3)


@pytest.mark.parametrize("encoding", ["u8", "s16", "s24", "s32", "f32", "f64"])
@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (44_100, 2), (8_000, 1), (48_000, 6)])
def test_a_wav_header_is_obeyed(encoding: str, rate: int, channels: int) -> None:
    line = heard(wav(scale(SCALE, rate), encoding, rate, channels))
    assert pitches(line) == SCALE
    assert len(line) == pytest.approx(3 * SAMPLE_RATE, abs=2)
    assert np.abs(line).max() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("encoding", ["s16", "s24", "f32"])
def test_an_extensible_header_is_obeyed(encoding: str) -> None:
    assert pitches(heard(wav(scale(SCALE, 48_000), encoding, 48_000, 2, extensible=True))) == SCALE


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000 - 44])
def test_a_size_that_the_writer_did_not_know_is_no_end(size: int) -> None:
    assert pitches(heard(wav(scale(SCALE), size=size))) == SCALE


def test_a_stream_written_by_ffmpeg_is_heard() -> None:
    class Unseekable(io.RawIOBase):
        def __init__(self) -> None:
            self.written = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.written += bytes(data)
            return len(data)

    file = Unseekable()
    with av.open(file, "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=22_050, layout="mono")
        frame = av.AudioFrame.from_ndarray((scale(SCALE, 22_050)[None] * 32767).astype(np.int16), layout="mono")
        frame.rate = 22_050
        container.mux(stream.encode(frame))
    assert pitches(heard(file.written)) == SCALE


def test_other_chunks_are_passed_over_and_what_follows_the_sound_is_none() -> None:
    odd = b"LIST" + struct.pack("<I", 70_001) + b"x" * 70_002
    line = heard(wav(tone(400, 1), before=odd) + b"LIST" + struct.pack("<I", 8000) + b"\x7f" * 8000)
    np.testing.assert_allclose(line, tone(400, 1), atol=1e-3)


def test_the_long_size_of_an_rf64_header_is_obeyed() -> None:
    sound = wav(tone(400, 1), size=0xFFFF_FFFF)
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, 2 * SAMPLE_RATE, 0, 0)
    line = heard(b"RF64" + sound[4:12] + ds64 + sound[12:] + b"\x7f" * 9000)
    assert len(line) == SAMPLE_RATE


def test_a_file_cut_inside_a_sample_loses_that_sample_only() -> None:
    assert len(heard(encoded(tone(400, 1), "s16")[:-1])) == SAMPLE_RATE - 1
    assert len(heard(wav(tone(400, 1), "s24", channels=2)[:-1])) == SAMPLE_RATE - 1


def test_what_is_not_a_number_stays_out() -> None:
    samples = tone(400, 1)
    samples[100:200] = [np.nan, np.inf, -np.inf, 1e30] * 25
    line = heard(wav(samples, "f32", 48_000))
    assert np.isfinite(line).all()
    assert np.abs(line).max() < 1.5


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_a_block_is_there_as_soon_as_its_bytes_are(pipe: Pipe, rate: int) -> None:
    source, write, _ = pipe
    blocks = source.blocks()
    sound = wav(tone(400, 1, rate), rate=rate, size=0)
    write(sound[:44])
    samples = 0
    for at in range(44, len(sound), rate // 5):  # 100 ms, and nothing more until a block is out
        write(sound[at : at + rate // 5])
        samples += len(next(blocks).samples)
    assert samples > 0.5 * SAMPLE_RATE


def test_raw_bytes_come_out_one_for_one(pipe: Pipe) -> None:
    source, write, _ = pipe
    blocks = source.blocks()
    data = encoded(tone(400, 1), "s16")
    for number in range(5):
        write(data[3200 * number : 3200 * (number + 1)])
        block = next(blocks)
        assert (block.start, len(block.samples)) == (1600 * number, 1600)


def test_the_end_of_input_ends_it_after_the_last_sample(pipe: Pipe) -> None:
    source, write, end = pipe
    write(encoded(tone(400, 0.25), "s16"))
    end()
    assert source.waits
    assert len(joined(source.blocks())) == SAMPLE_RATE // 4


@pytest.mark.parametrize("first", [b"", b"RIFF", b"\x00" * 9000])
def test_closing_ends_it_while_it_waits(pipe: Pipe, first: bytes) -> None:
    source, write, _ = pipe
    write(first)
    threading.Timer(0.1, source.close).start()
    assert len(joined(source.blocks())) <= 4500


def test_closing_ends_it_while_the_pipe_is_full(pipe: Pipe) -> None:
    source, write, _ = pipe
    blocks = source.blocks()
    writer = threading.Thread(target=write, args=(b"\x01\x00" * 2_000_000,), daemon=True)
    writer.start()
    next(blocks)
    source.close()
    assert len(list(blocks)) < 100


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "стандартный ввод пуст"),
        (b"OggS" + bytes(100), "на стандартном вводе Ogg"),
        (b"fLaC" + bytes(100), "на стандартном вводе FLAC"),
        (b"ID3\x04" + bytes(100), "на стандартном вводе MP3"),
        (b"\x00\x00\x00\x20ftypisom" + bytes(100), "на стандартном вводе MP4"),
        (wav(tone(400, 1))[:30], "заголовок WAV повреждён или оборван"),
        (wav(tone(400, 1))[:12] + b"data" + bytes(4), "заголовок WAV повреждён или оборван"),
        (wav(tone(400, 1))[:16] + struct.pack("<I", 4) + bytes(9), "заголовок WAV повреждён или оборван"),
        (wav(tone(400, 1))[:20] + b"\x07\x00" + wav(tone(400, 1))[22:], "WAV с кодировкой 7 не поддерживается"),
        (wav(tone(400, 1), channels=0), "невозможный формат"),
        (wav(tone(400, 1), rate=3), "невозможный формат"),
        (wav(tone(400, 1))[:32] + b"\x05\x00" + wav(tone(400, 1))[34:], "невозможный формат"),
    ],
)
def test_what_is_no_sound_is_refused_in_one_line(data: bytes, problem: str) -> None:
    with pytest.raises(SourceError, match=problem) as error:
        heard(data)
    assert "\n" not in str(error.value)


def test_a_pipe_that_cannot_be_read_is_an_error() -> None:
    ours, theirs = os.pipe()
    try:
        with pytest.raises(SourceError, match="не читается"):
            list(StandardInput(theirs).blocks())
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_a_terminal_is_no_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(SourceError, match="терминал"):
            open_source("-")
    os.close(ours)


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        source = open_source("-")
        os.write(theirs, bytes(3200))
        os.close(theirs)
        assert len(joined(source.blocks())) == 1600
        assert source.name == "стандартный ввод"
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(SourceError, match="пуст"):
        open_source("-")
