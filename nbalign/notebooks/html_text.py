"""HTML outputs as readable text: tables as rows, no scripts, no styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPACE = re.compile(r"\s+")
_BLANKS = re.compile(r"\n{3,}")
# Quotes matter only after `=`. A tag runs to its `>` wherever that is, so what matches is never looked at again.
_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?|["'])*+>""")
_OPENING = re.compile("</?[a-zA-Z]")

_DROPPED = frozenset({"script", "style", "template"})
_BLOCK = re.compile(
    "address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|main|nav|"
    "ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)


def html_text(html: str) -> str:
    """The readable text of HTML: one line a block, table rows with ` | ` between cells, `[image]` for pictures.

    Linear time. The text is not sanitised: entities can spell control characters.
    """
    parser = _Reader()
    parser.feed(_plain_tags(html))
    parser.close()
    return parser.text()


def _plain_tags(html: str) -> str:
    """The same HTML with bare tags only, no comments, and every other `<` escaped.

    `HTMLParser` looks at broken tags and comments again and again, which takes minutes on hostile input; after this
    it meets none.
    """
    parts: list[str] = []
    position = 0
    missing: set[str] = set()  # ends that were looked for in vain: they are in nothing that follows either
    while (start := html.find("<", position)) >= 0:
        parts.append(html[position:start])
        position = start + 1
        if html.startswith(("<!", "<?"), start):
            closer = "-->" if html.startswith("<!--", start) else ">"
            end = -1 if closer in missing else html.find(closer, start)
            if end >= 0:
                position = end + len(closer)
                continue
            missing.add(closer)
        elif "tag" not in missing and _OPENING.match(html, start):
            if tag := _TAG.match(html, start):
                parts.append(f"<{tag[1]}{tag[2]}>")
                position = tag.end()
                continue
            missing.add("tag")
        parts.append("&lt;")
    parts.append(html[position:])
    return "".join(parts)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._dropped = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = []
        elif tag == "img":
            self._write("[image]")
        elif _BLOCK.fullmatch(tag):
            self._break(tag)
            self._pre += tag == "pre"
            if tag == "li":
                self._write("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif _BLOCK.fullmatch(tag):
            self._pre = max(0, self._pre - (tag == "pre"))
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._write(data if self._pre and self._cell is None else _SPACE.sub(" ", data))

    def text(self) -> str:
        """Everything read so far, without blank margins."""
        self._end_row()
        lines = (line.rstrip() for line in "".join(self._parts).split("\n"))
        return _BLANKS.sub("\n\n", "\n".join(lines)).strip("\n")

    def _write(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)
        elif text.strip() or (self._parts and not self._parts[-1].endswith("\n")):
            self._parts.append(text)

    def _break(self, tag: str) -> None:
        if tag in ("tr", "table", "thead", "tbody", "tfoot"):
            self._end_row()
        elif self._cell is not None:
            self._cell.append(" ")
            return
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._row.append(_SPACE.sub(" ", "".join(self._cell)).strip())
            self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if any(self._row):
            self._parts.append(" | ".join(self._row) + "\n")
        self._row = []
