"""Judgements and labels made by hand."""

from __future__ import annotations

from nbalign.judge.model import Judgement
from nbalign.labels.model import Label, Role
from nbalign.rubrics.model import Dimension, Rubric, Scale

SCALE = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "N/A"}, 0)
RUBRIC = Rubric(
    id="small",
    version=1,
    title="Small",
    scale=SCALE,
    dimensions=(
        Dimension("first", "First Thing", "?", {1: "a", 2: "b", 3: "c"}),
        Dimension("second", "Second Thing", "?", {1: "a", 2: "b", 3: "c"}),
    ),
    sha256="f" * 64,
    text="",
)


def judged(
    notebook: str,
    score: int,
    dimension: str = "first",
    *,
    expected: float | None = None,
    at: str = "2025-01-01T00:00:00+00:00",
    judge: str = "tiny",
    rubric: str = "small",
    sha256: str = "f" * 64,
) -> Judgement:
    return Judgement(
        key=f"{notebook}-{dimension}-{at}",
        judge=judge,
        notebook=notebook,
        rubric=rubric,
        rubric_sha256=sha256,
        dimension=dimension,
        probabilities={score: 1.0},
        expected=float(score) if expected is None else expected,
        score=score,
        mass=1.0,
        cut=(),
        tokens=1,
        prefix_tokens=1,
        seconds=0.0,
        at=at,
    )


def label(
    notebook: str,
    score: int,
    rater: str = "ann",
    dimension: str = "first",
    *,
    role: Role = "rater",
    rubric: str = "small",
    event: int = 0,
) -> Label:
    return Label(
        notebook=notebook, rubric=rubric, dimension=dimension, rater=rater, score=score, role=role, event=event
    )
