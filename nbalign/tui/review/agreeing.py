"""The other section of the Review room: how the judge and the raters agree, in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult

from nbalign.evaluate.review import OwnAgreement
from nbalign.tui.desk import Desk
from nbalign.tui.page import Line, Page, lines_of
from nbalign.tui.plain import content
from nbalign.tui.review.agreement_words import agreement_lines
from nbalign.tui.review.pair_room import PairRoom
from nbalign.tui.review.pen_room import PenRoom


class AgreeingRoom(PenRoom):
    """A room of pairs with a section of figures about them.

    Args:
        desk: Who works on what.

    Attributes:
        agreement: Whether the figures are in view instead of the pairs.
    """

    CSS: ClassVar[str] = PairRoom.CSS + (
        """
    AgreeingRoom #agreement { height: 1fr; display: none; padding: 0 1; }
    AgreeingRoom.agreement #agreement { display: block; }
    AgreeingRoom.agreement #pairs { display: none; }
    """
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.agreement = False
        self._figures: OwnAgreement | None = None
        self._caveat = ""
        self._asked = 0

    def body(self) -> ComposeResult:
        """The pairs, or the figures."""
        yield from super().body()
        yield Page(id="agreement")

    @property
    def judge(self) -> str:
        """The judge that the figures are about; empty when there is none."""
        raise NotImplementedError

    def action_section(self) -> None:
        """The other section."""
        self._show_section(not self.agreement)

    def action_pairs_section(self) -> None:
        """The pairs."""
        self._show_section(False)

    def action_agreement_section(self) -> None:
        """The figures."""
        self._show_section(True)

    def _show_section(self, agreement: bool) -> None:
        self.set_focus(None)  # leaves, and so saves, what is being written
        self.agreement = agreement
        self.set_class(agreement, "agreement")
        if agreement:
            self.measure()
        self.changed()

    def measure(self) -> None:
        """Works the figures out, off the screen's thread, after all that was written before."""
        self._asked += 1
        self._figures = None
        asked, ws, rater, judge, rubric = self._asked, self.workspace, self.rater, self.judge, self.rubric.id

        def job() -> tuple[OwnAgreement, str]:
            return ws.own_agreement(rater, judge or None, rubric), ws.caveat([judge] if judge else [])

        def done(found: tuple[OwnAgreement, str]) -> None:
            if asked == self._asked:  # else others were asked for in the meantime
                self._figures, self._caveat = found
                self.changed()

        what = "Agreement cannot be worked out"
        self.write(lambda: None, lambda _: self.read(job, done, what), what)

    def changed(self) -> None:
        """Draws the figures too."""
        super().changed()
        if self.is_mounted and self.agreement:
            self.query_one("#agreement", Page).show(self._agreement_lines, "agreement")

    def _agreement_lines(self, width: int) -> Sequence[Line]:
        if self._figures is None:
            return lines_of(content(("working it out …", "$text-muted")), width)
        return agreement_lines(self._figures, self.rater, self._caveat, width)

    def action_move(self, step: int) -> None:
        """Scrolls the figures, or moves among pairs and cells."""
        if self.agreement:
            self.query_one("#agreement", Page).scroll_rows(step)
        else:
            super().action_move(step)

    def action_page(self, step: int) -> None:
        """Scrolls the figures, or what was said."""
        if self.agreement:
            self.query_one("#agreement", Page).scroll_page(step)
        else:
            super().action_page(step)
