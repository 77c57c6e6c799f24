"""`nbalign stats`: what raters got done, and how fast."""

from __future__ import annotations

from pathlib import Path

from nbalign.labels.attention import Visit
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.tui.conftest import code, notebook_file


def study(nbalign: Nbalign, tmp_path: Path) -> None:
    files = [notebook_file(tmp_path / f"{name}.ipynb", [code(f"{name} = 1")]) for name in "abc"]
    with Workspace.open(nbalign.folder) as workspace:
        workspace.import_notebooks(files)
        for dimension in workspace.rubric().dimensions:
            workspace.set_label("a", dimension.id, 2, rater="ann", source="tui")
        workspace.set_label("a", "model_training", 1, rater="bob\x1b[31m".replace("\x1b", ""), source="cli")
        sha256 = workspace.notebook("a").sha256
        for number, day in ((1, "2025-01-01"), (2, "2025-01-02")):
            at = f"{day}T12:00:00+00:00"
            visit = Visit(f"{day}/x", number, sha256, at, at, 900.0)
            workspace.keep_visit("ann", workspace.rubric().id, visit)


def test_raters_and_days_are_told(nbalign: Nbalign, tmp_path: Path) -> None:
    study(nbalign, tmp_path)
    out = nbalign("stats").out
    ann = next(line for line in out.splitlines() if line.startswith("ann "))
    assert ann.split() == ["ann", "1/3", "9", "30", "min", "30.0", "18", "–"]
    assert "bob[31m" in out
    assert "ann by day" in out
    assert "2025-01-01" in out and "2025-01-02" in out
    assert "bob[31m by day" not in out


def test_json_holds_the_figures_of_one_rater(nbalign: Nbalign, tmp_path: Path) -> None:
    study(nbalign, tmp_path)
    (found,) = nbalign("stats", "--rater", "ann", "--json").json
    assert (found["rater"], found["done"], found["labels"], found["seconds"]) == ("ann", 1, 9, 1800.0)
    assert found["notebook_seconds"] == 1800.0
    assert found["labels_per_hour"] == 18.0
    assert [(day["day"], day["sessions"], day["seconds"]) for day in found["days"]][:2] == [
        ("2025-01-01", 1, 900.0),
        ("2025-01-02", 1, 900.0),
    ]
    assert "score" not in str(found)


def test_nobody_and_an_unknown_rater_are_told_in_words(nbalign: Nbalign) -> None:
    assert "nobody has labelled anything yet" in nbalign("stats").err
    assert "zoe has no labels yet" in nbalign("stats", "--rater", "zoe").err
    assert "a rater needs a name" in nbalign("stats", "--rater", " ", code=2).err
    assert "no rubric" in nbalign("stats", "--rubric", "moon", code=2).err
