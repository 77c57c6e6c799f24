"""Evidence alone as an arm: rule scores in the place of a judge's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nbalign.evaluate.agreement import agreement
from nbalign.evaluate.evidence import evidence_scores, speaks_of
from nbalign.evaluate.scored import EVIDENCE, is_evident
from nbalign.evidence import Evidence, Kind
from nbalign.rubrics.model import Scale
from nbalign.rubrics.packaged import packaged
from tests.evaluate.cases import RUBRIC

RULES = packaged()[0]
GOOD = Kind("folds", "model_training", "good", 0.4, "…")
FAULT = Kind("leak", "model_training", "fault", -1.5, "…")
NOTHING = Kind("complete", "data_imputation", "n/a", 0.0, "…")


def read(notebook: str, *facts: Kind) -> Evidence:
    return Evidence(notebook, tuple(kind.fact("x") for kind in facts))


def test_a_rule_score_stands_in_the_place_of_a_judgement() -> None:
    found = {(s.notebook, s.dimension): s for s in evidence_scores(RULES, [read("a", GOOD, NOTHING), read("b", FAULT)])}
    assert set(found) == {("a", "model_training"), ("a", "data_imputation"), ("b", "model_training")}
    trained = found["a", "model_training"]
    assert (trained.score, trained.judge) == (2, EVIDENCE)
    assert trained.expected == pytest.approx(2.4)
    assert (trained.rubric, trained.rubric_sha256) == (RULES.id, RULES.sha256)
    assert found["a", "data_imputation"].score == 0
    assert (found["b", "model_training"].score, found["b", "model_training"].expected) == (1, 1.0)


def test_agreement_takes_it_like_a_judge_and_without_facts_it_did_not_judge() -> None:
    truth = {("a", "model_training"): 3, ("b", "model_training"): 1, ("a", "mlflow_logging"): 1}
    result = agreement(RULES, evidence_scores(RULES, [read("a", GOOD), read("b", FAULT)]), [], truth)
    rows = {row.dimension: row for row in result.rows}
    assert result.judge == EVIDENCE
    assert rows["model_training"].judge.mae == 0.5
    assert rows["model_training"].expected_mae == pytest.approx(0.3)
    assert rows["mlflow_logging"].unjudged == 1
    assert result.other_text == result.not_in_rubric == 0


def test_other_dimensions_and_other_scales_have_no_scores() -> None:
    wide = replace(RULES, scale=Scale({n: f"Level {n}." for n in range(1, 6)}, None))
    assert speaks_of(RULES)
    assert not speaks_of(RUBRIC)
    assert not speaks_of(wide)
    assert evidence_scores(wide, [read("a", GOOD)]) == evidence_scores(RUBRIC, [read("a", GOOD)]) == []


def test_what_rests_on_evidence_is_known_by_its_name() -> None:
    assert is_evident("evidence")
    assert is_evident("small+evidence@123456")
    assert not is_evident("small@123456")
