"""A notebook of a run to be read, and nothing else: no scores, and no place to score."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from nbalign.notebooks.model import Notebook
from nbalign.tui.actions import Action, bindings_of
from nbalign.tui.bars import KeyBar
from nbalign.tui.cell_view import CellView
from nbalign.tui.dialogs import LEAVE, Dialog
from nbalign.tui.key_names import key_name
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room

_READ = "Reading a notebook"
_LABEL = Action("reading.label", "L,enter", "label", "score it in the room Label", _READ, "score it")


class NotebookDialog(Dialog[int]):
    """Shows the cells of a notebook; answers with a cell's number where the rater wants to score it there.

    Args:
        notebook: The notebook.
        title: What it is, for people.
        room: The room it was opened from, for the keys as they are.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("reading.next", "j", "move(1)", "next cell", _READ, "cell"),
        Action("reading.previous", "k", "move(-1)", "previous cell", _READ),
        Action("reading.first", "g", "ends(False)", "first cell", _READ),
        Action("reading.last", "G", "ends(True)", "last cell", _READ),
        Action("reading.page", "space", "page(1)", "one screen down (PgUp and PgDn too)", _READ, "page"),
        Action("reading.outputs", "o", "outputs", "open or fold the outputs of the current cell", _READ, "outputs"),
        Action("reading.left", "<", "shift(-1)", "wide tables of the current cell back", _READ),
        Action("reading.right", ">", "shift(1)", "wide tables farther", _READ),
        _LABEL,
        LEAVE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    DEFAULT_CSS = """
    NotebookDialog > .box { width: 98%; max-width: 98%; height: 94%; }
    NotebookDialog CellView { height: 1fr; }
    NotebookDialog .about { height: 1; color: $text-muted; }
    NotebookDialog KeyBar { dock: none; background: $panel; padding: 0; }
    """

    def __init__(self, notebook: Notebook, title: str, room: Room) -> None:
        super().__init__()
        self._notebook, self._about, self._room = notebook, title, room

    def compose(self) -> ComposeResult:
        """Which notebook it is, and its cells."""
        with Vertical(classes="box"):
            yield self.heading(one_line(self._about, 60))
            yield Static(content(f"{one_line(self._notebook.name, 60)}, to be read only"), classes="about")
            yield CellView(id="reading-cells")
            yield KeyBar()

    @property
    def cells(self) -> CellView:
        """The cells."""
        return self.query_one(CellView)

    def on_mount(self) -> None:
        """Shows the first cells."""
        named = [(self._room.keys_of(action)[0], action) for action in self.ACTIONS if action.short]
        self.query_one(KeyBar).show([(key_name(key), action.short, action.name) for key, action in named])
        self.cells.show(self._notebook)
        self.cells.focus()

    def action_move(self, step: int) -> None:
        """Goes to another cell."""
        self.cells.go_to(self.cells.current + step)

    def action_ends(self, last: bool) -> None:
        """Goes to the first or the last cell."""
        self.cells.go_to(len(self._notebook.cells) if last else 1)

    def action_page(self, direction: int) -> None:
        """Scrolls one screen down or up."""
        self.cells.page(direction)

    def action_outputs(self) -> None:
        """Opens or folds the outputs of the current cell."""
        self.cells.toggle_outputs()

    def action_shift(self, direction: int) -> None:
        """Moves wide tables."""
        self.cells.shift_outputs(direction)

    def action_label(self) -> None:
        """Leaves, to score the notebook."""
        self.dismiss(self.cells.current)
