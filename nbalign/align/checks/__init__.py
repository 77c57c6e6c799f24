"""Checks: a rubric's levels and experts' guidelines as short yes/no questions for a small model."""

from nbalign.align.checks.build import guideline_checks, rubric_checks, without_twins
from nbalign.align.checks.model import Check
from nbalign.align.checks.weights import weights
from nbalign.align.checks.wording import Wording, branch, p_yes, question, text

__all__ = [
    "Check",
    "Wording",
    "branch",
    "guideline_checks",
    "p_yes",
    "question",
    "rubric_checks",
    "text",
    "weights",
    "without_twins",
]
