"""Memory versions as the room lists and compares them: read off the store, and off the screen's thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbalign.align.differences import MemoryDiff, differences
from nbalign.errors import NbalignError

if TYPE_CHECKING:
    from nbalign.align.model import Memory
    from nbalign.audit.model import Promise
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Card:
    """One memory version.

    Attributes:
        version: Its name.
        parent: The version it followed; empty for the first.
        model: The model it was made for.
        at: When.
        labels: Labels that it learned from.
        silent: Those of them that led to no guideline.
        guidelines: Guidelines in force.
        precedents: Precedents.
        calibrations: Dimension id -> whether its calibration is on, and why.
        promise: The error that cross-validation promised; None where no experiment speaks of it.
        broken: Why it cannot be read; empty where it can.
    """

    version: str
    parent: str
    model: str
    at: str
    labels: int = 0
    silent: int = 0
    guidelines: int = 0
    precedents: int = 0
    calibrations: Mapping[str, tuple[bool, str]] = field(default_factory=dict)
    promise: Promise | None = None
    broken: str = ""

    @property
    def calibrated(self) -> str:
        """Such as `7/9`: calibrations that are on."""
        return f"{sum(on for on, _ in self.calibrations.values())}/{len(self.calibrations)}"


def read_cards(workspace: Workspace, rubric: str, known: Mapping[str, Card]) -> list[Card]:
    """All versions under a rubric, the latest first.

    Args:
        workspace: The workspace.
        rubric: Rubric id.
        known: Cards read before: a version never changes, but an experiment may have promised something since.

    Raises:
        NbalignError: If the store cannot be read.
    """
    promises = workspace.promises(rubric)
    cards = []
    for version, parent, model, at in workspace.memories().versions(rubric):
        promise = promises.get(version)
        card = known.get(version)
        if card is None or card.promise != promise or card.at != at:
            try:
                card = _card(workspace.memory(version, rubric), promise)
            except NbalignError as error:
                card = Card(version, parent, model, at, broken=error.message)
        cards.append(card)
    return cards


def _card(memory: Memory, promise: Promise | None) -> Card:
    return Card(
        version=memory.version,
        parent=memory.parent,
        model=memory.model,
        at=memory.at,
        labels=len(memory.accounts),
        silent=sum(not account.guidelines for account in memory.accounts),
        guidelines=sum(guideline.state != "rejected" for guideline in memory.guidelines),
        precedents=len(memory.precedents),
        calibrations={d: (bool(c.get("on")), str(c.get("why", ""))) for d, c in memory.calibrations.items()},
        promise=promise,
    )


def read_difference(workspace: Workspace, rubric: str, older: str, newer: str) -> MemoryDiff:
    """What came, went and changed from one version to another.

    Raises:
        NbalignError: If one of them is not there, or cannot be read.
    """
    return differences(workspace.memory(older, rubric), workspace.memory(newer, rubric))
