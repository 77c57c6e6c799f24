"""From predictions to the one object that terminal, JSON and HTML show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from nbalign.align.desk import Desk
from nbalign.align.model import Guideline, Lesson
from nbalign.align.versions import versions
from nbalign.evaluate.experiment.best import best_arm
from nbalign.evaluate.experiment.folds import folds_note
from nbalign.evaluate.experiment.learning import FoldMemory
from nbalign.evaluate.experiment.model import (
    Cost,
    Disagreement,
    ExperimentResult,
    FoldGuideline,
    Noise,
    Prediction,
)
from nbalign.evaluate.experiment.setting import Setting
from nbalign.evaluate.experiment.summary import notes as notes_on_rows
from nbalign.evaluate.experiment.summary import summarise
from nbalign.evidence.block import line

WORST = 20  # remaining disagreements listed
_FACTS = 6  # of each


def resulting(
    setting: Setting,
    desk: Desk,
    folds: Mapping[str, int],
    memories: Mapping[int, FoldMemory],
    predictions: Sequence[Prediction],
    *,
    judge: str,
    costs: Sequence[Cost],
    notes: Sequence[str],
) -> ExperimentResult:
    """Works out everything that is reported.

    Args:
        setting: The experiment.
        desk: The notebooks.
        folds: Notebook -> fold.
        memories: Held-out fold -> what was learned from the others.
        predictions: Of all arms.
        judge: Name of the unaligned judge, with facts where one of both was asked; empty for none.
        costs: What the parts cost.
        notes: What must be said, from elsewhere.
    """
    options, rubric = setting.options, setting.rubric
    arms = options.ordered_arms()
    rows, differences, floors = summarise(
        rubric,
        predictions,
        setting.truth,
        setting.labels,
        arms,
        pairs_to_compare(arms),
        setting.groups,
        options.bootstrap,
        options.seed,
        dimensions={dimension.id for dimension in setting.dimensions},
    )
    best = best_arm(rows, arms) or ""
    said = [*([setting.caveat] if setting.caveat else []), *notes]
    if gone := [setting.subjects[sha256].name for sha256 in setting.notebooks if sha256 not in desk.notebooks]:
        said.append(f"Left out, because they cannot be read any more: {', '.join(gone)}.")
    if reduced := folds_note(folds, options.folds):
        said.append(reduced)
    said += notes_on_rows(rows, setting.notebooks, setting.groups, options.bootstrap)
    if options.ablation and {"semantic", "episodic"} & set(arms):
        said.append(f"The arms semantic and episodic were evaluated on {', '.join(options.ablation)} alone.")
    return ExperimentResult(
        id=experiment_id(setting, folds, judge),
        rubric=rubric.id,
        rubric_version=rubric.version,
        dimensions=tuple((dimension.id, dimension.title) for dimension in setting.dimensions),
        levels=rubric.scale.levels,
        values=rubric.scale.values,
        value_names=tuple(rubric.scale.name(value) for value in rubric.scale.values),
        model=judge.split("@")[0].split("+")[0],
        judge=judge,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        options=options.as_text(),
        folds=dict(folds),
        fold_count=max(folds.values()) + 1,
        grouped_by=options.group,
        bootstrap=options.bootstrap,
        seed=options.seed,
        arms=arms,
        rows=rows,
        differences=differences,
        floors=floors,
        noise=tuple(Noise(n.notebook, n.name, n.dimension, n.remarks, n.decided) for n in setting.noise),
        unresolved=sum(score is None for score in setting.truth.values()),
        guidelines=_guidelines(setting, memories),
        disagreements=_disagreements(setting, desk, predictions, best),
        costs=tuple(costs),
        notes=tuple(said),
        predictions=tuple(predictions),
    )


def pairs_to_compare(arms: Sequence[str]) -> list[tuple[str, str]]:
    """Arms against the judge as it is, against the constant, and the model's arms against what needs no model."""
    found = [(arm, "base") for arm in arms if "base" in arms and arm != "base"]
    found += [(arm, "constant") for arm in arms if "constant" in arms and arm not in ("constant", "base")]
    found += [
        (arm, "evidence")
        for arm in ("full", "checks", "calibrated", "full+calibrated")
        if arm in arms and "evidence" in arms
    ]
    return found


def experiment_id(setting: Setting, folds: Mapping[str, int], judge: str) -> str:
    """Twelve hex digits over everything that decides the figures.

    That is options, judge, folds, all that raters said, and the versions of the code that learns. Labels that nothing
    is learned from count too: the raters' own disagreement is one of the figures.
    """
    told = sorted(
        [x.notebook, x.dimension, x.role, x.rater, x.score, x.justification, list(x.cells), x.event in setting.left_out]
        for x in setting.labels
    )
    material = [setting.rubric.sha256, setting.options.as_text(), judge, sorted(folds.items()), told, versions()]
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()[:12]


def _guidelines(setting: Setting, memories: Mapping[int, FoldMemory]) -> tuple[FoldGuideline, ...]:
    said = {
        remark.event: (lesson.name, remark.rater, remark.score, remark.text)
        for lesson in setting.teaching
        for remark in lesson.remarks
    }
    folds: dict[str, list[int]] = {}
    kept: dict[str, Guideline] = {}
    for fold, memory in sorted(memories.items()):
        for guideline in (g for many in memory.guidelines.values() for g in many):
            folds.setdefault(guideline.id, []).append(fold)
            # The same sentence may rest on more labels in one fold than in another: the best supported one is shown.
            if guideline.id not in kept or len(kept[guideline.id].sources) < len(guideline.sources):
                kept[guideline.id] = guideline
    order = {dimension.id: n for n, dimension in enumerate(setting.dimensions)}
    return tuple(
        FoldGuideline(g, tuple(folds[g.id]), tuple(said[event] for event in g.sources if event in said))
        for g in sorted(kept.values(), key=lambda g: (order[g.dimension], -len(folds[g.id]), -len(g.sources), g.id))
    )


def _disagreements(
    setting: Setting, desk: Desk, predictions: Sequence[Prediction], arm: str
) -> tuple[Disagreement, ...]:
    lessons: dict[tuple[str, str], Lesson] = {(x.notebook, x.dimension): x for x in setting.lessons}
    not_applicable = setting.rubric.scale.not_applicable
    far: list[tuple[float, Prediction, Lesson]] = []
    for prediction in predictions:
        lesson = lessons.get((prediction.notebook, prediction.dimension))
        if prediction.arm != arm or lesson is None or prediction.score == lesson.score:
            continue
        apart = abs(prediction.score - lesson.score) + abs(prediction.expected - lesson.score) / 10
        # To score what does not apply, or not to score what does, is no distance; it counts like a level.
        far.append((1.0 if not_applicable in (prediction.score, lesson.score) else apart, prediction, lesson))
    far.sort(key=lambda item: (-item[0], item[1].dimension, item[2].name))
    return tuple(
        Disagreement(
            arm,
            prediction.notebook,
            lesson.name,
            prediction.dimension,
            prediction.score,
            prediction.expected,
            lesson.score,
            lesson.remarks,
            tuple(line(fact) for fact in desk.evidence(prediction.notebook).of(prediction.dimension)[:_FACTS]),
        )
        for _, prediction, lesson in far[:WORST]
    )
