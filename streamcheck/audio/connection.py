"""One connection to a stream address: FFmpeg's protocols and demuxers, through PyAV.

Its time limits do not hold everywhere (name look-up, some handshakes): run it in a `MessageProcess`.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av import AudioStream
from av.container import InputContainer
from av.stream import Discard

from streamcheck.audio.decoding import Decoder, packets
from streamcheck.events import Samples

OPEN_SECONDS = 8.0
"""How long a server may take to answer."""

_READ_SECONDS = 30.0
"""When FFmpeg gives up on a read; who listens has lost patience before."""

_TICKS = 1_000_000

_LEAD = 1.0
"""Seconds by which a recording is entered earlier, for decoders to come to themselves."""

_OPTIONS = {
    "analyzeduration": str(2 * _TICKS),  # by default FFmpeg looks for missing pictures for five seconds
    "rtsp_transport": "tcp",
    "user_agent": "streamcheck",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """The stream is open. `duration` is its length in seconds if it is a recording; HLS comes in segments."""

    duration: float | None
    segmented: bool


@dataclass(frozen=True, slots=True)
class Sound:
    """What one packet held: the packet's checksum, its time stamp in seconds, and mono samples at 16 kHz."""

    checksum: int
    time: float | None
    samples: Samples


@dataclass(frozen=True, slots=True)
class Failed:
    """The stream could not be opened, or broke: the key of a text that says so, and FFmpeg's own word."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The server said that there is no more."""


Message = Opened | Sound | Failed | Ended


def read_stream(url: str, position: float | None = None) -> Iterator[Message]:
    """Open the address and yield its sound; a recording's from `position` on, in seconds of its own clock.

    It may begin earlier than `position`, where the recording can be entered.
    """
    try:
        with _open(url, position) as container:
            stream = _leanest(container)
            if stream is None:
                yield Failed("audio.stream-no-sound", "")
                return
            yield Opened(container.duration / _TICKS if container.duration else None, container.format.name == "hls")
            yield from _sound(container, stream)
            yield Ended()
    except (av.FFmpegError, ValueError) as error:
        yield Failed(_reason(error), str(error))


def _open(url: str, position: float | None) -> InputContainer:
    container = av.open(url, options=_OPTIONS, timeout=(OPEN_SECONDS, _READ_SECONDS))
    if container.duration and position is not None:
        try:
            container.seek(round(max(position - _LEAD, 0.0) * _TICKS))
        except av.FFmpegError:  # it is then anywhere: begin anew
            container.close()
            return _open(url, None)
    return container


def _leanest(container: InputContainer) -> AudioStream | None:
    """Of a stream's variants the leanest with sound: it sounds as good, and the others are then not fetched."""
    tracks = [track for track in container.streams.audio if track.codec_context is not None]
    chosen = min(tracks, key=lambda track: int(track.metadata.get("variant_bitrate", 0)), default=None)
    for stream in container.streams:
        if stream is not chosen:
            stream.discard = Discard.all
    return chosen


def _sound(container: InputContainer, stream: AudioStream) -> Iterator[Sound]:
    decoder = Decoder()
    checksum = 0
    for packet in packets(container, stream):
        checksum = zlib.crc32(bytes(packet)) if packet.size else checksum  # the flush belongs to the last packet
        if frames := list(decoder.feed(packet)):
            yield Sound(checksum, frames[0][0], np.concatenate([samples for _, samples in frames]))


def _reason(error: Exception) -> str:
    """The key of the text that says why a stream did not open."""
    match error:
        case av.error.HTTPUnauthorizedError() | av.error.HTTPForbiddenError():
            return "audio.stream-forbidden"
        case av.error.HTTPNotFoundError():
            return "audio.stream-not-found"
        case av.error.InvalidDataError():
            return "audio.stream-not-media"
        case av.error.ExitError() | TimeoutError():
            return "audio.stream-no-answer"
        case OSError():
            return "audio.stream-unreachable"
    return "audio.stream-failed"
