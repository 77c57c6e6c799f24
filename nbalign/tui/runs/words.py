"""What the room says where there is no run, and before it does what cannot be taken back."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from nbalign.evaluate.report.words import count, line
from nbalign.suite.runs.model import Run
from nbalign.tui.plain import content
from nbalign.tui.runs.reading import Summary


def no_runs(room_key: Callable[[str], str]) -> Content:
    """What the room is for, and what brings a run.

    Args:
        room_key: Gives the key of a room by its id.
    """
    return content(
        ("There are no runs here yet.\n\n", "bold"),
        "A run is what an assistant, or a model on this machine, wrote for the tasks of a suite: a notebook for each "
        "task, scored by one judge. This room shows what the notebooks scored and why, what could not be made, and "
        "whether a second run is better or worse than the first by more than noise.\n\n",
        ("What brings a run, in a shell\n", "bold"),
        "1  See which suites there are:\n",
        ("     nbalign suite list\n", "bold"),
        "2  Let a generator write their notebooks; the judge scores them at once:\n",
        ("     nbalign run tabular --generator local --name first\n", "bold"),
        "3  Change the prompt, a tool or the model, and make another run to compare it with:\n",
        ("     nbalign run tabular --generator local --name second\n\n", "bold"),
        f"How near the judge is to you is what experiments tell (Evaluate, {room_key('evaluate')}): a comparison then "
        f"holds the judge's error, too. Notebooks of runs wait in no queue (Label, {room_key('label')}) until somebody "
        "puts them there.",
    )


def before_deleting(run: Run, told: Summary | None) -> list[str]:
    """What goes with a run, and what stays."""
    made = count(told.made, "notebook") if told is not None else "its notebooks"
    return [
        f"{line(run.name, 60)}: {line(run.generator, 60)} on {line(run.suite, 40)}, {made}.",
        "",
        "What goes: the run, and those of its notebooks that nobody has anything to do with, with all that judges said "
        "of them. It cannot be taken back.",
        "What stays: notebooks that are in the queue, that somebody labelled, flagged, began or picked for review, or "
        "that another run has, with their scores.",
        "",
    ]


def before_queueing(run: Run, told: Summary | None, reveal: str, *, asked: bool) -> list[str]:
    """What it means to put a run into the queue.

    Args:
        run: The run.
        told: Its figures, as far as they were read.
        reveal: The key that shows hidden scores.
        asked: Whether somebody wants to score one of its notebooks now.
    """
    first = ["Notebooks of a run are in no queue until somebody puts them there, and this one is not.", ""]
    made = count(told.made, "notebook") if told is not None else "its notebooks"
    return [
        *(first if asked else []),
        f"{made[0].upper()}{made[1:]} of {line(run.name, 60)} would wait for every rater, after those that are there.",
        "From then on this room hides from a rater what judges say of them until that rater has scored them "
        f"({reveal} shows it on purpose). What you have seen here before you score is not blind any more.",
        "",
    ]
