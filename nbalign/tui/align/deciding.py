"""Decisions on guidelines: written in order on the clerk's thread, each kept in mind so that it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.errors import UsageError

if TYPE_CHECKING:
    from nbalign.align.guidelines import Decision
    from nbalign.align.model import Guideline, State
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Decided:
    """What the store says after a decision.

    Attributes:
        guideline: Id of the guideline; empty where there was nothing to take back.
        guidelines: All guidelines of the rubric as they stand now.
        changed: Whether anything was written: what was so already needs no event.
        dimension: Dimension of the guideline.
    """

    guideline: str
    guidelines: tuple[Guideline, ...]
    changed: bool
    dimension: str = ""


class Decisions:
    """What one expert decides in one session; everything here runs on the clerk's thread, one call after the other.

    Args:
        workspace: The workspace.
        rubric: Rubric id.
        rater: Who decides.
    """

    def __init__(self, workspace: Workspace, rubric: str, rater: str) -> None:
        self._workspace, self._rubric, self._rater = workspace, rubric, rater
        self._made: list[int] = []

    def decide(self, action: Decision, ref: str) -> Decided:
        """Accepts, rejects, pins or unpins; raises as `Workspace.decide_guidelines`."""
        before = self._last(ref)
        self._workspace.decide_guidelines(action, [ref], self._rater)
        return self._told(ref, before)

    def edit(self, ref: str, text: str) -> Decided:
        """Gives a guideline other words; raises as `Workspace.edit_guideline`."""
        before = self._last(ref)
        self._workspace.edit_guideline(ref, text, self._rater)
        return self._told(ref, before)

    def write(self, dimension: str, text: str) -> Decided:
        """Keeps a new guideline; raises as `Workspace.write_guideline`."""
        from nbalign.align.guidelines import checked_text, guideline_id

        ref = guideline_id(self._rubric, dimension, checked_text(text))
        known = any(guideline.id == ref for guideline in self._all())
        before = self._last(ref) if known else 0
        self._workspace.write_guideline(dimension, text, self._rater, self._rubric)
        return self._told(ref, before)

    def take_back(self) -> Decided:
        """Takes back the latest decision of this session that stands; one that cannot be is not asked for again.

        Raises:
            UsageError: If something else was decided about that guideline since.
        """
        if not self._made:
            return Decided("", self._all(), False)
        event = self._made[-1]
        try:
            found = self._workspace.take_back_guideline(event, self._rater)
        except UsageError:
            self._made.pop()  # it will never be possible; the one before it shall be within reach
            raise
        self._made.pop()
        return Decided(found.id, self._all(), True, found.dimension)

    def _told(self, ref: str, before: int) -> Decided:
        last = self._workspace.guideline_history(ref)[-1]
        if changed := last.id != before:
            self._made.append(last.id)
        return Decided(ref, self._all(), changed, last.dimension)

    def _last(self, ref: str) -> int:
        return self._workspace.guideline_history(ref)[-1].id

    def _all(self) -> tuple[Guideline, ...]:
        return tuple(self._workspace.guidelines(self._rubric))


def expected_state(action: str, state: State) -> State:
    """The state that a decision leads to, as far as it shows before the store has answered."""
    match action:
        case "accept":
            return "accepted" if state in ("proposed", "rejected") else state
        case "reject":
            return "rejected"
        case "pin":
            return "pinned"
        case "unpin":
            return "accepted" if state == "pinned" else state
        case "edit":
            return state if state in ("written", "pinned") else "edited"
    return "written"


class Drafts:
    """Words of guidelines that are not entered yet, kept for one rater so that a stop loses none.

    Args:
        workspace: The workspace.
        rubric: Rubric id.
        rater: Whose words.
    """

    def __init__(self, workspace: Workspace, rubric: str, rater: str) -> None:
        self._workspace = workspace
        self._name = f"guideline drafts {rubric} {rater}"

    def all(self) -> dict[str, str]:
        """What is being written (`ref`, or `new:` and a dimension) -> its words."""
        kept = self._workspace.setting(self._name)
        return {str(key): str(text) for key, text in kept.items()} if isinstance(kept, dict) else {}

    def keep(self, key: str, text: str) -> dict[str, str]:
        """Keeps words; empty ones forget the draft. Returns all drafts."""
        found = self.all()
        if found.get(key, "") != text:
            found[key] = text
            found = {name: words for name, words in found.items() if words}
            self._workspace.set_setting(self._name, found)
        return found
