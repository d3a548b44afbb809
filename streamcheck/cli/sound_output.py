"""What `review` writes in sound: clips of the findings."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streamcheck.errors import StreamcheckError
from streamcheck.i18n import text
from streamcheck.reports import ReviewedFile
from streamcheck.safe import printable

if TYPE_CHECKING:
    from streamcheck.clips import ClipCutter


@dataclass(frozen=True)
class SoundOutput:
    """Writes what was asked for beside the report; what cannot be written is told, and stops nothing else."""

    clips: "ClipCutter | None" = None

    def write(self, file: ReviewedFile, track: int) -> bool:
        """Write the sound of one recording's findings; False where something could not be written."""
        try:
            if self.clips:
                made = self.clips.cut(file, track)
                _say(text("reports.clips", file=file.file, count=len(made), folder=self.clips.folder))
        except StreamcheckError as error:
            _say(str(error))
            return False
        return True


def sound_output(clips: Path | None, clip_form: str, margin: float) -> SoundOutput | None:
    """What to write, None where nothing was asked for."""
    if clips is None:
        return None
    from streamcheck.clips import ClipCutter

    return SoundOutput(ClipCutter(clips, clip_form, margin))


def _say(sentence: str) -> None:
    print(f"streamcheck: {printable(sentence)}", file=sys.stderr)
