"""Held-out labels reach nothing where there is enough to learn from: fits are on, so there is something that could leak.

Eighteen notebooks whose scores follow from how long they are (loading), and from a word that raters use and notebooks
hold (plotting, not applicable where nothing is plotted). What was said of one fold is then changed altogether: scores,
words, raters and cells. What is predicted of that fold must not move by a bit, and the other folds must learn from the
change, or nothing is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nbalign.align.calibrate import fit
from nbalign.align.calibrate.fitted import Fitted
from nbalign.evaluate.experiment import fitting
from nbalign.evaluate.experiment.model import ExperimentResult, Prediction
from nbalign.evaluate.experiment.options import ExperimentOptions
from nbalign.judge.session import JudgeOptions
from nbalign.llm.model import Answer, Segment
from nbalign.workspace import Workspace
from tests.align.conftest import CONTEXT, DIMENSIONS, MODEL, RUBRIC, Machine, ScriptedEngine
from tests.notebooks.build import code, markdown, notebook

BOOKS = 18
FOLDS = 3
FITTED = ("counts", "checks", "calibrated", "full+calibrated")
ARMS = ("constant", "full", *FITTED)
TOPICS = ("copper", "maple", "granite", "willow", "harbour")
MARKER = "zyxmarker"


@dataclass(frozen=True)
class Said:
    """One label: score, words, rater and cells."""

    score: int
    words: str
    rater: str = "ann"
    cells: tuple[int, ...] = (1, 2)


@dataclass(frozen=True)
class Ran:
    """An experiment, every calibration that was fitted for it, and the numbers of its notebooks.

    Attributes:
        result: What it came to.
        fits: (held-out fold, dimension, arm) -> calibration.
        number: Content hash -> number of the notebook.
    """

    result: ExperimentResult
    fits: Mapping[tuple[int, str, str], Fitted]
    number: Mapping[str, int]

    def of_fold(self, fold: int, arm: str) -> list[Prediction]:
        return [p for p in self.result.predictions if (p.fold, p.arm) == (fold, arm)]

    def elsewhere(self, fold: int, arm: str) -> list[Prediction]:
        return [p for p in self.result.predictions if p.fold != fold and p.arm == arm]

    def error(self, arm: str, dimension: str) -> float:
        (row,) = [row for row in self.result.rows if (row.arm, row.dimension) == (arm, dimension)]
        assert row.mae is not None
        return row.mae.value


Change = Callable[[int, Said], Said]


def scores(n: int) -> dict[str, int]:
    return {"loading": 1 + n % 3, "plotting": 0 if n % 4 == 1 else 1 + (n // 3 + n) % 3}


def book(n: int) -> bytes:
    """A notebook as long as its first score is high, with as many legends as its second score is high."""
    of, topic = scores(n), TOPICS[n % len(TOPICS)]
    long = [code(f"{topic}_{k} = {topic}.column({k}, {n})", id=f"c{k}") for k in range(4 * of["loading"])]
    drawn = [code(f"plot({topic}, {k})", id=f"p{k}") for k in range(3) if of["plotting"]]
    named = [code(f"{topic}.legend({k})", id=f"d{k}") for k in range(of["plotting"] - 1)]
    return notebook(markdown(f"# The {topic} study, part {n}"), *long, *drawn, *named)


def said(n: int, dimension: str) -> Said:
    score, topic = scores(n)[dimension], TOPICS[n % len(TOPICS)]
    words = {
        "loading": ("", f"hardly any {topic} gets read", f"half of {topic} gets read", f"all of {topic} gets read"),
        "plotting": (
            f"no plot of {topic}",
            f"no legend for {topic}",
            f"one legend for {topic}",
            f"each curve of {topic} is named",
        ),
    }
    return Said(score, words[dimension][score])


def turned(n: int, given: Said) -> Said:
    """Another score, words that tell the opposite and more, another rater, other cells."""
    return Said(1 if given.score in (0, 3) else 3, f"{MARKER} legend column read {MARKER} part {n}", "bob", (3,))


def silenced(_n: int, _given: Said) -> Said:
    """Not applicable, and not a word."""
    return Said(0, "", "bob", ())


by_hash = ScriptedEngine._said


def seen(self: ScriptedEngine, segments: Sequence[Segment], lead: str, answers: Sequence[str], tokens: int) -> Answer:
    """Scores by hash; statements by what stands in the notebook, or no weight of a check could be learned."""
    found = by_hash(self, segments, lead, answers, tokens)
    if len(answers) != 2:
        return found
    material = "".join(segment.text for segment in self._prefix)
    statement = "".join(segment.text for segment in segments)
    plots = any(word in statement for word in ("plot", "legend", "curve"))
    true = (1 + material.count(".legend(")) / 4 if plots else material.count(".column(") / 16
    return Answer(dict(zip(answers, (true, 1 - true), strict=True)), found.mass, found.usage)


def run(folder: Path, change: Change | None = None, before: ExperimentResult | None = None) -> Ran:
    """An experiment in a workspace of its own, with the folds of an earlier one."""
    fits: dict[tuple[int, str, str], Fitted] = {}
    now = (-1, "", "")
    arm_of = fitting.Fitting._arm

    def arm(self: fitting.Fitting, name: str, dimension: str, fold: int, training: Any) -> Any:
        nonlocal now
        now = fold, dimension, name
        return arm_of(self, name, dimension, fold, training)

    def fitted(*args: Any, **named: Any) -> Fitted:
        fits[now] = fit(*args, **named)
        return fits[now]

    books = folder / "books"
    books.mkdir()
    for n in range(BOOKS):
        (books / f"book-{n:02}.ipynb").write_bytes(book(n))
    rubric = folder / "short.yaml"
    rubric.write_text(RUBRIC.format(id="short", na="  0: Not applicable.\n", dim_na="    0: Nothing of it.\n"))
    with pytest.MonkeyPatch.context() as patch, Workspace.create(folder / "study") as ws:
        Machine(folder).install(patch.setattr)
        patch.setattr(ScriptedEngine, "_said", seen)
        patch.setattr(fitting.Fitting, "_arm", arm)
        patch.setattr(fitting, "fit", fitted)
        ws.add_rubric(rubric)
        ws.import_notebooks([books])
        number = {sha256: int(name[5:7]) for sha256, name in ws.names().items()}
        for sha256, n in number.items():
            for d in DIMENSIONS:
                x = change(n, said(n, d)) if change else said(n, d)
                ws.set_label(sha256, d, x.score, rater=x.rater, justification=x.words, cells=x.cells, rubric="short")
        if before is not None:
            ws.experiments().save(before)
        judge = JudgeOptions(model=MODEL, budget=200, park_bytes=0, context=CONTEXT)
        options = ExperimentOptions(arms=ARMS, folds=FOLDS, bootstrap=100, rubric_checks=2, judge=judge)
        return Ran(ws.evaluate(options, rubric="short"), fits, number)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(tmp_path_factory.mktemp("plain"))


def test_every_fit_is_used_and_learns_what_there_is_to_learn(plain: Ran) -> None:
    """What else is proved here would hold of fits that are switched off, too."""
    assert set(plain.fits) == {(fold, d, arm) for fold in range(FOLDS) for d in DIMENSIONS for arm in FITTED}
    for key, fitted in plain.fits.items():
        assert fitted.on, (key, fitted.why)
        assert fitted.ordinal is not None, (key, fitted.why)
    for fold in range(FOLDS):
        blocks = plain.fits[fold, "plotting", "calibrated"].blocks
        assert blocks["words"] > 0.05
        assert blocks["counts"] > 0.05
    assert any(fitted.na is not None for fitted in plain.fits.values())  # not in every fold: N/A is rare
    for arm in FITTED:
        for d in DIMENSIONS:
            assert plain.error(arm, d) < plain.error("constant", d) - 0.2, (arm, d)


@pytest.mark.parametrize(
    ("fold", "change"), [(0, turned), (1, turned), (2, turned), (1, silenced)], ids=lambda x: getattr(x, "__name__", x)
)
def test_no_prediction_of_a_fold_depends_on_its_own_labels(
    fold: int, change: Change, plain: Ran, tmp_path: Path
) -> None:
    held = {plain.number[sha256] for sha256, at in plain.result.folds.items() if at == fold}
    assert len(held) == BOOKS // FOLDS
    marked = run(tmp_path, lambda n, given: change(n, given) if n in held else given, plain.result)
    assert marked.result.folds == plain.result.folds

    for arm in ARMS:
        mine, theirs = plain.of_fold(fold, arm), marked.of_fold(fold, arm)
        assert len(mine) == len(held) * len(DIMENSIONS)
        assert mine == theirs, arm  # to the last bit, probabilities too
        if arm != "constant":  # a median may well stay
            assert plain.elsewhere(fold, arm) != marked.elsewhere(fold, arm), arm
    for key, fitted in plain.fits.items():
        same = fitted.as_json() == marked.fits[key].as_json()
        assert same == (key[0] == fold), key
