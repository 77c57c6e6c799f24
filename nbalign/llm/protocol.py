"""Messages between caller and worker, one JSON object a line. Not pickle: a sick worker cannot run code here."""

from __future__ import annotations

import json
from typing import IO, Any

Message = dict[str, Any]


def send(stream: IO[bytes], message: Message) -> None:
    """Writes one message and flushes it.

    Raises:
        OSError: If the other side is gone.
    """
    stream.write(json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Reads one message; None when the other side has closed, broke off in the middle of a line, or talks nonsense."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
