"""SubRip, WebVTT and YouTube's SBV: cues under a line of two times.

All three are read by one scan for lines of times, so that a cut, unnumbered or blank-riddled file gives all its text.
pysubs2 is not used here: it takes a trailing phone number for the number of the next cue, a line with two inline times
for a new cue, and the names and notes of WebVTT for speech.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from streamcheck.errors import TranscriptError
from streamcheck.events import Utterance, Word
from streamcheck.i18n import text as message
from streamcheck.transcripts.building import clean, seconds, settled, utterance

_TIME = r"(?:\d+:){0,2}\d+(?:[.,]\d+)?"
HEADER = re.compile(
    rf"\s*(?P<start>{_TIME})\s*--+>\s*(?P<end>{_TIME})?(?:\s.*)?"  # a cut header keeps one of its times
    rf"|\s*--+>\s*(?P<only_end>{_TIME})(?:\s.*)?"
    r"|\s*(?P<from>\d+:\d+:\d+\.\d+),(?P<to>\d+:\d+:\d+\.\d+)\s*"
)
_CUT_HEADER = re.compile(r"\d+:\d+:[\d:.,\s>-]*")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)\b")
_INLINE = re.compile(r"<((?:\d+:)?\d+:\d+\.\d+)>")
_SIGNPOST = re.compile(r"<(?P<time>(?:\d+:)?\d+:\d+\.\d+)>|<v(?:\.[^\s<>]*)?\s+(?P<voice>[^<>]*)>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STYLING = re.compile(r"</?(?!v[\s.])[a-zA-Z][\w.-]*(?:\s[^<>]*)?/?>|\{\\[^{}]*\}")
_LIT = re.compile(r"<(u|font)\b[^<>]*>(?P<word>[^<]+)</\1>")


@dataclass(frozen=True, slots=True)
class _Cue:
    """`payload` as written, with its tags, from `line` of the file on; `words` only where a run of cues lit up one word
    after the other.
    """

    start: float | None
    end: float | None
    payload: str
    words: tuple[Word, ...] = ()
    line: int | None = None


def parse(text: str) -> list[Utterance]:
    """The utterances of a subtitle file; a cue with several voices gives one for each.

    Raises TranscriptError where no line of times is in it.
    """
    cues: Iterable[_Cue] = _scan(text)
    if _INLINE.search(text):
        cues = _unrolled(cues)
    found = settled(spoken for cue in _joined(cues) for spoken in _spoken(cue))
    if not found and text.strip() and not text.lstrip().startswith("WEBVTT"):
        raise TranscriptError(message("transcripts.no-cues"))
    return found


def _scan(text: str) -> Iterator[_Cue]:
    """Cut the text into cues; text above the first line of times becomes a cue without a time."""
    named = text.lstrip().startswith("WEBVTT")
    start: float | None = None
    end: float | None = None
    lines: list[str] = []
    number, aside, first = 0, named, 1
    for at, line in enumerate(text.split("\n"), 1):
        if match := HEADER.fullmatch(line):
            if payload := _payload(lines, number + 1, headed=number > 0, named=named):
                yield _Cue(start, end, payload, line=first)
            first = at + 1
            start = seconds(match["start"] or match["from"])
            end = seconds(match["end"] or match["to"] or match["only_end"])
            lines, aside, number = [], False, number + 1
        elif aside:
            aside = bool(line.strip())
        elif named and _ASIDE.match(line) and not (lines and lines[-1].strip()):
            aside = True
        else:
            lines.append(line)
    while lines and (not lines[-1].strip() or _CUT_HEADER.fullmatch(lines[-1])):
        lines.pop()
    if number and (payload := _payload(lines, number + 1, headed=True, named=False)):
        yield _Cue(start, end, payload, line=first)


def _payload(lines: list[str], number: int, *, headed: bool, named: bool) -> str:
    """The text of a cue without the number or name of the cue after it.

    That is a last line that counts on to `number`, or one after a blank line that is a short number or, in WebVTT
    (`named`), anything. Without a header of its own (`headed`), the first line can be one too.
    """
    if lines:
        last = lines[-1].strip()
        apart = not lines[-2].strip() if len(lines) > 1 else not headed
        if last == str(number) or (apart and last and (named or (last.isdigit() and len(last) < 7))):
            lines = lines[:-1]
    return "\n".join(lines).strip()


def _plain(payload: str) -> str:
    return html.unescape(_STYLING.sub("", _SIGNPOST.sub("", _BREAK.sub(" ", payload)))).strip()


def _unrolled(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Captions that roll up (YouTube) without the lines that the cue before showed already."""
    shown: set[str] = set()
    for cue in cues:
        lines = {_plain(line): line for line in cue.payload.split("\n")}
        if fresh := [line for plain, line in lines.items() if plain and plain not in shown]:
            yield replace(cue, payload="\n".join(fresh))
        shown = set(lines)


def _joined(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """Cues that repeat one text and light up its words in turn (whisper's `--highlight_words`) as one cue."""
    for text, group in groupby(cues, lambda cue: _plain(cue.payload)):
        run = list(group)
        lit = [(cue, match) for cue in run if (match := _only(_LIT, cue.payload))]
        if len(run) < 2 or not lit:
            yield from run
            continue
        words = [Word(word) for word in text.split()]
        for cue, match in lit:
            place = len(_plain(cue.payload[: match.start()]).split())
            if place < len(words):
                words[place] = replace(words[place], start=cue.start, end=cue.end)
        yield _Cue(run[0].start, run[-1].end, html.escape(text), tuple(words), run[0].line)


def _only(pattern: re.Pattern[str], payload: str) -> re.Match[str] | None:
    found = list(pattern.finditer(payload))
    return found[0] if len(found) == 1 else None


def _spoken(cue: _Cue) -> Iterator[Utterance | None]:
    """The utterances of a cue, one a voice, with the times that stand inside it."""
    payload = _STYLING.sub("", _BREAK.sub(" ", cue.payload))
    if cue.words or not _SIGNPOST.search(payload):
        yield utterance(html.unescape(payload), cue.start, cue.end, words=cue.words, line=cue.line)
        return
    words: list[Word] = []
    voices: list[str | None] = []
    voice, start, place, inside = None, None, 0, False
    for post in (*_SIGNPOST.finditer(payload), None):
        piece = clean(html.unescape(payload[place : post.start() if post else None]))
        fresh = [Word(word) for word in piece.split()]
        if fresh and inside and not piece[0].isspace():
            words[-1] = replace(words[-1], text=words[-1].text + fresh.pop(0).text)
        if fresh and start is not None:
            fresh[0] = replace(fresh[0], start=start)
        words += fresh
        voices += [voice] * len(fresh)
        if post:
            inside = bool(words) and not piece[-1:].isspace() and post["voice"] is None
            voice, start, place = post["voice"] or voice, seconds(post["time"]), post.end()
    whole = utterance("".join(word.text for word in words), cue.start, cue.end, words=words, line=cue.line)
    yield from _by_voice(whole, voices)


def _by_voice(whole: Utterance | None, voices: Sequence[str | None]) -> Iterator[Utterance]:
    if whole:
        for voice, pairs in groupby(zip(voices, whole.words, strict=True), lambda pair: pair[0]):
            words = tuple(word for _, word in pairs)
            speaker = " ".join(html.unescape(voice).split()) if voice else None
            yield Utterance(words, words[0].start, words[-1].end, whole.line, speaker)
