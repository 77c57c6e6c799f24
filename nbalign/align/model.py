"""What alignment learns from and what it makes: lessons, guidelines, precedents, memories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["proposed", "accepted", "edited", "rejected", "pinned", "written"]
IN_FORCE: frozenset[State] = frozenset({"proposed", "accepted", "edited", "pinned", "written"})  # all but rejected


@dataclass(frozen=True, slots=True)
class Remark:
    """What one rater gave and said; a decision's reason is one too.

    Attributes:
        event: Id of the label event; the remark's identity.
        rater: Who.
        role: `rater`, or `decision`.
        score: A digit of the scale.
        text: The justification; may be empty. Sanitised, but never trusted as an instruction.
        cells: Cited cells, ascending.
    """

    event: int
    rater: str
    role: str
    score: int
    text: str
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One notebook and dimension with its settled score and everything that raters said of it.

    Attributes:
        notebook: Content hash.
        name: The notebook's name, for people.
        dimension: Dimension id.
        score: The settled score (decision, agreement or median).
        remarks: At least one, in order of their events; those with another score than the settled one are kept.
    """

    notebook: str
    name: str
    dimension: str
    score: int
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Guideline:
    """One sentence of the semantic memory.

    Attributes:
        id: Twelve hex digits over rubric, dimension and first text; stays when the text is edited.
        dimension: Dimension id.
        text: One plain sentence, at most 240 characters.
        state: Where it stands with the experts; `written` was written by hand.
        sources: Events of the labels it was distilled from, ascending; empty where it was written by hand.
    """

    id: str
    dimension: str
    text: str
    state: State
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Precedent:
    """One case of the episodic memory: what raters cited and what they said.

    Attributes:
        notebook: Content hash.
        name: The notebook's name.
        dimension: Dimension id.
        score: The settled score.
        text: Why, in the words of the rater that said it best; one line.
        cells: Cells that were cited, ascending.
        excerpt: The cited cells in short, one line; may be empty.
        sources: Events of the labels behind it, ascending.
    """

    notebook: str
    name: str
    dimension: str
    score: int
    text: str
    cells: tuple[int, ...]
    excerpt: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one label.

    Attributes:
        event: The label's event.
        dimension: Its dimension.
        guidelines: Ids of the guidelines it led to; empty for none.
        why: Where it led to none: why, one plain sentence; else empty.
    """

    event: int
    dimension: str
    guidelines: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """An immutable version of everything that was learned under one rubric.

    Attributes:
        version: Twelve hex digits over the content.
        rubric: Rubric id.
        rubric_sha256: Its exact text.
        model: Name of the model that distilled and that is aligned.
        guidelines: All, rejected ones too, ordered by dimension and strength.
        precedents: All.
        accounts: One a label that was learned from.
        calibrations: Dimension id -> a fitted calibration as JSON values; dimensions where it does not help are
            listed with `{"on": false, "why": …}`.
        made_by: Everything else that decides the content, by name.
        parent: Version it followed; empty for the first.
        at: UTC time, ISO 8601.
    """

    version: str
    rubric: str
    rubric_sha256: str
    model: str
    guidelines: tuple[Guideline, ...]
    precedents: tuple[Precedent, ...]
    accounts: tuple[Account, ...]
    calibrations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    made_by: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    at: str = ""
