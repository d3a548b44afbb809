"""Every test reads Russian texts, whatever the locale of the machine."""

from collections.abc import Iterator

import pytest

from streamcheck.i18n import use_language


@pytest.fixture(autouse=True)
def _russian() -> Iterator[None]:
    use_language("ru")
    yield
    use_language(None)
