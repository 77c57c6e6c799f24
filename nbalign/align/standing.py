"""What the events of one guideline add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nbalign.align.model import Guideline, State

Action = Literal["propose", "accept", "edit", "reject", "pin", "unpin", "write"]


@dataclass(frozen=True, slots=True)
class GuidelineEvent:
    """One thing that happened to a guideline.

    Attributes:
        id: Ascending over the whole workspace.
        at: UTC time, ISO 8601.
        action: What happened.
        guideline: Id of the guideline.
        rubric: Rubric id.
        dimension: Dimension id.
        text: Its text after the event.
        sources: For `propose`: events of the labels that say it, ascending; none takes a proposal back.
        who: Who did it; empty for a proposal, and where nobody gave a name.
        undoes: Id of the event of the same action that this one takes back; None for one that takes nothing back.
    """

    id: int
    at: str
    action: Action
    guideline: str
    rubric: str
    dimension: str
    text: str
    sources: tuple[int, ...]
    who: str
    undoes: int | None = None


@dataclass(slots=True)
class Standing:
    """A guideline after some of its events.

    Attributes:
        rubric: Rubric id.
        dimension: Dimension id.
        text: Its text now.
        base: What it is when it is neither pinned nor rejected.
        sources: Events of the labels that say it.
        pinned: Whether it must stay.
        rejected: Whether an expert turned it down.
    """

    rubric: str
    dimension: str
    text: str
    base: State = "proposed"
    sources: tuple[int, ...] = ()
    pinned: bool = False
    rejected: bool = False

    def take(self, event: GuidelineEvent) -> None:
        """Lets one event happen."""
        match event.action:
            case "propose":
                self.sources = event.sources
            case "accept":
                self.rejected = False
                self.base = "accepted" if self.base == "proposed" else self.base
            case "edit":
                self.rejected, self.text = False, event.text
                self.base = "written" if self.base == "written" else "edited"
            case "write":
                self.rejected, self.text, self.base = False, event.text, "written"
            case "reject":
                self.rejected, self.pinned = True, False
            case "pin":
                self.rejected, self.pinned = False, True
                self.base = "accepted" if self.base == "proposed" else self.base
            case "unpin":
                self.pinned = False

    @property
    def state(self) -> State:
        """Where it stands with the experts."""
        return "rejected" if self.rejected else "pinned" if self.pinned else self.base

    @property
    def withdrawn(self) -> bool:
        """Whether only labels spoke for it, and they do not any more."""
        return self.state == "proposed" and not self.sources

    def guideline(self, ref: str) -> Guideline:
        """The guideline as the rest of nbalign sees it."""
        return Guideline(ref, self.dimension, self.text, self.state, self.sources)


def decisions(events: Sequence[GuidelineEvent]) -> list[GuidelineEvent]:
    """What experts did to a guideline and nobody took back, in order."""
    return [event for event in _standing(events) if event.action != "propose"]


def standing(events: Sequence[GuidelineEvent]) -> Standing:
    """Where a guideline stands after these events, at least one, in their order.

    What was taken back counts as if it had never happened. One that was written by hand and taken back is left with
    nothing that speaks for it: withdrawn.
    """
    first = events[0]
    found = Standing(first.rubric, first.dimension, first.text)
    for event in _standing(events):
        found.take(event)
    return found


def _standing(events: Sequence[GuidelineEvent]) -> list[GuidelineEvent]:
    gone = {event.undoes for event in events}
    return [event for event in events if event.undoes is None and event.id not in gone]
