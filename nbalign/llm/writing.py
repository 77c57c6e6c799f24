"""One text that a model is writing: greedy, token by token, beside others."""

from __future__ import annotations

from collections.abc import Sequence


class Writing:
    """A continuation under way.

    Args:
        sequence: The sequence it lives on.
        position: Where its next token goes.
        first: The token chosen first.
        stops: Texts that end it and are no part of it. White space at its beginning does not count.

    Attributes:
        next: The token to be evaluated next.
        position: Where that token goes.
    """

    def __init__(self, sequence: int, position: int, first: int, stops: Sequence[str]) -> None:
        self.sequence = sequence
        self.position = position
        self.next = first
        self._stops = stops
        self._written = b""
        self._over = False

    def take(self, piece: bytes, ends: bool) -> bool:
        """Takes the text of the next token; says whether the text goes on.

        Args:
            piece: The token's bytes.
            ends: Whether the token ends the model's turn.
        """
        if self._over or ends:
            self._over = True
            return False
        self._written += piece
        text = self._text()
        self._over = any(stop in text for stop in self._stops)
        return not self._over

    def advance(self, token: int) -> None:
        """Goes on to the token chosen after the one just evaluated."""
        self.position += 1
        self.next = token

    def result(self) -> str:
        """What was written, up to the first stop, without white space around it."""
        text = self._text()
        for stop in self._stops:
            text = text.split(stop)[0]
        return text.strip()

    def _text(self) -> str:
        return self._written.decode("utf-8", "replace").lstrip()
