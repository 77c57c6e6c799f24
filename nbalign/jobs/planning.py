"""What a judging job would do: with which model and memory, on which notebooks, for how long."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.align.naming import Naming
from nbalign.errors import ModelError
from nbalign.jobs.choosing import fitting_memory
from nbalign.judge.key import judge_name
from nbalign.judge.model import Judgement
from nbalign.judge.session import DEFAULT_BUDGET, DEFAULT_EVIDENCE, JudgeOptions
from nbalign.llm.choose import suits_this_machine
from nbalign.llm.library import Listing, ModelLibrary
from nbalign.rubrics.model import Rubric

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

_LATEST = 50  # notebooks that a guess of the time is made of


@dataclass(frozen=True, slots=True)
class JudgePlan:
    """What judging would mean.

    Attributes:
        model: Name of the model that would judge.
        memory: The memory it would judge with; empty for none.
        remark: Why the latest memory is not used; empty where that is no question.
        notebooks: Content hashes of all notebooks, as imported.
        missing: Those that this judge has not scored on every dimension.
        unread: Those that the model has not scored without a memory, which comes first.
        seconds: Seconds that the model takes for a notebook, as it did before; None where it never judged here.
        aligned_seconds: Seconds more with a memory.
    """

    model: str
    memory: str
    remark: str
    notebooks: tuple[str, ...]
    missing: frozenset[str]
    unread: frozenset[str]
    seconds: float | None
    aligned_seconds: float

    def eta(self, notebooks: Collection[str]) -> float | None:
        """Seconds that these notebooks would take, roughly; None where nothing is known."""
        if self.seconds is None:
            return None
        wanted = set(notebooks)
        aligned = len(wanted & self.missing) * self.aligned_seconds if self.memory else 0.0
        return len(wanted & self.unread) * self.seconds + aligned


def plan_judging(
    workspace: Workspace, rubric: Rubric, model: str | None, listed: Sequence[Listing] | None = None
) -> JudgePlan:
    """Works out what judging all notebooks would mean, without a model.

    Args:
        workspace: The workspace.
        rubric: The rubric to judge by.
        model: Name of a model; None takes that of the latest memory, else the best that this machine holds.
        listed: What is in the library; None looks.

    Raises:
        StoreError: If the workspace cannot be read.
    """
    library = ModelLibrary.default()
    models = library.list() if listed is None else listed
    version, remark = fitting_memory(workspace, rubric, JudgeOptions(model=model))
    memory = workspace.memory(version, rubric.id) if version else None
    name = model or (memory.model if memory else best_here(models))
    sha256 = _hash_of(name, models, library)
    notebooks = tuple(info.sha256 for info in workspace.notebooks())
    everything = frozenset(notebooks)
    before = latest_by(workspace, rubric, name)
    unread = missing = everything
    aligned: Sequence[Judgement] = ()
    if sha256:
        plain_name = judge_name(name, sha256, rubric, DEFAULT_BUDGET, evidence=DEFAULT_EVIDENCE)
        plain = workspace.judgements(rubric=rubric.id, judge=plain_name)
        unread = missing = everything - _whole(plain, rubric)
        before = plain or before
        if memory is not None:
            judge = Naming(rubric, memory, DEFAULT_BUDGET, DEFAULT_EVIDENCE).judge_of(name, sha256)
            aligned = workspace.judgements(rubric=rubric.id, judge=judge)
            missing = everything - _whole(aligned, rubric)
    seconds, branches = _seconds(before)
    return JudgePlan(
        model=name,
        memory=version,
        remark=remark,
        notebooks=notebooks,
        missing=missing,
        unread=unread,
        seconds=seconds,
        aligned_seconds=_seconds(aligned)[1] or branches,  # its questions are as many as those without a memory
    )


def best_here(listed: Sequence[Listing]) -> str:
    """The model that judges where none was chosen."""
    present = {listing.name for listing in listed if listing.state in ("verified", "present")}
    return suits_this_machine(present).card.name


def _hash_of(name: str, listed: Sequence[Listing], library: ModelLibrary) -> str:
    """The hash of a model, as far as it is known without reading the file; empty where it is not."""
    found = next((listing for listing in listed if listing.name == name), None)
    if found is None:
        return ""
    if found.card is not None:
        return found.card.sha256
    if found.state != "verified":
        return ""
    try:
        return library.find(found.file).sha256
    except ModelError:  # gone or changed since it was listed
        return ""


def latest_by(workspace: Workspace, rubric: Rubric, model: str) -> list[Judgement]:
    """What a judge of this model, memories left out, said last, whatever else it was made of."""
    for judge, _, _ in workspace.judges(rubric.id):
        if judge.startswith((f"{model}@", f"{model}+evidence@")):
            return workspace.judgements(rubric=rubric.id, judge=judge)
    return []


def _whole(judgements: Sequence[Judgement], rubric: Rubric) -> frozenset[str]:
    """Notebooks with a judgement on every dimension."""
    found: dict[str, set[str]] = {}
    for judgement in judgements:
        found.setdefault(judgement.notebook, set()).add(judgement.dimension)
    wanted = {dimension.id for dimension in rubric.dimensions}
    return frozenset(notebook for notebook, dimensions in found.items() if dimensions >= wanted)


def _seconds(judgements: Sequence[Judgement]) -> tuple[float | None, float]:
    """Seconds a notebook, and those of its questions alone, without the reading.

    The reading itself is not timed; its tokens are taken to go at the pace of those of the questions.
    """
    by_notebook: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        by_notebook.setdefault(judgement.notebook, []).append(judgement)
    latest = list(by_notebook.values())[-_LATEST:]
    tokens = sum(j.tokens for group in latest for j in group)
    seconds = sum(j.seconds for group in latest for j in group)
    if not tokens or seconds <= 0:
        return None, 0.0
    read = sum(group[0].prefix_tokens for group in latest)
    return (seconds + read * seconds / tokens) / len(latest), seconds / len(latest)
