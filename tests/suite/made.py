"""Suites, runs and notebooks made for tests, without a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.store.database import Store
from nbalign.suite.generate.model import Written
from nbalign.suite.model import Case, Suite
from nbalign.suite.runs.model import CaseBrief, Run
from nbalign.workspace import Workspace
from tests.notebooks.build import code, markdown, notebook

JUDGE = "tiny+evidence@abcdef"


def case(name: str, *, prompt: str = "", not_applicable: frozenset[str] = frozenset()) -> Case:
    """A case without data."""
    return Case(name, prompt or f"Do {name}.", (), "classification", "small", (), not_applicable)


def suite(*names: str) -> Suite:
    """A suite of cases without data."""
    return Suite("tiny", "Tiny", "", "ml-notebook", tuple(map(case, names)), Path("suite.yaml"), "0" * 64)


def run(ws: Workspace, name: str, cases: Sequence[str], *, repeats: int = 1, **changed: object) -> Run:
    """What a run is; the judge is one that needs no model."""
    rubric = ws.rubric()
    settings: dict[str, object] = {
        "name": name,
        "suite": "tiny",
        "suite_sha256": "0" * 64,
        "cases": tuple(CaseBrief.of(case(each)) for each in cases),
        "generator": "command:tiny",
        "identity": {"kind": "command", "command": "tiny"},
        "repeats": repeats,
        "seed": 0,
        "rubric": rubric.id,
        "rubric_sha256": rubric.sha256,
        "model": "tiny",
        "memory": "",
        "budget": 2000,
        "evidence": 120,
        "judge": JUDGE,
        "base_judge": JUDGE,
        "at": "2026-01-01T00:00:00+00:00",
    }
    return Run(**{**settings, **changed})  # type: ignore[arg-type]


def written(text: str, **changed: object) -> Written:
    """A notebook of one heading and one cell."""
    raw = notebook(markdown(f"# {text}"), code(f"print({text!r})"))
    settings: dict[str, object] = {
        "raw": raw,
        "made_by": {"kind": "command"},
        "evaluated": 100,
        "generated": 20,
        "seconds": 1.5,
        "failed_cells": 0,
        "notes": (),
    }
    return Written(**{**settings, **changed})  # type: ignore[arg-type]


def judge(ws: Workspace, notebook: str, scores: Mapping[str, int], *, by: str = JUDGE) -> None:
    """Keeps judgements of a notebook."""
    rubric = ws.rubric()
    with Store.open(ws.path / "nbalign.db") as store:
        for dimension, score in scores.items():
            Archive(store).save(
                Judgement(
                    key=f"{by}{notebook}{dimension}",
                    judge=by,
                    notebook=notebook,
                    rubric=rubric.id,
                    rubric_sha256=rubric.sha256,
                    dimension=dimension,
                    probabilities={value: float(value == score) for value in rubric.scale.values},
                    expected=float(score),
                    score=score,
                    mass=0.9,
                    cut=(),
                    tokens=1,
                    prefix_tokens=1,
                    seconds=0.1,
                    at="2026-01-01T00:00:00+00:00",
                )
            )
