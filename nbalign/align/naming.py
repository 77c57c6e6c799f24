"""What an aligned judgement is called: the key of all that makes it, and the name of its judge."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.align.model import Memory
from nbalign.align.versions import versions
from nbalign.judge.key import judge_name, key
from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class Naming:
    """Names what a judge with one memory says.

    Attributes:
        rubric: The rubric.
        memory: What the judge was taught.
        budget: Digest tokens asked for.
        evidence: Tokens of evidence asked for.
    """

    rubric: Rubric
    memory: Memory
    budget: int
    evidence: int

    def made_by(self, judgement: Judgement) -> dict[str, str]:
        """Everything that makes the aligned judgement that goes with an unaligned one.

        The versions of what reads a memory belong to it: another nbalign may make something else of the same memory.
        """
        made = {name: value for name, value in judgement.made_by.items() if name != "evidence_text"}
        return {**made, "memory": self.memory.version, **{f"aligned.{name}": v for name, v in versions().items()}}

    def key(self, judgement: Judgement) -> str:
        """The key of the aligned judgement that goes with an unaligned one."""
        return key(self.made_by(judgement))

    def judge(self, judgement: Judgement) -> str:
        """The name of the aligned judge, as the unaligned judgement beside it tells the model."""
        return self.judge_of(judgement.made_by["model"], judgement.made_by["model_sha256"])

    def judge_of(self, model: str, model_sha256: str) -> str:
        """The name of the aligned judge of a model."""
        made_of = [self.memory.version, *(f"{name} {value}" for name, value in versions().items())]
        return judge_name(
            model,
            model_sha256,
            self.rubric,
            self.budget,
            " ".join(made_of),
            evidence=self.evidence,
        )
