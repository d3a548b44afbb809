"""How loud a stretch of sound is, and whether that is any good. Levels are dBFS: 0 is the loudest there is."""

from typing import Literal

import numpy as np

from streamcheck.events import Samples

FLOOR_DB = -100.0
"""What digital silence reads as."""

SILENT_DB = -60.0
"""A microphone that is on hears its room above this peak; below it, it is muted or not connected."""

LOW_DB = -35.0
"""Peaks of speech below this are lost in the noise of most microphones."""

CLIPPED = 0.99
"""A sample from here on has most likely been cut off: converters clip a little below full scale."""

CLIPPED_SHARE = 1e-3
"""Share of clipped samples from which words suffer; a lone bang stays below it."""

LOOK = 10.0
"""Seconds to judge by: speech has pauses."""

FIRST_LOOK = 5.0
"""Seconds of sound from which a first judgement may be given."""

LONG_LOOK = 30.0
"""Seconds to judge by that a level is too low where nobody was heard: a pause is no reason to complain."""

Verdict = Literal["silent", "low", "good", "clipping"]


def rms_db(samples: Samples) -> float:
    """Loudness as root mean square, in dBFS; a full-scale sine reads −3, no samples `FLOOR_DB`."""
    return _db(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))) if len(samples) else FLOOR_DB


def peak_db(samples: Samples) -> float:
    """The loudest sample, in dBFS."""
    return _db(float(np.max(np.abs(samples)))) if len(samples) else FLOOR_DB


def judge(samples: Samples) -> Verdict:
    """What to tell the host of the last seconds of the microphone (see `LOOK`)."""
    peak = peak_db(samples)
    if peak < SILENT_DB:
        return "silent"
    if peak < LOW_DB:
        return "low"
    return "clipping" if np.mean(np.abs(samples) >= CLIPPED) >= CLIPPED_SHARE else "good"


def _db(amplitude: float) -> float:
    return max(20 * float(np.log10(amplitude)), FLOOR_DB) if amplitude > 0 else FLOOR_DB
