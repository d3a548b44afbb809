"""`review --watch`: the same files checked again each time that a rule file changes, and what that changed."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from streamcheck.errors import StreamcheckError
from streamcheck.i18n import text
from streamcheck.reports import ReviewedFile
from streamcheck.reports.terminal import file_lines

PAUSE = 0.2
"""Seconds between two looks at the files: a look at a hundred takes a millisecond."""


class Watched:
    """Files and folders, and whether anything in them has changed since the last look."""

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
            for file in path.rglob("*") if path.is_dir() else (path,):
                with suppress(OSError):  # an editor is just replacing it
                    stat = file.stat()
                    stamps[file] = (stat.st_mtime_ns, stat.st_size)
        return stamps


def watch(
    watched: Watched, reviewed: list[ReviewedFile], again: Callable[[], list[ReviewedFile]]
) -> list[ReviewedFile]:
    """Check `again` after every change, until Ctrl-C; what stands at the end. Rules that are wrong are told of, and the
    next change awaited.
    """
    _say(text("reports.watching"))
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(PAUSE)
            if watched.changed():
                reviewed = _after_change(reviewed, again)
    return reviewed


def _after_change(before: list[ReviewedFile], again: Callable[[], list[ReviewedFile]]) -> list[ReviewedFile]:
    began = time.perf_counter()
    try:
        now = again()
    except StreamcheckError as error:
        _say(str(error))
        return before
    seconds = time.perf_counter() - began
    gone, new = list(_only_in(before, now)), list(_only_in(now, before))
    for sign, lines in (("-", gone), ("+", new)):
        for line in lines:
            print(f"{sign} {line}", flush=True)
    count = sum(len(file.findings) for file in now)
    _say(text("reports.watched", count=count, new=len(new), gone=len(gone), seconds=f"{seconds:.1f}"))
    return now


def _only_in(files: Sequence[ReviewedFile], others: Sequence[ReviewedFile]) -> Iterator[str]:
    """The findings, a line each, that are not the same in the other run."""
    known = {(file.file, finding) for file in others for finding in file.findings}
    for file in files:
        yield from file_lines(replace(file, findings=[one for one in file.findings if (file.file, one) not in known]))


def _say(sentence: str) -> None:
    print(f"streamcheck: {sentence}", file=sys.stderr, flush=True)
