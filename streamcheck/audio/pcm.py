"""Samples as bytes: how they are written, and the header of a WAV stream that says so.

Our own, because sound must be had as it arrives: PyAV and soundfile read ahead or seek, and the standard library's
wave knows neither floats nor the headers of streams without an end.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from streamcheck.errors import SourceError
from streamcheck.events import SAMPLE_RATE, Samples
from streamcheck.i18n import text

_PCM, _FLOAT, _EXTENSIBLE = 0x0001, 0x0003, 0xFFFE
_WIDTHS = {_PCM: (1, 2, 3, 4), _FLOAT: (4, 8)}

_ENDLESS = 0x7FFF_0000
"""Data sizes from here on, and 0, are put down by writers that do not know the size: read to the end."""

_FORMAT_BYTES = 40
"""The most of a `fmt ` chunk that is ever used."""

Read = Callable[[int], bytes]
"""Reads so many bytes, waiting for them; fewer only at the end of the input."""


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """How samples are written (little-endian, `width` bytes each); the default is raw standard input."""

    rate: int = SAMPLE_RATE
    channels: int = 1
    width: int = 2
    floating: bool = False

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return self.width * self.channels

    def decode(self, data: bytes) -> Samples:
        """Turn the bytes of whole frames into samples within ±1, of shape (count, channels)."""
        if self.floating:  # not a number would spoil every filter behind it for good
            samples = np.clip(np.nan_to_num(np.frombuffer(data, f"<f{self.width}")), -1, 1)
        elif self.width == 1:
            samples = np.frombuffer(data, "u1").astype(np.float32) / 128 - 1
        elif self.width == 3:
            padded = np.zeros((len(data) // 3, 4), "u1")
            padded[:, 1:] = np.frombuffer(data, "u1").reshape(-1, 3)
            samples = padded.view("<i4") / np.float32(2**31)
        else:
            samples = np.frombuffer(data, f"<i{self.width}") / np.float32(2 ** (8 * self.width - 1))
        return np.asarray(samples, np.float32).reshape(-1, self.channels)


def read_wav_header(read: Read) -> tuple[PcmFormat, int | None]:
    """Read a WAV stream from behind its first 12 bytes up to its samples; return their format and size in bytes.

    The size is None where the writer did not know it. Raises SourceError on a header that is cut or says what
    cannot be.
    """
    form, long_size = None, 0
    while len(head := read(8)) == 8:
        size = int.from_bytes(head[4:], "little")
        match head[:4]:
            case b"data" if form is not None:
                if size == 0xFFFF_FFFF and long_size:
                    return form, long_size
                return form, size if 0 < size < _ENDLESS else None
            case b"data":
                break
            case b"fmt ":
                form = _parse_format(_read_chunk(read, size))
            case b"ds64":
                long_size = int.from_bytes(_read_chunk(read, size)[8:16], "little")
            case _:
                _read_chunk(read, size)
    raise SourceError(text("audio.wav-broken"))


def _read_chunk(read: Read, size: int) -> bytes:
    """Read a chunk and its padding; return the beginning, and let the rest go by in pieces."""
    kept = read(min(size, _FORMAT_BYTES))
    left = size + size % 2 - len(kept)
    while left > 0 and (data := read(min(left, 65536))):
        left -= len(data)
    return kept


def _parse_format(chunk: bytes) -> PcmFormat:
    if len(chunk) < 16:
        raise SourceError(text("audio.wav-broken"))
    code, channels, rate, _, frame_bytes, _ = struct.unpack_from("<HHIIHH", chunk)
    if code == _EXTENSIBLE:
        code = int.from_bytes(chunk[24:26], "little")
    if code not in _WIDTHS:
        raise SourceError(text("audio.wav-encoding", code=code))
    width = frame_bytes // channels if channels else 0
    if width not in _WIDTHS[code] or width * channels != frame_bytes or not 1000 <= rate <= 768_000:
        raise SourceError(text("audio.wav-format", rate=rate, channels=channels, bits=8 * width))
    return PcmFormat(rate, channels, width, code == _FLOAT)
