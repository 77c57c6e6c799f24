"""Which families of features, how strongly, and from which start: many ridge fits averaged by how well each explains.

Instead of betting on one choice, all choices on a greedy path are kept and weighted by their marginal likelihood times
a prior under which each family cuts the odds to exp(-1): with few labels the simplest choices keep most of the weight,
and a family that explains much takes over within a few examples (Bayesian model averaging).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray
from nbalign.align.calibrate.ridge import solve

STRENGTHS = (0.3, 1.2)  # results hardly change with them, since fits are averaged
INTERCEPT = 10.0  # prior variance of the intercept in units of the noise: nearly free
_PRICE = 1.0  # nats a family costs, unless the caller says otherwise
_ROUNDS = 3  # at most so many families are changed one after the other
_LEAST_SHARE = 1e-4

_Choice = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """The average of ridge fits: one linear model, since all kernels are linear.

    Attributes:
        starts: Start -> its share; the shares sum to 1.
        intercept: Added to the shared-out starts.
        slopes: Family -> slopes of its standardised columns, shape (p,).
        left_out: What is predicted of each example from the others, shape (n,); the shares are held fixed.
    """

    starts: Mapping[str, float]
    intercept: float
    slopes: Mapping[str, FloatArray]
    left_out: FloatArray


def mix(
    target: FloatArray,
    families: Mapping[str, FloatArray],
    starts: Mapping[str, FloatArray],
    noise: float,
    prices: Mapping[str, float] | None = None,
) -> Mixture:
    """Fits, searches and averages.

    From each start a greedy path adds, drops or changes one family a step while the best marginal likelihood rises.

    Args:
        target: What is to be told, shape (n,), n >= 1.
        families: Family -> standardised columns with mean squared row length 1 (or all 0), shape (n, p).
        starts: Start -> what it says before anything is learned, shape (n,); at least one.
        noise: Expected standard deviation of the noise, as for `ridge.solve`.
        prices: Family -> nats that it costs, in place of 1.
    """
    price = prices or {}
    names = [name for name, z in families.items() if np.any(z)]
    kernels = {name: families[name] @ families[name].T for name in names}
    offsets = list(starts)
    wanted = np.array([target - starts[name] for name in offsets])
    tried: dict[_Choice, tuple[FloatArray, FloatArray, FloatArray]] = {}

    def attempt(choices: set[_Choice]) -> None:
        new = sorted(choices - tried.keys())
        if not new:
            return
        stack = np.full((len(new), target.size, target.size), INTERCEPT)
        for i, choice in enumerate(new):
            for name, strength in choice:
                stack[i] += strength * kernels[name]
        solved = solve(stack, wanted, noise)
        for i, choice in enumerate(new):
            value = solved.evidence[i] - sum(price.get(name, _PRICE) for name, _ in choice)
            tried[choice] = (value, solved.residuals[i], solved.weights[i])

    attempt({()})
    current: list[_Choice] = [()] * len(offsets)
    for _ in range(_ROUNDS):
        attempt({step for choice in set(current) for step in _steps(choice, names)})
        best = [max(tried, key=lambda choice, s=s: tried[choice][0][s]) for s in range(len(offsets))]  # type: ignore[misc]
        if best == current:
            break
        current = best
    return _average(target, families, starts, tried)


def _steps(choice: _Choice, names: list[str]) -> set[_Choice]:
    steps = set()
    for name in names:
        rest = tuple(item for item in choice if item[0] != name)
        steps.add(rest)
        steps |= {tuple(sorted((*rest, (name, strength)))) for strength in STRENGTHS}
    return steps


def _average(
    target: FloatArray,
    families: Mapping[str, FloatArray],
    starts: Mapping[str, FloatArray],
    tried: Mapping[_Choice, tuple[FloatArray, FloatArray, FloatArray]],
) -> Mixture:
    choices = list(tried)
    value = np.array([tried[choice][0] for choice in choices])
    share = np.exp(value - value.max())
    share /= share.sum()
    share[share < _LEAST_SHARE] = 0.0
    share /= share.sum()
    left_out = np.zeros(target.size)
    intercept = 0.0
    dual = {name: np.zeros(target.size) for name in families}
    for i, choice in enumerate(choices):
        if not share[i].any():
            continue
        _, residuals, weights = tried[choice]
        left_out += share[i] @ (target - residuals)
        together = share[i] @ weights
        intercept += INTERCEPT * float(together.sum())
        for name, strength in choice:
            dual[name] += strength * together
    return Mixture(
        starts=dict(zip(starts, share.sum(axis=0).tolist(), strict=True)),
        intercept=intercept,
        slopes={name: families[name].T @ dual[name] for name in families},
        left_out=left_out,
    )
