"""Fifty sessions under load, each killed with SIGKILL at a random moment: `python benchmarks/kill.py [COUNT]`.

Prints what each lost, and exits with 1 where a finding that had been printed is not in the store, a sample differs
from the recording, or more than a second of sound is gone.
"""

import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.sessions.killing import kill_after

LIMIT = 1.0
"""Seconds of sound that a kill may cost."""


def main(count: int) -> int:
    """Kill so many sessions; 0 where nothing was lost that must not be."""
    printed = missing = differing = 0
    worst = 0.0
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            left = kill_after(Path(folder), random.Random(number).uniform(0.0, 8.0))
        lost = left.received - left.readable
        printed, missing, differing = printed + left.printed, missing + len(left.missing), differing + left.differing
        worst = max(worst, lost)
        print(f"{number:3}: {left.received:6.2f} s came, {lost:5.3f} s lost, {left.printed} printed", flush=True)
    print(f"{count} kills: {printed} findings printed, {missing} missing; {differing} samples differ")
    print(f"most sound lost: {worst:.3f} s, {worst / LIMIT:.2f} of the limit")
    return int(missing > 0 or differing > 0 or worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
