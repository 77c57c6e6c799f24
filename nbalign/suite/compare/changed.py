"""The notebooks that changed most between two runs: what a person looks at first."""

from __future__ import annotations

from collections.abc import Collection

from nbalign.suite.compare.model import Changed, Move
from nbalign.suite.runs.model import RunScore, ScoredRun

MOST = 50


def changed(a: ScoredRun, b: ScoredRun, cases: Collection[str], most: int = MOST) -> tuple[Changed, ...]:
    """Cases and repeats whose scores differ, by how much they do.

    Args:
        a: The first run.
        b: The second; same dimensions and scale.
        cases: Only these.
        most: At most so many.

    Returns:
        The largest sum of absolute changes of level first; of equal ones, the one that more often changed between a
        level and N/A; then in the order of the run.
    """
    before, after = _scores(a), _scores(b)
    order = {case.id: n for n, case in enumerate(a.run.cases)}
    both = sorted(
        ((case, repeat) for case, repeat in before.keys() & after.keys() if case in cases),
        key=lambda place: (order.get(place[0], len(order)), *place),
    )
    found = []
    for place in both:
        old, new = before[place], after[place]
        pairs = [(old[d], new[d]) for d, _ in a.dimensions if d in old and d in new and old[d].score != new[d].score]
        if not pairs:
            continue
        ordinal = {id(one): _steps(a, *one) for one in pairs}
        pairs.sort(key=lambda one: -(ordinal[id(one)] or 0))
        steps = [ordinal[id(one)] for one in pairs]
        found.append(
            Changed(
                case=place[0],
                repeat=place[1],
                notebook_a=pairs[0][0].notebook,
                notebook_b=pairs[0][1].notebook,
                levels=sum(step for step in steps if step is not None),
                switches=sum(step is None for step in steps),
                moves=tuple(Move(x.dimension, x.score, y.score, x.rationale, y.rationale) for x, y in pairs),
            )
        )
    found.sort(key=lambda one: (-one.levels, -one.switches))
    return tuple(found[:most])


def _scores(scored: ScoredRun) -> dict[tuple[str, int], dict[str, RunScore]]:
    found: dict[tuple[str, int], dict[str, RunScore]] = {}
    for score in scored.scores:
        found.setdefault((score.case, score.repeat), {})[score.dimension] = score
    return found


def _steps(scored: ScoredRun, x: RunScore, y: RunScore) -> int | None:
    """Levels between two scores; None where one of them is N/A."""
    if x.score in scored.levels and y.score in scored.levels:
        return abs(y.score - x.score)
    return None
