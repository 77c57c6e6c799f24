"""`nbalign evidence`: facts with their cells, what they come to, and words where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

import nbalign.evidence
from nbalign.__main__ import main
from nbalign.evidence import Evidence, Fact, Kind
from nbalign.evidence.facts import KINDS, MODULES
from nbalign.notebooks.model import Notebook
from tests.cli.conftest import Nbalign
from tests.notebooks.build import code, notebook

LEAK = Kind("leak", "model_training", "fault", -1.25, "…").fact("the target is a \x1b[31mfeature\nx", [3, 2])
FOLDS = Kind("folds", "model_training", "good", 0.5, "…").fact("five [bold]folds[/bold]")
ROWS = Kind("rows", "model_training", "neutral", 0.0, "…").fact("250 rows", range(1, 9))
COMPLETE = Kind("complete", "data_imputation", "n/a", 0.0, "…").fact("no value is missing", [1])


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """What is read off any notebook."""
    found = [LEAK, FOLDS, ROWS, COMPLETE]
    unread = ((2, "line 1 is not Python: invalid \x1b syntax"), (0, "too long"))

    def read_evidence(book: Notebook) -> Evidence:
        return Evidence(book.sha256, tuple(found), unread)

    monkeypatch.setattr(nbalign.evidence, "read_evidence", read_evidence)
    return found


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.ipynb"
    path.write_bytes(notebook(code("x = 1"), code("y ="), code("z = 3")))
    return path


def test_facts_stand_under_their_dimension_with_the_rule_score(nbalign: Nbalign, book: Path, facts: list[Fact]) -> None:
    nbalign("import", book)
    ran = nbalign("evidence", "book.ipynb")
    lines = ran.out.splitlines()
    assert lines[0] == "data_imputation: N/A"  # in the order of the rubric
    assert lines[1] == "  0        [1] no value is missing"
    assert lines[3] == "model_training: 1 bad (1.25 points)"
    assert lines[4] == "  ! -1.25  [2, 3] the target is a feature x"
    assert lines[5] == "  + +0.50  five [bold]folds[/bold]"
    assert lines[6] == "  ·        [1, 2, 3, 4, …] 250 rows"
    assert "no facts, so no rule score: library_installation" in ran.out
    assert "not read: [2] line 1 is not Python: invalid" in ran.err
    assert "not read: too long" in ran.err


def test_only_the_dimensions_asked_for(nbalign: Nbalign, book: Path, facts: list[Fact]) -> None:
    ran = nbalign("evidence", str(book), "-d", "model_training")
    assert "model_training" in ran.out
    assert "data_imputation" not in ran.out
    none = nbalign("evidence", str(book), "-d", "mlflow_logging")
    assert none.out == "No facts were found of what was asked for.\n"


def test_json_holds_facts_and_scores(nbalign: Nbalign, book: Path, facts: list[Fact]) -> None:
    told = nbalign("evidence", str(book), "--json").json
    assert [d["dimension"] for d in told["dimensions"]] == [module.DIMENSION for module in MODULES]
    training = next(d for d in told["dimensions"] if d["dimension"] == "model_training")
    assert (training["score"], training["points"]) == (1, 1.25)
    assert training["facts"][0] == {
        "kind": "leak",
        "polarity": "fault",
        "points": -1.25,
        "cells": [2, 3],
        "text": LEAK.text,
    }
    assert told["dimensions"][0] == {"dimension": "library_installation", "score": None, "points": None, "facts": []}
    assert told["unread"][1] == {"cell": None, "why": "too long"}


def test_a_file_needs_no_workspace(
    book: Path, facts: list[Fact], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(book.parent)
    assert main(["evidence", "book.ipynb", "-d", "data_imputation"]) == 0
    assert "no value is missing" in capsys.readouterr().out
    assert main(["evidence", "nothing.ipynb"]) == 2
    assert "nbalign init" in capsys.readouterr().err


def test_a_notebook_without_facts_is_told_in_words(nbalign: Nbalign, book: Path, facts: list[Fact]) -> None:
    facts.clear()
    assert "No facts were found in this notebook" in nbalign("evidence", str(book)).out


def test_what_is_unknown_is_told_with_what_there_is(nbalign: Nbalign, book: Path) -> None:
    ran = nbalign("evidence", str(book), "-d", "style", code=2)
    assert "style" in ran.err
    assert "model_training" in ran.err
    assert "no notebook" in nbalign("evidence", "nothing", code=2).err
    assert "NOTEBOOK" in nbalign("evidence", code=2).err


def test_every_kind_is_listed_with_its_meaning(nbalign: Nbalign) -> None:
    ran = nbalign("evidence", "--kinds")
    for kind in KINDS:
        assert kind.name in ran.out
        assert kind.meaning in ran.out
    told = nbalign("evidence", "--kinds", "--json").json
    assert [entry["kind"] for entry in told] == [kind.name for kind in KINDS]
    some = nbalign("evidence", "--kinds", "-d", "model_use", "--json").json
    assert {entry["dimension"] for entry in some} <= {"model_use"}


def test_real_facts_of_a_real_notebook(nbalign: Nbalign, samples: Path) -> None:
    ran = nbalign("evidence", samples / "notebooks" / "wine-027.ipynb", "--json")
    cells = {cell for d in ran.json["dimensions"] for fact in d["facts"] for cell in fact["cells"]}
    assert all(cell >= 1 for cell in cells)
    assert {d["score"] for d in ran.json["dimensions"]} <= {None, 0, 1, 2, 3}


def test_a_folder_or_a_file_that_is_not_there_is_called_so(
    nbalign: Nbalign, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"'{tmp_path}' is a folder" in nbalign("evidence", str(tmp_path), code=2).err
    bare = tmp_path / "bare"
    bare.mkdir()
    monkeypatch.chdir(bare)
    assert main(["evidence", "gone.ipynb"]) == 2
    assert "there is no file 'gone.ipynb', and there is no workspace" in capsys.readouterr().err
