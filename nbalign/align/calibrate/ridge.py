"""Kernel ridge regression in closed form: fit, leave-one-out residuals and marginal likelihood of many kernels at once.

The model is y = start + f + noise, f a Gaussian process with kernel K, noise of unit variance relative to K, so that
ridge's lambda is 1 and a kernel's strength says how much of the variance it may explain. Formulas: leave-one-out
residuals r_i = a_i / (C^-1)_ii with C = K + I and a = C^-1 e (Rasmussen and Williams 2006, Gaussian Processes for
Machine Learning, section 5.4.2; Allen's PRESS for ridge regression); the marginal likelihood with the noise's scale
integrated out under an inverse-gamma prior is a multivariate t (ibid., section 9.9 and Gelman et al.).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray

_PRIOR_COUNT = 2.0  # the noise's prior is worth two examples


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Ridge fits of several kernels to several targets; c kernels, s targets, n examples.

    Attributes:
        evidence: Log marginal likelihood up to a constant that all share, shape (c, s).
        residuals: Leave-one-out residuals: target minus what the others predict, shape (c, s, n).
        weights: Dual weights a = (K + I)^-1 e, shape (c, s, n).
    """

    evidence: FloatArray
    residuals: FloatArray
    weights: FloatArray


def solve(kernels: FloatArray, targets: FloatArray, noise: float) -> Solved:
    """Fits every kernel to every target.

    Args:
        kernels: Positive semidefinite matrices in units of the noise variance, shape (c, n, n).
        targets: What is left to explain, shape (s, n).
        noise: Standard deviation of the noise that is expected beforehand, in units of the targets; above 0.
    """
    n = kernels.shape[-1]
    inverse = np.linalg.inv(kernels + np.eye(n))
    weights = np.einsum("cij,sj->csi", inverse, targets)
    squares = np.maximum(np.einsum("csi,si->cs", weights, targets), 0.0)
    log_det = np.linalg.slogdet(inverse)[1][:, None]
    evidence = 0.5 * log_det - 0.5 * (n + _PRIOR_COUNT) * np.log(squares + _PRIOR_COUNT * noise**2)
    diagonal = np.diagonal(inverse, axis1=1, axis2=2)[:, None, :]
    return Solved(evidence, weights / diagonal, weights)
