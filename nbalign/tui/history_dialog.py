"""What a rater did last, over all notebooks: go there, or take one step back and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nbalign.labels.steps import Step
from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import Action, bindings_of, key_name
from nbalign.tui.bars import KeyBar
from nbalign.tui.dialogs import LEAVE, Dialog
from nbalign.tui.history_words import row, title_of
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content

_ROWS = 10  # steps seen at once; more scroll
_EMPTY = "Nothing yet. Each score, change, undo and flag of yours stands here once you have given it, for good."

Undo = Callable[[Step, Callable[[Sequence[Step], str], None]], None]


class HistoryDialog(Dialog[Step]):
    """Lists steps, newest first; answers with the one to go to, or None.

    It opens before the steps are read (`fill`), so that no key meant for it reaches the room below.

    Args:
        names: Notebook hash -> name.
        rubric: The rubric.
        keys_of: The keys of an action as they are now.
        undo: Takes a step back and calls what it is given with the steps as they are then, and what is to be said.
        closes: The keys that opened it.
    """

    HELP = "what you did last, newest first, over all notebooks"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("history.go", "enter", "go", "go to the notebook and dimension of the step", "History", "go there"),
        Action("history.undo", "u", "undo", "take this one step back", "History", "take back"),
        Action("history.next", "j,down", "move(1)", "older step", "History", "older"),
        Action("history.previous", "k,up", "move(-1)", "newer step", "History"),
        Action("history.page", "space,pagedown", "move(10)", "ten steps older", "History"),
        Action("history.page_back", "pageup", "move(-10)", "ten steps newer", "History"),
        LEAVE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    DEFAULT_CSS = """
    HistoryDialog > .box { width: 120; }
    HistoryDialog LineList { height: 1; }
    HistoryDialog #history-say { height: auto; max-height: 3; padding: 1 0 0 0; }
    HistoryDialog KeyBar { dock: none; background: $panel; padding: 0; }
    """

    def __init__(
        self,
        names: Mapping[str, str],
        rubric: Rubric,
        keys_of: Callable[[Action], list[str]],
        undo: Undo,
        closes: Sequence[str] = (),
    ) -> None:
        super().__init__(closes=closes)
        self.steps: list[Step] = []
        self.at = 0
        self._busy = True  # while steps are read or one is taken back
        self._names, self._rubric, self._keys_of, self._undo = names, rubric, keys_of, undo
        self._said = "…"

    def compose(self) -> ComposeResult:
        """The list above what can be said of the step in focus."""
        with Vertical(classes="box"):
            yield self.heading("Your last steps")
            yield LineList(self._row, id="history")
            yield Static(id="history-say", markup=False)
            yield KeyBar()

    def on_mount(self) -> None:
        """Starts on the newest."""
        self.query_one(KeyBar).show([(key_name(self._keys_of(a)[0]), a.short, a.name) for a in self.ACTIONS if a.short])
        self.show()
        self.call_after_refresh(self.show)  # once more, when it is known how wide the lines are

    def on_resize(self, event: events.Resize) -> None:
        """Fits the lines to the width."""
        self.show()

    def show(self) -> None:
        """Draws everything anew."""
        listed = self.query_one("#history", LineList)
        listed.display = bool(self.steps)
        listed.styles.height = min(max(len(self.steps), 1), _ROWS)
        listed.fill(len(self.steps), self.at)
        self.query_one("#history-say", Static).update(self._words())

    def action_move(self, step: int) -> None:
        """Goes to another row."""
        self._to(self.at + step)

    def action_go(self) -> None:
        """Answers with the step in focus."""
        if self.steps:
            self.dismiss(self.steps[self.at])

    def fill(self, steps: Sequence[Step], said: str = "") -> None:
        """Takes the steps as they are now; the one in focus stays in focus.

        Args:
            steps: The steps, newest first.
            said: A line about what just happened.
        """
        if not self.is_attached:
            return
        in_focus = _key(self.steps[self.at]) if self.steps else None
        self.steps, self._said, self._busy = list(steps), said, False
        places = (n for n, step in enumerate(self.steps) if _key(step) == in_focus)
        self.at = next(places, min(self.at, max(len(self.steps) - 1, 0)))
        self.show()

    def action_undo(self) -> None:
        """Takes the step in focus back, or says why that is not possible."""
        if not self.steps or self._busy:
            return
        step = self.steps[self.at]
        if step.obstacle:
            self._said = f"cannot be taken back: {step.obstacle}"
        else:
            self._said, self._busy = "…", True
            self._undo(step, self.fill)
        self.show()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        if event.index == self.at:
            self.action_go()
        else:
            self._to(event.index)

    def _to(self, row: int) -> None:
        self.at = min(max(row, 0), max(len(self.steps) - 1, 0))
        self._said = ""
        self.show()

    def _row(self, index: int) -> Content:
        step = self.steps[index]
        width = self.query_one("#history", LineList).scrollable_content_region.width
        return row(step, self._called(step), self._rubric, datetime.now().astimezone(), width)

    def _words(self) -> Content:
        if not self.steps:
            return content(self._said or _EMPTY)
        step = self.steps[self.at]
        where = f"{self.at + 1} of {len(self.steps)} · {self._called(step)} · {title_of(step, self._rubric)}"
        return content((where, "$text-muted"), f"\n{self._said}" if self._said else "")

    def _called(self, step: Step) -> str:
        return self._names.get(step.notebook, step.notebook[:12])


def _key(step: Step) -> tuple[bool, int]:
    return step.is_mark, step.id
