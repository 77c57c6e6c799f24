"""The dialog that asks what to judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.style import Style
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbalign.jobs.pace import duration
from nbalign.jobs.planning import JudgePlan
from nbalign.store.notebooks import NotebookInfo
from nbalign.tui.actions import Action, bindings_of
from nbalign.tui.dialogs import PickDialog
from nbalign.tui.plain import content, one_line

Scope = Literal["missing", "view", "all"]
_SCOPES: dict[str, Scope] = {"missing": "missing", "view": "view", "all": "all"}


@dataclass(frozen=True, slots=True)
class JudgeChoice:
    """What is to be judged.

    Attributes:
        scope: `missing`: what this judge has not scored; `view`: the notebook last in view; `all`.
        rationale: Whether reasons are written, too.
    """

    scope: Scope
    rationale: bool


class JudgeDialog(PickDialog[JudgeChoice]):
    """Asks what to judge; answers with a choice, or None.

    Args:
        plan: What judging would mean.
        view: (content hash, name) of the notebook last in view; None where none was.
        work_key: The key that shows work under way.
        closes: The keys that opened this.
    """

    DEFAULT_CSS = "JudgeDialog OptionList { height: auto; max-height: 12; }"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("judging.reasons", "r", "reasons", "write reasons, too, or not", "Judging"),
        *PickDialog.ACTIONS,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    LEAVES: ClassVar[str] = "Enter starts, Esc closes"

    def __init__(self, plan: JudgePlan, view: NotebookInfo | None, work_key: str, closes: Iterable[str]) -> None:
        super().__init__(closes)
        self._plan, self._view, self._work_key = plan, view, work_key
        self._rationale = False

    def compose(self) -> ComposeResult:
        """What judges, and what it may judge."""
        plan = self._plan
        memory = f" with the memory {plan.memory}" if plan.memory else " without a memory"
        with Vertical(classes="box"):
            yield self.heading(f"Judge with {one_line(plan.model, 40)}")
            yield Static(content(f"It judges{memory}, beside the screen; {self._work_key} shows how far it is.\n"))
            if plan.remark:
                yield Static(content((one_line(f"{plan.remark}.", 300), "$text-warning"), "\n"))
            yield OptionList(*self._options(), id="what", classes="answers", markup=False)
            reasons = Static(id="reasons")
            reasons.auto_links = False
            yield reasons

    def on_mount(self) -> None:
        """Starts on the first row that has anything to do."""
        self.start(0 if self._plan.missing else self.query_one("#what", OptionList).option_count - 1)
        self._show_reasons()

    def action_reasons(self) -> None:
        """Writes reasons, or not."""
        self._rationale = not self._rationale
        self._show_reasons()

    def _show_reasons(self) -> None:
        sign = "☑" if self._rationale else "☐"
        what = " also write why, in two or three sentences that cite cells (takes longer)"
        words = content((f"\n{sign} r", "bold $text-accent"), what)
        self.query_one("#reasons", Static).update(words.stylize(Style.from_meta({"@click": "screen.reasons"})))

    def _options(self) -> list[Option]:
        plan = self._plan
        missing = [sha256 for sha256 in plan.notebooks if sha256 in plan.missing]
        rows = [("missing", f"what is not judged yet: {_count(len(missing))}{self._time(missing)}")]
        if not missing:
            rows = [("missing", "what is not judged yet: nothing, all is known")]
        if self._view is not None:
            sha256, name = self._view.sha256, self._view.name
            known = "" if sha256 in plan.missing else " (known already)"
            rows.append(("view", f"the notebook last in view: {one_line(name, 40)}{known}{self._time([sha256])}"))
        there = len(plan.notebooks) - len(missing)
        told = f", {there} known already" if there else ""
        rows.append(("all", f"all {_count(len(plan.notebooks))}{told}{self._time(plan.notebooks)}"))
        return [Option(content(words), id=scope) for scope, words in rows]

    def _time(self, notebooks: list[str] | tuple[str, ...]) -> str:
        eta = self._plan.eta(notebooks)
        return f", about {duration(eta)}" if eta else ""

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(JudgeChoice(_SCOPES[event.option.id or "all"], self._rationale))


def _count(notebooks: int) -> str:
    return f"{notebooks} {'notebook' if notebooks == 1 else 'notebooks'}"
