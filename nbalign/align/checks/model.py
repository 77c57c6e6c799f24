"""A check: one short yes/no question about the material that one dimension is scored on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nbalign.rubrics.model import Rubric

MOST_WORDS = 25  # of a check's text


@dataclass(frozen=True, slots=True)
class Check:
    """One yes/no question.

    Attributes:
        id: Twelve hex digits over rubric, dimension and text: the same question has the same id in every run.
        dimension: Dimension id.
        text: The question, one line of at most 25 words. It holds words of a rubric or of raters: untrusted.
        good: Whether "yes" speaks for the material; None where nothing says so. A prior for people only: what an
            answer is worth is learned from labels.
        source: `level 3`, `level 1`, `question`, or the id of a guideline.
    """

    id: str
    dimension: str
    text: str
    good: bool | None
    source: str


def make_check(rubric: Rubric, dimension: str, text: str, good: bool | None, source: str) -> Check:
    """A check with its id.

    The id does not depend on the rubric's version or on other dimensions: an answer stays valid where the question
    stays the same.
    """
    seed = "\0".join((rubric.id, dimension, text))
    return Check(hashlib.sha256(seed.encode()).hexdigest()[:12], dimension, text, good, source)
