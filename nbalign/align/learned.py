"""What an aligned judge and the experiments that prove it have in common: what fits look at, and how much is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from nbalign.labels.model import Label

NEIGHBOURS = 3  # precedents that a judge is shown
RUBRIC_CHECKS = 2  # a dimension; the models measured so far tell little by them, and each costs 20 tokens a notebook
GUIDELINE_CHECKS = 1  # a dimension

FULL = "full+calibrated"
CALIBRATED = "calibrated"
JUDGE_ARMS = (FULL, CALIBRATED)  # what a memory's judge may be, the usual one first

# Known without a language model: what the arms below add to these is what the model is worth.
ARM_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "counts": ("counts",),
    "evidence": ("facts",),
    "checks": ("checks",),
    CALIBRATED: ("judged", "facts", "counts", "words", "precedents"),
    FULL: ("judged", "facts", "counts", "words", "precedents", "checks"),
}


def learned_from(labels: Iterable[Label], notebooks: Collection[str], raters: Collection[str]) -> list[Label]:
    """The labels that may be learned from, where some notebooks and raters are left out.

    Args:
        labels: Any labels.
        notebooks: Content hashes of notebooks that nothing is learned from.
        raters: Raters whose scores are not learned from. Decisions of theirs stay: they settle what others said.
    """
    return [
        label
        for label in labels
        if label.notebook not in notebooks and not (label.role == "rater" and label.rater in raters)
    ]
