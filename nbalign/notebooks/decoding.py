"""Bytes become text: encodings, byte order marks, and files that are something else altogether."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from nbalign.errors import BadInput

_MARKS = (  # UTF-32 before UTF-16: the little-endian marks begin alike
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"PK\x03\x04", "a zip archive", "Unpack it first; export Databricks archives (.dbc) as .ipynb or source instead."),
    (b"%PDF", "a PDF", "Name the notebook that it was printed from."),
    (b"\x89PNG", "a PNG picture", "Name a notebook."),
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "Fetch the file with `git lfs pull`."),
    (b"<<<<<<< ", "full of merge conflict marks", "Resolve the merge conflict, then try again."),
    (b"<!DOCTYPE", "a web page", "Download the raw notebook instead of the page that shows it."),
    (b"<!doctype", "a web page", "Download the raw notebook instead of the page that shows it."),
    (b"<html", "a web page", "Download the raw notebook instead of the page that shows it."),
)
_NOTEBOOKS = "Name an .ipynb notebook, a percent script or a Databricks source export."


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file.

    Attributes:
        text: Without a byte order mark; raw, not sanitised.
        encoding: Codec without a mark, such as `utf-8` or `utf-16-le`.
        mark: Bytes of the byte order mark, 0 or more.
        damaged: True when some bytes could not be read and became U+FFFD.
    """

    text: str
    encoding: str
    mark: int
    damaged: bool

    def byte(self, position: int) -> int:
        """Offset in the file, in bytes, of a character position."""
        return self.mark + len(self.text[:position].encode(self.encoding, "surrogatepass"))


def decode(raw: bytes, name: str) -> Decoded:
    """Reads bytes as text, leniently.

    Args:
        raw: The file.
        name: Its sanitised name, for messages.

    Raises:
        BadInput: If the file is empty, binary, or a kind of file that cannot be a notebook.
    """
    if not raw.strip(b" \t\r\n\0"):
        raise BadInput(f"{name} is empty.", "Save the notebook again, or take the file from a backup.")
    for magic, what, hint in _OTHER_FILES:
        if raw.lstrip()[: len(magic)] == magic if magic[:1] in b"<v" else raw.startswith(magic):
            raise BadInput(f"{name} is {what}.", hint)
    encoding, mark = _encoding(raw)
    try:
        text, damaged = raw[mark:].decode(encoding), False
    except UnicodeDecodeError:
        text, damaged = raw[mark:].decode(encoding, "replace"), True
    sample = text[:8192]
    if (sample.count("\0") + sample.count("\ufffd")) * 10 > len(sample):
        raise BadInput(f"{name} is binary data, not a notebook.", _NOTEBOOKS)
    if not text.strip():
        raise BadInput(f"{name} is empty.", "Save the notebook again, or take the file from a backup.")
    return Decoded(text, encoding, mark, damaged)


def _encoding(raw: bytes) -> tuple[str, int]:
    """The codec and the length of the byte order mark."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding, len(mark)
    # Notebooks and scripts begin with an ASCII character, so NULs beside it give UTF-16 and UTF-32 away.
    zeros = "".join("0" if byte == 0 else "x" for byte in raw[:4])
    found = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
    return found.get(zeros, "utf-8"), 0
