"""The part of the labelling screen that writes: the field for the justification and what becomes of its words."""

from __future__ import annotations

from textual import on

from nbalign.tui.opening_board import OpeningBoard
from nbalign.tui.rubric_panel import RubricPanel
from nbalign.tui.sheet import Words
from nbalign.tui.why_area import About, WhyArea


class WritingBoard(OpeningBoard):
    """The board with its field for the justification."""

    @property
    def writing(self) -> bool:
        """Whether the field for the justification is open."""
        return self.query_one(WhyArea).writing

    def action_justify(self) -> None:
        """Opens the field for the justification."""
        sheet = self.scoring.sheet
        if sheet is not None:
            dimension = sheet.dimension.id
            self.query_one(WhyArea).start(sheet.words_of(dimension).text, About(sheet, dimension))

    @on(WhyArea.Opened)
    @on(WhyArea.Left)
    def _name_keys(self) -> None:
        self.show_keys()
        self.query_one(RubricPanel).set_class(self.writing, "writing")

    async def action_leave_writing(self) -> None:
        """Leaves the field, such as by a click on the bar."""
        await self.leave_writing()

    @on(WhyArea.Typed)
    def _typed(self, event: WhyArea.Typed) -> None:
        sheet, dimension = event.about.sheet, event.about.dimension
        self.scoring.draft(sheet, dimension, Words(event.text, sheet.words_of(dimension).cells))

    @on(WhyArea.Left)
    def _left(self, event: WhyArea.Left) -> None:
        self._save(event.about, event.text)
        if self.app.app_focus and self.focused is None:
            self.set_focus(self.cells)

    async def leave_writing(self) -> None:
        """Leaves the text field that has the focus; a justification is saved."""
        area = self.query_one(WhyArea)
        if area.writing:
            await area.action_leave()
        self.set_focus(self.cells)

    async def finish_writing(self) -> None:
        """Saves a justification that is being written, such as before quitting."""
        area = self.query_one(WhyArea)
        if area.writing and area.about is not None:
            await area.settled()
            self._save(area.about, area.kept)

    def _save(self, about: About, text: str) -> None:
        sheet, dimension = about.sheet, about.dimension
        self.scoring.commit(sheet, dimension, Words(text, sheet.words_of(dimension).cells))
