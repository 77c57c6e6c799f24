"""What a gate says about a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbalign.suite.compare.model import Comparison, Interval, Power

State = Literal["pass", "regression", "too low", "noise", "blind", "not judged"]

PASSED = 0
REGRESSED = 1
UNDECIDED = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One dimension, or the mean over all of them.

    Attributes:
        dimension: Dimension id; `MACRO` for the mean.
        title: For people.
        state: `pass`; `regression` (a drop of at least what is allowed, and distinguishable from noise); `too low`
            (the whole interval of the mean lies below the minimum); `noise` (such a drop, not distinguishable);
            `blind` (no such drop, but one would easily have been missed); `not judged` (nothing to compare).
        sentence: Why, in plain words.
        mean: Of the run, over the cases looked at; None without any level.
        baseline: Of the baseline; None without one, or without any level.
        change: Run minus baseline, judged; None without pairs.
        true: The same between settled scores, where the judge's error is known.
        adjusted: p-value of no change after Holm's correction over all checks of the gate; 1 without pairs.
        power: What the comparison could see; before there is anything to compare with, what it will be able to.
    """

    dimension: str
    title: str
    state: State
    sentence: str
    mean: Interval | None
    baseline: Interval | None
    change: Interval | None
    true: Interval | None
    adjusted: float
    power: Power | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says.

    Attributes:
        run: Name of the run.
        against: Name of the baseline; empty without one.
        max_drop: The drop that is allowed, in levels; None where drops were not looked at.
        min_score: The least mean; None where none was asked for.
        max_missing: Most missing notebooks; None where they were not looked at.
        strict: Whether `noise` and `blind` end with exit code 3.
        checks: One a dimension, then, of several, the mean over all.
        missing: Notebooks that the run lacks.
        baseline_missing: Notebooks that the baseline lacks; 0 without one.
        too_many_missing: Whether the run lacks more than `max_missing`.
        notes: What a reader must know.
        comparison: What it rests on; None without a baseline.
        headline: The outcome in one sentence.
        exit_code: 0 pass, 1 regression, 3 could not be judged.
    """

    run: str
    against: str
    max_drop: float | None
    min_score: float | None
    max_missing: int | None
    strict: bool
    checks: tuple[Check, ...]
    missing: int
    baseline_missing: int
    too_many_missing: bool
    notes: tuple[str, ...]
    comparison: Comparison | None
    headline: str
    exit_code: int
