"""Runs put into a workspace without a model: notebooks, scores and reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbalign.judge.archive import Archive
from nbalign.store.database import Store
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.sink import WorkspaceSink
from nbalign.workspace import Workspace
from tests.suite.made import JUDGE, judge, run, written

CASES = ("loans", "wine", "houses", "digits")


def begin(
    workspace: Workspace,
    name: str,
    scores: Mapping[str, Mapping[str, int]],
    *,
    failed: Mapping[str, str] | None = None,
    reasons: Mapping[tuple[str, str], str] | None = None,
    cases: Sequence[str] = (),
    **changed: object,
) -> dict[str, str]:
    """Keeps a run with what came of it.

    Args:
        workspace: Where.
        name: Of the run.
        scores: Case -> dimension -> score; a case without scores is made and not judged.
        failed: Case -> why it could not be made.
        reasons: (case, dimension) -> why it scores as it does.
        cases: Cases asked for; those with scores and the failed ones where none are named.
        changed: Fields of the run that are other than usual.

    Returns:
        Case -> content hash of its notebook.
    """
    lost = failed or {}
    with Store.open(workspace.path / "nbalign.db") as store:
        begun = run(workspace, name, cases or [*scores, *lost], **changed)  # type: ignore[arg-type]
        RunStore(store).save(begun)
        sink = WorkspaceSink(store, begun)
        for case in scores:
            sink.keep(case, 1, written(f"{name} {case}"))
        for case, why in lost.items():
            sink.failed(case, 1, why)
        made = {one.case: one.notebook for one in RunStore(store).productions(begun) if one.notebook}
    by = str(changed.get("judge", JUDGE))
    for case, given in scores.items():
        judge(workspace, made[case], given, by=by)
    with Store.open(workspace.path / "nbalign.db") as store:
        for (case, dimension), why in (reasons or {}).items():
            Archive(store).save_rationale(f"{by}{made[case]}{dimension}", why, "2026-01-01T00:00:00+00:00")
    return made
