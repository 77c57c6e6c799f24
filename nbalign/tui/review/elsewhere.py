"""Telling the labelling room what was scored in another room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbalign.labels.model import Label
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.room import Room


def tell_labelling(rooms: Iterable[Room], notebook: str, labels: Sequence[Label], rater: str) -> None:
    """Brings the labelling room up to date; it reads a notebook's labels once and would go on showing the old ones.

    Args:
        rooms: The rooms that were opened.
        notebook: Content hash of the notebook.
        labels: What stands for it now, of everybody.
        rater: Who sits here.
    """
    mine = [label for label in labels if label.rater == rater and label.role == "rater"]
    for screen in rooms:
        if not isinstance(screen, LabelScreen):
            continue
        scoring = screen.scoring
        scoring.counts[notebook] = len(mine)
        sheet = scoring.sheet
        if sheet is not None and sheet.notebook.sha256 == notebook:
            before = dict(sheet.labels)
            sheet.take(mine)
            for dimension in {*before, *sheet.labels}:
                # Words that were there as a draft came along with what was saved elsewhere.
                if before.get(dimension) != sheet.labels.get(dimension) and dimension not in sheet.pending:
                    sheet.words.pop(dimension, None)
        screen.changed()
