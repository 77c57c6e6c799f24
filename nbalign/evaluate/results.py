"""What a comparison of a judge with raters comes to: a row a dimension, and means over them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nbalign.errors import NotFound
from nbalign.evaluate.metrics import Comparison


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension.

    Attributes:
        dimension: Its id.
        title: For people.
        judge: The judge (a) against the truth (b): one pair a notebook that has both.
        expected_mae: Mean absolute error of the judge's expected, unrounded score over the same ordinal pairs.
        constant_mae: Mean absolute error of the constant predictor over the same ordinal pairs.
        raters: Raters against each other, the noise floor: one pair for every two raters of a notebook, whether it
            was judged or not; `a` is the rater whose name sorts first.
        by_rater: Rater -> the judge (a) against this rater alone (b).
        unresolved: Notebooks that were judged and scored, but whose raters disagree and nobody has decided.
        unlabelled: Notebooks that were judged and that no rater scored.
        unjudged: Notebooks that raters scored (settled or not) and that were not judged.
    """

    dimension: str
    title: str
    judge: Comparison
    expected_mae: float | None
    constant_mae: float | None
    raters: Comparison
    by_rater: Mapping[str, Comparison]
    unresolved: int
    unlabelled: int
    unjudged: int


@dataclass(frozen=True, slots=True)
class Macro:
    """Unweighted means over the dimensions for which a measure is defined; sums where the name says a count.

    Attributes:
        dimensions: Dimensions with at least one ordinal pair of judge and truth.
        n: All pairs of judge and truth.
        ordinal: Those that both scored on the ordinal levels.
        mae: Mean of the dimensions' MAE; None where no dimension has one, as for the other means.
        bias: Mean of the dimensions' bias, judge minus truth.
        exact: Mean of the dimensions' shares of equal scores.
        kappa: Mean of the dimensions' quadratic weighted kappas, where defined.
        expected_mae: Mean of the dimensions' `expected_mae`.
        constant_mae: Mean of the dimensions' `constant_mae`.
        rater_pairs: Ordinal pairs of raters.
        rater_mae: Mean of the dimensions' MAE between raters.
        na_both: Pairs that judge and truth call N/A.
        na_only_judge: Pairs that the judge alone calls N/A.
        na_only_truth: Pairs that the truth alone calls N/A.
    """

    dimensions: int
    n: int
    ordinal: int
    mae: float | None
    bias: float | None
    exact: float | None
    kappa: float | None
    expected_mae: float | None
    constant_mae: float | None
    rater_pairs: int
    rater_mae: float | None
    na_both: int
    na_only_judge: int
    na_only_truth: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a judge and raters agree under one rubric.

    Attributes:
        rubric: Rubric id.
        rubric_version: Its version.
        rubric_sha256: Its exact text.
        levels: The scale's ordinal digits, ascending.
        values: All digits of the scale, ascending: rows and columns of every confusion matrix.
        value_names: Their short names.
        judge: Name of the judge; empty when there are no judgements.
        raters: Names of the raters, sorted.
        judgements: Judgements that were taken: the latest of each notebook and dimension.
        other_text: Those of them that were made with another text of this rubric (another version, for instance).
        labels: Labels of raters that were taken, decisions not counted.
        notebooks: Notebooks with at least one pair of judge and truth.
        not_in_rubric: Judgements and labels left out because the rubric has no such dimension or score.
        rows: One a dimension, in the rubric's order.
        macro: Over all rows.
    """

    rubric: str
    rubric_version: int
    rubric_sha256: str
    levels: tuple[int, ...]
    values: tuple[int, ...]
    value_names: tuple[str, ...]
    judge: str
    raters: tuple[str, ...]
    judgements: int
    other_text: int
    labels: int
    notebooks: int
    not_in_rubric: int
    rows: tuple[Row, ...]
    macro: Macro

    @property
    def summary(self) -> str:
        """What the rows mean, in one to four plain sentences."""
        from nbalign.evaluate.sentences import summary  # sentences are written about this class

        return summary(self)


def only(whole: Agreement, dimensions: Iterable[str]) -> Agreement:
    """The same agreement with some of its dimensions, means taken anew; the counts of the whole stay.

    Raises:
        NotFound: If the rubric has no such dimension.
    """
    wanted = set(dimensions)
    known = [row.dimension for row in whole.rows]
    for dimension in sorted(wanted - set(known)):
        raise NotFound(f"the rubric {whole.rubric} has no dimension {dimension!r}", f"It has: {', '.join(known)}.")
    rows = tuple(row for row in whole.rows if row.dimension in wanted)
    return replace(whole, rows=rows, macro=macro(rows))


def macro(rows: Sequence[Row]) -> Macro:
    """Means over dimensions, every dimension with the same weight."""
    return Macro(
        dimensions=sum(row.judge.ordinal > 0 for row in rows),
        n=sum(row.judge.n for row in rows),
        ordinal=sum(row.judge.ordinal for row in rows),
        mae=mean(row.judge.mae for row in rows),
        bias=mean(row.judge.bias for row in rows),
        exact=mean(row.judge.exact for row in rows),
        kappa=mean(row.judge.kappa for row in rows),
        expected_mae=mean(row.expected_mae for row in rows),
        constant_mae=mean(row.constant_mae for row in rows),
        rater_pairs=sum(row.raters.ordinal for row in rows),
        rater_mae=mean(row.raters.mae for row in rows),
        na_both=sum(row.judge.na.both for row in rows),
        na_only_judge=sum(row.judge.na.only_a for row in rows),
        na_only_truth=sum(row.judge.na.only_b for row in rows),
    )


def mean(values: Iterable[float | None]) -> float | None:
    """Unweighted mean of what is defined; None when nothing is."""
    defined = [value for value in values if value is not None]
    return math.fsum(defined) / len(defined) if defined else None
