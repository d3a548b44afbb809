"""A recording copied with stretches of its sound covered; the picture is copied as it is.

The sound is encoded anew, since compressed sound cannot be cut between two words. Other tracks of sound, subtitles and
data are left out: they would tell what is covered.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
from av import Packet
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.codec import Codec
from av.container import OutputContainer

from streamcheck.audio.clips import moving_picture
from streamcheck.audio.decoding import SoundForm
from streamcheck.audio.media import TICKS, Recording, open_media
from streamcheck.audio.writing import SoundTrack
from streamcheck.events import AudioBlock, Samples

Cover = Literal["tone", "silence"]
SOUND_ONLY = frozenset(".aac .flac .m4a .mka .mp3 .oga .ogg .opus .wav .wma".split())
"""Endings of files that get no picture."""

_TONE = 1000.0
"""Hertz, as broadcasters do."""
_LOUDNESS = 0.1
"""Of full scale: −20 dB, no louder than speech."""
_FADE = 0.003
"""Seconds in which the tone rises and falls, so that it does not click."""
_ENCODERS = {"opus": "libopus", "mp3": "libmp3lame", "vorbis": "libopus"}
_USUAL = {".mkv": "aac", ".ogg": "libopus", ".oga": "libopus", ".mka": "libopus"}
"""Where the libraries would choose AC-3 or FLAC."""
_BIT_RATE = 160_000


def bleep(source: Path, target: Path, spans: Sequence[tuple[float, float]], cover: Cover, track: int = 0) -> int:
    """Write the recording with the spans, in seconds, covered; how many other tracks of sound were left out.

    The container is the one that the target's ending names. Raises SourceError, ValueError where no container has this
    ending, OSError and av.FFmpegError where the target cannot be written or cannot hold this picture.
    """
    Recording(source, track)  # tells what is wrong with it
    with open_media(source) as pictures, av.open(f"file:{target}", "w") as container:
        zero = (pictures.start_time or 0) / TICKS
        video = None if target.suffix.lower() in SOUND_ONLY else moving_picture(pictures)
        streams: list[Iterator[Packet[Any]]] = []
        if video is not None:
            copy = container.add_stream_from_template(video)
            streams.append(_copied(pictures.demux(video), copy, zero))
        sound = pictures.streams.audio[track]
        form, codec = _form(sound, source, target, container)
        bit_rate = None if codec.startswith(("pcm", "flac")) else max(sound.bit_rate or 0, _BIT_RATE)
        written = SoundTrack(container, codec, form, bit_rate)
        recording = Recording(source, track, form)
        streams.append(_encoded(written, covered(recording, form.rate, spans, cover)))
        for packet in merge(*streams, key=_time):
            container.mux(packet)
        return len(pictures.streams.audio) - 1


def covered(
    blocks: Iterable[AudioBlock], rate: int, spans: Sequence[tuple[float, float]], cover: Cover
) -> Iterator[AudioBlock]:
    """The blocks with every sample inside a span replaced, and no other touched; the spans do not overlap."""
    edges = deque(sorted((int(start * rate), int(np.ceil(end * rate))) for start, end in spans))
    for block in blocks:
        stop = block.start + len(block.samples)
        while edges and edges[0][1] <= block.start:
            edges.popleft()
        samples = block.samples
        for low, high in edges:
            first, last = max(low, block.start), min(high, stop)
            if low >= stop:
                break
            if first < last:
                samples = samples.copy() if samples is block.samples else samples
                sound = _tone(first, last, low, high, rate) if cover == "tone" else np.zeros(last - first, np.float32)
                samples[first - block.start : last - block.start] = sound if samples.ndim == 1 else sound[:, None]
        yield AudioBlock(block.start, samples)


def _tone(first: int, last: int, low: int, high: int, rate: int) -> Samples:
    """Samples [first, last) of a tone that sounds from `low` to `high`."""
    at = np.arange(first, last)
    rise = np.minimum(np.minimum(at - low, high - 1 - at) / (_FADE * rate), 1.0)
    wave: Samples = (_LOUDNESS * rise * np.sin(2 * np.pi * _TONE / rate * at)).astype(np.float32)
    return wave


def _copied(packets: "Iterable[Packet[Any]]", stream: Any, zero: float) -> "Iterator[Packet[Any]]":
    """Packets of the picture, timed from the start of the recording."""
    for packet in packets:
        shown = packet.dts if packet.pts is None else packet.pts
        if packet.size and packet.time_base and shown is not None:
            shift = round(zero / packet.time_base)
            packet.dts = (shown if packet.dts is None else packet.dts) - shift
            packet.pts = shown - shift
            packet.stream = stream
            yield packet


def _encoded(track: SoundTrack, blocks: Iterable[AudioBlock]) -> "Iterator[Packet[Any]]":
    for block in blocks:
        yield from track.encode(block.start, block.samples)
    yield from track.finish()


def _time(packet: "Packet[Any]") -> float:
    return float((packet.dts or 0) * (packet.time_base or 0))


def _form(sound: AudioStream, source: Path, target: Path, container: OutputContainer) -> tuple[SoundForm, str]:
    """The form and encoder of the new sound: the recording's own where the target can hold them."""
    kept = sound.codec_context.codec.canonical_name if source.suffix.lower() == target.suffix.lower() else ""
    usual = _USUAL.get(target.suffix.lower(), container.default_audio_codec)
    wanted = (_ENCODERS.get(name, name) for name in (kept, usual) if name)
    layout = {1: "mono", 2: "stereo"}.get(sound.layout.nb_channels, sound.layout.name)
    for codec in wanted:
        for form in (SoundForm(sound.rate, layout), SoundForm(48_000, layout), SoundForm(48_000, "stereo")):
            if _can(codec, form):
                return form, codec
    return SoundForm(48_000, "stereo"), "aac"


def _can(codec: str, form: SoundForm) -> bool:
    try:
        if Codec(codec, "w").experimental:
            return False
        probe = av.CodecContext.create(codec, "w")
        assert isinstance(probe, AudioCodecContext)
        probe.sample_rate, probe.layout = form.rate, form.layout
        probe.format = (Codec(codec, "w").audio_formats or [av.AudioFormat("s16")])[0]
        probe.open()
    except (av.FFmpegError, ValueError):
        return False
    return True
