"""One session under load killed with SIGKILL, and what must be there afterwards."""

import json
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from streamcheck.events import SAMPLE_RATE
from streamcheck.sessions.home import Home
from streamcheck.sessions.recovery import broken, recover
from streamcheck.sessions.sound import Sound

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "samples" / "broadcast.opus"


@dataclass(frozen=True)
class Outcome:
    """What one kill left: seconds that had come, seconds readable, ids printed, ids missing, wrong sound."""

    received: float
    readable: float
    printed: int
    missing: list[str]
    differing: int


def kill_after(folder: Path, seconds: float, speed: float = 2.0) -> Outcome:
    """Run a session, kill it so many seconds after its first finding, and look at what is left of it."""
    position = folder / "position"
    command = [sys.executable, "-m", "tests.sessions.feeder", str(folder / "home"), str(position), str(RECORDING)]
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen([*command, str(speed)], stdout=out, stderr=err, cwd=ROOT)
        while b'"finding"' not in (folder / "out").read_bytes():
            assert process.poll() is None, (folder / "err").read_text()
            time.sleep(0.05)
        time.sleep(seconds)
        process.kill()
        process.wait()
    received = struct.unpack("<q", position.read_bytes())[0] / SAMPLE_RATE
    lines = (folder / "out").read_text(encoding="utf-8").split("\n")[:-1]
    printed = [row for row in map(json.loads, lines) if row["type"] == "finding"]
    return _left(Home(folder / "home"), received, printed)


def _left(home: Home, received: float, printed: list[dict[str, object]]) -> Outcome:
    with home.store() as store:
        (session,) = broken(home, store)
        kept = {one.id: one for one in store.findings(session.id)}
        missing = [str(row["id"]) for row in printed if not _is_kept(row, kept.get(str(row["id"])))]
        blocks = list(Sound(home.of(session.id)))
        recovered = recover(home, store, session)
        assert recovered.session.ended is not None
        assert not broken(home, store)
    readable = (blocks[-1].start + len(blocks[-1].samples)) / SAMPLE_RATE if blocks else 0.0
    assert abs(recovered.sound - readable) < 1e-9
    return Outcome(received, readable, len(printed), missing, _differing(blocks))


def _is_kept(row: dict[str, object], kept: object) -> bool:
    """Whether a printed line is in the store: as it was, or as a later update left it."""
    return kept is not None and getattr(kept, "emitted") >= row["emitted"]  # noqa: B009


def _differing(blocks: list) -> int:
    """How many samples are not those of the recording, but for the rounding to 16 bits."""
    from streamcheck.audio.media import read_samples

    source = np.concatenate([block.samples for block in read_samples(RECORDING)])
    sound = np.concatenate([block.samples for block in blocks]) if blocks else np.zeros(0, np.float32)
    wanted = np.clip(np.resize(source, len(sound)), -1, 1)
    return int(np.count_nonzero(np.abs(sound - wanted) > 1.5 / 32768))
