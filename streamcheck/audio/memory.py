"""Memory that is free in this process, given back to the system."""

import ctypes
from contextlib import suppress
from functools import cache
from typing import Any


def give_back_memory() -> None:
    """Ask glibc for it: several threads that take and free large pieces leave it in hundreds of megabytes of holes.

    Does nothing with another C library.
    """
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.malloc_trim.argtypes = [ctypes.c_size_t]
        return library
    return None
