"""What a source of sound is, and which one an address names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from streamcheck.events import AudioBlock


class Source(Protocol):
    """Sound as it comes: blocks of 20 to 100 ms, in order, until the source ends or is closed.

    `name` says what it is and `trouble` what is wrong with it at the moment ("" when nothing is); both are short,
    in the user's language and safe to print. `waits` is True where sound waits to be taken (a file, a pipe), so
    that a slow reader may hold it up, and False where it goes by for good (a microphone, a live stream).
    """

    @property
    def name(self) -> str: ...

    @property
    def trouble(self) -> str: ...

    @property
    def waits(self) -> bool: ...

    def blocks(self) -> Iterator[AudioBlock]:
        """Yield the sound, waiting for it; call once. Raises SourceError where the source breaks for good."""
        ...

    def close(self) -> None:
        """End `blocks()` soon; from any thread, any number of times."""
        ...


def open_source(address: str | None, *, device: str | None = None, speed: float = 1.0, follow: bool = False) -> Source:
    """Open what `address` names: None the microphone, "-" standard input, a URL a stream, else a media file.

    `device` picks the microphone (a number or part of a name). `speed` is the pace of a recording: 1 is real time,
    `math.inf` as fast as it decodes. A file that is being written is followed until it grows no more, and with
    `follow` every file is taken for one. Raises SourceError or DeviceError where the source is seen to be unusable;
    ValueError on a speed that is not above zero.
    """
    if not speed > 0:
        raise ValueError(f"speed must be above zero, not {speed}")
    if address is None:
        from streamcheck.audio.microphone import Microphone

        return Microphone(device)
    if address == "-":
        from streamcheck.audio.stdin import StandardInput

        return StandardInput()
    if is_url(address):
        from streamcheck.audio.address import StreamAddress

        return StreamAddress(address, speed=speed)
    from streamcheck.audio.growing import GrowingFile, grows
    from streamcheck.audio.media import MediaFile

    path = Path(address)
    return GrowingFile(path) if follow or grows(path) else MediaFile(path, speed=speed)


def is_url(address: str) -> bool:
    """Whether the text is a URL and no path; a drive letter is no scheme."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", address) is not None
