"""Labels as JSON lines: one object a line, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from nbalign.labels.line import Line, as_fields, as_line
from nbalign.labels.model import Label


def write_jsonl(labels: Iterable[tuple[Label, str]]) -> str:
    """Labels as JSON lines.

    Args:
        labels: Labels with the names of their notebooks.
    """
    return "".join(json.dumps(as_fields(label, name), ensure_ascii=False) + "\n" for label, name in labels)


def read_jsonl(text: str) -> Iterator[tuple[int, Line | str]]:
    """The lines of a file of JSON lines; blank ones are left out.

    Args:
        text: The whole file.

    Yields:
        Line number from 1, and the line or what is wrong with it.
    """
    # Not `splitlines`: it would break lines at characters such as U+2028 that JSON allows inside a text.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            if not isinstance(value, dict):
                raise ValueError("is not a JSON object")
            yield number, as_line(value)
        except json.JSONDecodeError as error:
            yield number, f"is not JSON: {error.msg} at character {error.colno}"
        except RecursionError:
            yield number, "is nested too deeply"
        except ValueError as error:
            yield number, str(error)
