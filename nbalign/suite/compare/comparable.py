"""Which runs may be compared, on which cases, and what must be said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.errors import UsageError
from nbalign.evaluate.report.words import count, line, listed
from nbalign.suite.compare.tallies import judge_of, tally
from nbalign.suite.runs.model import Run, ScoredRun


@dataclass(frozen=True, slots=True)
class Common:
    """What runs have in common.

    Attributes:
        cases: Cases asked in the same words and judged in every run, in the order of the first.
        only: For each run the cases judged in it and not in all others, in its order.
        same_judge: Whether one judge judged them all.
        notes: What a reader must know.
    """

    cases: tuple[str, ...]
    only: tuple[tuple[str, ...], ...]
    same_judge: bool
    notes: tuple[str, ...]


def common(runs: Sequence[ScoredRun], across_judges: bool = False) -> Common:
    """Checks that runs can be compared and finds the cases they share.

    Args:
        runs: Two or more; the first is the one that others are compared with.
        across_judges: Compare although different judges gave the scores.

    Raises:
        UsageError: If rubrics, scales or judges differ, a run has no scores, or no case is common; it says what.
    """
    first = runs[0].run
    notes: list[str] = []
    tallies = [tally(scored) for scored in runs]
    for scored, found in zip(runs, tallies, strict=True):
        if not found.cases():
            raise UsageError(
                f"the run {_name(scored.run)} has no scores, so that there is nothing to compare",
                "Judge it first: the same nbalign run command goes on where it stopped.",
            )
    for scored in runs[1:]:
        _check_rubric(runs[0], scored)
    same_judge = len({scored.run.judge for scored in runs}) == 1
    if not same_judge:
        _judges_differ(runs, across_judges)
        notes.append(
            "Different judges gave these scores: a difference may be one of judges and not of notebooks, "
            "and no measured error covers it."
        )
    other = [scored.run for scored in runs[1:] if scored.run.suite_sha256 != first.suite_sha256]
    if other:
        suites = " and ".join(dict.fromkeys(line(run.suite, 60) for run in (first, *other)))
        said = "different suites" if len({run.suite for run in (first, *other)}) > 1 else "different versions"
        notes.append(
            f"The runs are of {said} ({suites}); only tasks with the same name and words are compared, "
            "and their data may differ."
        )
    reworded = [case for case in _ids(first) if len({_prompt(scored.run, case) for scored in runs} - {None}) > 1]
    if reworded:
        notes.append(f"Asked in different words, so not compared: {listed([line(case, 60) for case in reworded])}.")
    judged = [found.cases() & set(_ids(scored.run)) for scored, found in zip(runs, tallies, strict=True)]
    shared = set.intersection(*judged) - set(reworded)
    if not shared:
        raise UsageError(
            f"the runs {', '.join(_name(scored.run) for scored in runs)} have no judged case in common",
            f"They are of the suites {', '.join(line(scored.run.suite, 60) for scored in runs)}; "
            "runs are compared case by case.",
        )
    only = tuple(
        tuple(case for case in _ids(scored.run) if case in mine - shared)
        for scored, mine in zip(runs, judged, strict=True)
    )
    for scored, lone in zip(runs, only, strict=True):
        if lone:
            notes.append(
                f"{count(len(lone), 'case')} without a judged counterpart in the other run left out of every figure, "
                f"judged in {_name(scored.run)} alone: {listed([line(case, 60) for case in lone])}."
                if len(runs) == 2
                else f"Left out, since not all runs have it judged: {listed([line(case, 60) for case in lone])} "
                f"of {_name(scored.run)}."
            )
    return Common(tuple(case for case in _ids(first) if case in shared), only, same_judge, tuple(notes))


def _check_rubric(first: ScoredRun, other: ScoredRun) -> None:
    a, b = first.run, other.run
    if a.rubric_sha256 != b.rubric_sha256:
        said = (
            f"the rubrics {line(a.rubric, 60)} and {line(b.rubric, 60)}"
            if a.rubric != b.rubric
            else f"different texts of the rubric {line(a.rubric, 60)}"
        )
        raise UsageError(
            f"{_name(a)} and {_name(b)} were scored with {said}, and such scores cannot be compared",
            "Judge one of them again with the other's rubric.",
        )
    scales = [(scored.dimensions, tuple(scored.levels), scored.not_applicable) for scored in (first, other)]
    if scales[0] != scales[1]:
        raise UsageError(
            f"{_name(a)} and {_name(b)} have different dimensions or scales",
            "Compare runs that were scored on the same ones.",
        )


def _judges_differ(runs: Sequence[ScoredRun], across_judges: bool) -> None:
    if across_judges:
        return
    first = runs[0].run
    other = next(scored.run for scored in runs if scored.run.judge != first.judge)
    raise UsageError(
        f"{_name(first)} and {_name(other)} were scored by different judges: {_judge(first)}; {_judge(other)}",
        "Judge one of them again with the other's judge, or compare them anyway: --across-judges.",
    )


def _judge(run: Run) -> str:
    return f"{line(run.judge, 80)} ({line(judge_of(run), 160)})"


def _ids(run: Run) -> list[str]:
    return [case.id for case in run.cases]


def _prompt(run: Run, case_id: str) -> str | None:
    return next((case.prompt for case in run.cases if case.id == case_id), None)


def _name(run: Run) -> str:
    return line(run.name, 60)
