"""The host's keys at work: her decisions and notes go on record, her pause to the source, her end to the session."""

import _thread
import signal

from streamcheck.audio.pausing import PausableSource
from streamcheck.errors import StreamcheckError
from streamcheck.i18n import text
from streamcheck.overlay.controls import Ended, Judged, Noted, PauseToggled, Request
from streamcheck.sessions.record import Record


class HostDesk:
    """Does what the keys of the overlay ask for; `record` is None until there is one, or where none is kept."""

    def __init__(self, source: PausableSource, *, redact: bool) -> None:
        self.record: Record | None = None
        self._source = source
        self._redact = redact

    def __call__(self, request: Request) -> str:
        """Do it; return why it could not be done, or nothing."""
        match request:
            case PauseToggled():
                self._source.toggle()
            case Ended():
                _thread.interrupt_main(signal.SIGTERM)  # ends a session in order, also where SIGINT is ignored
            case Judged() | Noted():
                try:
                    self._keep(request)
                except StreamcheckError as error:
                    return text("overlay.not-noted", why=error)
        return ""

    def _keep(self, request: Judged | Noted) -> None:
        if self.record is None:
            raise StreamcheckError(text("sessions.unkept"))
        if isinstance(request, Judged):
            self.record.decide(request.findings, request.verdict or "open")
            return
        words = request.words
        if self._redact:
            from streamcheck.redaction import redact_text

            words = redact_text(words)
        self.record.remark(request.at, words, request.finding)
