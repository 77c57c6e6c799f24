"""`nbalign memory` from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from nbalign.__main__ import main
from nbalign.align.guidelines import Guidelines, guideline_id
from nbalign.align.model import Guideline
from nbalign.workspace import Workspace

TEXT = "Score 1 when the scaler is fitted before the split."
OTHER = "Score 2 when nothing is tuned."
ID = guideline_id("ml-notebook", "model_training", TEXT)


class Shell:
    """Runs `nbalign memory …` in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.err = ""

    def __call__(self, *args: str, code: int = 0) -> str:
        self.capsys.readouterr()
        found = main(["-w", str(self.folder), "memory", *args])
        out, self.err = self.capsys.readouterr()
        assert found == code, out + self.err
        return out

    def states(self, *args: str) -> dict[str, str]:
        return {row["text"]: row["state"] for row in json.loads(self("list", "--json", *args))}


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    cells = [nbformat.v4.new_code_cell(f"a = {n}") for n in range(5)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_notebooks([tmp_path / "a.ipynb"])
    return Shell(tmp_path / "study", capsys)


@pytest.fixture
def memory(empty: Shell) -> Shell:
    with Workspace.open(empty.folder) as workspace:
        label = workspace.set_label(
            "a", "model_training", 1, rater="ann", justification="Scaler [red]first[/red].", cells=[2, 3]
        )
        made = [
            Guideline(ID, "model_training", TEXT, "proposed", (label.event,)),
            Guideline(guideline_id("ml-notebook", "model_use", OTHER), "model_use", OTHER, "proposed", (label.event,)),
        ]
        Guidelines(workspace._store).propose("ml-notebook", made, {"model_training", "model_use"})
    return empty


def test_without_guidelines_it_says_how_to_get_some(empty: Shell) -> None:
    assert empty("list") == ""
    assert "nbalign align" in empty.err
    assert json.loads(empty("list", "--json")) == []


def test_guidelines_are_listed_by_dimension(memory: Shell) -> None:
    out = memory("list")
    assert out.index("(model_training)") < out.index(TEXT) < out.index("(model_use)") < out.index(OTHER)
    assert ID in out
    assert memory.states("-d", "model_use") == {OTHER: "proposed"}
    memory("reject", ID)
    assert memory.states("--state", "rejected") == {TEXT: "rejected"}
    assert memory("list", "--state", "pinned") == ""
    assert "no such guidelines" in memory.err


def test_a_guideline_is_shown_with_labels_and_history(memory: Shell) -> None:
    memory("edit", ID[:6], "Fit the scaler after the split, else 1.", "--by", "eve")
    out = memory("show", ID[:6])
    for word in (
        ID,
        "edited",
        "a.ipynb",
        "ann",
        "2-3",
        "Scaler [red]first[/red].",
        "distilled",
        TEXT,
        "eve",
        "else 1.",
    ):
        assert word in out
    found = json.loads(memory("show", ID, "--json"))
    assert [(x["notebook"], x["rater"], x["score"], x["cells"]) for x in found["labels"]] == [
        ("a.ipynb", "ann", 1, [2, 3])
    ]
    assert [(x["action"], x["by"]) for x in found["history"]] == [("propose", ""), ("edit", "eve")]


def test_experts_steer_guidelines(memory: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    other = guideline_id("ml-notebook", "model_use", OTHER)
    assert memory("accept", ID, other).count("accepted") == 2
    memory("reject", other)
    memory("pin", ID)
    assert memory.states() == {TEXT: "pinned", OTHER: "rejected"}
    memory("unpin", ID)
    assert memory.states()[TEXT] == "accepted"
    monkeypatch.setenv("NBALIGN_RATER", "bob")
    (written,) = json.loads(memory("add", "-d", "model_use", "No new case is predicted: 1.", "--json"))
    assert (written["state"], written["sources"]) == ("written", [])
    assert "bob" in memory("show", written["id"])
    assert "written by hand" in memory("show", written["id"])


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("show", "ffffffffffff"), "no guideline"),
        (("reject", ID, "ffffffffffff"), "no guideline"),
        (("accept",), "Missing argument"),
        (("edit", ID, "x" * 300), "240"),
        (("edit", ID, "..."), "what to look for"),
        (("add", "-d", "model_usage", "No new case is predicted: 1."), "no dimension"),
        (("add", "No new case is predicted: 1."), "--dimension"),
        (("list", "-d", "model_usage"), "no dimension"),
        (("list", "--state", "lost"), "lost"),
    ],
)
def test_what_is_impossible_is_a_usage_error_and_changes_nothing(
    memory: Shell, args: tuple[str, ...], word: str
) -> None:
    memory(*args, code=2)
    assert word in memory.err
    assert "Traceback" not in memory.err
    assert memory.states() == {TEXT: "proposed", OTHER: "proposed"}


def test_names_and_texts_cannot_reach_the_terminal_raw(memory: Shell) -> None:
    memory("edit", ID, "Fit \x1b]0;x\x07the scaler\u202e later.", "--by", "e\x1b[2Jve")
    assert "\x1b" not in memory("show", ID) + memory("list")
