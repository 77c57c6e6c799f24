"""`nbalign evaluate --notebook`: an experiment on a few of the notebooks, with arms that need no model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.notebooks.build import code, markdown, notebook

NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight")
FEW = ("one", "two", "three", "four")
ASKED = ("--arms", "constant,counts", "-d", "model_use", "--bootstrap", "100", "--json")


@pytest.fixture
def study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    """Eight notebooks, seven of them labelled: `eight` has no label."""
    for name in NAMES:
        (tmp_path / f"{name}.ipynb").write_bytes(notebook(markdown(f"# {name}"), code(f"print('{name}')")))
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_notebooks([tmp_path / f"{name}.ipynb" for name in NAMES])
        for n, name in enumerate(NAMES[:-1]):
            workspace.set_label(name, "model_use", n % 3 + 1, rater="ann", justification=f"Said of {name}.")
    return Nbalign(tmp_path / "study", capsys)


def only(*names: str) -> list[str]:
    return [word for name in names for word in ("-n", name)]


def hashes(study: Nbalign) -> dict[str, str]:
    with Workspace.open(study.folder) as workspace:
        return {name.removesuffix(".ipynb"): sha256 for sha256, name in workspace.names().items()}


def test_only_the_notebooks_named_take_part(study: Nbalign) -> None:
    found = study("evaluate", *ASKED, *only(*FEW), "--folds", "2").json
    here = hashes(study)
    assert set(found["folds"]) == {here[name] for name in FEW}
    assert {p["notebook"] for p in found["predictions"]} == {here[name] for name in FEW}
    assert [row["n"] for row in found["rows"] if row["dimension"]] == [4, 4]
    assert any("Only 4 of 7 labelled" in note for note in found["notes"])
    assert set(found["options"]["notebooks"].split()) == {here[name][:12] for name in FEW}


def test_a_hash_names_a_notebook_too_and_order_and_repeats_do_not_count(study: Nbalign) -> None:
    here = hashes(study)
    by_name = study("evaluate", *ASKED, *only(*FEW), "--folds", "2").json
    by_hash = study("evaluate", *ASKED, *only(*(here[n][:10] for n in (*FEW[::-1], "one"))), "--folds", "2").json
    assert by_hash["id"] == by_name["id"]
    assert by_hash["predictions"] == by_name["predictions"]


def test_nothing_of_the_others_is_learned(study: Nbalign) -> None:
    before = study("evaluate", *ASKED, *only(*FEW), "--folds", "2").json
    with Workspace.open(study.folder) as workspace:
        for name in ("five", "six", "seven"):
            workspace.set_label(name, "model_use", 3, rater="ann", justification="Quite another thing.")
    after = study("evaluate", *ASKED, *only(*FEW), "--folds", "2").json
    assert after["id"] == before["id"]
    assert after["predictions"] == before["predictions"]
    assert after["rows"] == before["rows"]


def test_without_names_all_labelled_notebooks_take_part_and_the_options_name_none(study: Nbalign) -> None:
    found = study("evaluate", *ASKED, "--folds", "2").json
    assert len(found["folds"]) == 7
    assert "notebooks" not in found["options"]
    assert not any("were named" in note for note in found["notes"])


def _folds(study: Nbalign, *args: str) -> Any:
    return study("evaluate", *ASKED, *args, "--folds", "3").json["folds"]


def test_folds_of_a_few_notebooks_and_folds_of_all_do_not_touch_each_other(study: Nbalign) -> None:
    whole = _folds(study)
    few = _folds(study, *only("one", "four", "seven"))
    assert sorted(few.values()) == [0, 1, 2]  # three notebooks of equal score: one a fold, whatever was before
    for n, sha256 in enumerate(sorted(whole)):
        with Workspace.open(study.folder) as workspace:
            workspace.set_label(sha256, "model_use", (n * n) % 3 + 1, rater="ann")
    assert _folds(study) == whole  # still those of the first experiment on all notebooks: the other was on a few


def test_a_name_that_is_not_there_is_refused(study: Nbalign) -> None:
    ran = study("evaluate", *ASKED, *only("one", "nine"), code=None)
    assert ran.code not in (0, 70)
    assert "there is no notebook 'nine'" in ran.err


def test_one_notebook_is_too_few(study: Nbalign) -> None:
    ran = study("evaluate", *ASKED, *only("one"), code=2)
    assert "at least two" in ran.err


def test_notebooks_without_labels_teach_nothing_and_that_is_said(study: Nbalign) -> None:
    ran = study("evaluate", *ASKED, *only("eight"), code=None)
    assert ran.code not in (0, 70)
    assert "on these notebooks" in ran.err
