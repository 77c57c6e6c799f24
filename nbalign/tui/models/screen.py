"""The room `models`: which model judges, and what this machine has."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nbalign.jobs.choosing import choose_model
from nbalign.jobs.model import JobState
from nbalign.jobs.planning import JudgePlan, plan_judging
from nbalign.llm.library import Listing
from nbalign.store.notebooks import NotebookInfo
from nbalign.tui.actions import EVERYWHERE, Action, bindings_of, key_name
from nbalign.tui.desk import Desk
from nbalign.tui.line_list import LineList
from nbalign.tui.models import reading, words
from nbalign.tui.models.actions import ACTIONS
from nbalign.tui.models.judge_dialog import JudgeChoice, JudgeDialog
from nbalign.tui.models.machine import MachinePanel
from nbalign.tui.models.reading import USABLE, Shelf
from nbalign.tui.models.starting import judge_spec
from nbalign.tui.models.verifying import VerifyLine
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room


class ModelsRoom(Room):
    """Which model judges, and what this machine has."""

    ROOM: ClassVar[str] = "models"
    HELP: ClassVar[str] = (
        "Choose the model that judges in this workspace, see whether it fits this machine, and start judging. Models "
        "are brought by `nbalign models pull`, outside of this screen."
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    CSS = """
    #models-side { width: 1fr; max-width: 90; height: 1fr; }
    #models-list { height: 1fr; min-height: 3; }
    #models-title, #models-note { height: 1; padding: 0 1; color: $text-muted; }
    #models-note { height: auto; display: none; }
    #models-note.shown { display: block; }
    #models-detail { width: 1fr; height: 1fr; padding: 0 1; }
    #models-model, MachinePanel { height: auto; }
    .-narrow #models-body { layout: vertical; }
    .-narrow #models-side { width: 100%; max-width: 100%; height: auto; }
    .-narrow #models-list { height: auto; max-height: 7; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._shelf: Shelf | None = None
        self._at = ""  # name of the model in focus

    def body(self) -> ComposeResult:
        """The models beside, or above, the one in focus and the machine."""
        with Horizontal(id="models-body"):
            with Vertical(id="models-side"):
                yield Static("Models", id="models-title")
                yield Static(id="models-note")
                yield LineList(self._row, id="models-list")
                yield VerifyLine()
            with VerticalScroll(id="models-detail", can_focus=False):
                yield Static(id="models-model")
                yield MachinePanel()

    def load(self) -> None:
        """Reads the library; what the machine has is asked once."""
        self.read(lambda: reading.read_shelf(self.workspace, self.rubric), self._show, "The models cannot be read")
        self.query_one(MachinePanel).ask()

    def job_changed(self, state: JobState) -> None:
        """What was judged is counted anew when a job has ended."""
        super().job_changed(state)
        if state.ended and self.is_current:
            self.load()

    # -- the models

    def _show(self, shelf: Shelf) -> None:
        self._shelf = shelf
        if shelf.model(self._at) is None:
            self._at = shelf.judging if shelf.model(shelf.judging) else shelf.models[0].name if shelf.models else ""
        note = words.empty(shelf)
        self.query_one("#models-note", Static).update(note or "")
        self.query_one("#models-note", Static).set_class(note is not None, "shown")
        here = sum(model.state in USABLE for model in shelf.models)
        self.show_place(f"{here} of {len(shelf.models)} models here")
        self._draw()

    def _draw(self) -> None:
        shelf = self._shelf
        if shelf is None:
            return
        names = [model.name for model in shelf.models]
        listed = self.query_one("#models-list", LineList)
        listed.fill(len(names), names.index(self._at) if self._at in names else 0)
        model = shelf.model(self._at)
        if model is not None:
            detail = words.details(shelf, model, (self._key("choose"), self._key("verify"), self._key("judge")))
            self.query_one("#models-model", Static).update(detail)

    def _row(self, index: int) -> Content:
        if self._shelf is None or index >= len(self._shelf.models):
            return content("")
        width = self.query_one("#models-list", LineList).scrollable_content_region.width
        return words.row(self._shelf, index, width)

    def _key(self, name: str) -> str:
        return key_name(self.keys_of(next(action for action in ACTIONS if action.id == f"model.{name}"))[0])

    def _move(self, index: int) -> None:
        if self._shelf is not None and self._shelf.models:
            models = self._shelf.models
            self._at = models[min(max(index, 0), len(models) - 1)].name
            self._draw()

    @property
    def _index(self) -> int:
        return self.query_one("#models-list", LineList).cursor

    def action_next_model(self) -> None:
        """Moves to the next model."""
        self._move(self._index + 1)

    def action_previous_model(self) -> None:
        """Moves to the previous model."""
        self._move(self._index - 1)

    def action_first_model(self) -> None:
        """Moves to the first model."""
        self._move(0)

    def action_last_model(self) -> None:
        """Moves to the last model."""
        self._move(1 << 30)

    @on(LineList.Chosen)
    def _clicked(self, event: LineList.Chosen) -> None:
        self._move(event.index)

    def _model(self, what: str) -> Listing | None:
        """The model in focus, if it is here; else says why nothing can be done with it."""
        model = self._shelf.model(self._at) if self._shelf is not None else None
        if model is None:
            self.say(f"nothing to {what} yet: the models are still being read")
        elif model.state == "not pulled":
            self.say(f"{one_line(model.name, 40)} is not here. In a shell: {words.pull(model)}")
        elif model.state == "damaged" and what != "verify":
            self.say(f"{one_line(model.name, 40)} is damaged: delete its file and bring it again")
        else:
            return model
        return None

    def action_choose(self) -> None:
        """Lets the model in focus judge in this workspace; the one that was chosen: no longer."""
        model, shelf = self._model("choose"), self._shelf
        if model is None or shelf is None:
            return
        name = None if shelf.chosen == model.name else model.name

        def chosen(_: None) -> None:
            told = f"{one_line(model.name, 40)} judges here now" if name else "the machine decides again what judges"
            self.say(f"✔ {told}")
            self.load()

        self.write(lambda: choose_model(self.workspace, name), chosen, "The choice is NOT saved")

    # -- verifying

    def action_verify(self) -> None:
        """Reads the model in focus in full and compares its hash; again stops."""
        line = self.query_one(VerifyLine)
        if line.busy:
            line.stop()
        elif (model := self._model("verify")) is not None and model.path is not None:
            line.start(model.name, model.path, self._key("verify"))

    @on(VerifyLine.Done)
    def _verified(self, event: VerifyLine.Done) -> None:
        if event.error is not None:
            self.not_saved(f"{one_line(event.name, 40)} is NOT verified", event.error)
        elif event.found is None:
            self.say(f"stopped verifying {one_line(event.name, 40)}")
        else:
            known = "is what it should be" if event.found.card else "is whole, but nbalign does not know this model"
            self.say(f"✔ {one_line(event.name, 40)} {known}")
        self.load()

    # -- judging

    def action_judge(self) -> None:
        """Asks what to judge, and starts it."""
        shelf = self._shelf
        if shelf is None:
            self.say("the models are still being read")
            return
        model = shelf.model(shelf.judging)
        if model is None or model.state not in USABLE:
            self.say(f"{one_line(shelf.judging, 40)} is not here. In a shell: nbalign models pull {shelf.judging}")
            return
        self.read(
            lambda: plan_judging(self.workspace, self.rubric, shelf.chosen or None, shelf.models),
            self._ask,
            "What to judge cannot be worked out",
        )

    def _ask(self, plan: JudgePlan) -> None:
        if not plan.notebooks:
            self.say("there are no notebooks to judge. In a shell: nbalign import PATHS")
            return
        if not self.is_current:
            return  # the rater went on meanwhile
        view = self.room_app.notebook_in_view()
        everywhere = {action.id: action for action in EVERYWHERE}
        judge = next(action for action in ACTIONS if action.id == "model.judge")
        dialog = JudgeDialog(plan, view, key_name(self.keys_of(everywhere["job.show"])[0]), self.keys_of(judge))

        def answered(choice: JudgeChoice | None) -> None:
            if choice is not None:
                self._start(plan, choice, view)

        self.app.push_screen(dialog, answered)

    def _start(self, plan: JudgePlan, choice: JudgeChoice, view: NotebookInfo | None) -> None:
        spec = judge_spec(self.workspace.path, self.rubric, plan, choice, view)
        if spec is None:
            self.say("nothing is left to judge: everything is known")
            return
        self.room_app.jobs.start(spec)
