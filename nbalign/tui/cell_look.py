"""How a cell is to be shown: the room there is, what is open, and where it is moved to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.notebooks.model import Image
from nbalign.tui.figure_pixels import Picture
from nbalign.tui.paint import Paint
from nbalign.tui.sideways import Window

_TOUCH = "nbalign-touch"


@dataclass(frozen=True, slots=True)
class CellKeys:
    """Keys that the lines of a cell name, as people read them.

    Attributes:
        open: Opens folded outputs.
        left: Moves outputs back.
        right: Moves outputs to the left, so that their right side comes into view.
        figure: Shows a figure large.
    """

    open: str = "o"
    left: str = "<"
    right: str = ">"
    figure: str = "i"


def no_picture(image: Image, columns: int, rows: int) -> Picture | None:
    """Draws nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is to be shown.

    Attributes:
        width: Cells that a line may take.
        paint: Styles.
        rows: Lines that a figure may take.
        opened: True shows long outputs whole.
        shift: Cells by which wide tables are moved to the left.
        language: Kernel language of the notebook.
        keys: Keys to name.
        picture: The picture of a figure in so many columns and rows; None while it is being drawn.
    """

    width: int
    paint: Paint
    rows: int = 12
    opened: bool = False
    shift: int = 0
    language: str = "python"
    keys: CellKeys = CellKeys()
    picture: Callable[[Image, int, int], Picture | None] = no_picture


@dataclass(frozen=True, slots=True)
class CellLine:
    """One line of a cell.

    Attributes:
        strip: What is drawn; None for a line of a picture.
        part: 0 for the source, 1 and more for the outputs in order; -1 for lines that are no text of the notebook.
        line: Number of the line in the text of that part, from 0; -1 where rendering moved the text about.
        at: The cell of that line with which this one begins.
        picture: The picture that this is a line of.
        row: Which line of it.
        window: The window on the wide table that this is a line of.
    """

    strip: Strip | None
    part: int = -1
    line: int = -1
    at: int = 0
    picture: Picture | None = None
    row: int = 0
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class CellLines:
    """The lines of a cell below its heading.

    Attributes:
        lines: The lines.
        reach: The largest shift that still shows something new; 0 when nothing is cut at the right.
        folded: Whether lines of an output are folded away.
    """

    lines: tuple[CellLine, ...]
    reach: int = 0
    folded: bool = False


def window_note(window: Window, look: Look) -> Strip:
    """The line above a wide table: how much more there is on either side, and the keys that lead there."""
    left, right = window.hidden()
    dim, keys = look.paint.dim, look.keys
    parts: list[Segment] = []
    if left:
        parts.append(Segment(f"← {left} ({keys.left})", dim + touchable("left")))
    if left and right:
        parts.append(Segment(" · ", dim))
    if right:
        parts.append(Segment(f"→ {right} ({keys.right})", dim + touchable("right")))
    return Strip(parts).crop(0, look.width)


def touchable(what: str) -> Style:
    """Marks text that does something when it is clicked: `left`, `right`, `open` or `figure`."""
    return Style(meta={_TOUCH: what})


def touched(style: Style) -> str:
    """What a click on text of this style is for; empty for nothing."""
    return str(style.meta.get(_TOUCH, ""))
