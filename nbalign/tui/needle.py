"""What is looked for: small letters find both cases, a capital among them only what is written so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needle:
    """A text to look for.

    Attributes:
        text: The text; empty looks for nothing.
    """

    text: str = ""

    @property
    def exact(self) -> bool:
        """Whether case counts."""
        return self.text != self.text.lower()

    def heap(self, text: str) -> str:
        """A text as it is to be looked through, character by character what it was."""
        return text if self.exact else lowered(text)

    def places(self, heap: str) -> Iterator[int]:
        """Where it occurs in a text that `heap` gave."""
        if not self.text:
            return
        at = heap.find(self.text)
        while at >= 0:
            yield at
            at = heap.find(self.text, at + len(self.text))


def lowered(text: str) -> str:
    """The text in lower case, with as many characters: a few would be two, and stay as they are."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)
