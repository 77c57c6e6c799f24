"""From what was chosen in the dialog to a job."""

from __future__ import annotations

from pathlib import Path

from nbalign.jobs.model import JobSpec
from nbalign.jobs.planning import JudgePlan
from nbalign.rubrics.model import Rubric
from nbalign.store.notebooks import NotebookInfo
from nbalign.tui.models.judge_dialog import JudgeChoice


def judge_spec(
    workspace: Path, rubric: Rubric, plan: JudgePlan, choice: JudgeChoice, view: NotebookInfo | None
) -> JobSpec | None:
    """The job of a choice; None where there is nothing to judge.

    Args:
        workspace: The folder.
        rubric: The rubric to judge by.
        plan: What judging would mean.
        choice: What was chosen.
        view: (content hash, name) of the notebook last in view.
    """
    if choice.scope == "view" and view is not None:
        notebooks, what = [view.sha256], view.name
    elif choice.scope == "missing":
        notebooks = [sha256 for sha256 in plan.notebooks if sha256 in plan.missing]
        what = f"{len(notebooks)} {'notebook' if len(notebooks) == 1 else 'notebooks'}"
    else:
        notebooks, what = list(plan.notebooks), f"all {len(plan.notebooks)} notebooks"
    if not notebooks:
        return None
    arguments: dict[str, object] = {"rubric": rubric.sha256, "model": plan.model, "rationale": choice.rationale}
    if len(notebooks) < len(plan.notebooks) or choice.scope == "view":
        arguments["notebooks"] = notebooks
    if not plan.memory:
        arguments["unaligned"] = True
    else:
        arguments["memory"] = plan.memory
    return JobSpec("judge", workspace, arguments, f"judge {what} with {plan.model}")
