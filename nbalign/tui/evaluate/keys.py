"""Every action of the room of experiments with its stable id and keys."""

from __future__ import annotations

from nbalign.tui.actions import EVERYWHERE, Action

_FIGURES, _CASES, _EXPERIMENTS = "Figures", "Notebooks behind a figure", "Experiments"

OPEN = Action(
    "figure.open", "enter", "open", "the notebooks behind the figure; there: go to the notebook", _FIGURES, "open"
)
CLOSE = Action("figure.close", "escape", "leave", "back to the figures; put away old news", _FIGURES)
REVEAL = Action("case.reveal", "R", "reveal", "show what you have not scored yourself, or hide it again", _CASES)
PREVIOUS = Action("experiment.previous", "[", "previous_experiment", "previous experiment", _EXPERIMENTS)
NEXT = Action("experiment.next", "]", "next_experiment", "next experiment", _EXPERIMENTS, "experiment")
START = Action("experiment.start", "E", "start", "start an experiment", _EXPERIMENTS, "start")
PAGE = Action("experiment.page", "H", "write_page", "write it as a page for a browser", _EXPERIMENTS, "page")
STOP = Action("experiment.stop", "x", "stop", "stop the experiment under way; nothing finished is lost", _EXPERIMENTS)

ACTIONS: tuple[Action, ...] = (
    Action("figure.next", "j,down", "move(1)", "next line", _FIGURES, "line"),
    Action("figure.previous", "k,up", "move(-1)", "previous line", _FIGURES),
    Action("figure.arm.next", "right", "move_arm(1)", "next arm", _FIGURES, "arm"),
    Action("figure.arm.previous", "left", "move_arm(-1)", "previous arm", _FIGURES),
    Action("figure.dimension.next", "n", "move_dimension(1)", "next dimension", _FIGURES, "dimension"),
    Action("figure.dimension.previous", "p", "move_dimension(-1)", "previous dimension", _FIGURES),
    Action("figure.first", "g", "first", "first line", _FIGURES),
    Action("figure.last", "G", "last", "last line", _FIGURES),
    Action("figure.page", "space,pagedown", "page(1)", "one screen down", _FIGURES),
    Action("figure.page_back", "pageup", "page(-1)", "one screen up", _FIGURES),
    OPEN,
    CLOSE,
    Action("figure.view", "t", "next_view", "chart, table or words", _FIGURES, "view"),
    REVEAL,
    NEXT,
    PREVIOUS,
    Action("experiment.list", "b", "toggle_list", "show or hide the list of experiments", _EXPERIMENTS),
    START,
    STOP,
    PAGE,
    *EVERYWHERE,
)
