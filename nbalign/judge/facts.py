"""The facts that a judge is shown with each question: read once a notebook, cut to a budget a dimension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Rubric, Scale

if TYPE_CHECKING:
    from nbalign.evidence import RuleScore
    from nbalign.evidence.block import Block, Count

Blocks: TypeAlias = "Mapping[str, Block]"  # dimension id -> its facts; dimensions without any are left out
_RULE_LEVELS = (1, 2, 3)  # the levels that rule scores speak of


def read_blocks(notebook: Notebook, rubric: Rubric, count: Count, budget: int) -> tuple[Blocks, str]:
    """Reads the facts of a notebook, as many of each dimension as fit.

    Args:
        notebook: Any notebook.
        rubric: Whose dimensions are asked for; those of which no facts are known get none.
        count: Tokens of each of some texts.
        budget: Most tokens a dimension; 0 reads nothing.

    Returns:
        The facts, and what went wrong, for people; empty where nothing did.
    """
    if budget <= 0:
        return {}, ""
    # Here, since it is slow to import and most commands judge nothing.
    from nbalign.evidence import read_evidence, rule_score
    from nbalign.evidence.block import block

    try:
        evidence = read_evidence(notebook)
    except Exception as error:
        # A fault of ours must not cost a notebook its scores; the judgement says that facts are missing.
        return {}, f"all evidence: it could not be read ({type(error).__name__})"
    blocks = {}
    for dimension in rubric.dimensions:
        facts = evidence.of(dimension.id)
        blocks[dimension.id] = block(facts, count, budget, _closing(rule_score(dimension.id, facts), rubric.scale))
    return {name: found for name, found in blocks.items() if found.text}, ""


def _closing(rule: RuleScore | None, scale: Scale) -> str:
    """What the facts come to by themselves. Small models see each fact, but do not add them up."""
    if rule is None or scale.levels != _RULE_LEVELS or rule.score not in scale.values:
        return ""
    return f"Counting the facts alone would give {rule.score}."
