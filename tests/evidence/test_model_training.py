"""Facts about model training: every kind on notebooks that must state it and on notebooks that must not."""

from __future__ import annotations

from collections import Counter

import pytest

from nbalign.evidence.facts.model_training import KINDS
from nbalign.evidence.rules import rule_score
from tests.evidence.building import facts_of, kinds_of, md
from tests.evidence.training_cases import CASES, READ, SPLIT, Case
from tests.evidence.training_fault_cases import FAULT_CASES

D = "model_training"
ALL = CASES + FAULT_CASES


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_exactly_these_kinds_are_stated(case: Case) -> None:
    assert kinds_of(D, *case.cells, prompt=case.prompt) == set(case.kinds.split())


def test_every_kind_is_met_and_missed_often_enough() -> None:
    seen = Counter(kind for case in ALL for kind in case.kinds.split())
    assert set(seen) == {kind.name for kind in KINDS}
    assert {name: n for name, n in seen.items() if n < 5 or len(ALL) - n < 5} == {}


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_sentences_are_short_and_point_at_cells_that_exist(case: Case) -> None:
    for fact in facts_of(D, *case.cells, prompt=case.prompt):
        assert len(fact.text) < 160
        assert "\n" not in fact.text
        assert set(fact.cells) <= set(range(1, len(case.cells) + 1))


def test_all_main_virtues_make_a_three() -> None:
    case = next(c for c in CASES if c.name.startswith("a seed for all, a dummy"))
    found = rule_score(D, facts_of(D, *case.cells, prompt=case.prompt))
    assert found is not None
    assert found.score == 3


def test_many_small_gaps_still_make_a_two() -> None:
    case = next(c for c in CASES if c.name == "no seed and no stratify")
    found = rule_score(D, facts_of(D, *case.cells, prompt=case.prompt))
    assert found is not None
    assert found.score == 2


@pytest.mark.parametrize("case", [c for c in ALL if "search" not in c.kinds.split()], ids=lambda case: case.name)
def test_a_fault_makes_a_one(case: Case) -> None:
    facts = facts_of(D, *case.cells, prompt=case.prompt)
    found = rule_score(D, facts)
    if any(f.kind.polarity == "fault" for f in facts):
        assert found is not None
        assert found.score == 1


def test_without_code_or_prompt_nothing_is_said() -> None:
    assert facts_of(D, md("# Notes")) == ()


def test_a_broken_cell_keeps_absence_silent() -> None:
    assert kinds_of(D, READ, "m = = fit(", prompt="Train a model on data/telco.csv.") == set()


def test_names_of_the_notebook_are_quoted_and_cut() -> None:
    hostile = READ.replace("churned", "c" * 300) + SPLIT
    for fact in facts_of(D, hostile, prompt="Train a model."):
        assert len(fact.text) < 160
