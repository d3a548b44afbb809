"""What the report of a recording draws and plays: its loudness, and clips of the findings or the recording itself."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import av

from streamcheck.audio.clips import Stretch, cut_sound
from streamcheck.audio.decoding import SPEECH
from streamcheck.audio.loudness import LoudnessMeter
from streamcheck.errors import OutputError, StreamcheckError
from streamcheck.i18n import text
from streamcheck.recorded import Recorded
from streamcheck.reports.report import Clip, ReviewedFile
from streamcheck.safe import printable

EMBED, BESIDE = "embed", "beside"
"""Clips within the page, or the recording as a file beside it."""
_MARGIN = 2.0
_TO_THE_END = 1e8
_BIT_RATE = 24_000
"""Speech in Opus is clear from here on; 500 clips are some 10 MB."""


def with_playback(file: ReviewedFile, recording: Recorded, mode: str, output: Path | None) -> ReviewedFile:
    """The file with its loudness and what can be played of it; `output` is where its page will be.

    Reads the recording once from end to end. Raises SourceError, and OutputError where nothing can be written.
    """
    meter = LoudnessMeter(recording.blocks(SPEECH))
    clips: dict[str, Clip] = {}
    address = None
    try:
        if mode == EMBED:
            clips = _clips(file, meter)
        elif mode == BESIDE and output is not None:
            address = _address(recording, meter, output)
        for _ in meter:
            pass
    except StreamcheckError:
        raise
    except (OSError, av.FFmpegError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise OutputError(text("html.no-sound", file=printable(file.file), why=printable(why))) from error
    return replace(file, levels=meter.levels, clips=clips, recording=address)


def _clips(file: ReviewedFile, meter: LoudnessMeter) -> dict[str, Clip]:
    """A clip of every finding that has a time, by the finding's id."""
    with tempfile.TemporaryDirectory(prefix="streamcheck-") as folder:
        stretches = {
            one.id: Stretch(
                max(one.start - _MARGIN, 0.0), (one.end or one.start) + _MARGIN, Path(folder) / f"{number}.opus"
            )
            for number, one in enumerate(file.findings)
            if one.start is not None
        }
        cut_sound(meter, SPEECH, list(stretches.values()), bit_rate=_BIT_RATE)
        return {
            ident: Clip(stretch.start, stretch.path.read_bytes())
            for ident, stretch in stretches.items()
            if stretch.path.exists()
        }


def _address(recording: Recorded, meter: LoudnessMeter, output: Path) -> str:
    """Where a page finds the whole sound: the file itself, or for a session one that is written beside the page."""
    if recording.picture:
        path = recording.picture[0]
    else:
        path = output.with_suffix(".opus")
        cut_sound(meter, SPEECH, [Stretch(0.0, _TO_THE_END, path)], bit_rate=_BIT_RATE)
    return quote(os.path.relpath(path, output.absolute().parent).replace(os.sep, "/"))
