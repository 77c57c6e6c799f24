"""Every action of the room with its stable id and keys."""

from __future__ import annotations

from nbalign.tui.actions import EVERYWHERE, Action

SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("state", "State", "what would be learned from, and what to settle first"),
    ("guidelines", "Guidelines", "what was learned from words: accept, edit, reject, pin, write"),
    ("precedents", "Precedents", "which cases a judge is shown of a notebook, and why these"),
    ("versions", "Versions", "the memories, and what changed between two of them"),
)
"""Id, title and purpose of each section."""

ACTIONS: tuple[Action, ...] = (
    *(
        Action(f"align.section.{name}", str(n), f"section('{name}')", f"{title}: {words}", "Sections")
        for n, (name, title, words) in enumerate(SECTIONS, 1)
    ),
    Action("align.section.next", "tab", "next_section", "next section", "Sections"),
    Action("align.section.previous", "shift+tab", "previous_section", "previous section", "Sections"),
    Action("align.row.next", "j,down", "move(1)", "next row", "Rows", "row"),
    Action("align.row.previous", "k,up", "move(-1)", "previous row", "Rows"),
    Action("align.row.first", "g,home", "ends(False)", "first row", "Rows"),
    Action("align.row.last", "G,end", "ends(True)", "last row", "Rows"),
    Action("align.page.down", "space,pagedown", "page(1)", "scroll what is on the right down", "Rows"),
    Action("align.page.up", "pageup", "page(-1)", "scroll it up", "Rows"),
    Action("align.open", "enter", "open", "open what is in focus, or go there", "Rows", "open"),
    Action("align.leave", "escape", "leave", "back to the list; end the search", "Rows"),
    Action("align.dimension", "d", "dimension(1)", "next dimension, or all of them", "Rows", "dimension"),
    Action("align.dimension.previous", "D", "dimension(-1)", "previous dimension", "Rows"),
    Action("align.search", "/", "search", "search in guidelines or notebooks", "Rows", "search"),
    Action("align.reveal", "R", "reveal", "show or hide what you have not scored yourself", "Rows", "reveal"),
    Action("align.start", "A", "start", "align: all dimensions, or the one in focus", "Alignment", "align"),
    Action("align.no", "x", "no", "reject the guideline; in State, stop the alignment", "Guidelines", "reject"),
    Action("align.accept", "a", "accept", "accept the guideline; a rejected one comes back", "Guidelines", "accept"),
    Action("align.pin", "p", "pin", "pin it, so that it is never dropped, or take the pin away", "Guidelines", "pin"),
    Action("align.edit", "e", "edit", "say it in your own words", "Guidelines", "edit"),
    Action("align.write", "n", "write_new", "write a new one for a dimension", "Guidelines", "new"),
    Action("align.undo", "u", "undo", "take your last decision of this session back", "Guidelines", "undo"),
    Action("align.filter", "f", "filter", "only guidelines in one state, or in all", "Guidelines", "state"),
    *EVERYWHERE,
)

LAST = ("align.open", "align.leave")  # Enter and Esc belong to fields first

SHORT: dict[str, dict[str, str]] = {
    "state": {"align.no": "stop"},
    "precedents": {"align.open": "find"},
    "versions": {"align.open": "compare"},
}
"""Other words of the bar, where a key does something else in a section."""

BARS: dict[str, tuple[str, ...]] = {
    "state": ("align.start", "align.no", "align.row.next", "align.open", "align.reveal"),
    "guidelines": (
        *("align.accept", "align.no", "align.pin", "align.edit", "align.write", "align.undo", "align.open"),
        *("align.filter", "align.dimension", "align.search", "align.reveal", "align.row.next"),
    ),
    "precedents": ("align.open", "align.row.next", "align.search", "align.dimension", "align.reveal"),
    "versions": ("align.open", "align.row.next", "align.dimension"),
}
"""What the bar names in each section, most needed first."""
