"""What the room reads off the store, always off the screen's thread; nothing here draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.align.learned import learned_from
from nbalign.align.lessons import Noisy, noise
from nbalign.jobs.choosing import chosen_model
from nbalign.judge.session import JudgeOptions
from nbalign.rubrics.model import Rubric
from nbalign.tui.align.blind import Blind, read_blind

if TYPE_CHECKING:
    from nbalign.align.model import Guideline, State
    from nbalign.align.outlook import DimensionOutlook
    from nbalign.align.standing import GuidelineEvent
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the next alignment would learn from, and what stands in its way.

    Attributes:
        blind: What the rater at the desk has scored.
        dimensions: One a dimension, in the rubric's order.
        noise: Where raters are more than half of the scale apart, undecided ones first.
        missing: Opinions of the unaligned judge that would be computed first.
        fresh: Names of the notebooks with labels that the latest memory does not know.
        memory: (version, when, model) of the latest memory; None where nothing was ever aligned.
        left_out: Names of the notebooks and raters that are not learned from.
        model: The model that was chosen to judge here; None where the machine decides.
        guidelines: State -> how many guidelines are in it.
    """

    blind: Blind
    dimensions: tuple[DimensionOutlook, ...]
    noise: tuple[Noisy, ...]
    missing: int
    fresh: tuple[str, ...]
    memory: tuple[str, str, str] | None
    left_out: tuple[str, ...]
    model: str | None
    guidelines: dict[State, int]


def read_outlook(workspace: Workspace, rubric: Rubric, rater: str) -> Outlook:
    """Reads what the next alignment would learn from; a model is not needed.

    Args:
        workspace: The workspace.
        rubric: The rubric at the desk.
        rater: Who sits there.

    Raises:
        NbalignError: If it cannot be read.
    """
    left_out, names, model = workspace.left_out(), workspace.names(), chosen_model(workspace)
    plan = workspace.align(rubric=rubric.id, options=JudgeOptions(model=model), dry_run=True)
    own = [x for x in learned_from(workspace.labels(rubric=rubric.id), *left_out) if x.notebook in names]
    latest = next(iter(workspace.memories().versions(rubric.id)), None)
    states: dict[State, int] = {}
    for guideline in workspace.guidelines(rubric.id):
        states[guideline.state] = states.get(guideline.state, 0) + 1
    return Outlook(
        blind=read_blind(workspace, rubric.id, rater),
        dimensions=tuple(workspace.outlook(rubric.id)),
        noise=tuple(sorted(noise(own, rubric, names), key=lambda case: (case.decided, case.name))),
        missing=plan.to_judge,
        fresh=plan.news.notebooks,
        memory=None if latest is None else (latest[0], latest[3], latest[2]),
        left_out=(*(names.get(sha256, sha256[:12]) for sha256 in left_out[0]), *left_out[1]),
        model=model,
        guidelines=states,
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A label behind a guideline.

    Attributes:
        notebook: Content hash.
        name: The notebook's name.
        dimension: Dimension id.
        rater: Whose it is.
        decision: Whether it settled a disagreement.
        score: What it gave.
        words: Why.
        cells: Cited cells.
        stands: Whether it is still what this rater says.
    """

    notebook: str
    name: str
    dimension: str
    rater: str
    decision: bool
    score: int
    words: str
    cells: tuple[int, ...]
    stands: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a guideline.

    Attributes:
        guideline: Id of the guideline.
        sources: The labels it comes from.
        history: Everything that happened to it, newest last.
    """

    guideline: str
    sources: tuple[Source, ...]
    history: tuple[GuidelineEvent, ...]


def read_behind(workspace: Workspace, rubric: Rubric, guideline: Guideline) -> Behind:
    """Reads the labels that a guideline comes from and its history.

    Raises:
        NbalignError: If it cannot be read.
    """
    names = workspace.names()
    live = {label.event for label in workspace.labels(rubric=rubric.id, dimension=guideline.dimension)}
    sources = tuple(
        Source(
            notebook=event.label.notebook,
            name=names.get(event.label.notebook, event.label.notebook[:12]),
            dimension=event.label.dimension,
            rater=event.label.rater,
            decision=event.label.role == "decision",
            score=event.label.score,
            words=event.label.justification,
            cells=event.label.cells,
            stands=event.id in live,
        )
        for event in workspace.guideline_sources(guideline.id)
    )
    return Behind(guideline.id, sources, tuple(workspace.guideline_history(guideline.id)))
