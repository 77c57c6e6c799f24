"""An experiment from labels to figures: nothing of a held-out fold leaks, nothing is asked twice, anything may stop it.

No leak is proved by changing what raters said of one fold altogether (a marker word in every remark, extreme scores,
other cells) and looking at everything that was made for that very fold: it must be the same to the last bit, and the
same change must show in the other folds, or the test would see nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from nbalign.align.calibrate import fit
from nbalign.align.distill import Distilled
from nbalign.cli.evaluate import evaluate
from nbalign.errors import BadInput, Cancelled, ModelError, NotFound, UsageError
from nbalign.evaluate.experiment import fitting, learning
from nbalign.evaluate.experiment.learning import FoldMemory
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.experiment.options import ARMS, ExperimentOptions
from nbalign.evaluate.report.plain import as_json
from nbalign.judge.probing import Prober, Question
from nbalign.judge.reading import Reading
from nbalign.notebooks import read
from nbalign.progress import Progress
from tests.align.conftest import DIMENSIONS, Machine, Study, given, tiny

MARKER = "zyxmarker"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    made.install(monkeypatch.setattr)
    return made


@pytest.fixture
def study(tmp_path: Path, machine: Machine) -> Iterator[Study]:
    made = Study(tmp_path / "study", machine)
    with made.ws:
        yield made


def figures(result: ExperimentResult) -> dict[str, Any]:
    """A result but for times and costs."""
    return as_json(replace(result, at="", costs=()))


@dataclass
class Seen:
    """Everything that an experiment made, by held-out fold.

    Attributes:
        memories: Fold -> guidelines, checks, and what is retrieved for its notebooks, in full.
        batches: Fold -> words of the batches behind its memory.
        fits: (fold, dimension, arm) -> the fitted calibration as JSON, in the order of fits.
        training: (fold, dimension) -> notebooks, scores and words that were fitted to.
        judged: Notebook -> questions of the judge with a memory, as the model reads them.
        checked: (notebook, check) -> questions.
    """

    memories: dict[int, Any] = field(default_factory=dict)
    batches: dict[int, list[str]] = field(default_factory=dict)
    fits: dict[tuple[int, str, str], list[str]] = field(default_factory=dict)
    training: dict[tuple[int, str], set[Any]] = field(default_factory=dict)
    judged: dict[str, set[str]] = field(default_factory=dict)
    checked: dict[str, set[str]] = field(default_factory=dict)


def spy(patch: pytest.MonkeyPatch) -> Seen:
    """Notes what is made for each fold, and changes nothing."""
    seen = Seen()
    memory_of, arm_of = learning.Learning._memory, fitting.Fitting._arm
    view_of, ask = fitting.Fitting._view, Prober.ask
    now: list[tuple[int, str, str]] = [(-1, "", "")]

    def remember(self: learning.Learning, fold: int, distilled: list[Distilled]) -> FoldMemory:
        memory = memory_of(self, fold, distilled)
        near = {
            (notebook, d): memory.retriever.neighbours(self._desk.query(notebook, d), 100)
            for notebook in sorted(memory.held_out)
            for d in DIMENSIONS
        }
        assert not {n.precedent.notebook for many in near.values() for n in many} & memory.held_out
        seen.memories[fold] = (memory.held_out, memory.guidelines, memory.checks, near)
        sources = {event for many in memory.guidelines.values() for g in many for event in g.sources}
        used = [one for one in distilled if {e for c in one.candidates for e in c.sources} & sources]
        seen.batches[fold] = [r.told() for one in used for r in one.batch.records]
        for one in distilled:
            assert {self._folds[r.notebook] for r in one.batch.records} == {one.batch.group}
        return memory

    def arm(self: fitting.Fitting, name: str, dimension: str, fold: int, training: Any) -> Any:
        now[0] = fold, dimension, name
        told = {(x.notebook, x.score, tuple(r.text for r in x.remarks)) for x in training}
        seen.training.setdefault((fold, dimension), set()).update(told)
        return arm_of(self, name, dimension, fold, training)

    def fitted(*args: Any, **named: Any) -> Any:
        found = fit(*args, **named)
        seen.fits.setdefault(now[0], []).append(repr(found.as_json()))
        return found

    def view(self: fitting.Fitting, arm: str, notebook: str, dimension: str, fold: int) -> Any:
        found = view_of(self, arm, notebook, dimension, fold)
        assert set(found.checks) <= self._memories[fold].check_ids(dimension)
        return found

    def asked(self: Prober, reading: Reading, questions: list[Question]) -> Any:
        for q in questions:
            text = "".join(s.text for s in (*q.stem, *q.rest)) + q.lead
            where = seen.judged if q.lead.startswith("Score") else seen.checked
            where.setdefault(reading.notebook.sha256, set()).add(text)
        return ask(self, reading, questions)

    patch.setattr(learning.Learning, "_memory", remember)
    patch.setattr(fitting.Fitting, "_arm", arm)
    patch.setattr(fitting, "fit", fitted)
    patch.setattr(fitting.Fitting, "_view", view)
    patch.setattr(Prober, "ask", asked)
    return seen


def run(folder: Path, change: Any = None, before: ExperimentResult | None = None) -> tuple[ExperimentResult, Seen]:
    """One experiment with all arms in a workspace of its own, with the folds of another one."""
    machine = Machine(folder.parent)
    with pytest.MonkeyPatch.context() as patch:
        machine.install(patch.setattr)
        seen = spy(patch)
        study = Study(folder, machine, change=change)
        with study.ws:
            if before is not None:
                study.ws.experiments().save(before)
            return study.evaluate(), seen


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[ExperimentResult, Seen]:
    return run(tmp_path_factory.mktemp("plain") / "study")


@pytest.mark.parametrize("fold", [0, 1, 2])
def test_nothing_of_a_held_out_fold_reaches_what_is_made_for_it(
    fold: int, plain: tuple[ExperimentResult, Seen], tmp_path: Path
) -> None:
    result, seen = plain
    number = _numbers(result)
    held = {number[sha256] for sha256, at in result.folds.items() if at == fold}
    assert 0 < len(held) < 6

    def change(n: int, dimension: str, score: int, words: str) -> tuple[int, str]:
        return (3 if score != 3 else 1, f"{MARKER} {words} {MARKER}") if n in held else (score, words)

    marked, other = run(tmp_path / "study", change, result)
    assert marked.folds == result.folds
    out = {sha256 for sha256, at in result.folds.items() if at == fold}

    # What this fold's notebooks are judged with does not know what was said of them.
    assert other.memories[fold] == seen.memories[fold]
    assert other.batches[fold] == seen.batches[fold]
    assert MARKER not in repr(other.memories[fold])
    assert MARKER not in "".join(other.batches[fold])
    for notebook in out:
        assert other.judged[notebook] == seen.judged[notebook]
        assert MARKER not in "".join(other.judged[notebook])
    for key, fits in seen.fits.items():
        if key[0] == fold:
            assert other.fits[key] == fits
    for dimension in DIMENSIONS:
        assert other.training[fold, dimension] == seen.training[fold, dimension]
        assert not {notebook for notebook, _, _ in other.training[fold, dimension]} & out

    # Every prediction of the fold is the same to the last bit, in every arm.
    mine, theirs = (
        {(p.arm, p.notebook, p.dimension): p for p in r.predictions if p.fold == fold} for r in (result, marked)
    )
    assert mine == theirs
    assert {p.arm for p in mine.values()} == set(ARMS)
    assert {p.notebook for p in mine.values()} == out

    # The change was there to be seen: the other folds learned from it.
    elsewhere = [f for f in seen.memories if f != fold]
    assert all(MARKER in repr(other.memories[f]) for f in elsewhere)
    assert any(MARKER in text for notebook in result.folds if notebook not in out for text in other.judged[notebook])
    fitted = {key[2] for key, fits in seen.fits.items() if key[0] != fold and other.fits[key] != fits}
    assert fitted == {"counts", "evidence", "checks", "calibrated", "full+calibrated"}
    for arm in ("constant", "counts", "full", "checks", "full+calibrated", "episodic", "semantic"):
        assert _of(result, arm, fold) != _of(marked, arm, fold), arm
    # The judge as it is never learns anything.
    assert _of(result, "base", fold) == _of(marked, "base", fold)
    assert _of(result, "bare", fold) == _of(marked, "bare", fold)


def _numbers(result: ExperimentResult) -> dict[str, int]:
    """Content hash -> number of the notebook."""
    return {read(tiny(n), f"book-{n}.ipynb").sha256: n for n in range(6)}


def _of(result: ExperimentResult, arm: str, without: int) -> list[Any]:
    """Predictions of an arm outside one fold."""
    return [p for p in result.predictions if p.arm == arm and p.fold != without]


def test_an_answer_to_a_check_of_another_fold_takes_no_part(plain: tuple[ExperimentResult, Seen]) -> None:
    """Checks of all folds are asked of all notebooks: which of them a fold may look at is another matter."""
    _, seen = plain
    of_fold = {
        fold: {check.id for many in checks.values() for check in many}
        for fold, (_, _, checks, _) in seen.memories.items()
    }
    assert len({frozenset(ids) for ids in of_fold.values()}) > 1
    for (fold, _, arm), fits in seen.fits.items():
        if arm == "checks":
            foreign = set().union(*of_fold.values()) - of_fold[fold]
            assert not [id for id in foreign for one in fits if id in one]


def test_the_experts_own_guidelines_stay_out_of_an_experiment(study: Study) -> None:
    """Whoever wrote or accepted them had seen every label."""
    study.align()
    refs = [g.id for g in study.ws.guidelines(rubric=study.rubric)]
    study.ws.edit_guideline(refs[0], f"Score 3 when {MARKER} is found in the tables.")
    study.ws.write_guideline("loading", f"Score 1 when {MARKER} is missing from it.", rubric=study.rubric)
    study.machine.log.clear()
    result = study.evaluate("full", "checks", "full+calibrated")
    assert not [text for text in study.machine.texts() if MARKER in text]
    assert not [g for g in result.guidelines if MARKER in g.guideline.text]


def test_every_arm_says_something_of_everything_once(study: Study) -> None:
    result = study.evaluate()
    keys = [(p.arm, p.notebook, p.dimension) for p in result.predictions]
    assert len(keys) == len(set(keys)) == len(ARMS) * 6 * 2
    for p in result.predictions:
        assert p.fold == result.folds[p.notebook]
        assert sum(p.probabilities.values()) == pytest.approx(1)
        assert p.score in result.values
        assert 1 <= p.expected <= 3
    assert result.arms == ARMS
    assert {row.arm for row in result.rows} == set(ARMS)
    assert study.ws.experiments().get(result.id) == result
    latest = study.ws.experiments().latest(study.rubric)
    assert latest == result


def test_a_second_run_costs_nothing_and_says_the_same(study: Study) -> None:
    first = study.evaluate()
    answers = study.machine.answers
    again = study.evaluate()
    assert study.machine.answers == answers
    assert figures(again) == figures(first)
    assert again.id == first.id
    assert [(c.part, c.computed, c.evaluated, c.generated, c.seconds) for c in again.costs] == [
        (c.part, 0, 0, 0, 0.0) for c in again.costs
    ]
    assert [(c.part, c.known) for c in again.costs] == [(c.part, c.computed + c.known) for c in first.costs]
    assert [(c.part, c.evaluated_ever) for c in again.costs] == [(c.part, c.evaluated_ever) for c in first.costs]
    assert all(c.evaluated > 0 and c.evaluated_ever > 0 for c in first.costs if c.computed)
    assert len(study.ws.experiments().list(study.rubric)) == 1


def test_after_one_changed_label_only_what_it_touches_is_asked_again(study: Study) -> None:
    first = study.evaluate()
    cost = study.machine.answers
    study.machine.log.clear()
    study.label(1, "loading", 3, "separators of the violet export are sniffed and then verified")
    second = study.evaluate()
    assert second.folds == first.folds
    assert second.id != first.id
    assert study.machine.answers < cost / 2
    # Nothing is asked about the other dimension, nothing with a memory about the notebook's own fold.
    assert not [asked for asked in study.machine.log if "Plotting" in asked.text]
    fold = second.folds[study[1]]
    own = [sha256 for sha256, at in second.folds.items() if at == fold]
    topics = [study.ws.notebook(sha256).cells[0].source for sha256 in own]
    judged = [asked for asked in study.machine.log if asked.op == "answer_all" and "Grade Loading" in asked.text]
    assert judged
    assert not [asked for asked in judged if any(topic in asked.prefix for topic in topics)]
    distilled = next(c for c in second.costs if c.part == "distilling guidelines")
    assert (distilled.computed, distilled.known) == (1, 5)
    changed = {(p.arm, p.notebook, p.dimension) for p in first.predictions} - {
        (p.arm, p.notebook, p.dimension)
        for p, q in zip(first.predictions, second.predictions, strict=True)
        if replace(p, fold=0) == replace(q, fold=0)
    }
    assert {dimension for _, _, dimension in changed} == {"loading"}


def test_cited_cells_and_undecided_labels_make_another_experiment(study: Study) -> None:
    first = study.evaluate("constant")
    study.ws.set_label(study[1], "loading", 2, rater="ann", justification="paths again", cells=[1], rubric=study.rubric)
    cells = study.evaluate("constant")
    study.ws.set_label(study[1], "loading", 2, rater="ann", justification="paths again", cells=[2], rubric=study.rubric)
    other = study.evaluate("constant")
    study.label(3, "loading", 3, "willow is decoded rightly", rater="zoe")
    undecided = study.evaluate("constant")
    assert len({first.id, cells.id, other.id, undecided.id}) == 4
    assert undecided.unresolved == 1
    floor = {f.dimension: f.pairs for f in undecided.floors}
    assert floor["loading"] == {f.dimension: f.pairs for f in other.floors}["loading"] + 1


CUTS = [2, 15, 31, 38, 47]  # judging, judging without facts, distilling, asking


@pytest.mark.parametrize("after", CUTS)
def test_an_experiment_that_was_cut_short_goes_on_to_the_same_figures(
    after: int, plain: tuple[ExperimentResult, Seen], study: Study
) -> None:
    machine, calls = study.machine, 0
    by: Any = KeyboardInterrupt if after % 2 else ModelError("the worker died")

    def cut(_op: str) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise by

    machine.before = cut
    with pytest.raises((KeyboardInterrupt, Cancelled, ModelError)):
        study.evaluate()
    assert study.ws.experiments().list() == []
    machine.before = lambda _op: None
    result = study.evaluate()
    assert figures(result) == figures(plain[0])
    questions = [(asked.prefix, asked.text) for asked in machine.log if asked.op != "prefix"]
    assert len(questions) == len(set(questions))
    with closing(sqlite3.connect(study.ws.path / "nbalign.db")) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("after", [4, 30, 50])
def test_a_cancelled_experiment_stops_soon_and_goes_on_to_the_same_figures(
    after: int, plain: tuple[ExperimentResult, Seen], study: Study
) -> None:
    machine, cancel, calls = study.machine, threading.Event(), 0

    def count(_op: str) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            cancel.set()

    machine.before = count
    with pytest.raises(Cancelled):
        study.evaluate(cancel=cancel)
    assert calls < after + 12  # at most the rest of one notebook
    done = machine.answers
    result = study.evaluate()
    assert figures(result) == figures(plain[0])
    assert sum(c.known for c in result.costs) > 0
    assert machine.answers > done


def test_the_model_is_named_wherever_one_was_asked(study: Study) -> None:
    """Two models' answers without facts are two experiments."""
    one, other = (study.evaluate("bare", judge=study.options(model=model)) for model in ("scripted", "other"))
    assert (one.model, other.model) == ("scripted", "other")
    assert one.id != other.id


def test_what_is_saved_is_what_single_questions_would_have_cost_beyond(study: Study) -> None:
    """Also where half of the answers were there: those that were not count as saved no less."""
    study.evaluate("base", dimensions=("loading",))
    result = study.evaluate("base")
    (cost,) = result.costs
    judgements = study.ws.judgements(judge=result.judge)
    assert (cost.computed, cost.known) == (6, 6)
    assert cost.evaluated > 0
    assert cost.saved == sum(j.prefix_tokens + j.tokens for j in judgements) - cost.evaluated


def test_the_order_of_names_makes_no_other_experiment(study: Study) -> None:
    one = study.evaluate("constant", "counts", dimensions=("loading", "plotting"))
    other = study.evaluate("counts", "constant", "counts", dimensions=("plotting", "loading"))
    assert (one.id, one.options) == (other.id, other.options)


def test_a_damaged_result_is_told_and_stands_in_nobodys_way(study: Study) -> None:
    first = study.evaluate("constant")
    with closing(sqlite3.connect(study.ws.path / "nbalign.db")) as connection, connection:
        connection.execute("UPDATE experiments SET result = '{'")
    with pytest.raises(BadInput, match="no JSON"):
        study.ws.experiments().get(first.id)
    assert figures(study.evaluate("constant")) == figures(first)
    assert study.ws.experiments().get(f" {first.id[:6].upper()}").id == first.id


def test_an_experiment_stops_between_fits_too(study: Study) -> None:
    cancel = threading.Event()
    seen: list[str] = []

    def stop(now: Progress) -> None:
        seen.append(now.stage)
        if now.stage == "fitting":
            cancel.set()

    with pytest.raises(Cancelled):
        study.evaluate("constant", "counts", progress=stop, cancel=cancel)
    assert seen.count("fitting") == 1


def test_an_experiment_asks_what_an_alignment_asks() -> None:
    """Or it would prove something of a judge that nobody has."""
    from nbalign.align import learned

    options = ExperimentOptions()
    assert options.neighbours == learned.NEIGHBOURS
    assert (options.rubric_checks, options.guideline_checks) == (learned.RUBRIC_CHECKS, learned.GUIDELINE_CHECKS)
    assert {p.name: p.default for p in evaluate.params if p.name in ("rubric_checks", "guideline_checks")} == {
        "rubric_checks": options.rubric_checks,
        "guideline_checks": options.guideline_checks,
    }


def test_arms_without_a_model_need_none(study: Study) -> None:
    result = study.evaluate("constant", "counts", "evidence", judge=study.options(model="nowhere"))
    assert study.machine.loaded == 0
    assert (result.model, result.judge, result.costs) == ("", "", ())
    assert {p.arm for p in result.predictions} == {"constant", "counts", "evidence"}


def test_a_dimension_without_settled_scores_costs_nothing_and_is_named(study: Study) -> None:
    left, emptied = DIMENSIONS
    for label in study.ws.labels(dimension=emptied):
        study.ws.clear_label(label.notebook, emptied, rater=label.rater, rubric=study.rubric)
    result = study.evaluate("constant", "base")
    assert [dimension for dimension, _ in result.dimensions] == [left]
    assert {judgement.dimension for judgement in study.ws.judgements()} == {left}
    title = study.ws.rubric(study.rubric).dimension(emptied).title
    assert any(f"No score is settled in {title}: not evaluated." in note for note in result.notes)


def test_the_constant_is_the_lower_median_of_the_training_folds(study: Study) -> None:
    result = study.evaluate("constant")
    number = _numbers(result)
    for p in result.predictions:
        d = DIMENSIONS.index(p.dimension)
        training = sorted(
            score
            for sha256, fold in result.folds.items()
            if fold != p.fold and (score := given(number[sha256], d)) != 0
        )
        assert p.score == training[(len(training) - 1) // 2]


def test_more_folds_than_notebooks_are_as_many_as_there_are_notebooks(study: Study) -> None:
    result = study.evaluate("constant", folds=50)
    assert result.fold_count == 6
    assert any("only 6 folds instead of 50" in note for note in result.notes)


def test_an_experiment_needs_two_notebooks_and_labels(tmp_path: Path, machine: Machine) -> None:
    with Study(tmp_path / "none", machine, books=0).ws as ws, pytest.raises(NotFound, match="no settled scores"):
        ws.evaluate(rubric="short")
    one = Study(tmp_path / "one", machine, books=1)
    with one.ws, pytest.raises(UsageError, match="two labelled notebooks"):
        one.evaluate("constant")


def test_dimensions_and_ablation_are_checked_and_kept_to(study: Study) -> None:
    with pytest.raises(NotFound, match="nothing"):
        study.evaluate("constant", dimensions=("nothing",))
    with pytest.raises(NotFound, match="nothing"):
        study.evaluate("constant", ablation=("nothing",))
    result = study.evaluate("base", "semantic", "full", ablation=("loading",))
    assert {p.dimension for p in result.predictions if p.arm == "semantic"} == {"loading"}
    assert {p.dimension for p in result.predictions if p.arm == "full"} == set(DIMENSIONS)
    one = study.evaluate("base", dimensions=("plotting",))
    assert {p.dimension for p in one.predictions} == {"plotting"}


def test_a_notebook_that_broke_since_is_left_out_and_said_so(study: Study) -> None:
    path = study.ws.path
    study.ws.close()
    with closing(sqlite3.connect(path / "nbalign.db")) as connection, connection:
        connection.execute("update notebooks set raw = ? where name = 'book-2.ipynb'", (b"{broken",))
    study.ws = type(study.ws).open(path)
    result = study.evaluate()
    assert study[2] not in {p.notebook for p in result.predictions}
    assert len({p.notebook for p in result.predictions}) == 5
    assert any("book-2.ipynb" in note and "cannot be read" in note for note in result.notes)


def test_a_context_without_room_for_words_still_gives_every_figure(study: Study) -> None:
    study.label(1, "loading", 2, "paths " + "of many maple tables " * 30)
    for context in (420, 480, 540):
        try:
            result = study.evaluate(
                "base", "full", "full+calibrated", judge=study.options(context=context, budget=4000)
            )
        except ModelError as error:
            assert "no room for a notebook" in error.message
            continue
        assert {p.arm for p in result.predictions} == {"base", "full", "full+calibrated"}
        assert len(result.predictions) == 36


def test_cases_stay_in_one_fold(tmp_path: Path, machine: Machine) -> None:
    study = Study(tmp_path / "cases", machine)
    with study.ws:
        with closing(sqlite3.connect(study.ws.path / "nbalign.db")) as connection, connection:
            for n in range(6):
                connection.execute(
                    "update notebooks set prompt = ? where sha256 = ?", (f"Predict   task {n // 2}.", study[n])
                )
        result = study.evaluate("constant", group="case")
        assert [result.folds[study[n]] for n in (0, 2, 4)] == [result.folds[study[n]] for n in (1, 3, 5)]
        assert result.fold_count == 3
        assert result.grouped_by == "case"


def test_probes_carry_what_made_them_and_no_label(study: Study) -> None:
    """The store keeps hashes of prompts beside answers: nothing there could hold anybody's words."""
    study.evaluate("full", "checks")
    with closing(sqlite3.connect(study.ws.path / "nbalign.db")) as connection:
        for made_by, notebook in connection.execute("select made_by, notebook from probes"):
            assert "copper" not in made_by
            assert notebook in made_by
        for made_by, text in connection.execute("select made_by, text from distillations"):
            assert "copper" not in made_by
            assert text.startswith("{")
