"""The findings of a session walked in the terminal, each heard and decided by a key.

Every decision is in the store before the next key is read, so that nothing is lost however the walk ends. Keys stand
where they are on a Russian keyboard too. Full-screen toolkits (textual, prompt_toolkit) were left out: one view only.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import typer
from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from streamcheck.audio.playing import play, stop
from streamcheck.cli.sessions_view import decision_words
from streamcheck.errors import StreamcheckError
from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.reports.report import counts
from streamcheck.reports.wording import around, sort_of, term, where
from streamcheck.safe import printable
from streamcheck.sessions.decisions import decided
from streamcheck.sessions.listening import Clip
from streamcheck.sessions.store import Decision, Session, Store, Verdict

MARGIN = 2.0
"""Seconds that are played before and behind the words."""
_ROOM = 300
_NEAR = 6.0
"""Seconds before and behind a finding from which other utterances are shown."""
_LATIN = dict(zip("кфзйло", "rapqkj", strict=True))
_VERDICTS: dict[str, Verdict] = {"1": "breach", "2": "false-alarm", "3": "unsure", "0": "open"}
_BACK = frozenset({"k", "\x7f", "\b", "\x1b[D", "\x1b[A", "\x1bOD", "\x1bOA"})
_NEXT = frozenset({"j", "\r", "\n", "\t", "\x1b[C", "\x1b[B", "\x1bOC", "\x1bOB"})
_QUIT = frozenset({"q", "\x1b"})


def walk(store: Store, session: Session, clip: Clip | None, keys: Iterator[str] | None = None) -> bool:
    """Show the session's findings one after another and keep what is decided; `keys` are those of the terminal.

    Whether the last was passed; False where the person had enough. Raises OutputError where the store refuses a
    decision.
    """
    shown = _Walk(store, session, clip, Console())
    if not shown.findings:
        print(text("deciding.nothing"))
        return True
    with contextlib.suppress(KeyboardInterrupt, EOFError):
        shown.run(keys or pressed())
    with contextlib.suppress(StreamcheckError):
        stop()
    done = sum(shown.is_decided(one) for one in shown.findings)
    print(text("deciding.summary", decided=done, count=len(shown.findings), session=session.id))
    return shown.at >= len(shown.findings)


def pressed(read: Callable[[], str] = typer.getchar) -> Iterator[str]:
    """The keys that are pressed, one by one: a terminal hands over together what was typed ahead.

    Raises KeyboardInterrupt and EOFError for Ctrl-C and Ctrl-D.
    """
    while True:
        typed = read()
        yield from [typed] if typed.startswith("\x1b") else typed


@dataclass
class _Walk:
    """Where the walk is. Withdrawn findings are left out, and those that do not count unless they were decided."""

    store: Store
    session: Session
    clip: Clip | None
    console: Console
    findings: Sequence[Finding] = ()
    held: dict[str, Decision] = field(default_factory=dict)
    at: int = 0
    trouble: str = ""

    def __post_init__(self) -> None:
        everything = self.store.findings(self.session.id)
        self.said = self.store.utterances(self.session.id)
        self.held = decided(everything, self.store.decisions(self.session.id))
        self.findings = [one for one in everything if counts(one) or (one.id in self.held and one.state != "withdrawn")]
        waiting = (n for n, one in enumerate(self.findings) if not self.is_decided(one))
        self.at = next(waiting, 0)

    def is_decided(self, finding: Finding) -> bool:
        return finding.id in self.held and self.held[finding.id].verdict != "open"

    def run(self, keys: Iterator[str]) -> None:
        """Until quit, or past the last finding."""
        heard = -1
        while self.at < len(self.findings):
            if heard != self.at:
                heard = self.at
                self._play()
            self.console.clear()
            self.console.print(self._view(), markup=False, highlight=False, emoji=False)
            key = next(keys)
            key = _LATIN.get(key.lower(), key.lower() if len(key) == 1 else key)
            if key in _QUIT:
                return
            self._obey(key)

    def _obey(self, key: str) -> None:
        finding = self.findings[self.at]
        if key in _VERDICTS:
            self._decide(finding, verdict=_VERDICTS[key])
            self.at += key != "0"
        elif key in _NEXT:
            self.at += 1
        elif key in _BACK:
            self.at = max(self.at - 1, 0)
        elif key in ("r", "a"):
            self._write(finding, key)
        elif key in (" ", "p"):
            self._play()

    def _write(self, finding: Finding, key: str) -> None:
        """Ask for a remark or an assignee; Ctrl-C takes the question back, not the walk."""
        with contextlib.suppress(KeyboardInterrupt, EOFError):
            words = input(text("deciding.remark" if key == "r" else "deciding.assign")).strip()
            if words and key == "r":
                self._decide(finding, remark=words)
            elif words:
                self._decide(finding, assignee=words)

    def _decide(
        self, finding: Finding, verdict: Verdict | None = None, remark: str | None = None, assignee: str | None = None
    ) -> None:
        before = self.held.get(finding.id)
        if before is not None and before.finding != finding.id:  # made of an earlier run, under another id
            verdict, remark = verdict or before.verdict, before.remark if remark is None else remark
            assignee = before.assignee if assignee is None else assignee
        self.store.decide(self.session.id, finding.id, verdict, remark=remark, assignee=assignee)
        self.held = decided(self.findings, self.store.decisions(self.session.id))

    def _play(self) -> None:
        self.trouble = ""
        finding = self.findings[self.at]
        if self.clip is None or finding.start is None:
            return
        try:
            samples = self.clip(max(finding.start - MARGIN, 0.0), (finding.end or finding.start) + MARGIN)
            if len(samples):
                play(samples)
            else:
                self.trouble = text("deciding.no-sound")
        except StreamcheckError as error:
            self.trouble = str(error)

    def _view(self) -> RenderableType:
        finding = self.findings[self.at]
        done = sum(self.is_decided(one) for one in self.findings)
        head = text("deciding.head", number=self.at + 1, count=len(self.findings), decided=done)
        title = Text(f"{head} · {printable(self.session.source, 60)}", "bold", no_wrap=True, overflow="ellipsis")
        place = Text(where(finding.start, finding.line), "bold").append("  ")
        style = {"violation": "bold red", "warning": "bold yellow", "advice": "bold cyan"}[finding.severity]
        place.append(sort_of(finding), style).append(f" · {term(finding.category)}")
        place.append(f" · {printable(finding.rule, 80)}", "dim")
        parts: list[RenderableType] = [Rule(title, align="left", style="dim"), place, Text()]
        parts += [*self._speech(finding), Text(), Text(printable(finding.message, 500))]
        if finding.suggestion:
            parts.append(Text(f"→ {printable(finding.suggestion, 500)}", "green"))
        if decision := self.held.get(finding.id):
            parts += [Text(), Text(text("deciding.decision", words=decision_words(decision)), "bold")]
        if self.trouble:
            parts += [Text(), Text(printable(self.trouble, 300), "dim")]
        return Group(*parts, Text(), _keys())

    def _speech(self, finding: Finding) -> Iterator[Text]:
        """The words around, then those found, then what comes after."""
        before, quote, after = around(finding, _ROOM)
        yield from (Text(line, "dim") for line in self._near(finding, behind=False))
        yield Text.assemble(before, (quote, "bold reverse"), after)
        yield from (Text(line, "dim") for line in self._near(finding, behind=True))

    def _near(self, finding: Finding, *, behind: bool) -> Iterator[str]:
        context = printable(finding.context)
        for said in self.said:
            start, end = said.start, said.end
            if finding.start is None or finding.end is None or start is None or end is None:
                continue
            distance = start - finding.end if behind else finding.start - end
            line = printable(said.text, _ROOM)
            if 0 <= distance <= _NEAR and line not in context:
                yield line


def _keys() -> Text:
    """What each key does: the verdicts on one line, the rest on another; both fit into 80 columns."""
    names = {
        key: "deciding.key-open" if key == "0" else f"sessions.verdict-{verdict}" for key, verdict in _VERDICTS.items()
    }
    others = {"r": "remark", "a": "assign", **{text(f"deciding.{name}-key"): name for name in ("play", "back", "next")}}
    others["q"] = "quit"
    first = [part for key, name in names.items() for part in ((key, "bold"), f" {text(name)}   ")]
    second = [part for key, name in others.items() for part in ((key, "bold"), f" {text(f'deciding.key-{name}')}   ")]
    return Text.assemble(*first, "\n", *second)
