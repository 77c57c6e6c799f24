"""Every dialog that has keys of its own, for the keymap and its template; imported when that is asked for."""

from __future__ import annotations

from nbalign.tui.actions import Action


def dialog_actions() -> tuple[tuple[str, tuple[Action, ...]], ...]:
    """The dialogs, each as what people call it and its actions; an id that several have means the same in all."""
    from nbalign.tui.align.dialogs import ChoiceDialog
    from nbalign.tui.dialogs import RoomsDialog
    from nbalign.tui.evaluate.start_dialog import StartDialog
    from nbalign.tui.figure_dialog import FigureDialog
    from nbalign.tui.history_dialog import HistoryDialog
    from nbalign.tui.jobs.dialog import JobsDialog
    from nbalign.tui.models.judge_dialog import JudgeDialog
    from nbalign.tui.runs.notebook_dialog import NotebookDialog
    from nbalign.tui.stats_dialog import StatsDialog

    return (
        ("The menu and other lists of answers", RoomsDialog.ACTIONS),
        ("Your last steps", HistoryDialog.ACTIONS),
        ("How a session goes", StatsDialog.ACTIONS),
        ("Figures, large", FigureDialog.ACTIONS),
        ("Work", JobsDialog.ACTIONS),
        ("Start judging", JudgeDialog.ACTIONS),
        ("Start an alignment", ChoiceDialog.ACTIONS),
        ("Start an experiment", StartDialog.ACTIONS),
        ("A notebook of a run", NotebookDialog.ACTIONS),
    )
