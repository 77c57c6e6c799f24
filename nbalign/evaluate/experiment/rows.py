"""Figures of an experiment: arms by dimension, arms against each other, and the raters' floor."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evaluate.metrics import Matrix, NaAgreement

MACRO = ""  # the dimension of rows over all dimensions


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95% percentile bootstrap interval.

    Attributes:
        value: On the data as they are.
        low: 2.5th percentile over the resamples.
        high: 97.5th percentile.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One arm in one dimension, or over all of them.

    Attributes:
        arm: Its name.
        dimension: Dimension id; `MACRO` for the unweighted mean over dimensions.
        n: Pairs with the truth, N/A included.
        ordinal: Pairs that both sides scored on the levels.
        mae: Mean absolute error over the ordinal pairs; None without any.
        bias: Mean of arm minus truth over them.
        exact: Share of equal scores over them.
        kappa: Quadratic weighted kappa; None where undefined.
        na: Agreement on N/A; None for macro.
        confusion: Rows truth, columns arm, in the order of the scale's values; None for macro.
    """

    arm: str
    dimension: str
    n: int
    ordinal: int
    mae: Interval | None
    bias: float | None
    exact: float | None
    kappa: float | None
    na: NaAgreement | None
    confusion: Matrix | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much one arm is better than another, paired by notebook.

    Attributes:
        arm: The arm looked at.
        against: The arm it is compared with.
        dimension: Dimension id, or `MACRO`.
        pairs: Notebooks that both arms and the truth scored on the levels.
        gain: MAE of `against` minus MAE of `arm` on these: above 0 where `arm` is better.
        p: Two-sided bootstrap p-value of no difference, 0..1.
        adjusted: The p-value after Holm's correction over all dimensions of this pair of arms.
        significant: Whether `adjusted` is below 0.05.
    """

    arm: str
    against: str
    dimension: str
    pairs: int
    gain: Interval
    p: float
    adjusted: float
    significant: bool


@dataclass(frozen=True, slots=True)
class Floor:
    """The raters against each other: no judge can be expected to be closer to them than they are.

    Attributes:
        dimension: Dimension id, or `MACRO`.
        pairs: Pairs of raters that both scored on the levels.
        mae: Their mean absolute difference; None without pairs.
    """

    dimension: str
    pairs: int
    mae: Interval | None
