"""A made-up session on a real terminal; run by test_terminal.py. Steps on when a line comes on the file in argv[1]."""

import os
import sys
import time
from pathlib import Path

from streamcheck.events import Status
from streamcheck.i18n import use_language
from streamcheck.overlay.controls import Ended, Request
from streamcheck.overlay.rich_overlay import RichOverlay
from streamcheck.overlay.screen import Heading
from tests.overlay.events import HOSTILE, finding, hypothesis


def main(gate: Path) -> None:
    """What the keys ask for stands on the lines of the file beside the gate; `q` ends it too."""
    use_language("ru")

    def desk(request: Request) -> str:
        with gate.with_suffix(".asked").open("a") as asked:
            asked.write(f"{request}\n")
        if isinstance(request, Ended):
            gate.touch()
        return ""

    overlay = RichOverlay(Heading("Микрофон \x1b[31m", "kaspi", "base"), desk)
    os.write(2, "ALSA lib pcm.c: шум библиотеки\n".encode())
    overlay.status(Status("listening", lag=0.4, level_db=-20.0, received=3.0))
    overlay.transcript(hypothesis("это самый лучший халат", start=0.5), 3.0)
    overlay.finding(finding(start=1.0, end=1.9))
    for number, hostile in enumerate(HOSTILE):
        overlay.transcript(hypothesis(hostile, number=number + 1, start=5.0 + number), 5.0 + number)
    while not gate.exists():
        time.sleep(0.05)
    overlay.close()


main(Path(sys.argv[1]))
