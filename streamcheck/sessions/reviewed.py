"""Reviewed files in the store: one session for each recording, however often and under whatever name it is reviewed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from streamcheck.events import Finding, Utterance
from streamcheck.sessions.decisions import carried_over
from streamcheck.sessions.store import About, Settled, Store


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found in one file. `about.content` is what `content_of` says; `seconds` is 0 for untimed text."""

    about: About
    seconds: float
    utterances: Sequence[Utterance]
    findings: Sequence[Finding]


def content_of(file: Path, track: int | None) -> str:
    """What tells a file again: a recording's `track` by its sound, wherever it lies; a transcript (None) by its path,
    since it is mended between two reviews. Raises OSError.
    """
    if track is None:
        return f"text:{file.absolute()}"
    with file.open("rb") as recording:
        return f"sound:{hashlib.file_digest(recording, 'sha256').hexdigest()}:{track}"


def keep(store: Store, review: Review) -> str:
    """Put a review into the store; its session. What was decided of the same file holds on. Raises OutputError."""
    content = review.about.content
    known = next((one for one in store.sessions() if content and one.content == content), None)
    if known is None:
        ident, about = store.begin(review.about), review.about
    else:
        ident, about = known.id, replace(review.about, presenter=review.about.presenter or known.presenter)
    store.describe(ident, about)
    settled = [
        Settled(number, said, said.end if said.end is not None else review.seconds)
        for number, said in enumerate(review.utterances)
    ]
    store.replace(ident, settled, review.findings, carried_over(review.findings, store.decisions(ident)))
    store.end(ident, review.seconds)
    return ident
