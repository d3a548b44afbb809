from pathlib import Path

import numpy as np
import pytest

from streamcheck.audio.media import read_samples
from streamcheck.audio.voice import FRAME, VoiceActivity
from streamcheck.events import Samples
from tests.audio.sound import joined, tone

SAMPLE = Path(__file__).parents[2] / "samples" / "broadcast.opus"


@pytest.fixture(scope="module")
def speech() -> Samples:
    return joined(read_samples(SAMPLE))


def test_sound_in_any_pieces_gives_what_the_whole_recording_gives(speech: Samples) -> None:
    from faster_whisper.vad import get_vad_model

    whole = speech[: len(speech) // FRAME * FRAME]
    expected = get_vad_model()(whole).reshape(-1)
    voice, dice = VoiceActivity(), np.random.default_rng(1)
    cuts = np.cumsum(dice.integers(0, 2000, 2 * len(whole) // 2000))
    pieces = [voice.feed(piece) for piece in np.split(whole, cuts[cuts < len(whole)])]
    np.testing.assert_allclose(np.concatenate(pieces), expected, atol=1e-5)


def test_finds_the_speech_that_faster_whisper_finds(speech: Samples) -> None:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(threshold=0.5, neg_threshold=0.5, min_silence_duration_ms=0, speech_pad_ms=0)
    spoken = np.zeros(len(speech) // FRAME, bool)
    for span in get_speech_timestamps(speech, options):
        spoken[span["start"] // FRAME : span["end"] // FRAME] = True
    assert 0.3 < spoken.mean() < 1
    np.testing.assert_array_equal(VoiceActivity().feed(speech) >= 0.5, spoken)


def test_a_tone_and_silence_are_no_speech() -> None:
    voice = VoiceActivity()
    assert voice.feed(tone(440, 2)).max() < 0.3
    assert voice.feed(np.zeros(32_000, np.float32)).max() < 0.3


def test_reset_forgets(speech: Samples) -> None:
    voice = VoiceActivity()
    first = voice.feed(speech[:50_000])
    assert not np.array_equal(voice.feed(speech[:50_000])[: len(first)], first)
    voice.reset()
    np.testing.assert_array_equal(voice.feed(speech[:50_000]), first)


def test_less_than_a_frame_waits_for_the_rest() -> None:
    voice = VoiceActivity()
    assert len(voice.feed(np.zeros(FRAME - 1, np.float32))) == 0
    assert len(voice.feed(np.zeros(1, np.float32))) == 1
    assert len(voice.feed(np.empty(0, np.float32))) == 0
