"""Which rubric `nbalign agreement` is about, and where scores lie if not there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.cli.context import note

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scores:
    """How much there is under a rubric.

    Attributes:
        labels: Labels that stand, decisions counted too.
        judges: Judges that scored something.
    """

    labels: int
    judges: int


def scores_by_rubric(workspace: Workspace) -> dict[str, Scores]:
    """Rubric id -> how much there is under it, for those with a label or a judgement."""
    labels = Counter(label.rubric for label in workspace.labels())
    ids = dict.fromkeys([*(rubric.id for rubric in workspace.rubrics()), *labels])
    found = {each: Scores(labels[each], len(workspace.judges(each))) for each in ids}
    return {each: scores for each, scores in found.items() if scores.labels or scores.judges}


def rubric_meant(workspace: Workspace, asked: str | None) -> str:
    """The rubric asked for; without one the default, or the only one with scores where the default has none.

    Args:
        workspace: The open workspace.
        asked: Rubric id or hash, or None.

    Returns:
        A rubric id, or what was asked for. Where it is not the default, a line on stderr says so.
    """
    if asked is not None:
        return asked
    default = workspace.rubric().id
    used = scores_by_rubric(workspace)
    if default in used or len(used) != 1:
        return default
    (only,) = used
    note(f"no labels or judgements under {default}: this is about {only}, the only rubric that has any")
    return only


def elsewhere(workspace: Workspace, rubric: str) -> str:
    """Where there are scores besides a rubric, one line; empty for nowhere.

    Args:
        workspace: The open workspace.
        rubric: Id of the rubric that was looked at.
    """
    used = {each: scores for each, scores in scores_by_rubric(workspace).items() if each != rubric}
    if not used:
        return ""
    told = [
        f"{each} ({_count(scores.labels, 'label')}, {_count(scores.judges, 'judge')})" for each, scores in used.items()
    ]
    return f"under other rubrics, with --rubric ID: {', '.join(told)}"


def _count(n: int, noun: str) -> str:
    return f"{n or 'no'} {noun}{'s' * (n != 1)}"
