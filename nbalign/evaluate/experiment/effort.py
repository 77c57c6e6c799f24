"""What an experiment would ask of the model at most, before it is started."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evaluate.experiment.options import MEMORY_ARMS, ExperimentOptions, needs_checks, needs_memory

_UNALIGNED = frozenset({"base", "calibrated", "full+calibrated"})


@dataclass(frozen=True, slots=True)
class Effort:
    """Questions to the model if none of its answers were kept yet; kept ones are not asked again.

    Attributes:
        scores: Questions for a score.
        taught: Those of them that are asked with guidelines, precedents or both, which makes them longer.
        checks: Yes/no questions, which are shorter.
        distils: Whether guidelines are made of raters' words first.
    """

    scores: int
    taught: int
    checks: int
    distils: bool


def effort(options: ExperimentOptions, notebooks: int, dimensions: int) -> Effort:
    """Counts what the arms asked for need.

    Args:
        options: The arms and how they are evaluated.
        notebooks: How many notebooks take part.
        dimensions: How many dimensions are evaluated.
    """
    arms = set(options.arms)
    every = notebooks * dimensions
    ablated = notebooks * (len(set(options.ablation)) or dimensions)
    scores = every * ("bare" in arms)
    memory = needs_memory(options.arms)
    if arms & _UNALIGNED or memory:
        scores += every
    taught = 0
    for arm in MEMORY_ARMS:
        if arm in arms or (arm == "full" and "full+calibrated" in arms):
            taught += every if arm == "full" else ablated
    # Guidelines differ from fold to fold, and a notebook is asked the checks of all folds.
    each = options.rubric_checks + options.guideline_checks * options.folds
    return Effort(scores + taught, taught, every * each if needs_checks(options.arms) else 0, memory)
