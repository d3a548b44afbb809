"""Files that are there whole or not at all, whatever happens while they are written."""

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file into a folder that is there; another process sees all of it or nothing.

    A `private` one is for its owner's eyes. Raises OSError; what was there before is then as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch(0o600 if private else 0o666)
        part.write_bytes(content.encode() if isinstance(content, str) else content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
