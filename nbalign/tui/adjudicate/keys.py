"""Every action of the Adjudicate room with its stable id and keys."""

from __future__ import annotations

from textual.binding import Binding

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.keys import SCORES

JUSTIFY = Action("adjudicate.justify", "e", "justify", "say why you decide so (Esc saves)", "Decision", "why")
OPEN = Action("adjudicate.open", "enter", "open", "to the cited cells; there: to the notebook", "Conflicts", "open")
REVEAL = Action("adjudicate.judge", "r", "judge", "show or hide the judge before you decide", "Conflicts", "judge")
UNCOVER = Action(
    "adjudicate.uncover", "R", "uncover", "show, or cover again, what you have not scored yourself", "Conflicts"
)

ACTIONS: tuple[Action, ...] = (
    JUSTIFY,
    Action("adjudicate.undo", "u", "undo", "take your last decision back, one step", "Decision", "undo"),
    Action("adjudicate.redo", "U,ctrl+r", "redo", "redo", "Decision"),
    Action("adjudicate.cite", "c", "cite", "cite the cell in focus for the decision, or not", "Decision", "cite"),
    Action("adjudicate.pair.next", "]", "pair(1)", "next conflict", "Conflicts", "next"),
    Action("adjudicate.pair.previous", "[", "pair(-1)", "previous conflict", "Conflicts"),
    Action("adjudicate.row.next", "j,down", "move(1)", "next row; among cited cells the next one", "Conflicts"),
    Action("adjudicate.row.previous", "k,up", "move(-1)", "previous row, or cited cell", "Conflicts"),
    OPEN,
    REVEAL,
    UNCOVER,
    Action("adjudicate.leave", "escape", "leave", "back to the conflicts", "Conflicts"),
    Action("adjudicate.row.first", "g,home", "ends(False)", "first row", "Conflicts"),
    Action("adjudicate.row.last", "G,end", "ends(True)", "last row", "Conflicts"),
    Action("adjudicate.page.down", "space,pagedown", "page(1)", "scroll what was said down", "Conflicts"),
    Action("adjudicate.page.up", "pageup", "page(-1)", "scroll it up", "Conflicts"),
    *EVERYWHERE,
)

LAST = ("adjudicate.open", "adjudicate.leave")  # Enter and Esc belong to fields first


def bindings() -> list[Binding]:
    """Bindings of the room."""
    return [*bindings_of(ACTIONS, last=LAST), *bindings_of(SCORES)]
