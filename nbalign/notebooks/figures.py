"""Figures in outputs, kept out of the text and within bounds."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from nbalign.notebooks.limits import Limits
from nbalign.notebooks.model import Image
from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.values import text_of

FIGURES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")
"""Media types kept as figures; the first that an output has is taken, the others show the same."""


class Figures:
    """Decodes figures and keeps account of their bytes over a notebook.

    Args:
        limits: The bounds.
        repairs: Where damage and cuts are noted.
    """

    def __init__(self, limits: Limits, repairs: Repairs) -> None:
        self._limits = limits
        self._repairs = repairs
        self._left = limits.images

    def read(self, data: Mapping[str, object], cell: int) -> tuple[Image | None, str]:
        """The figure of one output.

        Args:
            data: Media type -> content as the notebook has it.
            cell: Number of the cell, for notes.

        Returns:
            The figure or None, and a mark for the text, such as `[damaged image/png]`, when it cannot be decoded.
        """
        mime = next((mime for mime in FIGURES if mime in data), None)
        if mime is None:
            return None, ""
        text, as_asked = text_of(data[mime])
        if mime == "image/svg+xml":
            content = text.encode("utf-8", "replace") if len(text) <= self._limits.image else b""
            size = len(content) or len(text)
        else:
            size = len(text) * 3 // 4
            # The estimate counts line breaks and padding, hence the margin.
            if size > self._limits.image * 1.05:
                content = b""
            else:
                try:
                    content = base64.b64decode(text) if as_asked else b""
                except ValueError:
                    content = b""
                if not content:
                    self._repairs.note("Figures that cannot be decoded were left out", cell)
                    return None, f"[damaged {mime}]"
                size = len(content)
        if not content or size > min(self._limits.image, self._left):
            self._repairs.note("Figures too large to keep were left out", cell)
            return Image(mime, b"", size), ""
        self._left -= size
        return Image(mime, content, size), ""
