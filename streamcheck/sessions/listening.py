"""The sound of a session, wherever it lies: recorded live in pieces, or in the file that was reviewed."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from streamcheck.audio.excerpt import excerpt
from streamcheck.events import SAMPLE_RATE, AudioBlock, Samples
from streamcheck.sessions.home import Home
from streamcheck.sessions.sound import Sound, pieces
from streamcheck.sessions.store import Session

_TRACK = re.compile(r"sound:\w+:(\d+)")
Clip = Callable[[float, float], Samples]
"""The sound of a span in seconds. Raises SourceError."""


def clip_of(home: Home, session: Session) -> Clip | None:
    """What gives parts of the session's sound; None where it has none, or its file is gone."""
    if recording := _recording(session):
        path, track = recording
        return lambda start, end: excerpt(path, start, end, track)
    folder = home.of(session.content.removeprefix("session:") if session.content else session.id)
    return (lambda start, end: _joined(Sound(folder, start, end), start)) if pieces(folder) else None


def _recording(session: Session) -> tuple[Path, int] | None:
    """The file that was reviewed and its track."""
    track, path = _TRACK.fullmatch(session.content), Path(session.recording)
    return (path, int(track[1])) if track and path.is_file() else None


def _joined(blocks: Iterator[AudioBlock], start: float) -> Samples:
    """Blocks as one stretch from `start` on; gaps are silence."""
    first = round(start * SAMPLE_RATE)
    sound = np.zeros(0, np.float32)
    for block in blocks:
        gap = np.zeros(max(block.start - first - len(sound), 0), np.float32)
        sound = np.concatenate([sound, gap, block.samples])
    return sound
