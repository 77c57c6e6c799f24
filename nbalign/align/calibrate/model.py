"""What calibration sees of a notebook, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from nbalign.judge.decide import decide, expected
from nbalign.rubrics.model import Scale

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Everything that calibration may look at, of one notebook in one dimension. No label is in it.

    Attributes:
        notebook: Content hash.
        dimension: Dimension id.
        counts: Crude counts of the notebook's text (cells, words, headings, …), shape (n_counts,); the same for all
            dimensions. Known without a language model.
        stems: Word stem -> how often it stands in the notebook (code, identifiers taken apart, words, outputs).
        facts: Kind of fact -> its points, summed; empty where nothing is known of the dimension.
        rule: Points of the rule score (2 plus those of the facts); None where there is none or it says N/A.
        rule_na: Whether the rule score says N/A.
        judged: The judge's distribution, value of the scale -> probability; None where no judge was asked.
        checks: Check id -> probability of yes, 0..1; empty where none was asked.
        vector: What the relevant cells mean, unit length, shape (n,); None where it is not known.
    """

    notebook: str
    dimension: str
    counts: FloatArray
    stems: Mapping[str, int]
    facts: Mapping[str, float]
    rule: float | None
    rule_na: bool
    judged: Mapping[int, float] | None = None
    checks: Mapping[str, float] = field(default_factory=dict)
    vector: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """A view with what raters said of it: one training example.

    Attributes:
        view: What can be seen.
        score: The settled score, N/A included.
        words: The raters' justifications, in their order.
    """

    view: View
    score: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is said of one notebook in one dimension, by a calibration or a judge.

    Attributes:
        probabilities: Value of the scale -> probability; sums to 1.
        expected: Mean of the ordinal levels.
        score: The decided score, N/A included.
    """

    probabilities: Mapping[int, float]
    expected: float
    score: int

    @classmethod
    def of(cls, probabilities: Mapping[int, float], scale: Scale) -> Self:
        """What a distribution over the values of a scale comes to."""
        return cls(probabilities, expected(probabilities, scale), decide(probabilities, scale))
