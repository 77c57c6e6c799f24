"""Names of dimensions and scores as people read them, where they may have left the rubric since."""

from __future__ import annotations

from nbalign.rubrics.model import Rubric
from nbalign.tui.plain import one_line

ALL = "all dimensions"


def title_of(rubric: Rubric, dimension: str) -> str:
    """The title of a dimension; its id where this rubric does not have it (any more), `all dimensions` for none."""
    if not dimension:
        return ALL
    return one_line(next((d.title for d in rubric.dimensions if d.id == dimension), dimension), 60)


def score_words(rubric: Rubric, score: int) -> str:
    """A score with its name, such as `2 average`; the digit alone where the scale has no word for it."""
    name = rubric.scale.name(score) if score in rubric.scale.values else ""
    return f"{score} {one_line(name, 24)}" if name not in ("", str(score)) else str(score)


def counted(count: int, word: str) -> str:
    """Such as `1 label` and `1,234 labels`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"
