"""Figures of the notebook in view, decoded off the screen's thread and kept while they are of use."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from textual.message import Message
from textual.widget import Widget

from nbalign.notebooks.model import Image
from nbalign.tui.figure_pixels import RGB, Picture, draw

KEPT = 200  # pictures; each is a few kilobytes

_Key = tuple[int, int, int]


class FigureDrawn(Message):
    """A picture has come; posted to the widget that asked.

    Attributes:
        round: When it was asked for, as the desk counts.
        cell: Index of its cell.
        image: The figure.
        picture: The picture.
    """

    def __init__(self, round: int, cell: int, image: Image, picture: Picture) -> None:
        super().__init__()
        self.round, self.cell, self.image, self.picture = round, cell, image, picture


class FigureDesk:
    """Hands out pictures, and has those drawn that it has not: one after the other, the last one asked for first.

    Args:
        widget: Whose workers do the work; it hands every `FigureDrawn` to `take`.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._known: OrderedDict[_Key, tuple[Image, Picture]] = OrderedDict()
        self._wanted: dict[_Key, tuple[Image, int]] = {}
        self._working = False
        self._round = 0
        self.ground: RGB = (0, 0, 0)

    def clear(self) -> None:
        """Forgets everything, such as when another notebook or another theme comes."""
        self._known.clear()
        self._wanted.clear()
        self._round += 1

    def picture(self, cell: int, image: Image, columns: int, rows: int) -> Picture | None:
        """A figure in so many columns and rows; None while it is being drawn.

        Args:
            cell: Index of its cell.
            image: The figure.
            columns: Columns.
            rows: Lines.
        """
        key = (id(image), columns, rows)  # the figure is kept beside its picture: no other one gets its id meanwhile
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
            return found[1]
        self._wanted[key] = (image, cell)
        if not self._working:
            self._begin()
        return None

    def take(self, drawn: FigureDrawn) -> bool:
        """Takes a picture over and has the next one drawn.

        Returns:
            False for one of a notebook or a theme that was left.
        """
        self._working = False
        current = drawn.round == self._round
        if current:
            key = (id(drawn.image), drawn.picture.columns, drawn.picture.rows)
            self._wanted.pop(key, None)
            self._known[key] = (drawn.image, drawn.picture)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        if self._wanted:
            self._begin()
        return current

    def _begin(self) -> None:
        (_, columns, rows), (image, cell) = self._wanted.popitem()
        self._working = True
        job = partial(self._draw, self._round, cell, image, columns, rows, self.ground)
        self._widget.run_worker(job, thread=True, group="figures", exit_on_error=False)

    def _draw(self, round: int, cell: int, image: Image, columns: int, rows: int, ground: RGB) -> None:
        # The picture comes back as a message, so that the two threads share nothing.
        self._widget.post_message(FigureDrawn(round, cell, image, draw(image, columns, rows, ground)))
