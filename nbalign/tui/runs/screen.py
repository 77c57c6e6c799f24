"""The room `runs`: what an assistant's notebooks scored."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of, key_name
from nbalign.tui.plain import content
from nbalign.tui.room import Room

_ROOMS = {action.id: action for action in EVERYWHERE}


class RunsRoom(Room):
    """What an assistant's notebooks scored; says what it is for as long as there are no runs."""

    ROOM: ClassVar[str] = "runs"
    HELP: ClassVar[str] = "What the notebooks of an assistant scored; there are no runs to show yet."
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("runs.down", "j,down", "scroll_words(1)", "scroll down", "Runs"),
        Action("runs.up", "k,up", "scroll_words(-1)", "scroll up", "Runs"),
        *EVERYWHERE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    CSS = "#runs { padding: 1 2; } #runs-words { max-width: 100; }"

    def body(self) -> ComposeResult:
        """Plain words."""
        with VerticalScroll(id="runs", can_focus=False):
            yield Static(id="runs-words")

    def load(self) -> None:
        """Writes the words, with the keys as they are now."""
        label, models, evaluate = (
            key_name(self.keys_of(_ROOMS[f"room.{room}"])[0]) for room in ("label", "models", "evaluate")
        )
        self.query_one("#runs-words", Static).update(
            content(
                ("nbalign has no runs yet, so there is nothing to show here.\n\n", "bold"),
                "The room is meant for notebooks that an assistant writes: a run is what it wrote for a set of tasks, "
                "scored by aligned judges, and two runs are compared dimension by dimension.\n\n",
                ("What you can do today\n", "bold"),
                "1  Take the notebooks in, each version of the assistant in its own workspace:\n",
                ("     nbalign -w NEW init;  nbalign -w NEW import FOLDER\n", "bold"),
                f"2  Judge them, here in the room Models ({models}) or from a shell:\n",
                ("     nbalign -w NEW judge\n", "bold"),
                f"3  Score some of them yourself (Label, {label}), and see how near the judge is to you:\n",
                ("     nbalign -w NEW agreement\n\n", "bold"),
                f"Whether alignment brings the judge nearer to you is what experiments tell (Evaluate, {evaluate}).",
            )
        )

    def action_scroll_words(self, step: int) -> None:
        """Scrolls, where there is too little room for all of it."""
        self.query_one("#runs", VerticalScroll).scroll_relative(y=step, animate=False)
