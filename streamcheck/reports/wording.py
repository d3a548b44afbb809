"""Times, places and names as a reviewer reads them, in the language of the process; all safe to print."""

from streamcheck.events import Finding
from streamcheck.i18n import text
from streamcheck.safe import printable


def clock(seconds: float) -> str:
    """`m:ss`, from an hour on `h:mm:ss`."""
    minutes, second = divmod(max(int(seconds), 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def where(start: float | None, line: int | None) -> str:
    """The time, or the line of untimed text; empty where there is neither."""
    if start is not None:
        return clock(start)
    return text("reports.line", line=line) if line is not None else ""


def term(identifier: str) -> str:
    """A category, severity or state in words; one that has none (a seller's own category) as it is."""
    try:
        return text(f"terms.{identifier}")
    except KeyError:
        return printable(identifier)


def platform_line(platform: str) -> str:
    """By which platform's rules was checked."""
    return text("reports.no-platform") if platform == "generic" else text("reports.platform", name=printable(platform))


def sort_of(finding: Finding) -> str:
    """What to call a finding: its severity, or why it does not count."""
    if finding.ignored:
        return text("reports.ignored")
    return term(finding.severity if finding.state in ("tentative", "confirmed") else finding.state)


def around(finding: Finding, room: int) -> tuple[str, str, str]:
    """The words before the quote, the quote, and the words after it, about `room` characters of context each side."""
    context, quote = printable(finding.context), printable(finding.quote)
    at = context.find(quote)
    if at < 0 or not quote:
        return "", quote, ""
    before, after = context[:at], context[at + len(quote) :]
    if len(before) > room:
        before = "… " + before[-room:].partition(" ")[2]
    if len(after) > room:
        after = after[:room].rpartition(" ")[0] + " …"
    return before, quote, after
