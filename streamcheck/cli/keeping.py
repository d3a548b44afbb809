"""What `review` found, put among the sessions and decided there."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from streamcheck.cli.deciding import walk
from streamcheck.errors import ConfigError, SourceError
from streamcheck.i18n import text
from streamcheck.recorded import session_named
from streamcheck.reports import ReviewedFile
from streamcheck.reports.report import Judgement
from streamcheck.review import STANDARD_INPUT, is_recording
from streamcheck.safe import printable
from streamcheck.sessions.decisions import decided, judged
from streamcheck.sessions.home import Home
from streamcheck.sessions.listening import clip_of
from streamcheck.sessions.reviewed import Review, content_of, keep
from streamcheck.sessions.store import About, Store


@dataclass(frozen=True)
class ReviewKeeper:
    """Keeps reviewed files as sessions; of `about` what is the same for all of them is used."""

    about: About
    track: int = 0

    def keep(self, file: ReviewedFile) -> ReviewedFile:
        """Put a file into the store; the file as its session has it, with earlier decisions. Raises OutputError."""
        with Home.of_user().store() as store:
            ident = keep(store, Review(self._about(file.file), file.length or 0.0, file.utterances, file.findings))
            print(f"streamcheck: {text('deciding.kept', file=printable(file.file), session=ident)}", file=sys.stderr)
            return with_decisions(store, ident, file)

    def _about(self, file: str) -> About:
        """What is known of a file, or of the session that a name stands for. Raises SourceError."""
        if named := session_named(file):
            folder = str(Home.of_user().of(named.id))
            presenter, content = self.about.presenter or named.presenter, named.content or f"session:{named.id}"
            about = replace(self.about, source=named.source, presenter=presenter)
            return replace(about, recording=named.recording or folder, content=content)
        if file == STANDARD_INPUT:
            return replace(self.about, source=file, model="")
        path, sound = Path(file), is_recording(file)
        try:
            content = content_of(path, self.track if sound else None)
        except OSError as error:
            raise SourceError(f"{printable(file)}: {error.strerror}") from error
        about = replace(self.about, source=path.name, recording=str(path.absolute()), content=content)
        return about if sound else replace(about, model="")

    def decide(self, files: Sequence[ReviewedFile]) -> list[ReviewedFile]:
        """Walk the findings of kept files in the terminal; the files with what was decided."""
        home = Home.of_user()
        with home.store() as store:
            for file in files:
                assert file.session is not None
                session = store.session(file.session)
                if file.findings and not walk(store, session, clip_of(home, session)):
                    break
            return [with_decisions(store, file.session, file) for file in files if file.session]


def check_terminal() -> None:
    """Refuse to walk findings where nobody sees them. Raises ConfigError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(text("deciding.no-terminal"))


def with_decisions(store: Store, session: str, file: ReviewedFile) -> ReviewedFile:
    """A file with the decisions of its session: findings that are false alarms do not count in it."""
    held = decided(file.findings, store.decisions(session))
    judgements = {ident: Judgement(one.verdict, one.remark, one.assignee) for ident, one in held.items()}
    findings = [judged(one, held.get(one.id)) for one in file.findings]
    return replace(file, findings=findings, session=session, judgements=judgements)
