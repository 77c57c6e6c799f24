"""Evidence on the graded samples: no false alarm of leakage, and every fact in its place."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from nbalign.evidence import Evidence, read_evidence, rule_score
from nbalign.evidence.facts import KINDS, MODULES
from nbalign.notebooks import read_file

SAMPLES = Path(__file__).parents[2] / "sample_notebooks"
LEAKS = ("leak", "before the split", "before split", "all rows", "test rows", "whole data", "full data", "future")
NOTEBOOKS = sorted((SAMPLES / "notebooks").glob("*.ipynb"))


@cache
def evidence_of(path: Path) -> Evidence:
    return read_evidence(read_file(path)[1], strict=True)


@cache
def consensus() -> dict[tuple[str, str], int]:
    lines = (SAMPLES / "consensus.jsonl").read_text(encoding="utf-8").splitlines()
    return {(row["notebook"], row["dimension"]): row["score"] for row in map(json.loads, lines)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_raters_call_good_is_not_called_a_leak(path: Path) -> None:
    for dimension in ("data_imputation", "feature_engineering"):
        if consensus()[path.name, dimension] == 3:
            faults = [f.text for f in evidence_of(path).of(dimension) if f.kind.polarity == "fault"]
            assert faults == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_facts_cite_cells_that_are_there_and_stand_by_dimension_and_strength(path: Path) -> None:
    evidence = evidence_of(path)
    cells = len(read_file(path)[1].cells)
    order = [module.DIMENSION for module in MODULES]
    places = [(order.index(f.kind.dimension), -f.strength) for f in evidence.facts]
    assert places == sorted(places)
    assert all(1 <= number <= cells for f in evidence.facts for number in f.cells)
    assert {f.kind for f in evidence.facts} <= set(KINDS)


def test_every_sample_has_something_said_about_every_dimension() -> None:
    for path in NOTEBOOKS:
        assert [m.DIMENSION for m in MODULES if not evidence_of(path).of(m.DIMENSION)] == [], path.name


def test_leaks_that_raters_name_make_the_rule_score_a_1() -> None:
    lines = (SAMPLES / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    named = {
        (row["notebook"], row["dimension"])
        for row in map(json.loads, lines)
        if row["dimension"] in ("data_imputation", "feature_engineering")
        and row["score"] == 1
        and consensus()[row["notebook"], row["dimension"]] == 1
        and any(words in row["justification"].lower() for words in LEAKS)
    }
    assert len(named) > 20
    missed = []
    for name, dimension in sorted(named):
        rule = rule_score(dimension, evidence_of(SAMPLES / "notebooks" / name).of(dimension))
        if rule is None or rule.score != 1:
            missed.append((name, dimension))
    assert missed == []
