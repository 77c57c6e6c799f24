"""Judgements put into a workspace without a model."""

from __future__ import annotations

from dataclasses import replace

from nbalign.judge.archive import Archive
from nbalign.store.database import Store
from nbalign.workspace import Workspace
from tests.evaluate.cases import judged


def judge(
    workspace: Workspace,
    name: str,
    dimension: str,
    score: int,
    *,
    shares: dict[int, float] | None = None,
    sure: float = 0.75,
    rationale: str = "",
    by: str = "tiny@123456",
    tokens: int = 1,
    prefix_tokens: int = 1,
    seconds: float = 0.1,
) -> None:
    """Keeps what a judge says of a notebook (its name without `.ipynb`) in one dimension."""
    rubric = workspace.rubric()
    sha256 = next(info.sha256 for info in workspace.notebooks() if info.name == f"{name}.ipynb")
    shares = shares or {value: sure if value == score else (1 - sure) / 3 for value in rubric.scale.values}
    judgement = replace(
        judged(sha256, score, dimension, judge=by, rubric=rubric.id, sha256=rubric.sha256),
        key=f"{by}{sha256}{dimension}",
        probabilities=shares,
        expected=sum(value * share for value, share in shares.items()),
        mass=0.9,
        tokens=tokens,
        prefix_tokens=prefix_tokens,
        seconds=seconds,
        at="2026-01-01T00:00:00+00:00",
    )
    with Store.open(workspace.path / "nbalign.db") as store:
        Archive(store).save(judgement)
        if rationale:
            Archive(store).save_rationale(judgement.key, rationale, judgement.at)
