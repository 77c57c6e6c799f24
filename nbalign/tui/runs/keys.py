"""What one can do in the room of runs, with stable ids and keys."""

from __future__ import annotations

from nbalign.tui.actions import EVERYWHERE, Action

_RUNS, _LOOK = "Runs", "Looking"

OPEN = Action("runs.open", "enter", "open", "open what is in focus: run, comparison, notebook", _LOOK, "open")
LEAVE = Action("runs.leave", "escape", "leave", "back; among the runs: end the search, forget the marks", _LOOK, "back")
COMPARE = Action(
    "runs.compare", "c", "compare", "mark a run for a comparison; on another run: compare them", _RUNS, "compare"
)
MARK = Action("runs.mark", "+", "mark", "mark one more run, or not: three and more make a leaderboard", _RUNS, "mark")
REVEAL = Action("runs.reveal", "R", "reveal", "show what you have not scored, or hide it again", _LOOK, "hidden")
QUEUE = Action("runs.queue", "L", "queue", "let raters score a run: its notebooks into the queue", _RUNS, "queue")
REPORT = Action("runs.report", "H", "write_page", "write it as a page for a browser", _RUNS, "page")
DELETE = Action("runs.delete", "X,delete", "delete", "delete the run", _RUNS, "delete")
WHOLE = Action("runs.view", "t", "next_view", "what is in focus, or the whole run or comparison", _LOOK, "about")
FIND = Action("runs.find", "/", "find", "only runs, or cases, with this in their name", _LOOK, "find")
NEXT = Action("runs.next", "]", "run(1)", "next run", _RUNS, "run")
DIMENSION = Action("runs.dimension.next", "n,right", "move_dimension(1)", "next dimension", _LOOK, "dimension")

ACTIONS: tuple[Action, ...] = (
    Action("runs.row.next", "j,down", "move(1)", "next row", _LOOK, "move"),
    Action("runs.row.previous", "k,up", "move(-1)", "previous row", _LOOK),
    DIMENSION,
    Action("runs.dimension.previous", "p,left", "move_dimension(-1)", "previous dimension", _LOOK),
    Action("runs.row.first", "g,home", "ends(False)", "first row", _LOOK),
    Action("runs.row.last", "G,end", "ends(True)", "last row", _LOOK),
    Action("runs.page.down", "space,pagedown", "page(1)", "scroll what is told of it down", _LOOK),
    Action("runs.page.up", "pageup", "page(-1)", "scroll it up", _LOOK),
    OPEN,
    LEAVE,
    WHOLE,
    FIND,
    REVEAL,
    COMPARE,
    MARK,
    NEXT,
    Action("runs.previous", "[", "run(-1)", "previous run", _RUNS),
    QUEUE,
    REPORT,
    DELETE,
    *EVERYWHERE,
)

IN_SHELF = (OPEN, COMPARE, MARK, QUEUE, REPORT, DELETE, FIND)
IN_RUN = (OPEN, LEAVE, DIMENSION, WHOLE, REVEAL, NEXT, QUEUE, REPORT, DELETE, FIND)
IN_COMPARISON = (OPEN, LEAVE, WHOLE, REVEAL, REPORT)
IN_BOARD = (OPEN, LEAVE, WHOLE, REVEAL)
"""What the bar at the bottom names first, view by view; help, menu and the rest follow."""
