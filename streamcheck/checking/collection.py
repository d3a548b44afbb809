"""Python looks for garbage the more often the more objects are made; here many are made, and hardly one is garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection(*, keep: bool = False) -> Iterator[None]:
    """Look for no garbage in cycles meanwhile: it cost more than loading the rules, and a third of checking an hour.

    With `keep`, what is there at the end is never looked through again: it goes when nobody holds it, save what is
    in a cycle.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if keep:
                gc.freeze()
            gc.enable()
