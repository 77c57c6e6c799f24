"""What scoring needs from whoever shows it."""

from __future__ import annotations

from typing import Literal, Protocol

Flag = Literal["flagged", "skipped"]


class Face(Protocol):
    """What scoring tells the screen."""

    def changed(self) -> None:
        """Something to be drawn anew."""

    def say(self, message: str) -> None:
        """A short notice."""

    def not_saved(self, what: str, error: Exception) -> None:
        """A read or write that failed; `what` is one sentence without a full stop."""
