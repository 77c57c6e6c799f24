"""A run: the notebooks that one generator wrote for one suite, judged by one judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.suite.model import Case


@dataclass(frozen=True, slots=True)
class Run:
    """What a run is, apart from its notebooks.

    Attributes:
        name: Unique in the workspace.
        suite: Id of the suite.
        suite_sha256: The exact suite.
        cases: The cases asked for, in order.
        generator: The generator's name.
        identity: Everything that decides what the generator writes, by name.
        repeats: Notebooks asked for of each case.
        seed: Of the run.
        rubric: Rubric id.
        rubric_sha256: The exact rubric.
        model: Name of the judge's model.
        memory: Version of the judge's memory; empty for the unaligned judge.
        budget: Tokens of a notebook that the judge reads.
        evidence: Tokens of facts a dimension.
        judge: Name of the judge, which its judgements carry.
        base_judge: Name of the same judge without a memory; the same as `judge` for an unaligned one.
        at: UTC time it was begun.
        note: What the user said of it; may be empty.
    """

    name: str
    suite: str
    suite_sha256: str
    cases: tuple[CaseBrief, ...]
    generator: str
    identity: Mapping[str, str]
    repeats: int
    seed: int
    rubric: str
    rubric_sha256: str
    model: str
    memory: str
    budget: int
    evidence: int
    judge: str
    base_judge: str
    at: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """What a run remembers of a case, so that it can be understood when the suite is gone.

    Attributes:
        id: The case.
        prompt: What was asked.
        kind: What kind of problem.
        size: How much data.
        tags: Free words.
        not_applicable: Dimensions that a good answer has nothing to do with.
    """

    id: str
    prompt: str
    kind: str
    size: str
    tags: tuple[str, ...]
    not_applicable: frozenset[str]

    @classmethod
    def of(cls, case: Case) -> CaseBrief:
        """What is remembered of a case."""
        return cls(case.id, case.prompt, case.kind, case.size, case.tags, case.not_applicable)


@dataclass(frozen=True, slots=True)
class Production:
    """What came of one case and repeat.

    Attributes:
        case: Case id.
        repeat: 1 and up.
        notebook: Content hash in the workspace; empty where no notebook could be made.
        problem: Why there is none; empty when there is one.
        evaluated: Prompt tokens that a local model read for it.
        generated: Tokens that a local model wrote for it.
        seconds: Wall seconds to write it.
        failed_cells: Code cells that did not end well.
        notes: Plain sentences of the generator.
        at: UTC time.
    """

    case: str
    repeat: int
    notebook: str
    problem: str
    evaluated: int
    generated: int
    seconds: float
    failed_cells: int
    notes: tuple[str, ...]
    at: str


@dataclass(frozen=True, slots=True)
class RunScore:
    """What the run's judge says of one of its notebooks on one dimension.

    Attributes:
        case: Case id.
        repeat: 1 and up.
        notebook: Content hash.
        dimension: Dimension id.
        score: The decided score, N/A's digit included.
        expected: Mean of the ordinal digits before rounding.
        rationale: Why; empty until asked for.
        key: Key of the judgement.
    """

    case: str
    repeat: int
    notebook: str
    dimension: str
    score: int
    expected: float
    rationale: str
    key: str


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run with everything that came of it: what comparisons and gates are made of.

    Attributes:
        run: What it is.
        productions: One a case and repeat that was tried, in the order of the cases.
        scores: One a notebook and dimension that was judged.
        dimensions: (id, title) in the rubric's order.
        levels: The scale's ordinal digits, ascending.
        not_applicable: The digit that means N/A, or None.
    """

    run: Run
    productions: tuple[Production, ...]
    scores: tuple[RunScore, ...]
    dimensions: tuple[tuple[str, str], ...]
    levels: tuple[int, ...]
    not_applicable: int | None

    @property
    def missing(self) -> int:
        """Notebooks that the run asks for and that could not be made or are not made yet."""
        return len(self.run.cases) * self.run.repeats - sum(bool(made.notebook) for made in self.productions)


@dataclass(frozen=True, slots=True)
class JudgeError:
    """How far the judge is from the raters, as cross-validation measured it.

    Attributes:
        experiment: Id of the experiment.
        arm: The arm that is this judge.
        pairs: Dimension id -> (notebook, what the judge said with that notebook held out, what the raters settled
            on); N/A included on both sides.
    """

    experiment: str
    arm: str
    pairs: Mapping[str, tuple[tuple[str, int, int], ...]]
