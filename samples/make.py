"""Read the sample texts aloud: NAME.txt → NAME.opus and NAME.srt beside it.

Needs Debian's `festival`, `festvox-ru` and `ffmpeg`; run it after a change of a text, and listen. Each line is said
by itself, with a pause after it, so that the times of the subtitles are exact.
"""

import subprocess
import sys
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

VOICE = "(voice_msu_ru_nsh_clunits)"
PAUSE = 0.6  # seconds after every line
SAMPLES = Path(__file__).parent


def spoken(line: str, folder: Path) -> bytes:
    """A line as s16le samples, 16 kHz mono."""
    script, sound = folder / "line.txt", folder / "line.wav"
    script.write_text(line, encoding="utf-8")
    subprocess.run(["text2wave", "-eval", VOICE, script, "-o", sound], check=True, stderr=subprocess.DEVNULL)
    with wave.open(str(sound)) as read:
        assert (read.getframerate(), read.getnchannels(), read.getsampwidth()) == (16_000, 1, 2)
        return read.readframes(read.getnframes())


def stamp(seconds: float) -> str:
    """Seconds as SubRip writes them."""
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"


def make(text: Path) -> None:
    """Write the sound and the subtitles of one text."""
    sound, cues = b"", []
    with TemporaryDirectory() as folder:
        for number, line in enumerate(text.read_text(encoding="utf-8").splitlines(), 1):
            start = len(sound) / 32_000
            sound += spoken(line, Path(folder))
            cues.append(f"{number}\n{stamp(start)} --> {stamp(len(sound) / 32_000)}\n{line}\n")
            sound += bytes(2 * int(16_000 * PAUSE))
    text.with_suffix(".srt").write_text("\n".join(cues), encoding="utf-8")
    encode = ["ffmpeg", "-y", "-loglevel", "error", "-f", "s16le", "-ar", "16000", "-ac", "1", "-i", "-"]
    opus = ["-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-map_metadata", "-1", "-fflags", "+bitexact"]
    subprocess.run([*encode, *opus, text.with_suffix(".opus")], input=sound, check=True)


if __name__ == "__main__":
    for name in sys.argv[1:] or ["broadcast.txt", "clean/broadcast.txt"]:
        make(SAMPLES / name)
