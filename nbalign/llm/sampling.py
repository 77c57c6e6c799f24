"""Which token comes next: drawn from the distribution, reproducibly, with a guard against loops; shares of answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TOP_P = 0.95  # the smallest set of tokens with this share of the distribution is drawn from (Holtzman et al. 2020)
GUARD_FROM = 12  # tokens: a run this long that stood here before is held back from being continued as it was then
GUARD_BASE = 0.4  # logits taken off at that length
GUARD_GROWTH = 1.25  # factor for every further token of the run
_LONGEST = 64  # tokens of a run that are looked at


class Sampler:
    """Draws tokens one by one.

    Code repeats names, brackets and indentation, so a penalty on every token seen before would harm it. Only the
    continuation of a *long* run is made less likely: where the last n >= 12 tokens stood here before, the logit of the
    token that followed then loses `0.4 * 1.25 ** (n - 12)`. A table row or a call written twice passes; a loop ends.

    Args:
        temperature: 0 takes the most probable token; else logits are divided by it.
        seed: The same seed draws the same tokens from the same logits.
    """

    def __init__(self, temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._draws = np.random.Generator(np.random.PCG64(seed))

    def choose(self, logits: NDArray[np.float32], written: Sequence[int]) -> int:
        """The next token.

        Args:
            logits: Of the whole vocabulary, shape (vocab_size,).
            written: The tokens written so far, for the guard.
        """
        values = logits.astype(np.float64)
        for token, penalty in held_back(written).items():
            values[token] -= penalty
        if self._temperature <= 0:
            return int(values.argmax())
        shares = np.exp((values - values.max()) / self._temperature)
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        reached = np.cumsum(shares[order])
        kept = int(np.searchsorted(reached, TOP_P)) + 1
        point = self._draws.random() * reached[min(kept, len(reached)) - 1]
        return int(order[min(int(np.searchsorted(reached, point, side="right")), kept - 1)])


def held_back(written: Sequence[int]) -> dict[int, float]:
    """Token -> what its logit loses because it would continue a run that stood here before."""
    found: dict[int, float] = {}
    end = len(written)
    for at in range(GUARD_FROM, end):  # the token at `at` followed a run that may be the one that ends here
        length = 0
        while length < min(at, _LONGEST) and written[at - 1 - length] == written[end - 1 - length]:
            length += 1
        if length >= GUARD_FROM:
            penalty = GUARD_BASE * GUARD_GROWTH ** (length - GUARD_FROM)
            found[written[at]] = max(found.get(written[at], 0.0), penalty)
    return found


def shares_of(logits: NDArray[np.float32], ids: Sequence[int]) -> tuple[list[float], float]:
    """The probabilities of these tokens normalised over themselves, and their share of the whole distribution."""
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    chosen = np.array([probabilities[i] for i in ids], dtype=np.float64)
    mass = float(chosen.sum())
    # With next to no mass on any answer the ratio is still well defined in float64; zero only if all underflow.
    shares = chosen / mass if mass > 0 else np.full(len(ids), 1 / len(ids))
    return [float(share) for share in shares], mass
