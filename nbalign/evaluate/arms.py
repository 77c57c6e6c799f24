"""Several arms beside each other: judges, evidence alone and the constant, all on the same pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nbalign.evaluate.agreement import agreement
from nbalign.evaluate.results import Agreement, mean, only
from nbalign.evaluate.scored import Key, Scored, latest
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class ArmsRow:
    """One dimension, or the mean over dimensions.

    Attributes:
        dimension: Its id; `mean` for the mean.
        title: For people.
        pairs: Notebooks on which the truth and every arm gave a level of the scale; for the mean their sum.
        mae: The arms' mean absolute errors on these, in the order of the arms; None without pairs.
        constant_mae: The same for the constant predictor; None where it has nothing to learn from.
    """

    dimension: str
    title: str
    pairs: int
    mae: tuple[float | None, ...]
    constant_mae: float | None


@dataclass(frozen=True, slots=True)
class Arms:
    """Several arms on the same pairs.

    Attributes:
        rubric: Rubric id.
        rubric_version: Its version.
        names: The arms' names.
        rows: One a dimension, in the rubric's order.
        mean: Over the rows, every dimension with the same weight.
        left_out: Settled scores on the scale's levels that some arm gave no level for (N/A, or no score at all).
        alone: Each arm's agreement with the truth on all that it scored, N/A included.
    """

    rubric: str
    rubric_version: int
    names: tuple[str, ...]
    rows: tuple[ArmsRow, ...]
    mean: ArmsRow
    left_out: int
    alone: tuple[Agreement, ...]


def arms(
    rubric: Rubric,
    scores: Mapping[str, Sequence[Scored]],
    labels: Sequence[Label],
    truth: Mapping[Key, int | None],
) -> Arms:
    """Compares several arms with the truth, on what all of them scored.

    Where one arm says N/A or nothing, no other is counted either: an arm must not look better for leaving out what is
    hard.

    Args:
        rubric: What belongs to others is passed over.
        scores: Name of an arm -> its scores, as for `agreement`.
        labels: Current labels.
        truth: (notebook, dimension) -> the settled score, or None where there is none.
    """
    levels = set(rubric.scale.levels)
    asked = {dimension.id for dimension in rubric.dimensions}
    counted = {name: latest(rubric, given)[0] for name, given in scores.items()}
    settled = {key for key, score in truth.items() if score in levels and key[1] in asked}
    shared = {key for key in settled if all(key in given and given[key].score in levels for given in counted.values())}
    on_shared = [
        agreement(rubric, [scored for key, scored in given.items() if key in shared], labels, truth)
        for given in counted.values()
    ]
    rows = tuple(
        ArmsRow(
            dimension.id,
            dimension.title,
            sum(key[1] == dimension.id for key in shared),
            tuple(one.rows[n].judge.mae for one in on_shared),
            on_shared[0].rows[n].constant_mae if on_shared else None,
        )
        for n, dimension in enumerate(rubric.dimensions)
    )
    return Arms(
        rubric=rubric.id,
        rubric_version=rubric.version,
        names=tuple(scores),
        rows=rows,
        mean=_mean(rows, len(scores)),
        left_out=len(settled) - len(shared),
        alone=tuple(agreement(rubric, given, labels, truth) for given in scores.values()),
    )


def only_dimensions(whole: Arms, dimensions: Iterable[str]) -> Arms:
    """The same arms with some of the dimensions, means taken anew; `left_out` stays that of the whole.

    Raises:
        NotFound: If the rubric has no such dimension.
    """
    wanted = set(dimensions)
    alone = tuple(only(one, wanted) for one in whole.alone)
    rows = tuple(row for row in whole.rows if row.dimension in wanted)
    return replace(whole, rows=rows, mean=_mean(rows, len(whole.names)), alone=alone)


def _mean(rows: Sequence[ArmsRow], count: int) -> ArmsRow:
    errors = tuple(mean(row.mae[n] for row in rows) for n in range(count))
    return ArmsRow("mean", "Mean", sum(row.pairs for row in rows), errors, mean(row.constant_mae for row in rows))
