"""Every action of the Review room with its stable id and keys."""

from __future__ import annotations

from textual.binding import Binding

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.keys import SCORES

NEXT_JUDGE = Action("review.judge", "t", "next_judge", "beside another judge", "Pairs", "judge")
DIMENSION = Action("review.dimension.next", "n", "dimension(1)", "only the next dimension", "Which pairs", "dimension")
DIMENSION_BACK = Action("review.dimension.previous", "p", "dimension(-1)", "only the previous dimension", "Which pairs")
DIFFER = Action("review.differ", "y", "differ", "only where you and the judge differ, or all", "Which pairs", "differ")
WORDLESS = Action(
    "review.wordless", "l", "wordless", "only those without a line of why from you, or all", "Which pairs", "no words"
)
FIND = Action("review.find", "/", "find", "only notebooks with this in their name", "Which pairs", "find")
SECTION = Action("review.section", "tab", "section", "pairs, or agreement in figures", "Pairs", "agreement")

ACTIONS: tuple[Action, ...] = (
    Action("review.justify", "e", "justify", "say why (Esc leaves and saves)", "Your score", "why"),
    Action("review.undo", "u", "undo", "undo one step in this notebook", "Your score", "undo"),
    Action("review.redo", "U,ctrl+r", "redo", "redo", "Your score"),
    Action("review.cite", "c", "cite", "cite the cell in focus, or take the citation back", "Your score", "cite"),
    Action("review.row.next", "j,down", "move(1)", "next pair; among cited cells the next one", "Pairs", "move"),
    Action("review.row.previous", "k,up", "move(-1)", "previous pair, or cited cell", "Pairs"),
    Action("review.open", "enter", "open", "to the cited cells; there: to the notebook", "Pairs", "open"),
    Action("review.leave", "escape", "leave", "back to the pairs; show all of them again", "Pairs"),
    SECTION,
    NEXT_JUDGE,
    DIFFER,
    WORDLESS,
    DIMENSION,
    DIMENSION_BACK,
    FIND,
    Action("review.pair.next", "]", "pair(1)", "next pair, from among its cells too", "Pairs"),
    Action("review.pair.previous", "[", "pair(-1)", "previous pair", "Pairs"),
    Action("review.row.first", "g,home", "ends(False)", "first row", "Pairs"),
    Action("review.row.last", "G,end", "ends(True)", "last row", "Pairs"),
    Action("review.page.down", "space,pagedown", "page(1)", "scroll what was said down", "Pairs"),
    Action("review.page.up", "pageup", "page(-1)", "scroll it up", "Pairs"),
    *EVERYWHERE,
)

LAST = ("review.open", "review.leave")  # Enter and Esc belong to fields first


def bindings() -> list[Binding]:
    """Bindings of the room; the digits are those of the labelling room: who remaps them scores alike everywhere."""
    return [*bindings_of(ACTIONS, last=LAST), *bindings_of(SCORES)]
