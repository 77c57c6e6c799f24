"""A question with a few answers, asked over the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbalign.tui.dialogs import PickDialog
from nbalign.tui.plain import content


class ChoiceDialog(PickDialog[str]):
    """Lists answers; answers with the id of the one chosen, or None.

    Args:
        title: The question.
        lines: What one should know; may be empty.
        answers: (id, words) each.
        at: Id of the answer to begin on; the first where there is none such.
    """

    DEFAULT_CSS = "ChoiceDialog OptionList { height: auto; max-height: 14; }"
    LEAVES: ClassVar[str] = "Enter chooses · Esc closes"

    def __init__(self, title: str, lines: Sequence[str], answers: Sequence[tuple[str, str]], at: str = "") -> None:
        super().__init__()
        self._question, self._about, self._answers, self._at = title, list(lines), list(answers), at

    def compose(self) -> ComposeResult:
        """The question, what one should know, the answers."""
        with Vertical(classes="box"):
            yield self.heading(self._question)
            if self._about:
                yield Static(content("\n".join(self._about)))
            options = (Option(content(words), id=f"answer-{n}") for n, (_, words) in enumerate(self._answers))
            yield OptionList(*options, id="answers", classes="answers", markup=False)

    def on_mount(self) -> None:
        """Starts on the answer asked for."""
        self.start(next((n for n, (name, _) in enumerate(self._answers) if name == self._at), 0))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._answers[event.option_index][0])
