"""A run and its judgements put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbalign.evaluate.scored import latest
from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Rubric
from nbalign.suite.runs.model import Production, Run, RunScore, ScoredRun


def scored(run: Run, made: Sequence[Production], said: Iterable[Judgement], rubric: Rubric) -> ScoredRun:
    """What comparisons are made of.

    Args:
        run: The run.
        made: What came of its cases.
        said: Judgements of its judge, of these notebooks; of several for one notebook and dimension the latest counts.
        rubric: Its rubric.
    """
    found, _ = latest(rubric, said)
    scores = [
        RunScore(
            case=production.case,
            repeat=production.repeat,
            notebook=production.notebook,
            dimension=dimension.id,
            score=judgement.score,
            expected=judgement.expected,
            rationale=judgement.rationale,
            key=judgement.key,
        )
        for production in made
        for dimension in rubric.dimensions
        if (judgement := found.get((production.notebook, dimension.id))) is not None
    ]
    return ScoredRun(
        run=run,
        productions=tuple(made),
        scores=tuple(scores),
        dimensions=tuple((dimension.id, dimension.title) for dimension in rubric.dimensions),
        levels=rubric.scale.levels,
        not_applicable=rubric.scale.not_applicable,
    )
