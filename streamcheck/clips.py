"""The findings of a recording as clips, for those who decide about them. Wiring only."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av

from streamcheck.audio.clips import CLIP, Stretch, cut_sound, cut_video, video_ending
from streamcheck.errors import OutputError, StreamcheckError
from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.recorded import Recorded
from streamcheck.reports.report import ReviewedFile, counts
from streamcheck.safe import printable

MARGIN = 2.0
"""Seconds before and behind the words: enough to hear in what sentence they stand."""

_UNSAFE = re.compile(r"[^\w.+-]+")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class ClipCutter:
    """Cuts the clips of any number of recordings into one folder, no two of one name; `form` is `opus` or `wav`."""

    folder: Path
    form: str = "opus"
    margin: float = MARGIN
    _names: set[str] = field(default_factory=set, init=False)

    def cut(self, file: ReviewedFile, recording: Recorded) -> dict[str, list[Path]]:
        """Write the sound of every standing finding of a recording, and the picture where it has one.

        The clips of each finding by its id, the sound first; a finding without a time has none. Raises SourceError and
        OutputError.
        """
        findings = [one for one in file.findings if counts(one) and one.start is not None]
        stems = {one.id: self._name(Path(file.file).stem, one) for one in findings}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            written = self._write(recording, findings, stems) if findings else []
        except StreamcheckError:
            raise
        except (OSError, av.FFmpegError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise OutputError(text("reports.no-clips", folder=printable(str(self.folder)), why=why)) from error
        return {ident: [path for path in written if path.stem == stem] for ident, stem in stems.items()}

    def _write(self, recording: Recorded, findings: Sequence[Finding], stems: dict[str, str]) -> list[Path]:
        def stretches(ending: str) -> Iterator[Stretch]:
            for one in findings:
                start, end = one.start or 0.0, one.end or one.start or 0.0
                path = self.folder / f"{stems[one.id]}{ending}"
                yield Stretch(max(start - self.margin, 0.0), end + self.margin, path)

        form = recording.form(CLIP)
        written = cut_sound(recording.blocks(form), form, list(stretches(f".{self.form}")))
        if recording.picture and (ending := video_ending(recording.picture[0])):
            written += cut_video(*recording.picture, stretches(ending))
        return written

    def _name(self, source: str, finding: Finding) -> str:
        """`talk_0-03-12_shared-messenger`: recording, time and rule, safe on every file system."""
        whole = int(finding.start or 0.0)
        time = f"{whole // 3600}-{whole // 60 % 60:02}-{whole % 60:02}"
        plain = f"{_plain(source)}_{time}_{_plain(finding.rule)}"
        name, count = plain, 1
        while name.casefold() in self._names:
            count += 1
            name = f"{plain}-{count}"
        self._names.add(name.casefold())
        return name


def _plain(name: str) -> str:
    return _UNSAFE.sub("-", name)[:_LONGEST_NAME].strip("-.") or "x"
