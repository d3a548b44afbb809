"""Eight hours on air through the session store, at speed: `python benchmarks/sessions.py`.

An utterance every two seconds, a finding every six with two updates, a status every half second, as a live session
writes them. Prints the cost of a write and of listing, and by how much memory grew over the second half; exits with 1
where a write costs more than 5 ms at the 99th percentile, memory grows, or listing takes longer than 0.1 s.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from streamcheck.events import Status
from streamcheck.sessions.home import Home
from streamcheck.sessions.record import Record
from streamcheck.sessions.store import About
from tests.overlay.events import finding, hypothesis

HOURS = 8
LIMIT = 0.005
LISTING = 0.1
GROWTH = 8.0
_SAID = "вот эта куртка самая тёплая на рынке пишите мне в вотсап сделаю скидку"


def events(record: Record, half_second: int) -> Iterator[Callable[[], None]]:
    """What a session writes in one half second of its time."""
    now = half_second / 2
    yield lambda: record.status(
        Status("listening", lag=0.2, received=now, detail="тихо" if half_second % 600 == 0 else "")
    )
    if half_second % 4 == 0:
        yield lambda: record.transcript(hypothesis(_SAID, number=half_second // 4, start=now), now)
    if half_second % 12 < 3:
        state = ("tentative", "confirmed", "confirmed")[half_second % 12]
        one = finding("самая тёплая на рынке", id=f"f{half_second // 12}", state=state, start=now, end=now + 2)
        yield lambda: record.finding(replace(one, context=_SAID, because=("superlative", "«на рынке»")))


def memory() -> float:
    """Most megabytes held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Write the day, list it, compare with the limits."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        record, costs, halfway = Record(home, About("benchmark", "kaspi", "base")), [], 0.0
        changes = lambda: record._store._database.total_changes  # noqa: E731 (most status events write nothing)
        steps = HOURS * 7200
        for half_second in range(steps):
            for event in events(record, half_second):
                written, began = changes(), time.perf_counter()
                event()
                cost = time.perf_counter() - began
                costs += [cost] if changes() > written else []
            if half_second == steps // 2:
                halfway = memory()
        record.end(HOURS * 3600.0)
        growth = memory() - halfway
        began = time.perf_counter()
        with home.store() as store:
            (session,) = store.sessions()
        listing = time.perf_counter() - began
        size = home.database.stat().st_size / 1e6
    costs.sort()
    high = costs[int(len(costs) * 0.99)]
    print(f"{HOURS} h: {len(costs)} writes, {session.findings} findings, {size:.1f} MB on disk")
    print(
        f"event: median {costs[len(costs) // 2] * 1e3:.3f} ms, p99 {high * 1e3:.2f} ms, worst {costs[-1] * 1e3:.1f} ms"
    )
    print(
        f"p99: {high / LIMIT:.2f} of the limit; listing: {listing * 1e3:.1f} ms, {listing / LISTING:.2f} of the limit"
    )
    print(f"memory: grew by {growth:.1f} MB in the second half")
    return int(high > LIMIT or listing > LISTING or growth > GROWTH)


if __name__ == "__main__":
    sys.exit(main())
