"""The doctor listens to a real microphone."""

import numpy as np

from streamcheck.doctor import check_microphone
from tests.audio.sound import tone
from tests.audio.stage import Stage


def test_the_doctor_hears_what_is_played_and_says_when_nothing_is(stage: Stage) -> None:
    silence = list(check_microphone(None, lambda _: None))
    assert [(one.name, one.verdict) for one in silence] == [("portaudio", "green"), ("microphone", "red")]
    sound = tone(440, 12, 48_000)
    player = stage.play(sound, np.zeros_like(sound), 48_000)
    try:
        heard = list(check_microphone(None, lambda _: None))[-1]
    finally:
        player.terminate()
        player.wait(10)
    assert (heard.verdict, heard.figures["heard"]) == ("green", "good")
