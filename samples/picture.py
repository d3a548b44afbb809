"""Draw the host's screen over the sample broadcast: broadcast.srt → overlay.svg, for the README."""

import io
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from streamcheck.checking import Checker, load_rules
from streamcheck.events import Hypothesis, Status
from streamcheck.i18n import use_language
from streamcheck.overlay.board import Board
from streamcheck.overlay.screen import Heading, Screen
from streamcheck.transcripts import read_transcript

NOW = 54.5  # seconds into the broadcast
SIZE = 80, 24
SAMPLES = Path(__file__).parent


def main(out: Path) -> None:
    """Draw the screen as it stands at NOW, the last utterance still being heard."""
    use_language("ru")
    utterances = [one for one in read_transcript(SAMPLES / "broadcast.srt") if (one.start or 0.0) < NOW]
    board = Board(status=Status("listening", lag=0.4, level_db=-18.0, received=NOW))
    for number, one in enumerate(utterances):
        final = one is not utterances[-1]
        words = one.words if final else one.words[:2]
        board.hear(Hypothesis(number, words, len(words) if final else 1, final, NOW, NOW))
    for finding in Checker(load_rules(platform="kaspi")).check(utterances):
        board.find(replace(finding, emitted=finding.end))
    console = Console(record=True, width=SIZE[0], height=SIZE[1], file=io.StringIO())
    console.print(Screen(Heading("Микрофон USB", "kaspi", "base"), console).draw(board, *SIZE))
    console.save_svg(str(out), title="streamcheck live")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES / "overlay.svg")
