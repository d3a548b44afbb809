"""Clips of findings: the right sound under the right name, the picture copied, nothing else in the folder."""

from dataclasses import replace
from pathlib import Path

import av
import pytest

from streamcheck.audio.media import read_samples
from streamcheck.clips import ClipCutter
from streamcheck.errors import OutputError, SourceError
from streamcheck.events import Finding
from streamcheck.recorded import RecordedFile
from streamcheck.reports import ReviewedFile
from tests.audio.footage import write_footage
from tests.audio.sound import joined, pitches, scale
from tests.reports.report_samples import finding, utterance

SCALE = [400 + 50 * step for step in range(12)]
TONES = scale(SCALE, 48_000)


def found(start: float, end: float, **changes: object) -> Finding:
    changes = {"id": f"{start}", **changes}
    return replace(finding(utterance("пишите в вотсап", start, end), 0, 3), **changes)  # type: ignore[arg-type]


def cut(cutter: ClipCutter, file: ReviewedFile, track: int = 0) -> dict[str, list[Path]]:
    return cutter.cut(file, RecordedFile(Path(file.file), track))


def sound_of(path: Path) -> list[int]:
    return pitches(joined(read_samples(path)))


@pytest.mark.parametrize("form", ["opus", "wav"])
def test_each_finding_is_a_file_of_its_own_sound(tmp_path: Path, form: str) -> None:
    source = write_footage(tmp_path / "эфир вечер.mkv", TONES)
    findings = [found(3, 5), found(4, 6, rule="shared/best"), found(11, 11.5), found(0.2, 1)]
    made = cut(ClipCutter(tmp_path / "out", form, 1.0), ReviewedFile(str(source), [], findings))
    sounds = [made[one.id][0] for one in findings]
    assert [path.name for path in sounds] == [
        f"эфир-вечер_0-00-03_shared-messenger.{form}",
        f"эфир-вечер_0-00-04_shared-best.{form}",
        f"эфир-вечер_0-00-11_shared-messenger.{form}",
        f"эфир-вечер_0-00-00_shared-messenger.{form}",
    ]
    assert [sound_of(path) for path in sounds] == [SCALE[2:6], SCALE[3:7], SCALE[10:], SCALE[:2]]


@pytest.mark.parametrize(
    ("name", "video", "audio", "ending"),
    [
        ("x.mp4", "mpeg4", "aac", ".mp4"),
        ("x.webm", "libvpx", "libopus", ".webm"),
        ("x.ts", "mpeg2video", "mp2", ".mkv"),
    ],
)
def test_the_picture_is_copied_from_its_key_frame_on(
    tmp_path: Path, name: str, video: str, audio: str, ending: str
) -> None:
    source = write_footage(tmp_path / name, TONES, video=video, audio=audio, begins=5.0 if ending == ".mkv" else 0.0)
    made = cut(ClipCutter(tmp_path / "out", margin=0.5), ReviewedFile(str(source), [], [found(6.5, 8.5)]))
    _, clip = made["6.5"]
    assert clip.suffix == ending
    with av.open(str(clip)) as container:
        frames = [int(frame.to_ndarray(format="gray")[32, 32]) for frame in container.decode(video=0)]
    assert 28 <= len(frames) <= 45
    assert frames[0] == pytest.approx(60, abs=12)
    assert frames[-1] == pytest.approx(90, abs=12)
    assert SCALE[7] in sound_of(clip)
    assert SCALE[4] not in sound_of(clip)


def test_a_cover_is_no_picture(tmp_path: Path) -> None:
    source = tmp_path / "x.mp3"
    with av.open(str(source), "w") as container:
        sound = container.add_stream("libmp3lame", rate=48_000, layout="mono")
        cover = container.add_stream("mjpeg", width=64, height=64, pix_fmt="yuvj420p", rate=1)
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame(64, 64, "yuvj420p")
        container.mux(cover.encode(picture))
        frame = av.AudioFrame.from_ndarray((TONES[None, :] * 32767).astype("int16"), "s16", "mono")
        frame.rate = 48_000
        container.mux([*sound.encode(frame), *sound.encode(None)])
    made = cut(ClipCutter(tmp_path / "out"), ReviewedFile(str(source), [], [found(3, 4)]))
    assert [path.suffix for path in made["3"]] == [".opus"]


def test_the_asked_track_is_what_is_heard(tmp_path: Path) -> None:
    source = write_footage(tmp_path / "x.mkv", TONES, TONES[::-1].copy())
    made = cut(ClipCutter(tmp_path / "out", margin=0), ReviewedFile(str(source), [], [found(3, 5)]), track=1)
    for path in made["3"]:
        assert set(SCALE[::-1][3:5]) <= set(sound_of(path)) <= set(SCALE[::-1][2:6])


def test_no_two_clips_share_a_name_and_no_name_leaves_the_folder(tmp_path: Path) -> None:
    source = write_footage(tmp_path / "x.mkv", TONES)
    rules = ["a/b", "a b", "../../etc/passwd", "..", "\x1b[2J\u202e", "q" * 300]
    findings = [found(3, 4, rule=rule, id=str(number)) for number, rule in enumerate(rules)]
    cutter = ClipCutter(tmp_path / "out")
    made = [cut(cutter, ReviewedFile(str(source), [], findings)) for _ in range(2)]
    paths = [path for clips in made for both in clips.values() for path in both]
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())
    assert len(paths) == len({path.name.casefold() for path in paths}) == 24
    assert all(path.name.isprintable() and ".." not in path.name for path in paths)


def test_only_what_stands_and_has_a_time_is_cut(tmp_path: Path) -> None:
    source = write_footage(tmp_path / "x.mkv", TONES)
    findings = [
        found(3, 4, ignored="название"),
        found(4, 5, state="supported"),
        replace(found(5, 6), start=None, end=None),
        found(600, 601),  # by a transcript of something longer
    ]
    assert cut(ClipCutter(tmp_path / "out"), ReviewedFile(str(source), [], findings)) == {"600": []}
    assert not list((tmp_path / "out").iterdir())


def test_what_cannot_be_read_or_written_is_one_line(tmp_path: Path) -> None:
    source = write_footage(tmp_path / "x.mkv", TONES[:96_000])
    file = ReviewedFile(str(source), [], [found(1, 2)])
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: "):
        cut(ClipCutter(tmp_path / "file"), file)
    with pytest.raises(SourceError, match="нет дорожки 3"):
        cut(ClipCutter(tmp_path / "out"), file, track=3)
