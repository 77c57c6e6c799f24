"""The closed forms against brute force, scikit-learn and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped,unused-ignore]
from sklearn.kernel_ridge import KernelRidge

from nbalign.align.calibrate.mixture import INTERCEPT, mix
from nbalign.align.calibrate.ridge import solve
from nbalign.align.calibrate.spread import Spread, least_error


def some(seed: int, n: int, p: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, p)), rng.integers(1, 4, size=n).astype(np.float64)


@given(st.integers(0, 10_000), st.integers(2, 25), st.floats(0.05, 5.0))
@settings(max_examples=25, deadline=None)
def test_leave_one_out_residuals_are_those_of_leaving_one_out(seed: int, n: int, strength: float) -> None:
    z, y = some(seed, n)
    kernel = strength * z @ z.T
    solved = solve(kernel[None], y[None], 0.3)
    for i in range(n):
        others = np.delete(np.arange(n), i)
        sklearn = KernelRidge(alpha=1.0, kernel="precomputed").fit(kernel[np.ix_(others, others)], y[others])
        left_out = float(sklearn.predict(kernel[i : i + 1, others])[0])
        assert solved.residuals[0, 0, i] == pytest.approx(y[i] - left_out, abs=1e-8)


def test_the_dual_weights_are_those_of_scikit_learn() -> None:
    z, y = some(1, 20)
    kernel = 0.4 * z @ z.T
    sklearn = KernelRidge(alpha=1.0, kernel="precomputed").fit(kernel, y)
    np.testing.assert_allclose(solve(kernel[None], y[None], 0.3).weights[0, 0], sklearn.dual_coef_, atol=1e-10)


def test_the_evidence_is_that_of_a_multivariate_t_up_to_a_constant() -> None:
    z, y = some(2, 15)
    kernels = np.stack([strength * z @ z.T for strength in (0.0, 0.1, 1.0, 7.0)])
    ours = solve(kernels, y[None], 0.3).evidence[:, 0]
    # With the noise variance s2 ~ inverse gamma (1, noise^2), y is t with 2 degrees of freedom and shape noise^2 C.
    theirs = [stats.multivariate_t(shape=0.09 * (k + np.eye(15)), df=2).logpdf(y) for k in kernels]
    np.testing.assert_allclose(np.diff(ours), np.diff(theirs), atol=1e-8)


def test_a_mixture_of_one_choice_is_ridge_regression_with_an_intercept() -> None:
    _, y = some(3, 12)
    nothing = mix(y, {}, {"nothing": np.full(12, 2.0)}, 0.3)
    shrunk = (y - 2.0).sum() / (12 + 1 / INTERCEPT)
    assert nothing.starts == {"nothing": 1.0}
    assert nothing.intercept == pytest.approx(shrunk, abs=1e-9)


def test_a_mixture_predicts_linearly_what_its_kernels_predict() -> None:
    rng = np.random.default_rng(4)
    z = rng.normal(size=(30, 3))
    z /= np.sqrt((z**2).sum() / 30)
    y = 2 + z[:, 0] * 1.2
    mixture = mix(y, {"a": z, "b": np.zeros((30, 2))}, {"nothing": np.full(30, 2.0)}, 0.1)
    fitted = 2.0 + mixture.intercept + z @ mixture.slopes["a"]
    assert np.corrcoef(fitted, y)[0, 1] > 0.95
    assert not mixture.slopes["b"].any()
    assert np.abs(mixture.left_out - y).mean() > np.abs(fitted - y).mean()  # left out is never seen


def test_the_start_that_is_right_gets_the_share() -> None:
    rng = np.random.default_rng(5)
    y = rng.integers(1, 4, size=25).astype(np.float64)
    starts = {"nothing": np.full(25, 2.0), "rule": y + rng.normal(scale=0.1, size=25)}
    assert mix(y, {}, starts, 0.3).starts["rule"] > 0.99


@given(st.integers(2, 9), st.integers(0, 10_000), st.integers(1, 40), st.floats(-50, 50))
@settings(max_examples=60, deadline=None)
def test_any_number_is_read_as_a_distribution(levels: int, seed: int, n: int, number: float) -> None:
    rng = np.random.default_rng(seed)
    names = tuple(float(level) for level in range(1, levels + 1))
    target = rng.choice(np.array(names), size=n)
    read = Spread.learn(target + rng.normal(size=n), target, names, 0.3).read(number)
    assert read.shape == (levels,)
    assert (read >= 0).all()
    assert read.sum() == pytest.approx(1.0)


def test_a_level_that_raters_never_give_is_not_said_between_two_that_they_do() -> None:
    rng = np.random.default_rng(6)
    target = np.array([1.0, 3.0] * 20)
    left_out = 2 + 0.4 * (target - 2) + rng.normal(scale=0.1, size=40)
    spread = Spread.learn(left_out, target, (1.0, 2.0, 3.0), 0.3)
    assert least_error(spread.read(1.7), spread.levels) == 0
    assert least_error(spread.read(2.3), spread.levels) == 2


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=9))
@settings(max_examples=60, deadline=None)
def test_the_level_with_the_least_expected_error_is_found(weights: list[float]) -> None:
    p = np.array(weights) / sum(weights)
    levels = tuple(float(level) for level in range(len(weights)))
    errors = [sum(abs(a - b) * q for b, q in zip(levels, p, strict=True)) for a in levels]
    assert errors[least_error(p, levels)] <= min(errors) + 1e-9
