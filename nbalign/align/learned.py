"""What an aligned judge and the experiments that prove it have in common: what fits look at, and how much is asked."""

from __future__ import annotations

from collections.abc import Mapping

NEIGHBOURS = 3  # precedents that a judge is shown
RUBRIC_CHECKS = 4  # a dimension
GUIDELINE_CHECKS = 2  # a dimension and memory

# Known without a language model: what the arms below add to these is what the model is worth.
ARM_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "counts": ("counts",),
    "evidence": ("facts",),
    "checks": ("checks",),
    "calibrated": ("judged", "facts", "counts", "words", "precedents"),
    "full+calibrated": ("judged", "facts", "counts", "words", "precedents", "checks"),
}
