"""Recorded sound is what was said, sample for sample, at its time; a cut piece is read up to the cut."""

import random
from pathlib import Path

import numpy as np
import pytest

from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from streamcheck.sessions.sound import PieceWriter, Sound, pieces, samples_between, sound_end


def noise(seconds: float, seed: int = 0) -> Samples:
    """Noise whose samples are whole numbers of 16 bits."""
    values = np.random.default_rng(seed).integers(-3000, 3000, int(seconds * SAMPLE_RATE))
    return (values / 32768).astype(np.float32)


def write(writer: PieceWriter, samples: Samples, start: int = 0) -> None:
    for offset in range(0, len(samples), 1600):
        writer.write(AudioBlock(start + offset, samples[offset : offset + 1600]))


def joined(sound: Sound) -> tuple[int, Samples]:
    """The first sample's number, and all samples; jumps are zeros."""
    blocks = list(sound)
    first = blocks[0].start
    samples = np.zeros(blocks[-1].start + len(blocks[-1].samples) - first, np.float32)
    for block in blocks:
        samples[block.start - first : block.start - first + len(block.samples)] = block.samples
    return first, samples


def test_pieces_join_to_the_sound_that_was_written(tmp_path: Path) -> None:
    samples = noise(10)
    writer = PieceWriter(tmp_path, piece_seconds=3)
    write(writer, samples)
    writer.cut()
    assert [first for first, _ in pieces(tmp_path)] == [0, 48_000, 96_000, 144_000]
    first, read = joined(Sound(tmp_path))
    assert first == 0
    np.testing.assert_array_equal(read, samples)
    assert sound_end(tmp_path) == 10.0


def test_a_span_is_read_without_the_rest(tmp_path: Path) -> None:
    samples = noise(10)
    writer = PieceWriter(tmp_path, piece_seconds=3)
    write(writer, samples)
    writer.cut()
    pieces(tmp_path)[3][1].write_bytes(b"no piece of sound")  # not even opened for this span
    sound = Sound(tmp_path, 2.5, 7.25)
    first, read = joined(sound)
    assert first == 40_000
    np.testing.assert_array_equal(read, samples[40_000:116_000])
    assert sound.unreadable == []
    assert list(Sound(tmp_path, 20.0, 30.0)) == []


def test_a_gap_is_silence_and_keeps_time(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path)
    write(writer, noise(1))
    write(writer, noise(1, seed=1), start=4 * SAMPLE_RATE)
    writer.cut()
    _, read = joined(Sound(tmp_path))
    assert len(read) == 5 * SAMPLE_RATE
    assert not read[SAMPLE_RATE : 4 * SAMPLE_RATE].any()
    np.testing.assert_array_equal(read[4 * SAMPLE_RATE :], noise(1, seed=1))


def test_full_scale_does_not_wrap(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path)
    write(writer, np.tile(np.array([1.0, -1.0, 5.0, -5.0], np.float32), 4000))
    writer.cut()
    _, read = joined(Sound(tmp_path))
    assert (np.sign(read) == np.tile([1, -1, 1, -1], 4000)).all()
    assert abs(read).min() > 0.999


@pytest.mark.parametrize("seed", range(8))
def test_a_piece_cut_anywhere_is_read_up_to_the_cut(tmp_path: Path, seed: int) -> None:
    samples = noise(5)
    writer = PieceWriter(tmp_path)
    write(writer, samples)
    writer.cut()
    ((_, path),) = pieces(tmp_path)
    whole = path.read_bytes()
    share = random.Random(seed).uniform(0.1, 1.0)
    path.write_bytes(whole[: int(len(whole) * share)])
    first, read = joined(Sound(tmp_path))
    assert first == 0
    good = int(5 * SAMPLE_RATE * share) - SAMPLE_RATE // 2
    assert len(read) >= good
    np.testing.assert_array_equal(read[:good], samples[:good])


def test_a_piece_that_was_never_finished_is_read(tmp_path: Path) -> None:
    samples = noise(3)
    writer = PieceWriter(tmp_path)
    write(writer, samples)
    _, read = joined(Sound(tmp_path))  # the writer still has it open
    assert len(samples) - len(read) < SAMPLE_RATE // 5
    np.testing.assert_array_equal(read, samples[: len(read)])
    assert abs(sound_end(tmp_path) - len(read) / SAMPLE_RATE) < 1e-9


def test_pieces_without_sound_are_named(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path)
    write(writer, noise(1))
    writer.cut()
    empty = tmp_path / "sound-000000016000.flac"
    empty.write_bytes(b"")
    sound = Sound(tmp_path)
    assert sum(len(block.samples) for block in sound) == SAMPLE_RATE
    assert sound.unreadable == [empty]
    assert sound_end(tmp_path) == 1.0
    assert sound_end(tmp_path / "nowhere") == 0.0


def test_samples_are_read_back_by_number_while_the_piece_is_written(tmp_path: Path) -> None:
    samples = noise(4)
    writer = PieceWriter(tmp_path, piece_seconds=1.5)
    write(writer, samples)
    for start, stop in ((0, 100), (12_345, 40_007), (23_990, 24_010), (20_000, 49_000)):
        np.testing.assert_array_equal(samples_between(tmp_path, start, stop), samples[start:stop])
    assert samples_between(tmp_path, 60_000, 70_000) is None, "it is not there yet"
    writer.cut()
