"""What `review` writes in sound: clips of the findings, and a copy of the recording with their words bleeped."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streamcheck.cli.output import check_output
from streamcheck.errors import ConfigError, SourceError, StreamcheckError
from streamcheck.i18n import text
from streamcheck.reports import ReviewedFile
from streamcheck.safe import printable

if TYPE_CHECKING:
    from streamcheck.bleeping import Bleeper
    from streamcheck.clips import ClipCutter
    from streamcheck.recorded import Recorded


@dataclass(frozen=True)
class SoundOutput:
    """Writes what was asked for beside the report; what cannot be written is told, and stops nothing else."""

    clips: "ClipCutter | None" = None
    bleeper: "Bleeper | None" = None

    def write(self, file: ReviewedFile, track: int) -> bool:
        """Write the sound of one recording's findings; False where something could not be written."""
        done = True
        if self.clips:
            done = self._clips(self.clips, file, track)
        if self.bleeper:
            done = self._bleeped(self.bleeper, file, track) and done
        return done

    @staticmethod
    def _recorded(file: ReviewedFile, track: int) -> "Recorded":
        from streamcheck.recorded import recorded

        return recorded(file.file, track)

    def _clips(self, clips: "ClipCutter", file: ReviewedFile, track: int) -> bool:
        try:
            made = clips.cut(file, self._recorded(file, track))
        except StreamcheckError as error:
            _say(str(error))
            return False
        _say(text("reports.clips", file=file.file, count=len(made), folder=clips.folder))
        return True

    def _bleeped(self, bleeper: "Bleeper", file: ReviewedFile, track: int) -> bool:
        try:
            recording = self._recorded(file, track).picture
            if recording is None:
                raise ConfigError(text("reports.no-file-to-bleep", file=file.file))
            spans, others = bleeper.write(file, *recording)
        except StreamcheckError as error:
            _say(str(error))
            return False
        _say(text("reports.bleeped", file=bleeper.target, count=spans))
        if others:
            _say(text("reports.other-tracks", file=bleeper.target, count=others))
        return True


def sound_output(
    clips: Path | None, clip_form: str, margin: float, bleep: Path | None, cover: str, severity: str
) -> SoundOutput | None:
    """What to write, None where nothing was asked for. Raises OutputError where it cannot be written there."""
    if clips is None and bleep is None:
        return None
    check_output(bleep)
    from streamcheck.bleeping import Bleeper
    from streamcheck.clips import ClipCutter

    return SoundOutput(
        ClipCutter(clips, clip_form, margin) if clips else None, Bleeper(bleep, cover, severity) if bleep else None
    )


def recorded_sound(file: ReviewedFile, track: int) -> "Recorded | None":
    """The sound of what was reviewed, a recording or a session; None where there is none."""
    from streamcheck.recorded import RecordedFile, session_named, sound_of
    from streamcheck.review import is_recording

    if session := session_named(file.file):
        return sound_of(session)
    return RecordedFile(Path(file.file), track) if is_recording(file.file) else None


def playable(
    file: ReviewedFile, recorded: "Callable[[], Recorded | None]", mode: str, output: Path | None
) -> ReviewedFile:
    """The file with the sound that its page plays; without, where that is not wanted or cannot be read."""
    from streamcheck.playback import with_playback

    if mode == "none":
        return file
    try:
        recording = recorded()
        return with_playback(file, recording, mode, output) if recording else file
    except SourceError as error:
        _say(str(error))
        return file


def _say(sentence: str) -> None:
    print(f"streamcheck: {printable(sentence)}", file=sys.stderr)
