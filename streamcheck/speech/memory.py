"""Memory that a large model takes and keeps: less of it. The heap is glibc's, elsewhere nothing is done to it."""

import ctypes
import os
import sys
from typing import Any

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # M_ARENA_MAX and M_MMAP_THRESHOLD of malloc.h
_LARGE = 256 * 1024
_MOST_PREPARED = "32"


def save_memory() -> None:
    """Keep a model's memory small; to be called before one is loaded.

    oneDNN keeps what it prepares for each length of input, 1.4 MB, up to a thousand of them: two hours of recording
    took 1,084 MB, and every minute live 8 MB more. Threads allocate from one heap: with one each, what a thread has
    freed is of no use to the others.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _MOST_PREPARED)
    if (mallopt := _glibc("mallopt")) is not None:
        mallopt(_ARENA_MAX, 1)


def keep_large_blocks_apart() -> None:
    """Take what is large straight from the system, and give it back at once; for a session of hours.

    glibc learns to keep blocks of up to 32 MB in its heap. Live, what a pass took and freed there lies between what the
    rules learn of words, and neither can shrink. `benchmarks/live.py` tells of memory.
    """
    if (mallopt := _glibc("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back_memory() -> None:
    """Give what is free back to the system: threads that take and free large pieces leave it full of holes."""
    if (trim := _glibc("malloc_trim")) is not None:
        trim(ctypes.c_size_t(0))


def _glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
