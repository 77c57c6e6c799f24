"""How the room of experiments is drawn: from what was read and where one stands, nothing else."""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from nbalign.tui.actions import EVERYWHERE
from nbalign.tui.bars import KeyBar
from nbalign.tui.evaluate.board import VIEWS, EvaluateBoard
from nbalign.tui.evaluate.case_words import left_out
from nbalign.tui.evaluate.keys import ACTIONS, CLOSE, NEXT, OPEN, PAGE, REVEAL, START, STOP
from nbalign.tui.evaluate.lines import Above, Lines
from nbalign.tui.evaluate.words import before_one, detail, marks
from nbalign.tui.evaluate.working import work_line
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content

_LIST_FROM = 100  # columns from which the list of experiments shows unless the rater says otherwise


class EvaluateDrawing(EvaluateBoard):
    """The board with what draws it."""

    def show(self) -> None:
        """Draws everything, once it is known what there is."""
        if not self.shelf_read:
            return
        listed = self.size.width >= _LIST_FROM if self.list_wanted is None else self.list_wanted
        self.set_class(listed, "listed")
        self.set_class(not self.shelf.entries, "empty")
        self.set_class(self.drilled, "drilled")
        self.set_class(self.shown is not None and self.shown.figures is None, "unread")
        for view in VIEWS:
            self.set_class(view == self.in_view, f"view-{view}")
        entries = self.shelf.entries
        self.query_one("#ev-list", LineList).fill(len(entries), self.at)
        self.show_place(f"experiment {self.at + 1}/{len(entries)}" if entries else "")
        if not entries:
            ground = self.shelf.ground
            told = before_one(ground.scores, ground.labelled, self.key(START.id), self.key("room.label"))
            self._static("ev-empty", content(*told))
        if self.shown is not None:
            self._static("ev-head", content(*self.shown.head))
            self._static("ev-words-text", content(*self.shown.words))
            self._show_legend()
        self._static("ev-tabs", self._tabs())
        self.show_figures()
        self.show_cases()
        self.show_under_way()
        self.show_keys()

    def show_figures(self) -> None:
        """Draws chart and table with what is in focus, and what is known of it."""
        if self.shown is None or self.shown.figures is None or self.shown.chart is None:
            return
        place, figures, chart = self.place, self.shown.figures, self.shown.chart
        chart_lines, table_lines = self._lines("chart"), self._lines("table")
        above = place.arm + 1  # the line that names the dimension stays in view with its first arms
        chart_lines.show(chart.height, chart.line_of(place.dimension, place.arm), above)
        table_lines.show(len(figures.dimensions), place.dimension)
        for view in ("chart", "table"):
            self.query_one(f"#ev-{view}-head", Above).refresh()
        if figures.arms:
            self._static("ev-detail", content(*detail(figures, place.dimension, figures.arms[place.arm])))

    def _show_legend(self) -> None:
        if self.shown is None or self.shown.figures is None:
            return
        both = self.has_class("-wide") or self.has_class("-vast")
        chart, table = self.in_view == "chart", self.in_view == "table"
        told = marks(self.shown.figures, chart=chart or both, table=table or both)
        self._static("ev-legend", content(*told))

    def show_cases(self) -> None:
        """Draws the notebooks behind the figure."""
        if self.cases is None or self.case_words is None:
            return
        said = left_out(self.cases, self.key(REVEAL.id), self.revealed)
        title = content((self.case_words.title(self.cases), "bold"), (f"\n{said}" if said else "", "$text-warning"))
        self._static("ev-case-title", title)
        self.query_one("#ev-case-head", Above).refresh()
        self._lines("case").show(len(self.cases.shown), self.case_at)
        case = self.case
        self._static(
            "ev-case-text",
            content(*self.case_words.in_full(case, self.cases.arm)) if case else content(self._no_case()),
        )

    def _no_case(self) -> str:
        if self.cases is not None and self.cases.hidden:
            return "You have scored none of these notebooks here yet, so none is shown: blind first."
        return "There is no settled score behind this figure any more."

    def show_under_way(self) -> None:
        """Draws the experiment under way."""
        said = work_line(self.under_way, self.key(STOP.id), self.key(START.id))
        line = self.query_one("#ev-work", Static)
        line.display = bool(said)
        line.update(content(*said))

    def show_keys(self) -> None:
        """Names the keys that matter most where one is."""
        words = {action.id: action.short for action in ACTIONS}
        if self.drilled:
            words[OPEN.id] = "notebook"
            order = [OPEN.id, CLOSE.id, REVEAL.id, "figure.next"]
        elif self.shelf.entries:
            order = [OPEN.id, "figure.view", "figure.next", "figure.arm.next", START.id, NEXT.id, PAGE.id]
        else:
            order = [START.id]
        if self.under_way is not None and not self.under_way.ended:
            order.insert(0, STOP.id)
        words |= {CLOSE.id: "back", REVEAL.id: "reveal", STOP.id: "stop"}
        order += [action.id for action in EVERYWHERE if action.short]
        names = {action.id: action.name for action in ACTIONS}
        self.query_one(KeyBar).show([(self.key(id), words[id], names[id]) for id in order])

    def _static(self, id: str, what: Content) -> None:
        self.query_one(f"#{id}", Static).update(what)

    def _lines(self, name: str) -> Lines:
        return self.query_one(f"#ev-{name}-lines", Lines)

    def _tabs(self) -> Content:
        parts: list[Content | str] = []
        for view in VIEWS:
            label = content((f" {view} ", "bold reverse" if view == self.in_view else ""))
            parts += [label.stylize(Style.from_meta({"@click": f"screen.view('{view}')"})), " "]
        return content(*parts, (f" {self.key('figure.view')}: next view", "$text-muted"))
