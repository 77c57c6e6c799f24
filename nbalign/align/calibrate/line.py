"""One fitted line: from a view to a number (a score, or how much speaks for N/A) and to probabilities of levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nbalign.align.calibrate.families import READERS, Raw, Rows, na_probability, ordinal_moments, standard_values
from nbalign.align.calibrate.mixture import mix
from nbalign.align.calibrate.model import FloatArray, Taught, View
from nbalign.align.calibrate.spread import Spread
from nbalign.rubrics.model import Scale

_NOISE = 0.3  # expected error beforehand, in steps of the scale: raters themselves are not nearer than that
_TINY = 1e-12
# N/A asks whether there is anything to judge. How a whole notebook is written says little of that, and with a dozen N/A
# among forty examples it is easily mistaken for a reason; the weights of words have seen the labels already.
_NA_PRICES = {"counts": 4.0, "layout": 4.0, "words": 6.0}


def start_value(start: str, view: View, scale: Scale, *, na: bool) -> float | None:
    """What is said of a view before anything is learned; None where the view does not know.

    Args:
        start: `judge`, `rule` or `nothing`.
        view: The view.
        scale: The scale.
        na: Whether N/A is asked for (answers 0..1), rather than the score.
    """
    levels = scale.levels
    if start == "judge":
        if view.judged is None:
            return None
        return na_probability(view.judged, scale) if na else ordinal_moments(view.judged, scale)[0]
    if start == "rule":
        if na:
            return float(view.rule_na)
        if view.rule is None:
            return None
        return levels[0] + (min(max(view.rule, 1.0), 3.0) - 1) / 2 * (levels[-1] - levels[0])
    return 0.0 if na else (levels[0] + levels[-1]) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Training examples as numbers, of which a line can be learned from any part.

    Attributes:
        raw: Family -> raw columns over all examples.
        starts: Start -> what it says of each example, NaN where it does not know, shape (n,).
        target: What is to be told, each one of `levels`, shape (n,).
        levels: The levels, ascending: those of the scale, or 0 and 1 for N/A.
    """

    raw: Mapping[str, Raw]
    starts: Mapping[str, FloatArray]
    target: FloatArray
    levels: tuple[float, ...]

    @property
    def noise(self) -> float:
        """The error that is expected beforehand, in digits of the scale."""
        return _NOISE * (self.levels[-1] - self.levels[0]) / (len(self.levels) - 1)


def make_sample(
    taught: list[Taught], raw: Mapping[str, Raw], scale: Scale, blocks: tuple[str, ...], na: bool
) -> Sample:
    """Puts together what a line is learned from; `raw` has the rows of `taught`, in their order."""
    names = ["nothing", *(["judge"] if "judged" in blocks else []), *(["rule"] if "facts" in blocks else [])]
    starts = {}
    for name in names:
        said = [start_value(name, example.view, scale, na=na) for example in taught]
        values = np.array([np.nan if value is None else value for value in said], dtype=np.float64)
        if np.isfinite(values).any():
            starts[name] = values
    if na:
        target = np.array([float(example.score == scale.not_applicable) for example in taught])
    else:
        target = np.array([float(example.score) for example in taught])
    return Sample(raw, starts, target, (0.0, 1.0) if na else tuple(float(level) for level in scale.levels))


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """One family's part of a line: slope * clip((x - centre) / spread, -4, 4), summed over its columns."""

    keys: tuple[str, ...]
    shown: tuple[str, ...]
    centre: FloatArray
    spread: FloatArray
    slope: FloatArray

    def parts(self, values: FloatArray) -> FloatArray:
        """What each column adds, shape (…, p), given raw numbers of that shape."""
        return standard_values(values, self.centre, self.spread) * self.slope

    def trimmed(self) -> Slopes:
        """Without columns that add nothing."""
        kept = np.flatnonzero(np.abs(self.slope) > _TINY)
        return Slopes(
            keys=tuple(self.keys[i] for i in kept),
            shown=tuple(self.shown[i] for i in kept),
            centre=self.centre[kept],
            spread=self.spread[kept],
            slope=self.slope[kept],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A fitted line.

    Attributes:
        na: Whether it tells N/A (0 to 1) rather than a score.
        starts: Start -> (its share, what it says on average; used where a view does not know).
        intercept: Added to the shared-out starts.
        families: Family -> its slopes.
        spread: How its number is read.
        moves: Family, or start, -> standard deviation of what it adds over the training examples, in digits.
    """

    na: bool
    starts: Mapping[str, tuple[float, float]]
    intercept: float
    families: Mapping[str, Slopes]
    spread: Spread
    moves: Mapping[str, float]

    def trimmed(self) -> Line:
        """The same line without columns that add nothing: what is kept."""
        families = {family: slopes.trimmed() for family, slopes in self.families.items()}
        return replace(self, families={family: slopes for family, slopes in families.items() if slopes.keys})

    def number(self, view: View, scale: Scale) -> float:
        """What the line says of a view, not rounded."""
        total = self.intercept
        for start, (share, usual) in self.starts.items():
            value = start_value(start, view, scale, na=self.na)
            total += share * (usual if value is None else value)
        for family, slopes in self.families.items():
            total += float(slopes.parts(np.array(READERS[family](view, slopes.keys, scale))).sum())
        return total

    def numbers(self, sample: Sample, rows: Rows) -> FloatArray:
        """The same for some examples of a sample with the families that it was learned from, shape (len(rows),)."""
        total = np.full(len(rows), self.intercept)
        for start, (share, usual) in self.starts.items():
            values = sample.starts[start][rows]
            total += share * np.where(np.isfinite(values), values, usual)
        for family, slopes in self.families.items():
            total += slopes.parts(sample.raw[family].values[rows]).sum(axis=1)
        return total


def learn(sample: Sample, rows: Rows, *, na: bool) -> Line:
    """Learns a line from some examples; the others are not looked at.

    Args:
        sample: The examples.
        rows: Indices of those to learn from, at least one.
        na: Whether the target is N/A.
    """
    target = sample.target[rows]
    usual: dict[str, float] = {}
    starts: dict[str, FloatArray] = {}
    for name, values in sample.starts.items():
        known = values[rows][np.isfinite(values[rows])]
        if known.size:
            usual[name] = float(known.mean())
            starts[name] = np.where(np.isfinite(values[rows]), values[rows], usual[name])
    standards = {family: raw.standardised(rows, target) for family, raw in sample.raw.items()}
    mixture = mix(
        target, {family: z for family, (z, _) in standards.items()}, starts, sample.noise, _NA_PRICES if na else None
    )
    families: dict[str, Slopes] = {}
    moves = {name: share * float(starts[name].std()) for name, share in mixture.starts.items()}
    for family, (z, standard) in standards.items():
        slopes = mixture.slopes[family]
        moves[family] = float((z @ slopes).std())
        families[family] = Slopes(
            standard.keys, standard.shown, standard.centre, standard.spread, slopes * standard.gain
        )
    return Line(
        na=na,
        starts={name: (share, usual[name]) for name, share in mixture.starts.items()},
        intercept=mixture.intercept,
        families=families,
        spread=Spread.learn(mixture.left_out, target, sample.levels, sample.noise),
        moves={name: moved for name, moved in moves.items() if moved > 1e-6},
    )
