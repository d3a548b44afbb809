"""What a report's page draws and plays of a recording: its loudness, and clips or the recording beside it."""

import io
import os
import re
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote

import av
import numpy as np
import pytest

from streamcheck.audio.level import FLOOR_DB
from streamcheck.audio.loudness import LoudnessMeter
from streamcheck.cli.main import main
from streamcheck.events import SAMPLE_RATE, AudioBlock
from streamcheck.playback import with_playback
from streamcheck.recorded import RecordedFile, RecordedSession
from streamcheck.reports import ReviewedFile
from streamcheck.sessions.sound import PieceWriter
from streamcheck.sessions.store import Store
from tests.reports.report_samples import finding, utterance

SAMPLES = Path(__file__).parents[1] / "samples"
SAID = utterance("пишите мне в вотсап", 20.0, 24.0)
LATE = utterance("самый лучший", 79.0, 80.0)
FILE = ReviewedFile("broadcast.opus", [SAID, LATE], [finding(SAID, 0, 4, id="a"), finding(LATE, 0, 2, id="b")])


def seconds_of(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def test_loudness_is_that_of_every_second_and_gaps_are_silent() -> None:
    loud, quiet = np.full(SAMPLE_RATE, 0.5, np.float32), np.full(SAMPLE_RATE, 0.05, np.float32)
    meter = LoudnessMeter([AudioBlock(0, loud), AudioBlock(3 * SAMPLE_RATE, quiet)])
    assert len(list(meter)) == 2
    assert meter.levels == [-6.0, FLOOR_DB, FLOOR_DB, -26.0]


def test_clips_lie_within_the_page_with_a_margin() -> None:
    file = with_playback(FILE, RecordedFile(SAMPLES / "broadcast.opus"), "embed", None)
    assert file.clips["a"].start == 18.0
    assert seconds_of(file.clips["a"].data) == pytest.approx(8.0, abs=0.1)
    assert len(file.levels) == 81
    assert max(file.levels) < 0


def test_a_file_beside_the_page_is_pointed_to_from_where_the_page_lies(tmp_path: Path) -> None:
    recording = tmp_path / "запись #1.opus"
    recording.write_bytes((SAMPLES / "broadcast.opus").read_bytes())
    (tmp_path / "отчёты").mkdir()
    file = with_playback(FILE, RecordedFile(recording), "beside", tmp_path / "отчёты" / "r.html")
    assert file.recording is not None
    assert unquote(file.recording) == "../запись #1.opus"
    assert "#" not in file.recording
    assert not file.clips


def test_the_sound_of_a_session_is_written_beside_the_page(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path)
    for second in range(3):
        writer.write(AudioBlock(second * SAMPLE_RATE, np.full(SAMPLE_RATE, 0.2, np.float32)))
    writer.cut()
    file = with_playback(FILE, RecordedSession(tmp_path, 3.0), "beside", tmp_path / "r.html")
    assert file.recording == "r.opus"
    assert seconds_of((tmp_path / "r.opus").read_bytes()) == pytest.approx(3.0, abs=0.1)


def test_a_review_and_the_export_of_its_session_can_be_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    recording = os.path.relpath(SAMPLES / "broadcast.opus")
    review = ["review", recording, "--transcript", str(SAMPLES / "broadcast.srt"), "--platform", "kaspi", "--keep"]
    assert main([*review, "--output", "r.html"]) == 1
    assert main(["sessions", "export", "last", "--output", "s.html"]) == 0
    for name in ("r.html", "s.html"):
        page = Path(name).read_text(encoding="utf-8")
        clips = re.findall(r'<script type="text/plain" id="f1-\d+-clip">([^<]+)</script>', page)
        assert len(clips) >= 5
        assert seconds_of(b64decode(clips[0])) > 4
        assert 'data-session="20' in page
    assert main([*review, "--output", "b.html", "--sound", "beside"]) == 1
    assert f'data-recording="{recording}"' in Path("b.html").read_text(encoding="utf-8")
    assert main([*review, "--output", "n.html", "--sound", "none"]) == 1
    assert " data-clip=" not in Path("n.html").read_text(encoding="utf-8")
    with Store(tmp_path / "data" / "streamcheck" / "sessions" / "sessions.sqlite") as store:
        assert len(store.sessions()) == 1
    capsys.readouterr()
