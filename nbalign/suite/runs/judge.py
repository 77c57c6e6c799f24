"""Which judge a run is judged by, as far as its name tells it apart from all others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nbalign.align.model import Memory
from nbalign.align.naming import Naming
from nbalign.judge.key import judge_name
from nbalign.judge.session import JudgeOptions, choose_model
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class RunJudge:
    """The judge of a run.

    Attributes:
        model: Name of its model.
        memory: Version of its memory; empty for none.
        budget: Tokens of a notebook that it reads.
        evidence: Tokens of facts a dimension.
        name: Its name, which its judgements carry.
        base: Name of the same judge without a memory.
    """

    model: str
    memory: str
    budget: int
    evidence: int
    name: str
    base: str


def run_judge(rubric: Rubric, memory: Memory | None, options: JudgeOptions) -> RunJudge:
    """Names the judge that these options and this memory make.

    Args:
        rubric: The rubric.
        memory: What it was taught, which decides the budgets and, unless one is named, the model; None for nothing.
        options: Model and budgets.

    Raises:
        ModelError: If the model is missing or damaged.
    """
    if memory is not None:
        options = replace(
            options,
            model=options.model or memory.model,
            budget=int(memory.made_by["budget"]),
            evidence=int(memory.made_by["evidence_tokens"]),
        )
    model = choose_model(options.model)
    base = judge_name(model.name, model.sha256, rubric, options.budget, evidence=options.evidence)
    name = base
    if memory is not None:
        name = Naming(rubric, memory, options.budget, options.evidence).judge_of(model.name, model.sha256)
    version = "" if memory is None else memory.version
    return RunJudge(model.name, version, options.budget, options.evidence, name, base)
