"""What a focused widget is, in words, and the keys that it has by nature."""

from __future__ import annotations

from textual.containers import ScrollableContainer
from textual.widget import Widget
from textual.widgets import Button, DataTable, Input, OptionList, Select, Tabs, TextArea, Tree

from nbalign.tui.cell_view import CellView
from nbalign.tui.keys import WRITING
from nbalign.tui.line_list import LineList
from nbalign.tui.search_bar import SearchBar
from nbalign.tui.why_area import WhyArea

Row = tuple[str, str]

_LIST: tuple[Row, ...] = (("↑  ↓", "row up, row down"), ("Home  End", "first and last row"), ("Enter", "opens the row"))
_LINE: tuple[Row, ...] = (("Enter", "takes what is written"), ("Esc", "leaves"), *WRITING[2:])
_SCROLL: tuple[Row, ...] = (
    ("↑  ↓", "one line up or down"),
    ("PgUp  PgDn", "one screen up or down"),
    ("Home  End", "to the start and to the end"),
)

_KNOWN: tuple[tuple[type[Widget], str, tuple[Row, ...]], ...] = (
    (CellView, "the notebook, cell by cell (a click makes a cell current)", _SCROLL),
    (WhyArea, "the field for your justification: keys type here and score nothing", WRITING),
    (SearchBar, "the field for what to look for in this notebook", _LINE),
    (TextArea, "a text field: keys type here", WRITING),
    (Input, "a line to type in", _LINE),
    (LineList, "a list (a click chooses a row)", _LIST),
    (OptionList, "a list (a click chooses a row)", _LIST),
    (DataTable, "a table (a click chooses a cell)", (("↑ ↓ ← →", "from cell to cell"), ("Enter", "opens it"))),
    (Tree, "a tree (a click opens a branch)", _LIST),
    (Tabs, "the row of sections", (("←  →", "section to the left, to the right"),)),
    (Select, "a choice", (("Enter", "shows what there is to choose"),)),
    (Button, "a button", (("Enter", "presses it"),)),
    (ScrollableContainer, "text that scrolls", _SCROLL),
)


def focus_words(widget: Widget) -> tuple[str, tuple[Row, ...]]:
    """What a widget is, and its keys.

    A widget says itself what it is in Textual's class variable `HELP`; the kinds that rooms are made of are known here.

    Returns:
        Words, and (keys, words) rows.
    """
    said = widget.HELP.strip() if widget.HELP else ""
    for kind, words, keys in _KNOWN:
        if isinstance(widget, kind):
            return said or words, keys
    return said or "this part of the screen", ()
