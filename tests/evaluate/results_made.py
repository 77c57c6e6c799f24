"""A made-up experiment that has everything in it: nine dimensions, seven arms, words, noise, cost.

`made()` is the same every time. Its figures are computed from its predictions with the house's own measures, so that
they fit together; only the intervals are drawn, not resampled.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nbalign.align.model import Guideline, Remark
from nbalign.evaluate.experiment.model import (
    MACRO,
    ArmRow,
    Cost,
    Difference,
    Disagreement,
    ExperimentResult,
    Floor,
    FoldGuideline,
    Interval,
    Noise,
    Prediction,
)
from nbalign.evaluate.metrics import compare
from nbalign.evaluate.pairs import Pairs
from nbalign.evaluate.results import mean
from nbalign.rubrics.model import Scale

SCALE = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "N/A"}, 0)
DIMENSIONS = (
    ("library_installation", "Library installation"),
    ("data_exploration", "Data exploration"),
    ("data_imputation", "Data imputation"),
    ("feature_engineering", "Feature engineering"),
    ("model_training", "Model training"),
    ("model_use", "Model use"),
    ("metrics_evaluation", "Metrics and evaluation"),
    ("mlflow_logging", "MLflow logging"),
    ("cell_organization", "Cell organisation"),
)
# Arm -> (probability of the right score, chance that a miss is too lenient)
ARMS: Mapping[str, tuple[float, float]] = {
    "base": (0.45, 0.9),
    "evidence": (0.6, 0.6),
    "semantic": (0.62, 0.7),
    "semantic+episodic": (0.68, 0.6),
    "calibrated": (0.7, 0.5),
    "full": (0.78, 0.5),
    "constant": (0.5, 0.5),
}
WORDS = (
    "The scaler is fitted on all rows before the split, so the test score leaks.",
    "Every plot has its axes labelled and is read in words; that is how it should be.",
    "No baseline at all, and accuracy alone on a set that is 92 % one class.",
    "Missing values are dropped without a word on how many rows go.",
)


def made(notebooks: int = 24, arms: Sequence[str] = tuple(ARMS), seed: int = 7) -> ExperimentResult:
    """A rich experiment, deterministic in its arguments.

    Args:
        notebooks: 4 and more.
        arms: Some of `ARMS`, `base` among them.
        seed: Of everything that is drawn.
    """
    draw = random.Random(seed)
    hashes = [f"{n:064x}" for n in range(1, notebooks + 1)]
    folds = {sha: n % 4 for n, sha in enumerate(hashes)}
    truth = {(sha, dim): draw.choice((0, 1, 1, 2, 2, 3, 3, 3)) for sha in hashes for dim, _ in DIMENSIONS}
    predictions = [
        _prediction(draw, arm, sha, dim, truth[sha, dim], folds[sha]) for arm in arms for dim, _ in DIMENSIONS for sha in hashes
    ]  # fmt: skip
    rows = [row for arm in arms for row in _rows(arm, predictions, truth)]
    return ExperimentResult(
        id="3f9a1c07be52",
        rubric="ml-notebook",
        rubric_version=2,
        dimensions=DIMENSIONS,
        levels=SCALE.levels,
        values=SCALE.values,
        value_names=tuple(SCALE.name(value) for value in SCALE.values),
        model="qwen2.5-coder-1.5b",
        judge="qwen2.5-coder-1.5b@b62768",
        at="2025-11-22T05:02:44+00:00",
        options={
            "arms": " ".join(arms),
            "dimensions": "",
            "folds": "4",
            "bootstrap": "10000",
            "seed": str(seed),
            "group": "case",
            "neighbours": "3",
            "rubric_checks": "4",
        },
        folds=folds,
        fold_count=4,
        grouped_by="case",
        bootstrap=10_000,
        seed=seed,
        arms=tuple(arms),
        rows=tuple(rows),
        differences=tuple(_differences(draw, rows, arms)),
        floors=tuple(_floors(draw)),
        noise=(_noise(hashes[1], "churn-047.ipynb", False, 700), _noise(hashes[2], "tides-012.ipynb", True, 710)),
        unresolved=3,
        guidelines=_guidelines(),
        disagreements=tuple(_disagreement(n, sha) for n, sha in enumerate(hashes[:4])),
        costs=(
            Cost("distilling", 36, 0, 41_203, 0, 5_120, 812.4, 41_203, 812.4),
            Cost("judging full", 432, 36, 210_331, 1_904_220, 0, 1904.25, 228_000, 2101.5),
            Cost("checks", 2160, 0, 64_800, 4_320_000, 0, 355.0, 64_800, 355.0),
        ),
        notes=(
            "Labels: two raters, imported from labels.jsonl; 12 of them were decided by a third person.",
            "data_imputation: calibration is off in fold 2, since it did not help there.",
        ),
        predictions=tuple(predictions),
    )


def hostile(text: str) -> ExperimentResult:
    """The made-up experiment with `text` everywhere that text of people, notebooks or files can stand."""
    result = made(8)
    remark = Remark(1, text, "rater", 1, text, (2, 3))
    disagreement = replace(result.disagreements[0], name=text, remarks=(remark,), facts=(text, text), notebook=text)
    guideline = FoldGuideline(Guideline("0" * 12, text, text, "proposed", (1,)), (0, 2), ((text, text, 1, text),))
    renamed = {arm: f"{arm}{text}" if arm == "semantic" else arm for arm in result.arms}
    return replace(
        result,
        id=text,
        rubric=text,
        model=text,
        judge=text,
        at=text,
        grouped_by=text,
        dimensions=tuple((dim, title + text) for dim, title in result.dimensions),
        value_names=tuple(text for _ in result.values),
        arms=tuple(renamed.values()),
        rows=tuple(replace(row, arm=renamed[row.arm]) for row in result.rows),
        differences=tuple(replace(d, arm=renamed[d.arm], against=renamed[d.against]) for d in result.differences),
        options={text: text, "arms": text, "dimensions": text, "seed": text},
        notes=(text, f"labels {text}"),
        noise=(Noise(text, text, "data_exploration", (remark, remark), False),),
        disagreements=(disagreement,),
        guidelines=(guideline,),
        costs=(replace(result.costs[0], part=text),),
        predictions=(replace(result.predictions[0], arm=text, note=text),),
    )


def _prediction(draw: random.Random, arm: str, sha: str, dimension: str, truth: int, fold: int) -> Prediction:
    right, lenient = ARMS[arm]
    score = truth
    if arm == "constant":
        score = 2
    elif truth == 0:
        score = 0 if draw.random() < right else draw.choice((1, 2, 3))
    elif draw.random() > right:
        score = min(3, max(1, truth + (1 if draw.random() < lenient else -1) * draw.choice((1, 1, 2))))
        if draw.random() < 0.05:
            score = 0
    others = {value: 0.1 for value in SCALE.values if value != score}
    note = "no checks: answered by the judge alone" if arm == "full" and draw.random() < 0.03 else ""
    expected = score * 0.7 + 0.6 if score else 2.0
    return Prediction(arm, sha, dimension, score, expected, {score: 0.7, **others}, fold, note)


def _rows(arm: str, predictions: Sequence[Prediction], truth: Mapping[tuple[str, str], int]) -> list[ArmRow]:
    rows = []
    for dimension, _ in DIMENSIONS:
        found = [one for one in predictions if one.arm == arm and one.dimension == dimension]
        both = compare(Pairs.of([(one.score, truth[one.notebook, dimension]) for one in found], SCALE))
        mae = None if both.mae is None else _around(both.mae, 0.11)
        rows.append(
            ArmRow(
                arm, dimension, both.n, both.ordinal, mae, both.bias, both.exact, both.kappa, both.na, both.confusion
            )
        )
    error = mean(row.mae.value for row in rows if row.mae)
    whole = ArmRow(
        arm,
        MACRO,
        sum(row.n for row in rows),
        sum(row.ordinal for row in rows),
        None if error is None else _around(error, 0.04),
        mean(row.bias for row in rows),
        mean(row.exact for row in rows),
        mean(row.kappa for row in rows),
        None,
        None,
    )
    return [*rows, whole]


def _differences(draw: random.Random, rows: Sequence[ArmRow], arms: Sequence[str]) -> list[Difference]:
    found = {(row.arm, row.dimension): row for row in rows}
    made = []
    pairs = [(arm, "base") for arm in arms if arm != "base"] + [
        (arm, "constant") for arm in arms[:1] if "constant" in arms
    ]
    for arm, against in pairs:
        for dimension in (MACRO, *(dim for dim, _ in DIMENSIONS)):
            mine, other = found[arm, dimension].mae, found[against, dimension].mae
            if mine is None or other is None:
                continue
            gain = other.value - mine.value
            spread = 0.06 if dimension == MACRO else 0.2
            p = min(1.0, max(1e-4, draw.uniform(0.3, 1.2) * 2 ** (-6 * abs(gain) / spread)))
            adjusted = min(1.0, p if dimension == MACRO else 4 * p)
            interval = Interval(gain, gain - spread, gain + spread)
            made.append(
                Difference(
                    arm, against, dimension, found[arm, dimension].ordinal, interval, p, adjusted, adjusted < 0.05
                )
            )
    return made


def _floors(draw: random.Random) -> list[Floor]:
    floors = []
    for dimension, _ in DIMENSIONS:
        value = draw.uniform(0.05, 0.4)
        floors.append(Floor(dimension, 22, _around(value, 0.1)))
    floors[-1] = Floor(DIMENSIONS[-1][0], 0, None)
    known = mean(one.mae.value for one in floors if one.mae)
    return [*floors, Floor(MACRO, 22 * 8, None if known is None else _around(known, 0.03))]


def _around(value: float, spread: float) -> Interval:
    return Interval(value, max(0.0, value - spread), value + 1.2 * spread)


def _noise(sha: str, name: str, decided: bool, event: int) -> Noise:
    remarks = [
        Remark(event, "ann", "rater", 3, WORDS[1], (5, 8)),
        Remark(event + 1, "bob", "rater", 1, "Plots without one sentence that says what they show.", (5,)),
    ]
    if decided:
        remarks.append(Remark(event + 2, "eve", "decision", 2, "Plots are fine, the reading is thin.", ()))
    return Noise(sha, name, "data_exploration", tuple(remarks), decided)


def _guidelines() -> tuple[FoldGuideline, ...]:
    def one(n: int, dimension: str, text: str, state: str, folds: tuple[int, ...], sources: int) -> FoldGuideline:
        cited = tuple(
            (f"case-{m:03}.ipynb", ("ann", "bob")[m % 2], 1 + m % 3, WORDS[m % len(WORDS)]) for m in range(sources)
        )
        guideline = Guideline(f"{n:012x}", dimension, text, state, tuple(range(100 * n, 100 * n + sources)))  # type: ignore[arg-type]
        return FoldGuideline(guideline, folds, cited)

    return (
        one(
            1,
            "model_training",
            "A scaler or encoder that is fitted before the split makes it a 1.",
            "pinned",
            (0, 1, 2, 3),
            6,
        ),
        one(2, "model_training", "A run without a fixed seed is at most a 2.", "proposed", (1, 3), 2),
        one(3, "data_exploration", "Plots need labelled axes and a sentence each for a 3.", "accepted", (0, 2, 3), 4),
        one(4, "metrics_evaluation", "Accuracy alone on unbalanced classes is a 1.", "edited", (2,), 1),
        one(5, "data_imputation", "Say how many rows a dropna takes.", "written", (), 0),
    )


def _disagreement(n: int, sha: str) -> Disagreement:
    remarks = (
        Remark(800 + 2 * n, "ann", "rater", 1, WORDS[n % len(WORDS)], (4, 7, 9)),
        Remark(801 + 2 * n, "bob", "rater", 1, WORDS[(n + 1) % len(WORDS)] if n != 2 else "", (7,) if n != 3 else ()),
    )
    facts = ("! The scaler in cell 7 is fitted before the split in cell 9.", "+ A test set is held out in cell 9.")
    names = ("churn-031.ipynb", "affairs-024.ipynb", "grid-103.ipynb", "readmit-101.ipynb")
    return Disagreement("full", sha, names[n], DIMENSIONS[4 - n][0], 3, 2.71 - n / 10, 1, remarks, facts)
