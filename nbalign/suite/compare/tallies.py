"""The scores of a run, by dimension and case, split into what can be averaged and what can only be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbalign.suite.compare.model import RunBrief
from nbalign.suite.runs.model import Run, ScoredRun


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A run's scores.

    Attributes:
        by_case: Dimension id -> case id -> (repeat, score), in the order of the repeats, N/A's digit included.
        levels: The scale's ordinal digits.
        not_applicable: The digit that means N/A, or None.
    """

    by_case: Mapping[str, Mapping[str, tuple[tuple[int, int], ...]]]
    levels: tuple[int, ...]
    not_applicable: int | None

    def cases(self) -> set[str]:
        """Cases with any score."""
        return {case for scores in self.by_case.values() for case in scores}

    def mean(self, dimension: str, case: str) -> float | None:
        """Mean level over the repeats of a case; None where none of them has a level."""
        found = [score for _, score in self._scores(dimension, case) if score in self.levels]
        return sum(found) / len(found) if found else None

    def means(self, dimension: str, cases: Iterable[str]) -> dict[str, float]:
        """Case -> mean level, for the cases that have one."""
        return {case: mean for case in cases if (mean := self.mean(dimension, case)) is not None}

    def only_na(self, dimension: str, case: str) -> bool:
        """Whether a case was judged and every notebook of it is N/A."""
        scores = self._scores(dimension, case)
        return bool(scores) and all(score == self.not_applicable for _, score in scores)

    def counts(self, dimension: str, cases: Iterable[str]) -> dict[int, int]:
        """Value of the scale -> notebooks of these cases, every value of the scale included, N/A last."""
        found = Counter(score for case in cases for _, score in self._scores(dimension, case))
        last = () if self.not_applicable is None else (self.not_applicable,)
        return {value: found[value] for value in (*self.levels, *last)}

    def _scores(self, dimension: str, case: str) -> tuple[tuple[int, int], ...]:
        return self.by_case.get(dimension, {}).get(case, ())


def tally(scored: ScoredRun) -> Tally:
    """Sorts the scores of a run; what is not on its scale is left out."""
    values = {*scored.levels} | ({scored.not_applicable} if scored.not_applicable is not None else set())
    found: dict[str, dict[str, dict[int, int]]] = {dimension: {} for dimension, _ in scored.dimensions}
    for score in scored.scores:
        if score.dimension in found and score.score in values:
            found[score.dimension].setdefault(score.case, {})[score.repeat] = score.score
    by_case = {
        dimension: {case: tuple(sorted(repeats.items())) for case, repeats in cases.items()}
        for dimension, cases in found.items()
    }
    return Tally(by_case, tuple(scored.levels), scored.not_applicable)


def unjudged(scored: ScoredRun) -> int:
    """Notebooks of a run that were made and have no score at all."""
    known = {(score.case, score.repeat) for score in scored.scores}
    return sum(bool(made.notebook) and (made.case, made.repeat) not in known for made in scored.productions)


def judge_of(run: Run) -> str:
    """A run's judge in words; its name, `Run.judge`, is what tells it apart from others."""
    memory = f"memory {run.memory}" if run.memory else "unaligned"
    return f"{run.model}, {memory}, {run.budget} tokens of a notebook, {run.evidence} of facts"


def brief(scored: ScoredRun) -> RunBrief:
    """A run as comparisons name it."""
    run = scored.run
    return RunBrief(
        name=run.name,
        generator=run.generator,
        judge=judge_of(run),
        cases=len(run.cases),
        repeats=run.repeats,
        missing=scored.missing,
        unjudged=unjudged(scored),
        at=run.at,
    )
