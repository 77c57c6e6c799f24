"""A judge that is calibrated alone: what it learns, what it never asks, and how the next alignment goes on."""

from __future__ import annotations

import pytest

from nbalign.errors import UsageError
from tests.align.conftest import DIMENSIONS, Study


def test_a_calibrated_judge_asks_the_model_nothing_besides_the_unaligned_judgement(study: Study) -> None:
    report = study.align(arm="calibrated")
    memory = report.memory
    assert memory is not None
    assert (report.generated, memory.guidelines, memory.made_by["arm"]) == (0, (), "calibrated")
    assert set(memory.calibrations) == set(DIMENSIONS)
    assert all(not values["checks"] for values in memory.calibrations.values())
    study.machine.log.clear()
    judged = study.judge()
    assert (judged.new, judged.evaluated) == (12, 0)
    assert [asked for asked in study.machine.log if asked.op in ("answer_all", "answer", "write")] == []


def test_every_label_is_told_why_no_guideline_came_of_it(study: Study) -> None:
    memory = study.align(arm="calibrated").memory
    assert memory is not None
    assert {account.why for account in memory.accounts} == {
        "No guidelines were asked for: this judge is calibrated, and has no memory in its prompt."
    }


def test_where_nothing_could_be_fitted_it_says_what_the_unaligned_judge_says(study: Study) -> None:
    study.align("loading", arm="calibrated")
    judged = {(j.notebook, j.dimension): j.score for j in study.judge().judgements}
    plain = study.ws.judge(rubric=study.rubric, options=study.options()).judgements
    for judgement in plain:
        if judgement.dimension != "loading":
            assert judged[judgement.notebook, judgement.dimension] == judgement.score


def test_the_next_alignment_is_of_the_same_kind_unless_another_is_asked_for(study: Study) -> None:
    study.align(arm="calibrated")
    again = study.align()
    assert again.same
    other = study.align(arm="full+calibrated").memory
    assert other is not None and other.guidelines
    assert other.made_by["arm"] == "full+calibrated"


def test_one_memory_is_of_one_kind(study: Study) -> None:
    study.align(arm="calibrated")
    with pytest.raises(UsageError, match="another model, rubric text or setting"):
        study.align("loading", arm="full+calibrated")


def test_an_unknown_kind_is_told_with_those_there_are(study: Study) -> None:
    with pytest.raises(UsageError, match="'best'") as caught:
        study.align(arm="best")
    assert "calibrated" in caught.value.hint
