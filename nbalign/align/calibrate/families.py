"""Feature families: raw numbers read off views, and what standardises them, learned from training examples alone.

A block that a caller names is one family or two: `facts` is `facts` (the kinds of facts) and `rule` (the rule's points
as one strong feature), so that a fit can say "the rule is right" and "these raters also mind kind X" apart. `counts`
is the amounts of text and code, and `layout`: how the notebook is laid out and what its code does for its reader.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nbalign.align.calibrate.counts import COUNT_NAMES, LAYOUT_FROM
from nbalign.align.calibrate.model import FloatArray, Taught, View
from nbalign.align.calibrate.terms import Terms, find_terms
from nbalign.rubrics.model import Scale

BLOCKS = ("judged", "facts", "counts", "words", "checks", "precedents")
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "judged": ("judged",),
    "facts": ("rule", "facts"),
    "counts": ("counts", "layout"),
    "words": ("words",),
    "checks": ("checks",),
    "precedents": ("precedents",),
}
BLOCK_OF = {family: block for block, families in FAMILIES.items() for family in families}

Rows = npt.NDArray[np.intp]

# The least spread a column is divided by. Without it a fact that one notebook alone has would be blown up until that
# one notebook is learned by heart.
_LEAST_SPREAD = {
    "judged": 0.05, "rule": 0.1, "facts": 0.3, "counts": 0.1, "layout": 0.1, "words": 0.3, "checks": 0.2,
}  # fmt: skip
_FARTHEST = 4.0  # spreads from the centre; a notebook farther out than that counts as being there
_LARGEST = 1e6  # so that squares of nonsense stay finite
_SURE = 0.02  # probabilities are kept this far from 0 and 1 before their logit is taken


def logit(p: float) -> float:
    """log(p / (1 - p)) with p kept within 0.02..0.98."""
    p = min(max(p, _SURE), 1 - _SURE)
    return math.log(p / (1 - p))


def ordinal_moments(judged: Mapping[int, float], scale: Scale) -> tuple[float, float]:
    """Mean and standard deviation of a distribution over the ordinal levels, N/A left out and renormalised."""
    levels = scale.levels
    mass = sum(judged.get(level, 0.0) for level in levels)
    if not mass > 0:
        return float(levels[len(levels) // 2]), 0.0
    mean = sum(level * judged.get(level, 0.0) for level in levels) / mass
    square = sum((level - mean) ** 2 * judged.get(level, 0.0) for level in levels) / mass
    return mean, float(np.sqrt(max(square, 0.0)))


def na_probability(judged: Mapping[int, float], scale: Scale) -> float:
    """The judge's probability of N/A, 0..1; 0 on a scale without it."""
    return 0.0 if scale.not_applicable is None else min(max(judged.get(scale.not_applicable, 0.0), 0.0), 1.0)


def _rule(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    # The rule's own scale is 1 to 3, and points beyond it say no more than its ends.
    return [np.nan if view.rule is None else min(max(view.rule, 1.0), 3.0)]


def _judged(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    if view.judged is None:
        return [np.nan] * len(keys)
    mean, spread = ordinal_moments(view.judged, scale)
    read = {"expected": mean, "na": na_probability(view.judged, scale), "spread": spread}
    return [read[key] for key in keys]


def _facts(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    # A neutral fact has no points; that it is there is then what counts.
    return [(view.facts[key] or 1.0) if key in view.facts else 0.0 for key in keys]


def _counts(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    return [float(view.counts[i]) if (i := int(key)) < view.counts.size else np.nan for key in keys]


def _words(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    # A stem alone asks for its count, with a "?" behind it for whether it is there at all.
    read = []
    for key in keys:
        n = view.stems.get(key.removesuffix("?"), 0)
        read.append(float(n > 0) if key.endswith("?") else math.log1p(n))
    return read


def _checks(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    return [logit(view.checks[key]) if key in view.checks else np.nan for key in keys]


def _precedents(view: View, keys: Sequence[str], scale: Scale) -> list[float]:
    vector = view.vector
    return [float(vector[i]) if vector is not None and (i := int(key)) < vector.size else np.nan for key in keys]


READERS: Mapping[str, Callable[[View, Sequence[str], Scale], list[float]]] = {
    "judged": _judged,
    "rule": _rule,
    "facts": _facts,
    "counts": _counts,
    "layout": _counts,
    "words": _words,
    "checks": _checks,
    "precedents": _precedents,
}


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """One family over all training examples, not yet standardised.

    Attributes:
        family: Its name, a key of `BLOCK_OF`.
        keys: What the columns are read by, shape (p,); for `words` stems for their counts, then each for presence.
        shown: The columns' names for people, shape (p,).
        values: Numbers; NaN where a view does not know, shape (n, p).
        terms: For `words`, what weights its columns.
    """

    family: str
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    values: FloatArray
    terms: Terms | None = None

    def standardised(self, rows: Rows, targets: FloatArray) -> tuple[FloatArray, Standard]:
        """Standardises the family on some of its examples.

        Columns get mean 0 and about unit spread, then the whole family is scaled so that an example's squared length
        is 1 on average: its kernel Z Z' has mean diagonal 1, so strengths of different families compare.

        Args:
            rows: Indices of the examples learned from.
            targets: What is to be told from them, shape (len(rows),); only `words` looks at it.

        Returns:
            Z of shape (len(rows), p), and what brings further views to the same form.
        """
        values = self.values[rows]
        known = np.isfinite(values)
        n = np.maximum(known.sum(axis=0), 1)
        filled = np.where(known, values, 0.0)
        centre = filled.sum(axis=0) / n
        square = (np.where(known, values - centre, 0.0) ** 2).sum(axis=0) / n
        if self.family == "precedents":  # directions of one space: what varies little matters little
            spread = np.full(centre.shape, max(float(np.sqrt(square.mean())) if square.size else 0.0, 1e-6))
        else:
            spread = np.maximum(np.sqrt(square), _LEAST_SPREAD[self.family])
        gain = np.ones_like(centre)
        if self.terms is not None:
            gain = np.tile(self.terms.weights(rows, targets), 2)
        z = _standard(values, centre, spread) * gain
        size = float((z**2).sum()) / max(len(rows), 1)
        scale = 1 / np.sqrt(size) if size > 1e-12 else 0.0
        return z * scale, Standard(self.family, self.keys, self.shown, centre, spread, gain * scale)


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """What standardises one family: z = clip((x - centre) / spread, -4, 4) * gain, and 0 where x is not known.

    Attributes:
        family: Its name.
        keys: What the columns are read by, shape (p,).
        shown: The columns' names for people.
        centre: Means over the training examples, shape (p,).
        spread: Standard deviations, with a floor, shape (p,).
        gain: Weights of the columns and scale of the family, shape (p,).
    """

    family: str
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    centre: FloatArray
    spread: FloatArray
    gain: FloatArray


def _standard(values: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    known = np.isfinite(values)
    apart = (np.clip(np.where(known, values, centre), -_LARGEST, _LARGEST) - centre) / spread
    z: FloatArray = np.where(known, np.clip(apart, -_FARTHEST, _FARTHEST), 0.0)
    return z


def standard_values(values: FloatArray, centre: FloatArray, spread: FloatArray) -> FloatArray:
    """Raw numbers of any shape (…, p) in spreads from their centres, within -4..4; 0 where they are not known."""
    return _standard(values, centre, spread)


def read_raw(taught: Sequence[Taught], blocks: Sequence[str], scale: Scale) -> dict[str, Raw]:
    """All families of the blocks asked for, read off the training examples; families without columns are left out."""
    raw: dict[str, Raw] = {}
    for family in (f for block in BLOCKS if block in blocks for f in FAMILIES[block]):
        terms = find_terms(taught) if family == "words" else None
        keys, shown = _columns(family, taught, terms)
        if keys:
            if terms is not None:
                values = np.hstack([np.log1p(terms.found), (terms.found > 0).astype(np.float64)])
            else:
                rows = [READERS[family](example.view, keys, scale) for example in taught]
                values = np.array(rows, dtype=np.float64).reshape(len(taught), len(keys))
                values = np.where(np.isfinite(values), np.clip(values, -_LARGEST, _LARGEST), np.nan)
            raw[family] = Raw(family, keys, shown, values, terms)
    return raw


def _columns(family: str, taught: Sequence[Taught], terms: Terms | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    views = [example.view for example in taught]
    if terms is not None:
        return (*terms.stems, *(f"{root}?" for root in terms.stems)), terms.shown * 2
    if family == "judged":
        names = ("the judge's expected score", "the judge's probability of N/A", "how unsure the judge is")
        return (("expected", "na", "spread"), names) if any(v.judged is not None for v in views) else ((), ())
    if family == "rule":
        return (("points",), ("points of the rule",)) if any(v.rule is not None for v in views) else ((), ())
    if family == "facts":
        kinds = tuple(sorted({kind for v in views for kind in v.facts}))
        return kinds, tuple(kind.replace("_", " ") for kind in kinds)
    if family == "checks":
        ids = tuple(sorted({check for v in views for check in v.checks}))
        return ids, ids
    if family in ("counts", "layout"):
        keys, shown = _indices(max((v.counts.size for v in views), default=0), "count")
        # Counts that are not `counts.counts` have no layout among them.
        first = LAYOUT_FROM if len(keys) == len(COUNT_NAMES) else len(keys)
        return (keys[:first], shown[:first]) if family == "counts" else (keys[first:], shown[first:])
    return _indices(max((v.vector.size for v in views if v.vector is not None), default=0), "meaning")


def _indices(size: int, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = COUNT_NAMES if name == "count" and size == len(COUNT_NAMES) else tuple(f"{name} {i}" for i in range(size))
    return tuple(str(i) for i in range(size)), names
