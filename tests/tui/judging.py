"""Judgements put into a workspace without a model."""

from __future__ import annotations

from collections.abc import Mapping

from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.store.database import Store
from nbalign.workspace import Workspace


def judge(
    workspace: Workspace,
    name: str,
    dimension: str,
    score: int,
    *,
    sure: float = 0.75,
    rationale: str = "",
    by: str = "tiny@123456",
) -> None:
    rubric = workspace.rubric()
    sha256 = next(info.sha256 for info in workspace.notebooks() if info.name == f"{name}.ipynb")
    rest: Mapping[int, float] = {value: (1 - sure) / 3 for value in rubric.scale.values if value != score}
    judgement = Judgement(
        key=f"{by}{sha256}{dimension}",
        judge=by,
        notebook=sha256,
        rubric=rubric.id,
        rubric_sha256=rubric.sha256,
        dimension=dimension,
        probabilities={**rest, score: sure},
        expected=float(score),
        score=score,
        mass=0.9,
        cut=(),
        tokens=1,
        prefix_tokens=1,
        seconds=0.1,
        at="2026-01-01T00:00:00+00:00",
    )
    with Store.open(workspace.path / "nbalign.db") as store:
        Archive(store).save(judgement)
        if rationale:
            Archive(store).save_rationale(judgement.key, rationale, judgement.at)
