"""What the training folds teach: one memory a held-out fold, with nothing of that fold in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nbalign.align.checks import Check, guideline_checks, rubric_checks, without_twins
from nbalign.align.desk import Desk
from nbalign.align.distill import Distillations, Distilled, Distiller, batches, candidates_of, merge
from nbalign.align.guidelines import strength
from nbalign.align.model import Guideline
from nbalign.align.precedents import precedents
from nbalign.align.retrieve import Neighbour, Retriever
from nbalign.evaluate.experiment.model import Cost
from nbalign.evaluate.experiment.setting import Key, Setting
from nbalign.judge.decide import expected
from nbalign.judge.opened import OpenJudge
from nbalign.progress import OnProgress, silent

DISTILLING = "distilling guidelines"


@dataclass(frozen=True, slots=True, eq=False)
class FoldMemory:
    """What is known where one fold is held out.

    Attributes:
        fold: The held-out fold.
        held_out: Its notebooks: they are never retrieved.
        guidelines: Dimension id -> guidelines, the strongest first.
        retriever: Finds precedents among the training notebooks alone.
        checks: Dimension id -> checks made from the rubric and these guidelines.
    """

    fold: int
    held_out: frozenset[str]
    guidelines: Mapping[str, tuple[Guideline, ...]]
    retriever: Retriever
    checks: Mapping[str, tuple[Check, ...]]

    def near(self, desk: Desk, notebook: str, dimension: str, k: int) -> list[Neighbour]:
        """The k precedents nearest to a notebook, none of them held out."""
        return self.retriever.neighbours(desk.query(notebook, dimension), k, exclude=self.held_out)

    def check_ids(self, dimension: str) -> frozenset[str]:
        """Ids of the checks of a dimension."""
        return frozenset(check.id for check in self.checks.get(dimension, ()))


class Learning:
    """Makes the memories of all folds.

    Args:
        setting: The experiment.
        desk: The notebooks.
        folds: Notebook -> fold.

    Attributes:
        cost: What distilling cost.
    """

    def __init__(self, setting: Setting, desk: Desk, folds: Mapping[str, int]) -> None:
        self._setting = setting
        self._desk = desk
        self._folds = folds
        self._lessons = [lesson for lesson in setting.teaching if lesson.notebook in desk.notebooks]
        self.cost = Cost(DISTILLING, 0, 0, 0, 0, 0, 0.0, 0, 0.0)

    def memories(
        self,
        opened: OpenJudge | None,
        base: Mapping[Key, Mapping[int, float]],
        progress: OnProgress = silent,
        stopping: Callable[[], bool] = lambda: False,
    ) -> dict[int, FoldMemory]:
        """One memory a held-out fold.

        What a fold's labels say is distilled once, and is part of the memories of all *other* folds.

        Args:
            opened: The loaded judge; None where no arm needs guidelines.
            base: The unaligned judge's distributions: guidelines come from where it and the raters differ.
            progress: Told how many batches are distilled.
            stopping: Asked between batches; True stops.
        """
        distilled: list[Distilled] = []
        if opened is not None and self._wants_guidelines():
            distilled = self._distil(opened, base, progress, stopping)
        return {fold: self._memory(fold, distilled) for fold in sorted(set(self._folds.values()))}

    def _wants_guidelines(self) -> bool:
        options = self._setting.options
        shown = {"semantic", "full", "full+calibrated"} & set(options.arms)
        return bool(shown) or ("checks" in options.arms and options.guideline_checks > 0)

    def _distil(
        self,
        opened: OpenJudge,
        base: Mapping[Key, Mapping[int, float]],
        progress: OnProgress,
        stopping: Callable[[], bool],
    ) -> list[Distilled]:
        scale = self._setting.rubric.scale
        judged = {key: expected(probabilities, scale) for key, probabilities in base.items()}
        made = batches(self._lessons, judged, self._folds, opened.engine.count)
        archive = Distillations(self._setting.store)
        distiller = Distiller(opened.engine, archive, self._setting.rubric, opened.model_sha256)
        found = distiller.run(made.batches, progress, stopping)
        answers = [answer for one in found for answer in one.answers]
        new = [answer for answer in answers if answer.new]
        self.cost = Cost(
            part=DISTILLING,
            computed=len(new),
            known=len(answers) - len(new),
            evaluated=sum(answer.tokens for answer in new),
            saved=sum(answer.tokens for answer in answers if not answer.new),
            generated=sum(answer.generated for answer in new),
            seconds=sum(answer.seconds for answer in new),
            evaluated_ever=sum(answer.tokens + answer.generated for answer in answers),
            seconds_ever=sum(answer.seconds for answer in answers),
        )
        return found

    def _memory(self, fold: int, distilled: Sequence[Distilled]) -> FoldMemory:
        setting = self._setting
        held_out = frozenset(notebook for notebook, at in self._folds.items() if at == fold)
        training = [lesson for lesson in self._lessons if lesson.notebook not in held_out]
        guidelines = self._guidelines([one for one in distilled if one.batch.group != fold])
        cases = precedents(training, self._desk.add)
        queries = {(p.notebook, p.dimension): self._desk.query(p.notebook, p.dimension) for p in cases}
        return FoldMemory(
            fold=fold,
            held_out=held_out,
            guidelines=guidelines,
            retriever=Retriever(cases, queries, self._desk.meaning, setting.rubric.scale.not_applicable),
            checks={d.id: self._checks(d.id, guidelines.get(d.id, ())) for d in setting.dimensions},
        )

    def _checks(self, dimension_id: str, guidelines: Sequence[Guideline]) -> tuple[Check, ...]:
        options, rubric = self._setting.options, self._setting.rubric
        dimension = rubric.dimension(dimension_id)
        made = rubric_checks(rubric, dimension, options.rubric_checks) if options.rubric_checks else []
        if options.guideline_checks:
            made = [*made, *guideline_checks(rubric, dimension, guidelines, options.guideline_checks)]
        return tuple(without_twins(made))

    def _guidelines(self, distilled: Sequence[Distilled]) -> dict[str, tuple[Guideline, ...]]:
        """Of the training folds alone. What experts accepted or wrote is left out: they had seen every label."""
        found: dict[str, list[Guideline]] = {}
        for guideline in merge(self._setting.rubric.id, candidates_of(distilled)):
            found.setdefault(guideline.dimension, []).append(guideline)
        return {dimension: tuple(sorted(many, key=strength)) for dimension, many in found.items()}
