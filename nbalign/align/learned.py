"""Which families of features each fitted arm may look at."""

from __future__ import annotations

from collections.abc import Mapping

# Known without a language model: what the arms below add to these is what the model is worth.
ARM_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "counts": ("counts",),
    "evidence": ("facts",),
    "checks": ("checks",),
    "calibrated": ("judged", "facts", "counts", "words", "precedents"),
    "full+calibrated": ("judged", "facts", "counts", "words", "precedents", "checks"),
}
