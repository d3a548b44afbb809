"""What the host's keys ask for is done, and what cannot be done is said."""

import signal
from types import SimpleNamespace
from typing import Any

import pytest

from streamcheck.audio.pausing import PausableSource
from streamcheck.cli.desk import HostDesk
from streamcheck.errors import OutputError
from streamcheck.overlay.controls import Ended, Judged, Noted, PauseToggled


@pytest.fixture
def source() -> PausableSource:
    return PausableSource(SimpleNamespace(name="м", waits=False, trouble=""))  # type: ignore[arg-type]


def recording(kept: list[Any], error: Exception | None = None) -> Any:
    def keep(*values: Any) -> None:
        if error:
            raise error
        kept.append(values)

    return SimpleNamespace(decide=keep, remark=keep)


def test_decisions_and_notes_go_on_record(source: PausableSource) -> None:
    kept: list[Any] = []
    desk = HostDesk(source, redact=True)
    desk.record = recording(kept)
    assert desk(Judged(("1", "2"), "false-alarm")) == desk(Judged(("1",), None)) == ""
    assert desk(Noted(3.0, "звонили с 8 701 234 56 78", "1")) == ""
    assert kept == [(("1", "2"), "false-alarm"), (("1",), "open"), (3.0, "звонили с ••• ••• ••• ••• •••", "1")]


def test_what_cannot_be_kept_is_said(source: PausableSource) -> None:
    desk = HostDesk(source, redact=False)
    assert desk(Judged(("1",), "breach")) == "Не сохранено: этот эфир не сохраняется"
    desk.record = recording([], OutputError("диск полон"))
    assert desk(Noted(3.0, "слова", None)) == "Не сохранено: диск полон"


def test_a_pause_and_its_end(source: PausableSource) -> None:
    desk = HostDesk(source, redact=False)
    desk(PauseToggled())
    assert source.paused
    desk(PauseToggled())
    assert not source.paused


def test_the_end_is_a_termination_in_order(source: PausableSource) -> None:
    seen: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    try:
        HostDesk(source, redact=False)(Ended())
        assert seen == [signal.SIGTERM]
    finally:
        signal.signal(signal.SIGTERM, before)
