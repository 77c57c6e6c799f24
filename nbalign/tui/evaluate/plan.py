"""An experiment before it is started: what was chosen, what it would cost, and the job that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nbalign.evaluate.experiment.options import ARMS, DEFAULT_ARMS, ExperimentOptions, needs_checks
from nbalign.evaluate.report.words import count
from nbalign.jobs.model import JobSpec
from nbalign.jobs.outlay import Speed, outlay
from nbalign.jobs.pace import duration
from nbalign.tui.evaluate.reading import Ground
from nbalign.tui.plain import one_line

FOLDS, RESAMPLES, MOST_SEED = (2, 1000), (100, 1_000_000), 2**63 - 1
WORDS: Mapping[str, str] = {
    "constant": "the median of the training folds",
    "counts": "crude counts of the text, fitted",
    "evidence": "facts read off the code, fitted",
    "bare": "the judge as it is, shown no facts",
    "base": "the judge as it is, with facts",
    "semantic": "the judge with guidelines",
    "episodic": "the judge with precedents",
    "full": "the judge with both",
    "checks": "yes/no questions, fitted",
    "calibrated": "judge, facts, counts, words: fitted",
    "full+calibrated": "all of it: what `nbalign align` makes",
}
"""Each arm in a few words."""


def asks_model(arm: str) -> bool:
    """Whether an arm needs a language model."""
    return ExperimentOptions(arms=(arm,)).asks_model


WITHOUT_MODEL = tuple(arm for arm in ARMS if not asks_model(arm))
USUAL = DEFAULT_ARMS
_MODEL = 40  # characters of a model's name


@dataclass(frozen=True, slots=True)
class Plan:
    """What an experiment is to do.

    Attributes:
        arms: Names of arms.
        dimensions: Dimension ids; none means all.
        folds: K.
        bootstrap: Resamples behind each interval.
        seed: Of folds and resamples.
        group: `notebook` or `case`.
        model: Name of the model that is asked; empty for the one that judges here.
        checks: Whether yes/no checks are asked too, where an arm has any.
    """

    arms: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    folds: int = 4
    bootstrap: int = 10_000
    seed: int = 0
    group: str = "notebook"
    model: str = ""
    checks: bool = True

    @property
    def options(self) -> ExperimentOptions:
        """The same as an experiment takes it, but for the model."""
        found = ExperimentOptions(arms=self.arms, dimensions=self.dimensions, folds=max(self.folds, FOLDS[0]))
        return found if self.checks else replace(found, rubric_checks=0, guideline_checks=0)

    def job(self, workspace: Path, rubric: str, ground: Ground) -> JobSpec:
        """The job that runs it in a workspace, under a rubric."""
        arguments: dict[str, object] = {
            "arms": list(self.arms),
            "dimensions": list(self.dimensions),
            "folds": self.folds,
            "bootstrap": self.bootstrap,
            "seed": self.seed,
            "group": self.group,
            "rubric": rubric,
        }
        if self.options.asks_model and self.model:
            arguments["model"] = self.model
        if needs_checks(self.arms) and not self.checks:
            arguments |= {"rubric_checks": 0, "guideline_checks": 0}
        title = f"experiment: {count(len(self.arms), 'arm')} on {count(ground.notebooks, 'notebook')}"
        return JobSpec("evaluate", workspace, arguments, title)


def problem(plan: Plan, ground: Ground) -> str:
    """Why a plan cannot be carried out, one sentence; empty where it can."""
    if not plan.arms:
        return "Choose at least one arm (Space)."
    if not FOLDS[0] <= plan.folds <= FOLDS[1]:
        return f"Folds: a whole number from {FOLDS[0]} to {FOLDS[1]}."
    if not RESAMPLES[0] <= plan.bootstrap <= RESAMPLES[1]:
        return f"Resamples: a whole number from {RESAMPLES[0]} to {RESAMPLES[1]:,}."
    if not 0 <= plan.seed <= MOST_SEED:
        return "Seed: a whole number from 0."
    if ground.notebooks < FOLDS[0]:
        return f"Cross-validation needs 2 notebooks with settled scores; there is {ground.notebooks or 'none'} yet."
    if not _evaluated(plan, ground):
        return "No score is settled in these dimensions: take others in (Space)."
    if "checks" in plan.arms and not plan.checks:
        return "The arm checks is nothing but yes/no checks: take them in, or the arm out."
    if plan.options.asks_model and ground.engines.speed(plan.model) is None:
        missing = one_line(ground.engines.judging, _MODEL)
        return f"No model is here to ask: nbalign models pull {missing}. Arms that ask none go without (a)."
    return ""


def cost(plan: Plan, ground: Ground) -> str:
    """What a plan costs, roughly, in a sentence or two.

    Args:
        plan: A plan without a problem.
        ground: What it stands on.
    """
    options = plan.options
    if not options.asks_model:
        return "Asks no model: about a minute."
    speed = ground.engines.speed(plan.model) or Speed(plan.model)
    asked = outlay(options, ground.notebooks, _evaluated(plan, ground), speed)
    said = f"Asks {one_line(speed.model, _MODEL)} for at most {count(asked.scores, 'score')}"
    if asked.checks:
        said += f" and {count(asked.checks, 'short check')}"
    if asked.distils:
        said += ", and for guidelines"
    said += f": up to {asked.tokens:,} tokens, "
    if asked.seconds is not None:
        said += f"{duration(asked.seconds)} at {speed.rate:,.0f} tokens/s as here"
    else:
        said += "hours on a few cores"
    return f"{said}. Answers that are kept are not asked again."


def _evaluated(plan: Plan, ground: Ground) -> int:
    """How many dimensions would be evaluated: those of the plan in which any score is settled."""
    settled = {dimension for dimension, scores in (ground.settled or {}).items() if scores}
    return len(settled & set(plan.dimensions or settled))
