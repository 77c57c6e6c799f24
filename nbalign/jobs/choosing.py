"""Which model and which memory a job judges with when it names none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.judge.session import JudgeOptions
from nbalign.rubrics.model import Rubric

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

JUDGE_MODEL = "judge_model"  # the setting of a workspace that names the model chosen to judge here


def chosen_model(workspace: Workspace) -> str | None:
    """The model that was chosen to judge in this workspace; None where the machine decides.

    Raises:
        StoreError: If the workspace cannot be read.
    """
    found = workspace.setting(JUDGE_MODEL)
    return found if isinstance(found, str) and found else None


def choose_model(workspace: Workspace, model: str | None) -> None:
    """Keeps which model judges here; None leaves it to the machine again.

    Raises:
        StoreError: If the workspace cannot be written.
    """
    workspace.set_setting(JUDGE_MODEL, model)


def fitting_memory(workspace: Workspace, rubric: Rubric, options: JudgeOptions) -> tuple[str, str]:
    """The latest memory, if it is of this rubric and these settings.

    Args:
        workspace: The workspace.
        rubric: The rubric to judge by.
        options: How to judge; without a model any memory's fits.

    Returns:
        Its version, empty where there is none that fits; and why the latest does not fit, empty where that is no
        question.

    Raises:
        StoreError: If it cannot be read.
    """
    found = workspace.memories().latest(rubric.id)
    if found is None:
        return "", ""
    differs = []
    if found.rubric_sha256 != rubric.sha256:
        differs.append("another text of the rubric")
    if options.model not in (None, found.model):
        differs.append(f"another model ({found.model})")
    if str(options.evidence) != found.made_by.get("evidence_tokens"):
        differs.append("another budget for evidence")
    if str(options.budget) != found.made_by.get("budget"):
        differs.append("another budget")
    if differs:
        return "", f"without the memory {found.version}: it was made with {' and '.join(differs)}"
    return found.version, ""
