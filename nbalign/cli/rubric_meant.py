"""Which rubric a command is about where none is named, and where scores lie if not there."""

from __future__ import annotations

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
    return {rubric: Scores(labels, judges) for rubric, (labels, judges) in workspace.scores_by_rubric().items()}


def rubric_meant(workspace: Workspace, asked: str | None, about: str = "this is about") -> str:
    """The rubric asked for; without one the default, or the one that is plainly meant.

    That is the only one with scores where the default has none. Where nothing has scores yet, it is the only one that
    somebody added: a new workspace holds the packaged rubrics, so that who adds another one wants to use it.

    Args:
        workspace: The open workspace.
        asked: Rubric id or hash, or None.
        about: What is told of the rubric where it is not the default.

    Returns:
        A rubric id, or what was asked for. Where it is not the default, a line on stderr says so; likewise where it is
        and all scores are under several others.
    """
    if asked is not None:
        return asked
    default = workspace.rubric().id
    used = scores_by_rubric(workspace)
    if default in used:
        return default
    if len(used) == 1:
        (only,) = used
        note(f"no labels or judgements under {default}: {about} {only}, the only rubric that has any")
        return only
    if used:
        note(f"{about} {default}, which has no labels or judgements; {elsewhere(workspace, default)}")
        return default
    added = workspace.added_rubrics()
    if len(added) == 1 and added[0] != default:
        note(f"no labels or judgements yet: {about} {added[0]}, the only rubric that was added here")
        return added[0]
    return default


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
