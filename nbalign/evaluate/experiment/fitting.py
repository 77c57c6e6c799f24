"""What every arm says: fitted on the training folds, said of the held-out one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nbalign.align.blend import blended, share_of
from nbalign.align.calibrate import Taught, fit
from nbalign.align.calibrate.model import Estimate, View
from nbalign.align.desk import Desk
from nbalign.align.learned import ARM_BLOCKS
from nbalign.align.model import Lesson
from nbalign.errors import Cancelled
from nbalign.evaluate.experiment.learning import FoldMemory
from nbalign.evaluate.experiment.model import Prediction
from nbalign.evaluate.experiment.setting import Key, Setting
from nbalign.progress import OnProgress, Progress

Judged = Mapping[Key, Mapping[int, float]]  # (notebook, dimension) -> distribution


@dataclass(frozen=True, slots=True)
class Known:
    """What fits may look at, besides the labels of the training folds.

    Attributes:
        base: The unaligned judge's distributions; empty where no arm asks for them.
        bare: The same without facts.
        with_memory: (arm, notebook, dimension) -> distribution of the judge with that fold's memory.
        checked: (notebook, dimension) -> check id -> probability of yes.
    """

    base: Judged
    bare: Judged
    with_memory: Mapping[tuple[str, str, str], Mapping[int, float]]
    checked: Mapping[Key, Mapping[str, float]]


class Fitting:
    """Makes the predictions of an experiment.

    Args:
        setting: The experiment.
        desk: The notebooks.
        folds: Notebook -> fold.
        memories: Held-out fold -> what was learned from the others.
        known: What the model said.
    """

    def __init__(
        self,
        setting: Setting,
        desk: Desk,
        folds: Mapping[str, int],
        memories: Mapping[int, FoldMemory],
        known: Known,
    ) -> None:
        self._setting = setting
        self._desk = desk
        self._folds = folds
        self._memories = memories
        self._known = known
        self._lessons = self._by_dimension(setting.lessons)
        self._teaching = self._by_dimension(setting.teaching)

    def run(self, progress: OnProgress, stopping: Callable[[], bool] = lambda: False) -> list[Prediction]:
        """All predictions of all arms, one a held-out notebook and dimension with a settled score.

        Args:
            progress: Told how many fits are done.
            stopping: Asked between them.

        Raises:
            Cancelled: If it was stopped; fits are quick beside answers, and are made anew.
        """
        found: list[Prediction] = []
        held_out = sorted(set(self._folds.values()))
        total = len(self._setting.dimensions) * len(held_out)
        for n, dimension in enumerate(self._setting.dimensions):
            for m, fold in enumerate(held_out):
                if stopping():
                    raise Cancelled("stopped; every finished answer is kept")
                progress(Progress("fitting", n * len(held_out) + m, total, "fits"))
                found += self._fold(dimension.id, fold)
        progress(Progress("fitting", total, total, "fits"))
        return found

    def _by_dimension(self, lessons: Sequence[Lesson]) -> dict[str, list[Lesson]]:
        found: dict[str, list[Lesson]] = {}
        for lesson in lessons:
            if lesson.notebook in self._desk.notebooks:
                found.setdefault(lesson.dimension, []).append(lesson)
        return found

    def _fold(self, dimension: str, fold: int) -> list[Prediction]:
        training = [lesson for lesson in self._teaching.get(dimension, []) if self._folds[lesson.notebook] != fold]
        held = [lesson.notebook for lesson in self._lessons.get(dimension, []) if self._folds[lesson.notebook] == fold]
        if not training or not held:
            return []
        found: list[Prediction] = []
        for arm in self._setting.options.ordered_arms():
            say = self._arm(arm, dimension, fold, training)
            for notebook in held:
                if (estimate := say(notebook)) is not None:
                    found.append(
                        Prediction(
                            arm,
                            notebook,
                            dimension,
                            estimate.score,
                            estimate.expected,
                            dict(estimate.probabilities),
                            fold,
                        )
                    )
        return found

    def _arm(self, arm: str, dimension: str, fold: int, training: Sequence[Lesson]) -> Callable[[str], Estimate | None]:
        """What an arm says of a notebook, having learned from these lessons alone."""
        known = self._known
        if arm == "constant":
            constant = self._constant([lesson.score for lesson in training])
            return lambda notebook: constant
        if arm in ("base", "bare"):
            judged = known.base if arm == "base" else known.bare
            return lambda notebook: self._as_is(judged.get((notebook, dimension)))
        if arm in ("semantic", "episodic", "full"):
            return lambda notebook: self._as_is(known.with_memory.get((arm, notebook, dimension)))
        taught = self._taught(arm, dimension, fold, training)
        fitted = fit(taught, self._setting.rubric.scale, ARM_BLOCKS[arm])
        if arm != "full+calibrated":
            return lambda notebook: fitted.predict(self._view(arm, notebook, dimension, fold))

        scale = self._setting.rubric.scale
        share = share_of(fitted, taught, scale)

        def both(notebook: str) -> Estimate | None:
            estimate = fitted.predict(self._view(arm, notebook, dimension, fold))
            with_memory = known.with_memory.get(("full", notebook, dimension))
            return estimate if with_memory is None else blended(estimate, with_memory, share, scale)

        return both

    def _taught(self, arm: str, dimension: str, fold: int, training: Sequence[Lesson]) -> list[Taught]:
        return [
            Taught(
                self._view(arm, lesson.notebook, dimension, fold),
                lesson.score,
                tuple(remark.text for remark in lesson.remarks),
            )
            for lesson in training
        ]

    def _view(self, arm: str, notebook: str, dimension: str, fold: int) -> View:
        asked = self._memories[fold].check_ids(dimension)
        answers = self._known.checked.get((notebook, dimension), {})
        return self._desk.view(
            notebook,
            dimension,
            judged=self._known.base.get((notebook, dimension)) if "judged" in ARM_BLOCKS[arm] else None,
            checks={id: p for id, p in answers.items() if id in asked} if "checks" in ARM_BLOCKS[arm] else None,
        )

    def _as_is(self, probabilities: Mapping[int, float] | None) -> Estimate | None:
        return None if probabilities is None else Estimate.of(probabilities, self._setting.rubric.scale)

    def _constant(self, scores: Sequence[int]) -> Estimate | None:
        """The lower median of the ordinal training scores, said of everything."""
        levels = sorted(score for score in scores if score in self._setting.rubric.scale.levels)
        if not levels:
            return None
        median = levels[(len(levels) - 1) // 2]
        return Estimate({median: 1.0}, float(median), median)
