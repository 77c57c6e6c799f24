"""A figure as large as the screen allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from nbalign.notebooks.model import Image
from nbalign.tui import terminal_pictures
from nbalign.tui.actions import Action, bindings_of
from nbalign.tui.dialogs import LEAVE, Dialog
from nbalign.tui.figure_desk import FigureDesk, FigureDrawn
from nbalign.tui.figures import figure_mark, fitted, measures, why_not_drawn
from nbalign.tui.paint import paint_for
from nbalign.tui.plain import content


class FigureDialog(Dialog[None]):
    """Shows the figures of a cell, one at a time.

    Args:
        images: Its figures, one or more.
        cell: Number of the cell.
        closes: More keys that leave it.
    """

    DEFAULT_CSS = """
    FigureDialog > .box { width: 98%; max-width: 98%; height: 96%; max-height: 96%; }
    FigureDialog #figure { height: 1fr; align: center middle; }
    """
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("picture.next", "right,j,n,space", "step(1)", "next figure of the cell", "Figures"),
        Action("picture.previous", "left,k,p", "step(-1)", "previous figure of the cell", "Figures"),
        LEAVE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]

    def __init__(self, images: Sequence[Image], cell: int, closes: Iterable[str] = ("i",)) -> None:
        super().__init__(closes)
        self._images, self._cell = list(images), cell
        self._at = 0

    def compose(self) -> ComposeResult:
        """A line of words above the figure."""
        with Vertical(classes="box"):
            yield self.heading(f"Figure of cell {self._cell}")
            yield Static(id="figure-name")
            yield Vertical(id="figure")

    async def on_mount(self) -> None:
        """Starts with the first figure that can be drawn."""
        self._at = next((n for n, image in enumerate(self._images) if not why_not_drawn(image)), 0)
        await self._show()

    async def action_step(self, step: int) -> None:
        """Goes to another figure of the cell, round the ends."""
        self._at = (self._at + step) % len(self._images)
        await self._show()

    async def _show(self) -> None:
        image = self._images[self._at]
        count = f"{self._at + 1} of {len(self._images)} (← →) · " if len(self._images) > 1 else ""
        self.query_one("#figure-name", Static).update(content((f"{count}{figure_mark(image)}", "$text-muted")))
        place = self.query_one("#figure", Vertical)
        await place.remove_children()
        why = why_not_drawn(image)
        if why:
            await place.mount(Static(content(f"This figure cannot be shown: {why}.")))
        else:
            await place.mount(terminal_pictures.widget_for(image) or FigureWidget(image))


class FigureWidget(Widget):
    """A figure in half-blocks, as large as there is room."""

    DEFAULT_CSS = "FigureWidget { width: 1fr; height: 1fr; background: $panel; }"

    def __init__(self, image: Image) -> None:
        super().__init__()
        self._image = image
        self._desk = FigureDesk(self)

    def notify_style_update(self) -> None:
        """Draws it anew for another theme."""
        super().notify_style_update()
        self._desk.clear()

    def on_figure_drawn(self, event: FigureDrawn) -> None:
        """Shows the picture that has come."""
        event.stop()
        self._desk.take(event)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Draws it anew for the room there is."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        paint = paint_for(self)
        self._desk.ground = paint.ground
        width, height = self.size
        columns, rows = fitted(measures(self._image) or (1, 1), width, height)
        picture = self._desk.picture(0, self._image, columns, rows)
        left, row = (width - columns) // 2, y - (height - rows) // 2
        if picture is None or not picture.pixels:
            words = " …" if picture is None else " This figure is broken: it cannot be drawn."
            strip = Strip.from_lines([[]])[0] if y else Strip([*content(words).render_segments(paint.base)])
            return strip.adjust_cell_length(width, paint.text)
        if not 0 <= row < rows:
            return Strip.blank(width, paint.text)
        return Strip.join([Strip.blank(left, paint.text), picture.line(row)]).adjust_cell_length(width, paint.text)
