"""The question what an experiment is to compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Button, Input, Static

from nbalign.evaluate.experiment.options import ARMS
from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import Action, bindings_of, key_name
from nbalign.tui.dialogs import Dialog
from nbalign.tui.evaluate.fit import fit
from nbalign.tui.evaluate.one_of import OneOf
from nbalign.tui.evaluate.plan import USUAL, WITHOUT_MODEL, WORDS, Plan, asks_model, cost, problem
from nbalign.tui.evaluate.reading import Ground
from nbalign.tui.evaluate.ticks import Ticks
from nbalign.tui.plain import content, one_line

_MORE = (
    ("checks", "ask yes/no checks, too, in the arms checks and full+calibrated"),
    ("case", "notebooks that answer the same task stay in one fold"),
)
_NUMBERS = (("folds", "4", 4), ("resamples", "10000", 7), ("seed", "0", 19))


class StartDialog(Dialog[Plan]):
    """Asks what to compare; answers with a plan, or None when it was left.

    Args:
        rubric: The rubric.
        ground: What an experiment could stand on.
        keys_of: The keys of an action as they are now.
    """

    DEFAULT_CSS = """
    StartDialog > .box { width: 84; }
    StartDialog #ev-arms { max-height: 11; }
    StartDialog #ev-dimensions { max-height: 9; }
    StartDialog.-low #ev-arms { max-height: 6; }
    StartDialog.-low #ev-dimensions { max-height: 3; }
    StartDialog Horizontal { height: 1; margin-top: 1; }
    StartDialog .named { width: auto; padding-right: 1; }
    StartDialog Input { width: 9; margin-right: 3; }
    StartDialog #ev-cost { height: 3; margin-top: 1; }
    StartDialog.-low Horizontal, StartDialog.-low #ev-cost { margin-top: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (34, "-high")]  # noqa: RUF012
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("experiment.usual", "a", "usual", "the usual arms, or those without a model", "Experiments"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(ACTIONS),
        Binding("enter", "start", "start", show=False, priority=True),
    ]

    def __init__(self, rubric: Rubric, ground: Ground, keys_of: Callable[[Action], list[str]]) -> None:
        super().__init__()
        self._rubric, self._ground = rubric, ground
        self._usual_key = key_name(keys_of(self.ACTIONS[0])[0])

    def compose(self) -> ComposeResult:
        """Arms, dimensions, numbers, and what they cost."""
        settled = self._ground.settled or {}
        arms = [(arm, f"{arm:<16}{'model' if asks_model(arm) else 'no model':<10}{WORDS[arm]}") for arm in ARMS]
        dimensions = [(d.id, f"{fit(d.title, 40)} {settled.get(d.id, 0)} settled") for d in self._rubric.dimensions]
        with VerticalScroll(classes="box", can_focus=False):
            yield self.heading("Start an experiment")
            how = f" Space: in or out · Tab: go on · {self._usual_key}: the usual arms · Enter: start"
            yield Static(content(("Arms", "bold"), (how, "$text-muted")))
            yield Ticks(arms, WITHOUT_MODEL, id="ev-arms")
            yield Static(content((f"Dimensions of {one_line(self._rubric.title, 50)}", "bold")))
            yield Ticks(dimensions, [d.id for d in self._rubric.dimensions], id="ev-dimensions")
            with Horizontal():
                for name, value, length in _NUMBERS:
                    yield Static(name, classes="named")
                    yield Input(value, type="integer", max_length=length, compact=True, id=f"ev-{name}")
            yield Ticks(_MORE, ("checks",), id="ev-more")
            speeds, judging = self._ground.engines.speeds, self._ground.engines.judging
            pull = f"none is here: nbalign models pull {one_line(judging, 40)}"
            yield OneOf("Model:", [speed.model for speed in speeds], judging, pull, id="ev-model")
            yield Static(id="ev-cost")
            yield Button("Start", variant="primary", compact=True, id="ev-start")

    def on_mount(self) -> None:
        """Starts on the arms."""
        self._list("arms").focus()
        self._told()

    @property
    def plan(self) -> Plan:
        """What is chosen now; a number that is none counts as -1."""
        dimensions = self._list("dimensions").taken
        return Plan(
            arms=self._list("arms").taken,
            dimensions=() if len(dimensions) == len(self._rubric.dimensions) else dimensions,
            folds=self._number("folds"),
            bootstrap=self._number("resamples"),
            seed=self._number("seed"),
            group="case" if "case" in self._list("more").taken else "notebook",
            model=self.query_one(OneOf).value,
            checks="checks" in self._list("more").taken,
        )

    def action_usual(self) -> None:
        """Takes the arms that `nbalign evaluate` compares by default; where they are taken, those without a model."""
        arms = self._list("arms")
        arms.take(WITHOUT_MODEL if arms.taken == USUAL else USUAL)

    def action_start(self) -> None:
        """Answers, if that can be done."""
        if self._problem():
            self._told()
            self.app.bell()
        else:
            self.dismiss(self.plan)

    @on(Button.Pressed, "#ev-start")
    def _start_pressed(self) -> None:
        self.action_start()

    @on(Ticks.Changed)
    @on(OneOf.Changed)
    @on(Input.Changed)
    def _changed(self) -> None:
        self._told()

    def _problem(self) -> str:
        if not self._list("dimensions").taken:
            return "Choose at least one dimension (Space)."
        return problem(self.plan, self._ground)

    def _told(self) -> None:
        wrong = self._problem()
        said = wrong or cost(self.plan, self._ground)
        self.query_one("#ev-cost", Static).update(content((said, "bold $text-warning" if wrong else "")))

    def _list(self, name: str) -> Ticks:
        return self.query_one(f"#ev-{name}", Ticks)

    def _number(self, name: str) -> int:
        value = self.query_one(f"#ev-{name}", Input).value.strip()
        return int(value) if value.isascii() and value.isdigit() else -1
