"""Checking from another program: text and files in, findings out. What the command does with them is elsewhere."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from streamcheck.checking import Checker, load_rules
from streamcheck.events import Finding
from streamcheck.transcripts import parse_transcript

if TYPE_CHECKING:
    from streamcheck.reports import ReviewedFile


def check_text(
    text: str, *, platform: str = "generic", rules: Sequence[str | Path] = (), checker: Checker | None = None
) -> list[Finding]:
    """The findings of a text, in its order; `line` of each counts from 1.

    `platform` is `kaspi`, `yandex-market`, `wildberries`, `ozon` or `generic`; `rules` are folders of packs of one's
    own. A `checker` takes the place of both: make one where there is much to check, or where product cards, evidence
    or own names count. Raises RulesError, ConfigError.
    """
    said = parse_transcript(text.encode(), "text.txt") if text.strip() else []
    return (checker or _checker(platform, rules)).check(said)


def check_file(
    file: str | Path,
    *,
    platform: str = "generic",
    rules: Sequence[str | Path] = (),
    checker: Checker | None = None,
    model: str = "base",
    language: str = "ru",
    transcript: str | Path | None = None,
    track: int = 0,
    sellers: Sequence[str] = (),
    use_cache: bool = True,
) -> "ReviewedFile":
    """What was said in a recording, transcript, script or chat, and the findings in it.

    The result has `findings`, `utterances`, `duration` in seconds where it is known, and `notes` about damage that was
    read around. Sound is recognised by `model` in `language` and kept in the user's cache unless `use_cache` is off;
    with a `transcript` of it nothing is recognised. `sellers` are the names under which the shop writes in a chat;
    `platform`, `rules` and `checker` are as in `check_text`. Raises SourceError, TranscriptError, ModelError,
    RulesError, ConfigError: all of them StreamcheckError, with a sentence that a person can read.
    """
    from streamcheck.review import Recogniser, Reviewer, user_cache

    recogniser = Recogniser(model, language, cache=user_cache() if use_cache else None)
    reviewer = Reviewer(checker or _checker(platform, rules), recogniser, track, sellers=sellers)
    return reviewer.check_with(Path(transcript), str(file)) if transcript else reviewer.check(str(file))


def _checker(platform: str, rules: Sequence[str | Path]) -> Checker:
    """A checker of the shipped rules is made once a process; packs of one's own may change between two calls."""
    return Checker(load_rules([Path(folder) for folder in rules], platform=platform)) if rules else _shipped(platform)


@cache
def _shipped(platform: str) -> Checker:
    return Checker(load_rules(platform=platform))
