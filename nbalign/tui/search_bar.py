"""Search in the notebook in view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from nbalign.notebooks.model import Notebook


@dataclass(frozen=True, slots=True)
class Match:
    """One occurrence.

    Attributes:
        cell: Number of the cell.
        in_output: Whether it lies in an output.
        nth: Its count among the occurrences in that cell, from 0.
    """

    cell: int
    in_output: bool
    nth: int


def find_all(notebook: Notebook, needle: str) -> list[Match]:
    """All occurrences of a text in sources and outputs, case aside, in order."""
    needle = needle.lower()
    found: list[Match] = []
    if not needle:
        return found
    for cell in notebook.cells:
        nth = 0
        for in_output, text in [(False, cell.source), *((True, output.text) for output in cell.outputs)]:
            for _ in range(text.lower().count(needle)):
                found.append(Match(cell.number, in_output, nth))
                nth += 1
    return found


class SearchBar(Input):
    """A field at the bottom that shows while one types what to look for."""

    DEFAULT_CSS = """
    SearchBar { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    SearchBar:focus { border: none; }
    SearchBar.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "end the search", show=False, id="search.leave")
    ]

    class Left(Message):
        """The search was given up."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="search in this notebook · Enter goes there · Esc ends", compact=True)

    def open(self) -> None:
        """Shows the field, the last search selected."""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.action_select_all()

    def close(self) -> None:
        """Hides the field."""
        self.remove_class("open")

    def action_leave(self) -> None:
        """Gives the search up."""
        self.close()
        self.post_message(self.Left())
