"""Judge against truth, raters against each other, dimension by dimension, on whatever both sides scored."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from nbalign.errors import UsageError
from nbalign.evaluate.constant import constant_mae
from nbalign.evaluate.metrics import compare
from nbalign.evaluate.pairs import Pairs
from nbalign.evaluate.results import Agreement, Macro, Row, macro, mean, only
from nbalign.evaluate.scored import Key, Scored, latest
from nbalign.labels.model import Label
from nbalign.rubrics.model import Dimension, Rubric, Scale

__all__ = ["Agreement", "Macro", "Row", "agreement", "only"]


def agreement(
    rubric: Rubric,
    judgements: Sequence[Scored],
    labels: Sequence[Label],
    truth: Mapping[Key, int | None],
) -> Agreement:
    """Compares one judge with the truth and with each rater, and raters with each other.

    Args:
        rubric: The rubric that all is about; what belongs to other rubrics is passed over.
        judgements: Those of one judge (or of evidence alone). When it judged a notebook and dimension more than once,
            the latest counts.
        labels: Current labels; decisions (adjudications) are no rater's score and count through `truth` alone.
        truth: (notebook, dimension) -> the settled score, or None where raters disagree and nobody has decided.

    Raises:
        UsageError: If the judgements are of more than one judge.
    """
    names = sorted({judgement.judge for judgement in judgements})
    if len(names) > 1:
        raise UsageError(f"there are judgements of {len(names)} judges: {', '.join(names)}", "Choose one of them.")
    asked = {dimension.id for dimension in rubric.dimensions}
    values = set(rubric.scale.values)
    judged, left_out = latest(rubric, judgements)
    scored: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    for label in labels:
        if label.rubric != rubric.id or label.role != "rater":
            continue
        if label.dimension in asked and label.score in values:
            scored[label.notebook, label.dimension][label.rater] = label.score
        else:
            left_out += 1
    known = {key: s for key, s in truth.items() if s is None or s in values}
    rows = tuple(_row(dimension, rubric.scale, judged, scored, known) for dimension in rubric.dimensions)
    return Agreement(
        rubric=rubric.id,
        rubric_version=rubric.version,
        rubric_sha256=rubric.sha256,
        levels=rubric.scale.levels,
        values=rubric.scale.values,
        value_names=tuple(rubric.scale.name(value) for value in rubric.scale.values),
        judge=names[0] if names else "",
        raters=tuple(sorted({rater for by_rater in scored.values() for rater in by_rater})),
        judgements=len(judged),
        other_text=sum(judgement.rubric_sha256 != rubric.sha256 for judgement in judged.values()),
        labels=sum(len(by_rater) for by_rater in scored.values()),
        notebooks=len({key[0] for key in judged if known.get(key) is not None}),
        not_in_rubric=left_out,
        rows=rows,
        macro=macro(rows),
    )


def _row(
    dimension: Dimension,
    scale: Scale,
    judged: Mapping[Key, Scored],
    scored: Mapping[Key, Mapping[str, int]],
    truth: Mapping[Key, int | None],
) -> Row:
    mine = {notebook: judgement for (notebook, d), judgement in judged.items() if d == dimension.id}
    ratings = {notebook: by_rater for (notebook, d), by_rater in scored.items() if d == dimension.id}
    true = {notebook: score for (notebook, d), score in truth.items() if d == dimension.id}
    pairs = [(judgement, score) for nb, judgement in mine.items() if (score := true.get(nb)) is not None]
    levels = set(scale.levels)
    ordinal = [(judgement, score) for judgement, score in pairs if judgement.score in levels and score in levels]
    between = [
        (by_rater[first], by_rater[second])
        for by_rater in ratings.values()
        for first, second in combinations(sorted(by_rater), 2)
    ]
    against: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for notebook, judgement in mine.items():
        for rater, score in ratings.get(notebook, {}).items():
            against[rater].append((judgement.score, score))
    return Row(
        dimension=dimension.id,
        title=dimension.title,
        judge=compare(Pairs.of([(judgement.score, score) for judgement, score in pairs], scale)),
        expected_mae=mean(abs(_expected(judgement) - score) for judgement, score in ordinal),
        constant_mae=constant_mae(true, [judgement.notebook for judgement, _ in ordinal], scale),
        raters=compare(Pairs.of(between, scale)),
        by_rater={rater: compare(Pairs.of(against[rater], scale)) for rater in sorted(against)},
        unresolved=sum(notebook in true and true[notebook] is None for notebook in mine),
        unlabelled=len(mine.keys() - true.keys()),
        unjudged=len(true.keys() - mine.keys()),
    )


def _expected(judgement: Scored) -> float:
    # A judge that put all its weight on one digit may have no finite mean to give; its decided score is that digit.
    return judgement.expected if math.isfinite(judgement.expected) else float(judgement.score)
