"""Human scores as events: nothing is overwritten, the current label is a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["rater", "decision"]
Action = Literal["set", "clear", "undo"]


@dataclass(frozen=True, slots=True)
class Label:
    """The current score of one rater for one notebook and dimension.

    Attributes:
        notebook: Content hash of the notebook.
        rubric: Rubric id.
        dimension: Dimension id.
        rater: Who scored; for a decision, who adjudicated.
        score: A digit of the rubric's scale.
        justification: Why, in the rater's words; may be empty.
        cells: Cited cell numbers, ascending, without repeats.
        role: `rater`, or `decision` for the adjudicated score that settles a disagreement.
        event: Id of the event that made this label.
        at: UTC time of that event, ISO 8601 with seconds and `+00:00`.
    """

    notebook: str
    rubric: str
    dimension: str
    rater: str
    score: int
    justification: str = ""
    cells: tuple[int, ...] = ()
    role: Role = "rater"
    event: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class LabelEvent:
    """One thing that happened to a label; the history is a list of these.

    Attributes:
        id: Ascending over the whole workspace.
        action: `set` gives a score, `clear` takes it away, `undo` takes back the event `undoes`.
        label: What was set; for `clear` and `undo` its score is -1 and only the keys count.
        undoes: Id of the event that an `undo` takes back, else None.
        live: False once an undo has taken this event back.
        source: Where it came from: `tui`, `cli`, `import` or `api`.
    """

    id: int
    action: Action
    label: Label
    undoes: int | None
    live: bool
    source: str
