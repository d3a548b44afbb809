"""streamcheck: hears a live sales broadcast and flags speech that breaks a marketplace's rules.

For other programs: `check_text` and `check_file`, or a `Checker` of loaded rules for much checking.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamcheck.checking import Checker, RuleSet, load_rules
    from streamcheck.errors import StreamcheckError
    from streamcheck.events import Finding, Utterance, Word
    from streamcheck.library import check_file, check_text
    from streamcheck.reports import ReviewedFile

__version__ = "0.1.0"

__all__ = [
    "Checker", "Finding", "ReviewedFile", "RuleSet", "StreamcheckError", "Utterance", "Word", "__version__",
    "check_file", "check_text", "load_rules",
]  # fmt: skip

_PLACES = {
    "Checker": "checking",
    "Finding": "events",
    "ReviewedFile": "reports",
    "RuleSet": "checking",
    "StreamcheckError": "errors",
    "Utterance": "events",
    "Word": "events",
    "check_file": "library",
    "check_text": "library",
    "load_rules": "checking",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the command answers `--help` without any of them."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
