"""How much of a notebook is kept, and how what is over is cut: visibly, with a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# A raw text longer than this many times its bound loses its middle before it is cleaned: 50 MB of progress bars then
# cost no more than a few megabytes.
_RAW_FACTOR = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is read; all are generous for real notebooks and stop hostile ones.

    Attributes:
        file: Bytes of a file; a larger one is refused.
        script: Bytes of a script, which holds no outputs; a larger one is refused.
        cells: Cells; later ones are left out with a warning.
        source: Characters of one cell's source, and of a prompt.
        output: Characters of the text of one output; head and tail stay.
        outputs: Characters of the text of all outputs together; the longest give way first.
        outputs_per_cell: Outputs of one cell; the first and the last stay.
        image: Decoded bytes of one figure; a larger one keeps its type and size alone.
        images: Decoded bytes of all figures together.
    """

    file: int = 100_000_000
    script: int = 10_000_000
    cells: int = 5_000
    source: int = 200_000
    output: int = 200_000
    outputs: int = 4_000_000
    outputs_per_cell: int = 1_000
    image: int = 10_000_000
    images: int = 50_000_000


DEFAULT_LIMITS = Limits()
"""The documented defaults."""


def cut_mark(count: int, what: str = "characters") -> str:
    """The line that stands where text was left out."""
    return f"… [cut: {count:,} {what} left out]"


@dataclass(frozen=True, slots=True)
class Bounded:
    """A text whose middle, or end, may be missing.

    Attributes:
        head: The beginning; the whole text when nothing is cut.
        tail: The end; empty when nothing is cut or only the head is kept.
        cut: Characters left out between the two, 0 or more.
    """

    head: str
    tail: str = ""
    cut: int = 0

    def __len__(self) -> int:
        return len(self.head) + len(self.tail)

    @property
    def text(self) -> str:
        """Head, mark and tail as one text; the mark has a line of its own."""
        if not self.cut:
            return self.head + self.tail
        head = self.head if not self.head or self.head.endswith("\n") else self.head + "\n"
        mark = cut_mark(self.cut)
        return f"{head}{mark}\n{self.tail}" if self.tail else head + mark

    def within(self, limit: int, *, keep_tail: bool = True) -> Bounded:
        """The same text with at most `limit` characters of the original kept.

        Args:
            limit: Most characters kept, 0 or more; the mark comes on top.
            keep_tail: Keep the end as well, half and half; errors stand at the end of outputs.
        """
        over = len(self) - limit
        if over <= 0:
            return self
        ends = limit // 2 if keep_tail else 0
        last = self.tail or (self.head if not self.cut else "")
        ends = min(ends, len(last))
        head = self.head[: limit - ends]
        return Bounded(head, last[len(last) - ends :], self.cut + len(self) - len(head) - ends)


def without_middle(text: str, limit: int) -> Bounded:
    """Cuts a raw text to a small multiple of its final bound, at a line break where one is near.

    Args:
        text: Raw text, not yet cleaned.
        limit: The bound, in characters, that the cleaned text is going to have.
    """
    keep = _RAW_FACTOR // 2 * limit
    if len(text) <= 2 * keep:
        return Bounded(text)
    start = len(text) - keep
    line = text.find("\n", start, start + 4096)
    start = line + 1 if line >= 0 else start
    return Bounded(text[:keep], text[start:], start - keep)


def fair_share(sizes: Iterable[int], total: int) -> int | None:
    """The largest common bound under which `sizes` fit into `total`; None when they fit as they are.

    Small texts stay whole and the longest give way first.
    """
    ordered = sorted(sizes)
    if sum(ordered) <= total:
        return None
    left = total
    for done, size in enumerate(ordered):
        share = left // (len(ordered) - done)
        if size > share:
            return share
        left -= size
    return None
