"""Memory that a large model takes and keeps: less of it. The heap is glibc's, elsewhere nothing is done to it."""

import ctypes
import os
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # M_… of malloc.h
_LARGE, _OF_A_SESSION, _ALL = 256 << 10, 6 << 20, 1 << 30
_OWN_HEAPS = 16  # more than a session has threads that take memory
_MOST_PREPARED = "4"


def save_memory(workers: int) -> None:
    """Keep a model's memory small; to be called before one is loaded, for so many threads that listen at once.

    oneDNN keeps what it prepares for each length of input, 1.4 MB, up to a thousand of them: two hours of recording
    took 1,084 MB, and every minute live 8 MB more. Making it anew takes no time that could be measured.

    Several workers allocate from one heap: with one each, what one has freed is of no use to the others. A single one
    gets its own, so that what its passes take and free does not lie between what the rules learn of words. What loading
    takes comes straight from the system and goes back.
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _MOST_PREPARED)
    if (mallopt := _glibc("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_ARENA_MAX, 1 if workers > 1 else _OWN_HEAPS)


def keep_blocks(workers: int) -> None:
    """Let what a pass frees wait in the heap for the next pass; to be called once a model is loaded.

    Fetched from the system each time, the blocks of a pass over two seconds cost 59,000 page faults and half of its
    time: `benchmarks/passes.py`. In a session, whose worker is alone, the largest are fetched all the same: its
    recorder asks for 7 MB with each piece of sound, and touches a tenth of them.
    """
    if (mallopt := _glibc("mallopt")) is not None:
        mallopt(_MMAP_THRESHOLD, _OF_A_SESSION if workers == 1 else _ALL)
        mallopt(_TRIM_THRESHOLD, _ALL)


def give_back_memory() -> None:
    """Give what is free back to the system: threads that take and free large pieces leave it full of holes."""
    if (trim := _glibc("malloc_trim")) is not None:
        trim(ctypes.c_size_t(0))


def _glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
