"""Memory that is free in this process, given back to the system."""

import ctypes
import sys


def give_back_memory() -> None:
    """Ask glibc for it: several threads that take and free large pieces leave it in hundreds of megabytes of holes.

    Does nothing with another C library.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(ctypes.c_size_t(0))
