"""Every test reads Russian texts and keeps its data apart; growth of work is counted in calls."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from streamcheck.i18n import use_language

# Before any test module reads the environment: what tests keep is not the user's.
_data = tempfile.TemporaryDirectory(prefix="streamcheck-tests-")
atexit.register(_data.cleanup)
os.environ["XDG_DATA_HOME"] = _data.name
os.environ["LC_ALL"] = "C.UTF-8"


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    use_language("ru")
    yield
    use_language(None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        pytest.skip("needs a browser: Debian package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def calls_of(action: Callable[[], Any]) -> int:
    """How much an action does, in calls instead of seconds, so that a busy machine fails no test."""
    count = 0

    def step(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


@pytest.fixture
def grows_linearly() -> Callable[[Callable[[int], Any], int], None]:
    """Fails where four times the input costs more than five times the calls."""

    def check(action: Callable[[int], Any], count: int) -> None:
        action(10)
        small, large = calls_of(lambda: action(count)), calls_of(lambda: action(4 * count))
        assert large <= 5 * small, f"{count}: {small} calls, {4 * count}: {large}"

    return check
