"""What experts took out of learning: an experiment learns from the rest alone, and still answers for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nbalign.errors import NotFound
from nbalign.evaluate.experiment import fitting
from nbalign.evaluate.experiment.model import ExperimentResult
from tests.align.conftest import DIMENSIONS, WORDS, Machine, Study, given

NOTE = "as nbalign align --unalign asked"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "study", machine)
    with made.ws:
        yield made


def taught(patch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """(notebook, rater) of every remark that something is fitted to from now on."""
    seen: set[tuple[str, str]] = set()
    arm_of = fitting.Fitting._arm

    def arm(self: fitting.Fitting, name: str, dimension: str, fold: int, training: Any) -> Any:
        seen.update((lesson.notebook, remark.rater) for lesson in training for remark in lesson.remarks)
        return arm_of(self, name, dimension, fold, training)

    patch.setattr(fitting.Fitting, "_arm", arm)
    return seen


def told(study: Study) -> str:
    """Every question and everything to distil that was put to the model."""
    return "\n".join(a.text for a in study.machine.log if a.op in ("answer_all", "write"))


def notes(result: ExperimentResult) -> str:
    return " ".join(result.notes)


def test_nothing_is_learned_from_what_is_left_out_and_its_scores_are_still_the_truth(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.ws.unalign(notebooks=["book-0"], raters=["bob"])
    seen = taught(monkeypatch)
    result = study.evaluate()
    assert {notebook for notebook, _ in seen} == {study[n] for n in range(1, 6)}
    assert {rater for _, rater in seen} == {"ann"}
    asked = told(study)
    assert "bob saw" not in asked
    for dimension in DIMENSIONS:
        assert WORDS[dimension][0] not in asked
        assert WORDS[dimension][1] in asked  # or there was nothing to see
        for arm in result.arms:
            found = {p.notebook for p in result.predictions if p.arm == arm and p.dimension == dimension}
            assert found == {study[n] for n in range(6)}
    assert not [g for g in result.guidelines if "copper" in g.guideline.text]
    assert {row.n for row in result.rows if row.dimension == "loading"} == {6}
    assert f"Nothing is learned from 1 notebook and the rater bob, {NOTE}" in notes(result)


def test_without_marks_nothing_changes_and_with_them_it_is_another_experiment(study: Study) -> None:
    arms = ("constant", "counts", "full")
    first = study.evaluate(*arms)
    assert NOTE not in notes(first)
    study.ws.unalign(raters=["bob"])
    other = study.evaluate(*arms)
    assert other.id != first.id
    assert other.folds == first.folds
    study.ws.unalign(raters=["bob"], again=True)
    answers = study.machine.answers
    again = study.evaluate(*arms)
    assert study.machine.answers == answers
    assert replace(again, at="", costs=()) == replace(first, at="", costs=())


def test_a_score_that_is_settled_only_without_somebody_teaches_and_is_no_truth(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dimension in DIMENSIONS:
        study.label(1, dimension, 3, "it looks well to me", rater="bob")
        study.label(1, dimension, 1, "it is a mess", rater="ann")
    before = study.evaluate("constant", "counts")
    assert study[1] not in before.folds
    study.ws.unalign(raters=["bob"])
    seen = taught(monkeypatch)
    result = study.evaluate("constant", "counts")
    assert (study[1], "ann") in seen
    assert "bob" not in {rater for _, rater in seen}
    assert study[1] in result.folds
    assert study[1] not in {p.notebook for p in result.predictions}
    assert result.unresolved == before.unresolved == len(DIMENSIONS)


def test_the_constant_is_of_what_is_learned_from(study: Study) -> None:
    scores = {n: given(n, 0) for n in range(6)}
    low = [n for n, score in scores.items() if score != 3]
    study.ws.unalign(notebooks=[study.books[n] for n in low])
    result = study.evaluate("constant", dimensions=("loading",))
    said = {p.notebook: p.score for p in result.predictions}
    assert {said[study[n]] for n in low} == {3}


def test_where_everything_is_left_out_it_is_said_how_to_take_it_in_again(study: Study) -> None:
    study.ws.unalign(raters=["ann", "bob"])
    with pytest.raises(NotFound, match="left out of learning") as error:
        study.evaluate("constant")
    assert "--realign" in error.value.hint
