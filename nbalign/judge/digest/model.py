"""What a digest is, and the lines it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Omission:
    """Something of the notebook that the digest does not show.

    Attributes:
        cells: The cells that it was left out of, ascending.
        what: Plain words, such as `warnings` or `output trimmed from 120 to 6 lines`.
        tokens: About how many tokens it would have cost; at least 0.
    """

    cells: tuple[int, ...]
    what: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A notebook as a model reads it within a budget.

    Attributes:
        notebook: Content hash of the notebook.
        text: The digest; empty for a notebook without cells.
        tokens: What `text` costs; never more than `budget`.
        budget: Tokens that were allowed.
        whole_tokens: About what all sources and outputs would have cost.
        cells: Numbers of the cells of which at least a part of the source appears, ascending.
        omissions: What is not shown, in the order of the cells.
    """

    notebook: str
    text: str
    tokens: int
    budget: int
    whole_tokens: int
    cells: tuple[int, ...]
    omissions: tuple[Omission, ...]


class Level(IntEnum):
    """How long a line stays when the budget is short: the lowest level goes first."""

    LOW = 0  # output that says little: further rows of a head(), quartiles, reprs
    IMPORTS = 1  # imports take their short form
    PLOT = 2  # titles, labels, figure sizes
    PROSE = 3  # comments, later sentences
    MID = 4  # shapes, counts, tables
    TELLING = 5  # sentences with numbers or reasons, commented-out code
    CODE = 6  # ordinary code
    FIRM = 7  # headings, first sentences, imports, columns that are built, metric tables
    KEY = 8  # split, fit, fill, score, log; printed metrics; missing values
    ERROR = 9  # failures


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a cell that is shown or dropped as one.

    Attributes:
        text: Its text; may hold several lines.
        level: When it goes.
        what: What it is called once it is dropped, in plain words.
        depth: Within its level the deepest go first; at least 0.
        short: A shorter form that is tried before it goes; empty for none.
        glue: What stands between the line before and this one.
        mark: Whether the text is our own and may look like a mark.
    """

    text: str
    level: Level
    what: str
    depth: int = 0
    short: str = ""
    glue: str = "\n"
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """Text that is never shown, whatever the budget.

    Attributes:
        what: Plain words.
        text: The text itself, so that its tokens can be counted.
        of_output: Whether it comes from an output.
    """

    what: str
    text: str
    of_output: bool = False


@dataclass(frozen=True, slots=True)
class Reduced:
    """A source or an output after reduction.

    Attributes:
        lines: What is left, in order.
        removed: What is gone for good.
    """

    lines: tuple[Line, ...]
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class CellDigest:
    """A cell, reduced but not yet fitted to a budget.

    Attributes:
        number: The cell's number.
        head: Its head line.
        source: What is left of its source.
        output: What is left of its outputs, errors last.
        removed: What is gone for good.
        pinned: Whether the head stays although there are no lines.
    """

    number: int
    head: str
    source: tuple[Line, ...]
    output: tuple[Line, ...]
    removed: tuple[Removed, ...] = ()
    pinned: bool = False
