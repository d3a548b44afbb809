"""Memory that a large model takes and frees: in one heap, and given back. Does nothing where there is no glibc."""

import ctypes
import sys
from typing import Any

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_one_heap() -> None:
    """Let threads that start from here on allocate from one heap.

    With a heap each, what one has freed is of no use to the others: a review of two hours by two workers peaked at
    1,084 MB. With one, nothing was slower.
    """
    if (mallopt := _glibc("mallopt")) is not None:
        mallopt(_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Give what is free back to the system: threads that take and free large pieces leave it full of holes."""
    if (trim := _glibc("malloc_trim")) is not None:
        trim(ctypes.c_size_t(0))


def _glibc(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
