"""The gate: refuses a regression, and refuses to call noise one.

A drop fails only where it is at least as large as the drop that is not allowed and where chance alone would hardly
make it: p below 5% after Holm's correction over all checks, the mean over dimensions included. So an unchanged
generator fails in at most about one of twenty gates, all dimensions together.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from nbalign.errors import UsageError
from nbalign.evaluate.experiment.bootstrap import RESAMPLES
from nbalign.evaluate.experiment.compare import holm
from nbalign.evaluate.report.words import count, line, listed
from nbalign.suite.compare.comparing import compare, missing_notes, restricted
from nbalign.suite.compare.gate_model import PASSED, REGRESSED, UNDECIDED, Check, Verdict
from nbalign.suite.compare.gate_words import alone, compared
from nbalign.suite.compare.model import Comparison, Row
from nbalign.suite.compare.single import single
from nbalign.suite.compare.tallies import brief
from nbalign.suite.runs.model import JudgeError, ScoredRun

FAILED = ("regression", "too low")
UNSURE = ("noise", "blind")


def gate(
    run: ScoredRun,
    baseline: ScoredRun | None,
    error: JudgeError | None,
    max_drop: float | None = None,
    min_score: float | None = None,
    dimensions: Collection[str] = (),
    *,
    max_missing: int | None = None,
    strict: bool = False,
    across_judges: bool = False,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Verdict:
    """Says whether a run may pass.

    Args:
        run: The run in question.
        baseline: The run it must not fall behind; None to ask for `min_score` or `max_missing` alone.
        error: What is known of the judge's error; None where no experiment tells. It changes no verdict: see
            `comparing` for why a test of "no difference" needs none.
        max_drop: The drop in a mean that is not allowed any more, in levels, above 0; needs a baseline.
        min_score: The least mean, in levels. Fails only where the upper end of the interval lies below it.
        dimensions: Only these; empty for all and their mean.
        max_missing: Most notebooks that the run may lack.
        strict: End with exit code 3 where a dimension is `noise` or `blind`.
        across_judges: Compare although different judges gave the scores.
        resamples: Behind each interval.
        seed: Of the resamples.

    Raises:
        UsageError: If nothing is asked for, a bound makes no sense, or the runs cannot be compared.
    """
    _check(run, baseline, max_drop, min_score, max_missing)
    if baseline is not None:
        found: Comparison | None = compare(
            baseline,
            run,
            error,
            resamples=resamples,
            seed=seed,
            across_judges=across_judges,
            dimensions=dimensions,
            max_drop=max_drop,
        )
        assert found is not None
        checks = _against(found, max_drop, min_score)
        notes = found.notes
    else:
        found = None
        rows = single(restricted(run, dimensions), resamples=resamples, seed=seed, max_drop=max_drop)
        checks = tuple(alone(row, min_score) for row in rows)
        notes = tuple(missing_notes([brief(run)]))
    lacking = max_missing is not None and run.missing > max_missing
    code = _code(checks, lacking, strict)
    return Verdict(
        run=run.run.name,
        against="" if baseline is None else baseline.run.name,
        max_drop=max_drop,
        min_score=min_score,
        max_missing=max_missing,
        strict=strict,
        checks=checks,
        missing=run.missing,
        baseline_missing=0 if baseline is None else baseline.missing,
        too_many_missing=lacking,
        notes=notes,
        comparison=found,
        headline=_headline(checks, run.missing if lacking else 0, code),
        exit_code=code,
    )


def _check(
    run: ScoredRun,
    baseline: ScoredRun | None,
    max_drop: float | None,
    min_score: float | None,
    max_missing: int | None,
) -> None:
    if (baseline is None or max_drop is None) and min_score is None and max_missing is None:
        raise UsageError(
            "this gate asks for nothing",
            "Give it a baseline and the drop that is not allowed (--baseline RUN --max-drop 0.2), or --min-score.",
        )
    if max_drop is not None and not (max_drop > 0 and math.isfinite(max_drop)):
        raise UsageError(f"a gate cannot allow a drop of {max_drop}", "It needs a number of levels above 0, as 0.2.")
    if min_score is not None and not run.levels[0] <= min_score <= run.levels[-1]:
        raise UsageError(
            f"the least mean {min_score} is not on the scale", f"It is from {run.levels[0]} to {run.levels[-1]}."
        )
    if max_missing is not None and max_missing < 0:
        raise UsageError(f"a run cannot lack {max_missing} notebooks", "--max-missing is 0 or more.")
    if baseline is not None and baseline.run.name == run.run.name:
        raise UsageError(f"the run {line(run.run.name, 60)} is its own baseline", "Name another run with --baseline.")


def _against(found: Comparison, max_drop: float | None, min_score: float | None) -> tuple[Check, ...]:
    rows = [*found.rows, *([found.macro] if len(found.rows) > 1 else [])]
    adjusted = corrected(rows)
    return tuple(compared(row, adjusted[row.dimension], max_drop, min_score, found.levels) for row in rows)


def corrected(rows: Collection[Row]) -> Mapping[str, float]:
    """Holm's p-values over all rows of a gate, the mean over dimensions included; 1 where a row has no pairs."""
    used = [row for row in rows if row.pairs]
    found = dict(zip((row.dimension for row in used), holm([row.p for row in used]), strict=True))
    return {row.dimension: found.get(row.dimension, 1.0) for row in rows}


def _code(checks: Collection[Check], lacking: bool, strict: bool) -> int:
    states = {check.state for check in checks}
    if lacking or states & {*FAILED}:
        return REGRESSED
    if "not judged" in states or (strict and states & {*UNSURE}):
        return UNDECIDED
    return PASSED


def _headline(checks: Collection[Check], lacking: int, code: int) -> str:
    """The outcome, the worst first."""

    def named(*states: str) -> str:
        return listed([line(check.title, 60) for check in checks if check.state in states], 12)

    said = []
    if named("regression"):
        said.append(f"regression in {named('regression')}")
    if named("too low"):
        said.append(f"too low: {named('too low')}")
    if lacking:
        said.append(f"{count(lacking, 'notebook')} missing")
    if named("not judged"):
        said.append(f"not judged: {named('not judged')}")
    if named("noise"):
        said.append(f"a drop that may be noise in {named('noise')}")
    if named("blind"):
        said.append(f"too few cases to see a drop in {named('blind')}")
    word = {PASSED: "Pass", REGRESSED: "Fail", UNDECIDED: "Cannot be judged"}[code]
    return f"{word}: {'; '.join(said)}." if said else f"{word}."
