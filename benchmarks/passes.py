"""What a pass costs by where its memory comes from: kept from the pass before, as the C library sees fit, or fetched
from the system block by block.

    python benchmarks/passes.py RECORDING [--model base] [--seconds 2 4 8 12] [--passes 15]

RECORDING is any sound file. All ways hear the same windows, each in a process of its own: how memory is allocated is
settled once for a process. Prints the median time of a greedy pass, its page faults, what the process holds after it,
and the time beside that of `kept`, which is how sessions run. Nothing else should run.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from streamcheck.audio.media import read_samples
from streamcheck.events import SAMPLE_RATE
from streamcheck.speech import engine

WAYS = ("kept", "default", "fetched")


def prepare(way: str) -> None:
    """Make the engine, when it is loaded, take its memory that way."""
    if way != "kept":
        engine.keep_blocks = lambda _: None
    if way == "default":
        engine.save_memory = lambda _: None


def measure(options: argparse.Namespace) -> list[dict[str, float]]:
    """The passes of one way, by the length of the window."""
    prepare(options.way)
    ears = engine.load_engine(options.model)
    sound = np.concatenate([block.samples for block in read_samples(Path(options.recording))])
    found = []
    for seconds in options.seconds:
        size = int(seconds * SAMPLE_RATE)
        windows = [sound[at : at + size] for at in range(0, len(sound) - size, 5 * SAMPLE_RATE)][: options.passes]
        ears.listen(windows[:1])
        before, times = faults(), []
        for window in windows:
            began = time.perf_counter()
            ears.listen([window])
            times.append(1e3 * (time.perf_counter() - began))
        held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
        found.append({"ms": statistics.median(times), "faults": (faults() - before) / len(windows), "mb": held})
    return found


def faults() -> int:
    """Page faults of this process that needed no disk."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def run(way: str) -> list[dict[str, float]]:
    """Measure in a new process."""
    told = subprocess.run([sys.executable, *sys.argv, "--way", way], check=True, capture_output=True, text=True)
    result: list[dict[str, float]] = json.loads(told.stdout)
    return result


def main() -> None:
    """Run all ways and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording")
    parser.add_argument("--model", default="base")
    parser.add_argument("--seconds", type=float, nargs="+", default=[2.0, 4.0, 8.0, 12.0])
    parser.add_argument("--passes", type=int, default=15)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        print(json.dumps(measure(options)))
        return
    by_way: dict[str, Any] = {way: run(way) for way in WAYS}
    for number, seconds in enumerate(options.seconds):
        kept = by_way["kept"][number]
        for way in WAYS:
            one = by_way[way][number]
            print(
                f"{seconds:4.0f} s {way:8} {one['ms']:5.0f} ms {one['ms'] / kept['ms']:5.2f}"
                f"{one['faults']:9,.0f} faults {one['mb']:6.0f} MB"
            )


if __name__ == "__main__":
    main()
