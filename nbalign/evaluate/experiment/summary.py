"""What the predictions of an experiment come to: a row an arm and dimension, gains of arms, the raters' floor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import combinations

from nbalign.errors import NotFound
from nbalign.evaluate.experiment.bootstrap import RESAMPLES, Column, draw
from nbalign.evaluate.experiment.compare import SIGNIFICANT, differences, gains
from nbalign.evaluate.experiment.model import MACRO, ArmRow, Difference, Floor, Interval, Prediction
from nbalign.evaluate.metrics import compare
from nbalign.evaluate.pairs import Pairs
from nbalign.evaluate.results import mean
from nbalign.evaluate.scored import Key
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric, Scale

_LEFT_OUT = 0.05  # share of the ordinal truths from which it is said that an arm leaves them out
_LEFT_OUT_HERE = 0.2  # the same in one dimension
_FEW = 10  # notebooks or groups below which intervals are called rough

Table = dict[tuple[str, str], dict[str, tuple[int, int]]]  # (arm, dimension) -> notebook -> (arm's score, truth)


def summarise(
    rubric: Rubric,
    predictions: Sequence[Prediction],
    truth: Mapping[Key, int | None],
    labels: Sequence[Label],
    arms: Sequence[str],
    against: Sequence[tuple[str, str]],
    groups: Mapping[str, str] | None = None,
    bootstrap: int = RESAMPLES,
    seed: int = 0,
    *,
    dimensions: Collection[str] | None = None,
) -> tuple[tuple[ArmRow, ...], tuple[Difference, ...], tuple[Floor, ...]]:
    """Everything that is reported of an experiment's scores.

    All figures of all arms and dimensions come from the same resamples of the notebooks for which some arm has a
    prediction and the raters a settled score. The raters' floor is resampled over the notebooks that two raters
    scored, whether or not their score is settled: to leave out what they could not settle would flatter them.

    Args:
        rubric: What was evaluated; predictions, scores and labels that it does not know are passed over.
        predictions: Of all arms, one a notebook, dimension and arm.
        truth: (notebook, dimension) -> settled score; None where raters disagree and nobody has decided.
        labels: Current labels; decisions are no rater's score and count through `truth` alone.
        arms: Names, in the order of the rows; one without predictions gets rows without figures.
        against: (arm, arm it is compared with), in the order of the differences.
        groups: Notebook -> name of its group, to resample whole groups; None resamples notebooks.
        bootstrap: Resamples, 1 or more.
        seed: Of the resamples.
        dimensions: Those evaluated; None takes those for which there is a prediction.

    Returns:
        Rows, arm by arm, each in the rubric's order of dimensions with the macro row last; differences, pair by pair
        likewise, on notebooks that both arms and the truth scored on the levels (none where there is no such
        notebook); floors by dimension with the macro floor last.

    Raises:
        NotFound: If `against` names an arm that is not in `arms`.
        ValueError: If there are two predictions for one arm, notebook and dimension.
        UsageError: If `bootstrap` is below 1.
    """
    for name in (name for pair in against for name in pair):
        if name not in arms:
            raise NotFound(f"there is no arm {name!r} in this experiment", f"It has: {', '.join(arms)}.")
    known = [dimension.id for dimension in rubric.dimensions]
    wanted = {p.dimension for p in predictions if p.arm in arms} if dimensions is None else set(dimensions)
    ids = [d for d in known if d in wanted]
    table = _table(rubric.scale, predictions, truth, arms, ids)
    errors = {key: _errors(rubric.scale, scored) for key, scored in table.items()}
    columns: list[Column] = [list(errors[arm, d].items()) for arm in arms for d in ids]
    compared = [gains(errors, arm, other, ids) for arm, other in against]
    notebooks = sorted({notebook for scored in table.values() for notebook in scored})
    draws = draw([*columns, *(column for one in compared for column in one)], notebooks, groups, bootstrap, seed)
    intervals = draws.intervals()
    rows: list[ArmRow] = []
    for n, arm in enumerate(arms):
        places = range(n * len(ids), (n + 1) * len(ids))
        own = [
            _row(arm, d, list(table[arm, d].values()), intervals[place], rubric.scale)
            for d, place in zip(ids, places, strict=True)
        ]
        rows += [*own, _macro(arm, own, draws.macro(places).intervals()[0])]
    found: list[Difference] = []
    for n, (arm, other) in enumerate(against):
        found += differences(draws, len(columns) + n * len(ids), compared[n], arm, other, ids)
    return tuple(rows), tuple(found), _floors(rubric, labels, ids, groups, bootstrap, seed)


def notes(
    rows: Sequence[ArmRow],
    notebooks: Iterable[str],
    groups: Mapping[str, str] | None = None,
    bootstrap: int = RESAMPLES,
) -> tuple[str, ...]:
    """What a reader must know of these rows, in plain sentences.

    An arm that says N/A, or nothing, where the raters gave a level has no error there. It must not look better for
    it: a sentence says so from 5% of such cases on, or 20% in one dimension. Dimensions in which an arm says nothing
    at all were not asked of it, and its mean is over the others: another sentence. Two more say that notebooks are
    few, or resamples too few to find anything.

    Args:
        rows: As from `summarise`.
        notebooks: All that were evaluated.
        groups: As for `summarise`.
        bootstrap: Resamples that were drawn.
    """
    single = [row for row in rows if row.dimension != MACRO]
    most: defaultdict[str, int] = defaultdict(int)  # dimension -> ordinal truths, as known from the fullest arm
    for row in single:
        most[row.dimension] = max(most[row.dimension], _ordinal_truths(row))
    sentences = []
    for arm in dict.fromkeys(row.arm for row in single):
        asked = [row for row in single if row.arm == arm and row.n]
        everywhere = sum(n > 0 for n in most.values())
        if len(asked) < everywhere:
            over = "; its mean is over these alone" if asked else ""
            sentences.append(f"{arm} has scores in {len(asked)} of {everywhere} dimensions{over}.")
        left = {row.dimension: most[row.dimension] - row.ordinal for row in asked}
        total, missing = sum(most[d] for d in left), sum(left.values())
        worst = sorted((d for d in left if left[d] > _LEFT_OUT_HERE * most[d]), key=lambda d: -left[d])[:3]
        if missing > _LEFT_OUT * total or worst:
            where = f", above all in {' and '.join(worst)}" if worst else ""
            sentences.append(
                f"{arm} says N/A or nothing in {missing} of {total} cases ({missing / total:.0%}) in which the raters "
                f"gave a level{where}; its errors leave these out, gains are taken on what both arms scored."
            )
    named = groups or {}
    units = len({(nb in named, named.get(nb, nb)) for nb in notebooks})
    if 0 < units < _FEW:
        what = "groups of notebooks" if groups else "notebooks"
        sentences.append(f"With only {units} {what} the intervals and p-values are rough, and rather too narrow.")
    if most and 2 / (bootstrap + 1) * len(most) >= SIGNIFICANT:
        sentences.append(
            f"With {bootstrap} resamples no gain in a single dimension can be significant after correction for "
            f"{len(most)} dimensions; take {RESAMPLES}."
        )
    return tuple(sentences)


def _table(
    scale: Scale,
    predictions: Sequence[Prediction],
    truth: Mapping[Key, int | None],
    arms: Sequence[str],
    dimensions: Sequence[str],
) -> Table:
    values = set(scale.values)
    table: Table = {(arm, d): {} for arm in arms for d in dimensions}
    seen = set()
    for p in predictions:
        if (p.arm, p.notebook, p.dimension) in seen:
            raise ValueError(f"the arm {p.arm!r} predicts {p.dimension} of {p.notebook} twice")
        seen.add((p.arm, p.notebook, p.dimension))
        true = truth.get((p.notebook, p.dimension))
        if (p.arm, p.dimension) in table and true is not None and true in values and p.score in values:
            table[p.arm, p.dimension][p.notebook] = (p.score, true)
    return table


def _errors(scale: Scale, scored: Mapping[str, tuple[int, int]]) -> dict[str, float]:
    levels = set(scale.levels)
    return {nb: float(abs(mine - true)) for nb, (mine, true) in scored.items() if mine in levels and true in levels}


def _row(arm: str, dimension: str, pairs: Sequence[tuple[int, int]], mae: Interval | None, scale: Scale) -> ArmRow:
    found = compare(Pairs.of(pairs, scale))
    return ArmRow(
        arm,
        dimension,
        found.n,
        found.ordinal,
        mae,
        found.bias,
        found.exact,
        found.kappa,
        na=found.na,
        confusion=found.confusion,
    )


def _macro(arm: str, rows: Sequence[ArmRow], mae: Interval | None) -> ArmRow:
    return ArmRow(
        arm,
        MACRO,
        n=sum(row.n for row in rows),
        ordinal=sum(row.ordinal for row in rows),
        mae=mae,
        bias=mean(row.bias for row in rows),
        exact=mean(row.exact for row in rows),
        kappa=mean(row.kappa for row in rows),
        na=None,
        confusion=None,
    )


def _floors(
    rubric: Rubric,
    labels: Sequence[Label],
    dimensions: Sequence[str],
    groups: Mapping[str, str] | None,
    bootstrap: int,
    seed: int,
) -> tuple[Floor, ...]:
    levels = set(rubric.scale.levels)
    given: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    for label in labels:
        if label.role == "rater" and label.rubric == rubric.id and label.score in levels:
            given[label.notebook, label.dimension][label.rater] = label.score
    columns: dict[str, list[tuple[str, float]]] = {d: [] for d in dimensions}
    for (notebook, dimension), scores in given.items():
        if dimension in columns:
            columns[dimension] += [(notebook, float(abs(a - b))) for a, b in combinations(scores.values(), 2)]
    notebooks = sorted({notebook for column in columns.values() for notebook, _ in column})
    draws = draw(list(columns.values()), notebooks, groups, bootstrap, seed)
    floors = [Floor(d, len(columns[d]), mae) for d, mae in zip(columns, draws.intervals(), strict=True)]
    whole = draws.macro(range(len(columns))).intervals()[0]
    return (*floors, Floor(MACRO, sum(floor.pairs for floor in floors), whole))


def _ordinal_truths(row: ArmRow) -> int:
    return 0 if row.na is None else row.na.neither + row.na.only_a
