"""An experiment from start to end: fold by fold, arm by arm. Whatever was computed before is not computed again."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nbalign.align.desk import Desk
from nbalign.align.lookup import word_vectors
from nbalign.errors import Cancelled
from nbalign.evaluate.experiment.asking import Answers, Asking
from nbalign.evaluate.experiment.fitting import Fitting, Judged, Known
from nbalign.evaluate.experiment.folds import assign
from nbalign.evaluate.experiment.learning import FoldMemory, Learning
from nbalign.evaluate.experiment.model import Cost, ExperimentResult
from nbalign.evaluate.experiment.options import needs_memory
from nbalign.evaluate.experiment.resulting import resulting
from nbalign.evaluate.experiment.setting import Setting
from nbalign.judge.batch import JudgeReport
from nbalign.judge.opened import open_judge
from nbalign.judge.probing import Tally
from nbalign.judge.session import Session
from nbalign.progress import OnProgress, silent

_NO_ANSWERS = Answers({}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the model's part of an experiment came to."""

    desk: Desk
    memories: Mapping[int, FoldMemory]
    answers: Answers
    costs: tuple[Cost, ...]
    notes: tuple[str, ...]


class Experiment:
    """One experiment.

    Args:
        setting: What it works on.
        previous: Folds of an earlier experiment, kept where they fit; None for none.
        progress: Told what is being done.
        cancel: Set it to stop; what is finished is kept.
    """

    def __init__(
        self,
        setting: Setting,
        previous: Mapping[str, int] | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> None:
        self._setting = setting
        self._progress = progress
        self._cancel = cancel
        self.folds = assign(
            setting.notebooks,
            setting.truth,
            setting.options.folds,
            setting.options.seed,
            setting.groups,
            previous=previous,
        )

    def run(self) -> ExperimentResult:
        """Runs all arms.

        Raises:
            ModelError: If the model cannot be had or fails; what is finished is kept.
            Cancelled: If it was stopped; the same experiment then goes on where it was.
        """
        arms = set(self._setting.options.arms)
        costs: list[Cost] = []
        base: Judged = {}
        bare: Judged = {}
        judge = ""
        if arms & {"base", "calibrated", "full+calibrated"} or needs_memory(tuple(arms)):
            report = self._judge("judging without a memory", self._setting.options.judge.evidence, costs)
            base, judge = _judged(report), report.judge
        if "bare" in arms:
            report = self._judge("judging without facts", 0, costs)
            bare, judge = _judged(report), judge or report.judge
        gathered = self._gather(base)
        known = Known(base, bare, gathered.answers.judged, gathered.answers.checked)
        fitting = Fitting(self._setting, gathered.desk, self.folds, gathered.memories, known)
        predictions = fitting.run(self._progress, self._stopping)
        return resulting(
            self._setting,
            gathered.desk,
            self.folds,
            gathered.memories,
            predictions,
            judge=judge,
            costs=(*costs, *gathered.costs),
            notes=gathered.notes,
        )

    def _judge(self, part: str, evidence: int, costs: list[Cost]) -> JudgeReport:
        """The unaligned judge's opinions of all notebooks, those that are missing computed now."""
        setting = self._setting
        options = replace(setting.options.judge, evidence=evidence, rationale=False)
        session = Session(setting.archive, setting.cache, setting.load, setting.rubric, options)
        subjects = [setting.subjects[sha256] for sha256 in setting.notebooks]
        report = session.run(subjects, setting.dimensions, self._progress, self._cancel)
        if report.stopped:
            raise Cancelled("stopped while judging; every finished score is kept")
        own = sum(j.tokens for j in report.judgements)
        costs.append(
            Cost(
                part,
                report.new,
                report.known,
                report.evaluated,
                max(0, own + sum(j.prefix_tokens for j in report.judgements) - report.evaluated),
                report.generated,
                report.seconds,
                own + sum({j.notebook: j.prefix_tokens for j in report.judgements}.values()),
                sum(j.seconds for j in report.judgements),
            )
        )
        return report

    def _gather(self, base: Judged) -> Gathered:
        """Learns the folds' memories and asks the model everything that the arms need."""
        setting = self._setting
        if not needs_memory(setting.options.arms):
            desk = Desk(setting.rubric, setting.notebooks, setting.load, None, self._progress)
            learning = Learning(setting, desk, self.folds)
            return Gathered(desk, learning.memories(None, base), _NO_ANSWERS, (), ())
        with open_judge(
            setting.store, setting.cache, setting.rubric, setting.options.judge, self._progress, self._cancel
        ) as opened:
            lookup, problem = word_vectors(opened)
            desk = Desk(setting.rubric, setting.notebooks, setting.load, lookup, self._progress)
            learning = Learning(setting, desk, self.folds)
            memories = learning.memories(opened, base, self._progress, self._stopping)
            answers = Asking(setting, opened, desk, self.folds, memories).run(self._progress, self._stopping)
            if answers is None:
                raise Cancelled("stopped; every finished answer is kept")
        costs = [learning.cost] if learning.cost.computed or learning.cost.known else []
        costs += [_cost(part, tally, *answers.ever[part]) for part, tally in answers.costs.items()]
        return Gathered(
            desk, memories, answers, tuple(c for c in costs if c.computed or c.known), (problem,) * bool(problem)
        )

    def _stopping(self) -> bool:
        return self._cancel is not None and self._cancel.is_set()


def _judged(report: JudgeReport) -> Judged:
    return {(j.notebook, j.dimension): j.probabilities for j in report.judgements}


def _cost(part: str, tally: Tally, tokens: int, seconds: float) -> Cost:
    return Cost(part, tally.computed, tally.known, tally.evaluated, tally.saved, 0, tally.seconds, tokens, seconds)
