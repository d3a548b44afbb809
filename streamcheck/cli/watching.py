"""`review --watch`: what was reviewed is checked again each time that a rule file changes, and what that changed."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from streamcheck.checking.loading import rule_files, shipped_rules
from streamcheck.cli.output import complain
from streamcheck.errors import StreamcheckError
from streamcheck.i18n import text
from streamcheck.reports import ReviewedFile
from streamcheck.reports.terminal import file_lines

PAUSE = 0.2
"""Seconds between two looks at the files."""

Recheck = Callable[[ReviewedFile], ReviewedFile]


def rule_folders(folders: Sequence[Path] | None) -> list[Path]:
    """Where the rules of a review come from: the shipped folder, and those that were named."""
    return [shipped_rules(), *(folders or ())]


class Watched:
    """Rule folders and single files, and whether anything in them has changed since the last look."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._seen = self._stamps()

    def changed(self) -> bool:
        """Whether a file came, went, or was written since the last time that this was asked."""
        before, self._seen = self._seen, self._stamps()
        return self._seen != before

    def _stamps(self) -> dict[Path, tuple[int, int]]:
        stamps = {}
        for path in self._paths:
            with suppress(StreamcheckError):  # a folder is just being replaced: the next look sees it whole
                for file in rule_files(path) if path.is_dir() else (path,):
                    with suppress(OSError):  # so is a file
                        stat = file.stat()
                        stamps[file] = (stat.st_mtime_ns, stat.st_size)
        return stamps


def watch_rules(watched: Watched, reviewed: list[ReviewedFile], load: Callable[[], Recheck]) -> list[ReviewedFile]:
    """Check again after every change, by what `load` makes of the rules, until Ctrl-C; what stands at the end.

    Rules that are wrong are told of, and the next change awaited.
    """
    with suppress(KeyboardInterrupt):
        complain(text("reports.watching"))
        while True:
            if watched.changed():
                began, before = time.perf_counter(), reviewed
                try:
                    reviewed = list(map(load(), before))  # what is told next stands, wherever Ctrl-C comes
                except (StreamcheckError, OSError) as error:
                    complain(str(error))
                else:
                    _tell(before, reviewed, time.perf_counter() - began)
            time.sleep(PAUSE)
    return reviewed


def _tell(before: Sequence[ReviewedFile], now: Sequence[ReviewedFile], seconds: float) -> None:
    """What came and what went, a line each."""
    shown, shown_before = _lines(now), _lines(before)
    new, gone = shown - shown_before, shown_before - shown
    for sign, lines in (("-", gone), ("+", new)):
        for line in lines.elements():
            print(f"{sign} {line}", flush=True)
    told = text("reports.watched", count=shown.total(), new=new.total(), gone=gone.total(), seconds=f"{seconds:.1f}")
    complain(told)


def _lines(files: Sequence[ReviewedFile]) -> Counter[str]:
    return Counter(line for file in files for line in file_lines(file))
