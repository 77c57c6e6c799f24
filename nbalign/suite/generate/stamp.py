"""What made a notebook, written into the notebook's own metadata."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def opened(raw: bytes) -> dict[str, Any] | None:
    """The JSON of an `.ipynb` of format 4; None for anything else that can be read as a notebook."""
    try:
        book = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(book, dict) or book.get("nbformat") != 4 or not isinstance(book.get("cells"), list):
        return None
    return book


def closed(book: Mapping[str, Any]) -> bytes:
    """The bytes of an `.ipynb`, as notebook programs write them."""
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def stamped(raw: bytes, made_by: Mapping[str, str]) -> bytes:
    """The notebook with `made_by` under `nbalign` in its metadata; unchanged where it is no `.ipynb` of format 4.

    Args:
        raw: A notebook.
        made_by: Everything that made it; no times, so that the same notebook stays the same bytes.
    """
    book = opened(raw)
    if book is None:
        return raw
    metadata = book.get("metadata")
    book["metadata"] = {
        **(metadata if isinstance(metadata, dict) else {}),
        "nbalign": {"made_by": dict(sorted(made_by.items()))},
    }
    return closed(book)
