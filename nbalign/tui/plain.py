"""Text made safe for the screen.

The reader already sanitises notebooks; this is the last gate before a terminal, for everything that comes from files,
from the store or from a paste. Nothing here is ever parsed as markup.
"""

from __future__ import annotations

import re
import unicodedata

from textual.content import Content

# C0 and C1 controls, DEL, line and paragraph separators, bidirectional overrides, zero-width and tag characters, lone
# surrogates: all of them can move the cursor, hide text or make it read otherwise than it is.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"\s+")

RATER_LIMIT = 64


def clean(text: str) -> str:
    """Text with every unsafe character shown as `�`; newlines and tabs stay, CRLF becomes LF."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 200) -> str:
    """Clean text on one line, blanks joined, cut to `limit` characters with `…`."""
    line = clean(_SPACE.sub(" ", text[: limit * 4])).strip()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def rater_name(text: str) -> str:
    """A rater's name as it may be stored: one line, nothing unsafe, at most `RATER_LIMIT` characters; may be empty."""
    return unicodedata.normalize("NFC", one_line(_UNSAFE.sub("", _SPACE.sub(" ", text)), RATER_LIMIT))


def content(*parts: str | tuple[str, str] | Content) -> Content:
    """Content of plain strings, `(text, style)` pairs and other content; brackets in the text stay brackets."""
    cleaned: list[str | tuple[str, str] | Content] = []
    for part in parts:
        if isinstance(part, str):
            cleaned.append(clean(part))
        elif isinstance(part, tuple):
            cleaned.append((clean(part[0]), part[1]))
        else:
            cleaned.append(part)
    return Content.assemble(*cleaned)
