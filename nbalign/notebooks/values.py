"""JSON values as the text they ought to have been."""

from __future__ import annotations

import json


def text_of(value: object) -> tuple[str, bool]:
    """A multi-line text of a notebook: a string, or a list of strings to be joined.

    Args:
        value: Any JSON value.

    Returns:
        The raw text, and whether it is what the format asks for. Other values become their JSON text, null nothing.
    """
    if isinstance(value, str):
        return value, True
    if isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            return "".join(value), True
        return "".join(item if isinstance(item, str) else json_text(item) for item in value), False
    return json_text(value), False


def json_text(value: object) -> str:
    """A JSON value on one line; null is empty."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)
