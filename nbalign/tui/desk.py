"""What every room works on: the workspace, the rubric, and who sits here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.rubrics.model import Rubric

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works on what.

    Attributes:
        workspace: The workspace.
        rubric: The rubric to score with.
        rater: Who scores, adjudicates and decides on guidelines.
    """

    workspace: Workspace
    rubric: Rubric
    rater: str
