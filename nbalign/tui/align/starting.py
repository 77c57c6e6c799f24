"""What is asked and handed over when an alignment is to be started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nbalign.jobs.model import JobSpec, JobState
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.dialogs import ChoiceDialog
from nbalign.tui.align.naming import counted, title_of
from nbalign.tui.align.reading import Outlook
from nbalign.tui.plain import one_line


def why_not(found: Outlook, job: JobState | None, key: Callable[[str], str]) -> str:
    """Why nothing can be aligned now; empty where something can.

    Args:
        found: What there is to learn.
        job: The alignment asked for last.
        key: Action id -> its key, for people.
    """
    if job is not None and not job.ended:
        return f"an alignment is under way: {key('align.no')} in State stops it"
    if not any(each.lessons for each in found.dimensions):
        return f"nothing is settled yet, so there is nothing to learn: score notebooks first ({key('room.label')})"
    return ""


def ask_what(found: Outlook, rubric: Rubric, dimension: str) -> ChoiceDialog:
    """The question what to align; an answer is `align:` and the id of a dimension, none for all.

    Args:
        found: What there is to learn.
        rubric: The rubric.
        dimension: Id of the dimension in focus; empty for all.
    """
    settled = sum(each.lessons for each in found.dimensions)
    lines = [f"{counted(settled, 'settled score')}. {_model(found, dimension)}"]
    if found.missing:
        lines.append(f"Missing of the judge: {counted(found.missing, 'opinion')}, computed first.")
    if undecided := sum(not case.decided for case in found.noise):
        lines.append(f"Undecided where raters are far apart: {counted(undecided, 'case')}; better settle them first.")
    lines.append("It may take long; it runs beside the screen, and stopping it loses nothing that is finished.")
    answers = [("align:", f"all {len(rubric.dimensions)} dimensions")]
    own = next((each for each in found.dimensions if each.dimension == dimension), None)
    if own is not None and own.lessons:
        answers.append((f"align:{dimension}", f"{title_of(rubric, dimension)} alone; the others stay as they are"))
    return ChoiceDialog("Let the judges learn?", lines, answers)


def _model(found: Outlook, dimension: str) -> str:
    if found.model:
        return f"Model: {one_line(found.model, 60)} (chosen in Models)."
    if dimension and found.memory is not None:
        return f"Model: that of the latest memory, {one_line(found.memory[2], 60)}, or the best that this machine has."
    return "Model: the best that this machine has; Models chooses another."


def spec_for(workspace: Path, rubric: Rubric, dimension: str, found: Outlook) -> JobSpec:
    """The job that aligns all dimensions, or one.

    Args:
        workspace: The workspace's folder.
        rubric: The rubric.
        dimension: Id of a dimension; empty for all.
        found: What there is to learn.
    """
    arguments: dict[str, object] = {"rubric": rubric.id}
    title = "align"
    if dimension:
        arguments["dimensions"] = [dimension]
        title = f"align {title_of(rubric, dimension)}"
        if found.memory is not None:
            # The other dimensions keep what this model learned; with another one they could not stand together.
            arguments["model"] = found.memory[2]
    return JobSpec("align", workspace, arguments, title)
