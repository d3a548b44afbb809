"""What the reviewer gets: text, HTML, JSON, CSV, Excel, SARIF, subtitles, Markdown."""

from collections.abc import Callable
from importlib import import_module

from streamcheck.reports.report import FailedFile, Report, ReviewedFile

__all__ = ["FORMATS", "FailedFile", "Report", "ReviewedFile", "format_of", "render"]

_RENDERERS = {
    "text": "terminal:render",
    "jsonl": "jsonl:render",
    "json": "document:render",
    "html": "html:render",
    "csv": "table:render",
    "xlsx": "workbook:render",
    "sarif": "sarif:render",
    "srt": "subtitles:render_srt",
    "vtt": "subtitles:render_vtt",
    "transcript-srt": "subtitles:render_transcript_srt",
    "transcript-vtt": "subtitles:render_transcript_vtt",
    "md": "markdown:render",
}
FORMATS = tuple(_RENDERERS)
_ENDINGS = {"txt": "text", "htm": "html", "markdown": "md", **{name: name for name in FORMATS if name != "text"}}


def format_of(name: str) -> str | None:
    """The format that the ending of a file's name asks for; None where it names none."""
    if name.lower().endswith(".sarif.json"):
        return "sarif"
    return _ENDINGS.get(name.rpartition(".")[2].lower())


def render(report: Report, form: str) -> str | bytes:
    """The report in one of `FORMATS`, bytes for `xlsx` alone.

    Raises OutputError where the form cannot hold it (subtitles of untimed text) or its library is not installed.
    """
    module, _, function = _RENDERERS[form].partition(":")
    renderer: Callable[[Report], str | bytes] = getattr(import_module(f"streamcheck.reports.{module}"), function)
    return renderer(report)
