"""Evidence alone as an arm: the rule scores of notebooks, in the place of a judge's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbalign.evaluate.scored import EVIDENCE
from nbalign.evidence import Evidence, rule_score
from nbalign.evidence.facts import MODULES
from nbalign.rubrics.model import Rubric

_LEVELS = (1, 2, 3)
_MIDDLE = 2.0


@dataclass(frozen=True, slots=True)
class EvidenceScore:
    """What the facts of one notebook and dimension come to; `Scored` says what the attributes mean."""

    notebook: str
    rubric: str
    rubric_sha256: str
    dimension: str
    score: int
    expected: float
    judge: str = EVIDENCE
    at: str = ""


def speaks_of(rubric: Rubric) -> bool:
    """Whether facts can score a rubric: they know some of its dimensions, and its levels are 1 to 3."""
    known = {module.DIMENSION for module in MODULES}
    return rubric.scale.levels == _LEVELS and any(d.id in known for d in rubric.dimensions)


def evidence_scores(rubric: Rubric, read: Iterable[Evidence]) -> list[EvidenceScore]:
    """The rule scores of notebooks under a rubric.

    Args:
        rubric: Its dimensions are scored; none where facts do not speak of it.
        read: What was read off each notebook.

    Returns:
        A score for each notebook and dimension of which there are facts; the others are not scored.
    """
    if not speaks_of(rubric):
        return []
    found = []
    for evidence in read:
        for dimension in rubric.dimensions:
            rule = rule_score(dimension.id, evidence.of(dimension.id))
            if rule is None:
                continue
            expected = _MIDDLE if rule.points is None else min(max(rule.points, _LEVELS[0]), _LEVELS[-1])
            score = EvidenceScore(evidence.notebook, rubric.id, rubric.sha256, dimension.id, rule.score, expected)
            found.append(score)
    return found
