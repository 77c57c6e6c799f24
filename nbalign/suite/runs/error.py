"""How far a run's judge is from the raters: what cross-validation said of the very same judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.suite.runs.model import JudgeError, Run

_UNALIGNED = ("base", "bare")  # with facts before the model, and without


def judge_error(
    run: Run, arm: str, experiments: Iterable[ExperimentResult], truth: Mapping[tuple[str, str], int | None]
) -> JudgeError | None:
    """The cross-validated errors of a run's judge.

    Every figure comes from notebooks that were held out when the judge was taught, so it holds for notebooks that the
    judge has not seen, as far as the assistant's notebooks are like the labelled ones.

    Args:
        run: The run.
        arm: What its memory made of the judge; empty for an unaligned one.
        experiments: Experiments under its rubric, the latest first.
        truth: (notebook, dimension) -> the settled score; None where nobody has settled it.

    Returns:
        Those of the latest experiment with this judge in it; None where there is none.
    """
    arm = arm or _UNALIGNED[0 if run.evidence else 1]
    for result in experiments:
        # The judge of an experiment is the unaligned one: model, prompt, budgets and rubric all in one name.
        if result.judge != run.base_judge or arm not in result.arms:
            continue
        pairs: dict[str, list[tuple[str, int, int]]] = {}
        for said in result.predictions:
            settled = truth.get((said.notebook, said.dimension))
            if said.arm == arm and settled is not None:
                pairs.setdefault(said.dimension, []).append((said.notebook, said.score, settled))
        if pairs:
            return JudgeError(result.id, arm, {dimension: tuple(found) for dimension, found in pairs.items()})
    return None
