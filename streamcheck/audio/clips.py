"""Stretches of a recording as files of their own: sound encoded anew, picture and sound copied as they are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
from av import Packet
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from streamcheck.audio.decoding import SoundForm
from streamcheck.audio.media import TICKS, open_media
from streamcheck.audio.writing import SoundTrack
from streamcheck.events import AudioBlock

CLIP = SoundForm(48_000, "mono")
"""What clips of sound are cut from: Opus knows no rate above."""
_CODECS = {".opus": ("libopus", 48_000), ".wav": ("pcm_s16le", None)}
_CONTAINERS = {".mp4": ".mp4", ".m4v": ".mp4", ".mov": ".mp4", ".webm": ".webm"}
_INTERLEAVED = 3.0
"""Seconds by which one stream of a file may lag behind another."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a recording in seconds, and the file that it becomes."""

    start: float
    end: float
    path: Path


def cut_sound(
    blocks: Iterable[AudioBlock], form: SoundForm, stretches: Sequence[Stretch], *, bit_rate: int | None = None
) -> list[Path]:
    """Write stretches of sound, WAV or Opus by their ending, in one pass over the blocks; the files that were written.

    `bit_rate` is that of Opus, 48,000 unless given.
    Nothing is written for a stretch behind the end of the sound. Raises OSError, av.FFmpegError where a file cannot be
    written, and what `blocks` raises.
    """
    waiting = sorted(stretches, key=lambda one: one.start, reverse=True)
    written: list[Path] = []
    writers: list[_SoundFile] = []
    try:
        for block in blocks:
            stop = block.start + len(block.samples)
            while waiting and waiting[-1].start * form.rate < stop:
                writers.append(_SoundFile(waiting.pop(), form, bit_rate))
                written.append(writers[-1].path)
            for writer in writers:
                writer.write(block)
            for done in [one for one in writers if one.last <= stop]:
                writers.remove(done)
                done.close()
            if not waiting and not writers:
                break
    finally:
        for writer in writers:
            writer.close()
    return written


class _SoundFile:
    """One stretch of sound in the making."""

    def __init__(self, stretch: Stretch, form: SoundForm, bit_rate: int | None) -> None:
        codec, usual_rate = _CODECS[stretch.path.suffix]
        self.path = stretch.path
        self._first, self.last = int(max(stretch.start, 0.0) * form.rate), int(stretch.end * form.rate)
        self._container = av.open(f"file:{stretch.path}", "w")
        self._track = SoundTrack(self._container, codec, form, usual_rate and (bit_rate or usual_rate))

    def write(self, block: AudioBlock) -> None:
        """Write what of the block lies in the stretch."""
        first, last = max(self._first - block.start, 0), max(self.last - block.start, 0)
        if len(samples := block.samples[first:last]):
            self._container.mux(list(self._track.encode(block.start + first - self._first, samples)))

    def close(self) -> None:
        """End the file."""
        try:
            self._container.mux(list(self._track.finish()))
        finally:
            self._container.close()


def video_ending(path: Path) -> str | None:
    """The ending of a clip with the picture of this recording, None where it has no moving one. Raises SourceError."""
    with open_media(path) as container:
        return _CONTAINERS.get(path.suffix.lower(), ".mkv") if moving_picture(container) else None


def moving_picture(container: InputContainer) -> VideoStream | None:
    """The first video stream that is no cover picture."""
    return next((one for one in container.streams.video if not one.disposition & Disposition.attached_pic), None)


def cut_video(path: Path, track: int, stretches: Iterable[Stretch]) -> list[Path]:
    """Write stretches of picture and one audio track, copied without loss; the files that were written.

    A clip begins with the key frame before its stretch, since what follows is drawn over that. Nothing is written for a
    stretch behind the end. Raises SourceError, OSError, av.FFmpegError.
    """
    written = []
    with open_media(path) as source:
        video = moving_picture(source)
        assert video is not None
        streams = [video, *source.streams.audio[track : track + 1]]
        zero = (source.start_time or 0) / TICKS
        for stretch in stretches:
            if source.duration and stretch.start * TICKS >= source.duration:
                continue
            source.seek(int((stretch.start + zero) * TICKS), backward=True)
            with av.open(f"file:{stretch.path}", "w") as target:
                copies = {one.index: target.add_stream_from_template(one) for one in streams}
                for packet in _stretch(source, streams, stretch.end + zero):
                    packet.stream = copies[packet.stream.index]
                    target.mux(packet)
            written.append(stretch.path)
    return written


def _stretch(source: InputContainer, streams: Sequence[Stream], end: float) -> "Iterator[Packet[Stream]]":
    """Packets from the next key frame of the picture on until all streams are past `end`, timed from there."""
    began: float | None = None
    for packet in source.demux(list(streams)):
        if packet.dts is None or packet.pts is None or packet.time_base is None:
            continue
        at = float(packet.pts * packet.time_base)
        if began is None:
            if packet.stream is not streams[0] or not packet.is_keyframe:
                continue
            began = at
        decoded = float(packet.dts * packet.time_base)
        if decoded > end + _INTERLEAVED:
            return
        if began <= at and decoded <= end:
            shift = round(began / packet.time_base)
            packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
            yield packet
