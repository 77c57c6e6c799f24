"""A check: one short yes/no question about the material that one dimension is scored on."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from nbalign.rubrics.model import Rubric

MOST_WORDS = 25  # of a check's text
_QUOTES = re.compile(r'Is this true of the (\S+): "(.+)"\?')


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


@dataclass(frozen=True, slots=True)
class Statement:
    """What a check quotes.

    Attributes:
        about: What it is about: `notebook` or `material`.
        clause: What may be true of it, in the words of a rubric or a guideline.
    """

    about: str
    clause: str

    @property
    def question(self) -> str:
        """The statement as a question. A fixed frame: no grammar is guessed, so that a sentence, a noun phrase and a
        fragment of either all make a question that can be answered."""
        return f'Is this true of the {self.about}: "{self.clause}"?'


def statement(check: Check) -> Statement | None:
    """What a check quotes; None where it asks in an author's own words."""
    match = _QUOTES.fullmatch(check.text)
    return Statement(match[1], match[2]) if match else None


def make_check(rubric: Rubric, dimension: str, text: str, good: bool | None, source: str) -> Check:
    """A check with its id.

    The id does not depend on the rubric's version or on other dimensions: an answer stays valid where the question
    stays the same.
    """
    seed = "\0".join((rubric.id, dimension, text))
    return Check(hashlib.sha256(seed.encode()).hexdigest()[:12], dimension, text, good, source)
