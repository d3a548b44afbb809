"""Times, amounts and names as the host reads them, in the language of the screen."""

from streamcheck.events import Finding
from streamcheck.i18n import current_language, text
from streamcheck.safe import printable

LONGEST_QUOTE = 200
"""Characters of a quote or a suggestion that are worth showing; a hostile one may have a hundred thousand."""


def clock(seconds: float | None) -> str:
    """Source time as `m:ss`, from an hour on as `h:mm:ss`; empty where there is none."""
    if seconds is None:
        return ""
    minutes, second = divmod(max(int(seconds), 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def decimal(value: float) -> str:
    """One decimal place, with the comma in Russian."""
    shown = f"{value:.1f}"
    return shown.replace(".", ",") if current_language() == "ru" else shown


def category_name(category: str) -> str:
    """The category in words; a category that has none (a seller's own) by its id."""
    try:
        return text(f"terms.{category}")
    except KeyError:
        return printable(category, 40)


def quoted(words: str, limit: int = LONGEST_QUOTE) -> str:
    """The words in guillemets, safe to print, cut to the limit."""
    return f"«{printable(words.strip(' «»'), limit)}»"


def ago(finding: Finding, now: float) -> str:
    """How long ago the words of a finding were said; empty while they are just being said."""
    age = now - (finding.end if finding.end is not None else now)
    if age < 2:
        return ""
    if age < 60:
        return text("overlay.seconds-ago", n=int(age))
    return text("overlay.minutes-ago", n=int(age // 60))
