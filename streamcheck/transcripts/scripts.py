"""Scripts and product descriptions written before the broadcast: Markdown and Word, as plain text a paragraph a line.

Word is read by mammoth, which knows tables, notes, links and tracked changes; python-docx leaves out words that were
inserted as a tracked change, and needs lxml.
"""

import io
import zipfile
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from streamcheck.errors import TranscriptError
from streamcheck.i18n import text as message

if TYPE_CHECKING:
    from markdown_it.token import Token

DOCX = b"PK\x03\x04"
"""How a Word file begins, as all zip archives do."""
_MOST_XML = 16 << 20
"""Bytes of XML in a Word file: a book has two million; parsing takes thirty times as much memory."""
_BLOCKS = frozenset("p li td th tr h1 h2 h3 h4 h5 h6 br div blockquote".split())


def from_markdown(text: str) -> str:
    """The text without its markup; each paragraph stands on its first line, and links show their addresses."""
    from markdown_it import MarkdownIt

    lines = [""] * (text.count("\n") + 1)
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map and token.type in ("inline", "html_block"):
            plain = _plain(token.children or []) if token.type == "inline" else _without_tags(token.content)
            at = min(token.map[0], len(lines) - 1)  # the cells of a table's row share a line
            lines[at] = f"{lines[at]} {' '.join(plain.split())}".strip()
        elif token.map and token.type in ("fence", "code_block"):
            first = token.map[0] + (token.type == "fence")
            for at, line in enumerate(token.content.split("\n")[: len(lines) - first], first):
                lines[at] = line
    return "\n".join(lines)


def _plain(tokens: "list[Token]") -> str:
    parts: list[str] = []
    links: list[str] = []
    for token in tokens:
        if token.type == "link_open":
            links.append(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            parts.append(_address(links.pop(), "".join(parts)))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "html_inline":
            parts.append(" " if token.content.lower().startswith("<br") else "")
        else:
            parts.append(token.content)
    return "".join(parts)


def _address(address: str, before: str) -> str:
    """What to show of a link behind its text: its address, unless the text was that."""
    return f" {address} " if address and not before.endswith(address.removeprefix("mailto:")) else ""


def from_docx(data: bytes) -> str:
    """The text of a Word file, a paragraph or cell a line. Raises TranscriptError where it is none or is damaged."""
    import mammoth

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" not in archive.namelist():
                raise TranscriptError(message("transcripts.not-docx"))
            if sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml")) > _MOST_XML:
                raise TranscriptError(message("transcripts.too-large", limit=_MOST_XML >> 20))
        page = mammoth.convert_to_html(io.BytesIO(data), convert_image=lambda _: []).value
    except TranscriptError:
        raise
    except Exception as error:  # zip, XML and mammoth have some twenty ways to say that a file is damaged
        raise TranscriptError(message("transcripts.bad-docx")) from error
    return _without_tags(page)


def _without_tags(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    reader.close()
    return "\n".join(line for line in "".join(reader.parts).split("\n") if line.strip())


class _Text(HTMLParser):
    """The text of a page, a block a line, with the addresses of its links."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._address = dict(attrs).get("href") or ""
        elif tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and not self._address.startswith("#"):
            self.parts.append(_address(self._address, self.parts[-1] if self.parts else ""))
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
