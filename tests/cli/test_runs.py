"""`nbalign runs` on runs made without a model: what is listed, shown, queued and deleted, and what is said of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from nbalign.notebooks import read_file
from nbalign.progress import silent
from nbalign.store.database import Store
from nbalign.suite.generate.model import Request
from nbalign.suite.generate.taking import FolderGenerator
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.sink import WorkspaceSink
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.suite.made import case, judge, run, written

RED = "\x1b[31mred\x1b[0m"


def make(
    nbalign: Nbalign,
    name: str,
    cases: Sequence[str],
    *,
    failed: Sequence[str] = (),
    scores: int | None = None,
    cells: int = 0,
    tokens: int = 0,
    **changed: object,
) -> list[str]:
    """A run with a notebook of each case but the failed ones; their hashes."""
    with Workspace.open(nbalign.folder) as ws:
        begun = run(ws, name, cases, **changed)  # type: ignore[arg-type]
        with Store.open(ws.path / "nbalign.db") as store:
            RunStore(store).save(begun)
            sink = WorkspaceSink(store, begun)
            for each in cases:
                if each in failed:
                    sink.failed(each, 1, f"it never stopped {RED}")
                    continue
                sink.keep(each, 1, written(each, failed_cells=cells, generated=tokens, evaluated=10 * tokens))
            made = [one.notebook for one in RunStore(store).productions(begun) if one.notebook]
        if scores is not None:
            for notebook in made:
                judge(ws, notebook, {"model_use": scores, "data_exploration": 0})
    return made


def test_a_workspace_without_runs_says_how_to_make_one(nbalign: Nbalign) -> None:
    ran = nbalign("runs", "list")
    assert "no runs yet" in ran.out
    assert "nbalign run SUITE" in ran.out
    assert nbalign("runs", "list", "--json").json == []
    for command in ("show", "judge", "queue", "rm"):
        ran = nbalign("runs", command, "first", code=2)
        assert ran.err.splitlines()[0] == "error: there is no run 'first' in this workspace"
        assert "Make one: nbalign run SUITE" in ran.err


def test_runs_are_listed_the_latest_first(nbalign: Nbalign) -> None:
    make(nbalign, "first", ["a", "b"], scores=2)
    make(nbalign, "second", ["c"], at="2026-02-03T04:05:06+00:00")
    lines = nbalign("runs", "list").out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["second", "first"]
    assert lines[2].split()[1:] == ["tiny", "command:tiny", "0", "of", "1", "–", "2026-02-03", "04:05"]
    assert " 2.00 " in lines[3]
    found = nbalign("runs", "list", "--json").json
    assert [(one["name"], one["made"], one["missing"], one["mean"]) for one in found] == [
        ("second", 1, 0, None),
        ("first", 2, 0, 2.0),
    ]


def test_a_run_is_shown_with_its_scores_what_failed_and_what_it_cost(nbalign: Nbalign) -> None:
    make(nbalign, "first", ["a", "b", "c"], failed=["b"], scores=3, cells=1, tokens=50, note="as it was")
    ran = nbalign("runs", "show", "first")
    assert ran.out.startswith("first: command:tiny on tiny, 3 cases, seed 0\nas it was\n")
    rows = {line.split()[0]: line for line in ran.out.splitlines() if line}
    assert rows["a"].endswith("1 failed")
    assert rows["b"].endswith("not made")
    assert " N/A " in rows["a"] and " N/A " not in rows["b"]
    assert "3.00" in rows["mean"]
    assert "2 notebooks written in 3 s; 1,000 tokens read and 100 written by the local model; 2 cells failed" in ran.out
    assert "1 notebook is missing" in ran.out
    assert "not made: b 1: it never stopped red" in ran.err
    found = nbalign("runs", "show", "first", "--json").json
    assert found["means"]["model_use"] == 3.0
    assert found["means"]["data_exploration"] is None  # all N/A
    assert [made["problem"] != "" for made in found["productions"]] == [False, True, False]
    assert {score["score"] for score in found["scores"]} == {0, 3}


@pytest.mark.parametrize(
    ("identity", "notebooks", "cells"),
    [
        ({"generator": "command"}, "1 notebook written", "ok"),
        ({"generator": "command", "executed": "no"}, "1 notebook written", "not run"),
        ({"generator": "folder", "executed": "no"}, "1 notebook taken from a folder", "ok"),
        ({"generator": "folder", "executed": "no", "made_by.executed": "no"}, "taken from a folder", "not run"),
    ],
)
def test_cells_that_were_not_run_are_not_called_good(
    nbalign: Nbalign, identity: dict[str, str], notebooks: str, cells: str
) -> None:
    make(nbalign, "first", ["a"], identity=identity)
    out = nbalign("runs", "show", "first").out
    assert notebooks in out
    assert next(line for line in out.splitlines() if line.startswith("a ")).endswith(cells)
    assert ("no cell was run" in out) == (cells == "not run")


def test_a_page_of_a_run_is_written(nbalign: Nbalign, tmp_path: Path) -> None:
    make(nbalign, "first", ["a", "b"], failed=["b"], scores=2)
    page = tmp_path / "page.html"
    assert str(page) in nbalign("runs", "show", "first", "--html", page).out
    assert "it never stopped" in page.read_text()
    blocked = page / "page.html"  # below a file nothing can be written
    assert "cannot write the page" in nbalign("runs", "show", "first", "--html", blocked, code=2).err


def test_hostile_words_of_a_run_reach_no_terminal(nbalign: Nbalign) -> None:
    make(
        nbalign, "first", ["a", "b"], failed=["b"], note=f"note {RED}", generator=f"command:{RED}", judge=f"judge {RED}"
    )
    for args in (("show", "first"), ("list",), ("show", "first", "--json")):
        nbalign("runs", *args)  # no escape sequence is ever printed: see `Nbalign`


def test_judging_needs_notebooks_and_the_judge_that_the_run_was_begun_with(nbalign: Nbalign) -> None:
    make(nbalign, "empty", [])
    ran = nbalign("runs", "judge", "empty")
    assert "has no notebooks" in ran.err
    make(nbalign, "first", ["a"])
    ran = nbalign("runs", "judge", "first", code=4)
    assert "there is no model 'tiny'" in ran.err


def test_raters_get_the_notebooks_of_a_run_when_somebody_asks(nbalign: Nbalign) -> None:
    make(nbalign, "first", ["a", "b"])
    make(nbalign, "second", ["c"])
    assert nbalign("notebooks", "--json").json == []
    assert "2 notebooks of first are in the queue" in nbalign("runs", "queue", "first").out
    assert nbalign("runs", "queue", "second", "--json").json == {"name": "second", "queued": 1}
    names = [one["name"] for one in nbalign("notebooks", "--json").json]
    assert names == ["first.a.1.ipynb", "first.b.1.ipynb", "second.c.1.ipynb"]


def test_runs_are_deleted_and_what_people_need_stays(nbalign: Nbalign) -> None:
    make(nbalign, "first", ["a", "b", "c"])
    make(nbalign, "second", ["c", "d"])  # c is the same notebook
    nbalign("label", "set", "first.a.1.ipynb", "model_use", "2", "--rater", "ann")
    ran = nbalign("runs", "rm", "first", "--yes")
    assert ran.out == "deleted first and 1 notebook; 2 stay, which a person or another run needs\n"
    assert nbalign("runs", "rm", "second", "--yes", "--json").json == [{"name": "second", "notebooks": 2}]
    assert nbalign("runs", "list", "--json").json == []
    assert [one["name"] for one in nbalign("notebooks", "--json").json] == ["first.a.1.ipynb"]


def test_a_run_is_exported_as_a_folder_that_takes_its_place_elsewhere(nbalign: Nbalign, tmp_path: Path) -> None:
    hashes = make(nbalign, "first", ["a", "b", "c"], failed=["b"])
    folder = tmp_path / "out"
    assert nbalign("runs", "export", "first", folder).out == f"first: 2 notebooks written to {folder}\n"
    assert sorted(path.name for path in folder.glob("*.ipynb")) == ["a.ipynb", "c.ipynb"]
    assert [read_file(folder / f"{name}.ipynb")[1].sha256 for name in "ac"] == hashes
    assert read_file(folder / "a.ipynb")[1].prompt == "Do a."
    taken = FolderGenerator(folder)
    assert taken.identity == {
        "generator": "folder",
        "made_by.suite": "tiny",
        "made_by.suite_sha256": "0" * 64,
        "made_by.kind": "command",
        "made_by.command": "tiny",
        "made_by.seed": "0",
    }
    (folder / "a.ipynb").unlink()
    again = nbalign("runs", "export", "first", folder, "--json").json
    assert again == {"name": "first", "folder": str(folder), "written": 1, "known": 1}
    assert taken.write(Request(case("a"), 1, 0), None, silent).notes == ()


def test_an_export_never_mixes_runs(nbalign: Nbalign, tmp_path: Path) -> None:
    make(nbalign, "first", ["a"])
    make(nbalign, "other", ["a"], seed=1)
    nbalign("runs", "export", "first", tmp_path / "out")
    refused = nbalign("runs", "export", "other", tmp_path / "out", code=2).err
    assert "holds notebooks made otherwise: seed was '0' and is '1'" in refused
    assert "1 notebook written" in nbalign("runs", "export", "other", tmp_path / "out", "--force").out
    assert "there is no run 'frist'" in nbalign("runs", "export", "frist", tmp_path / "out", code=2).err
    (tmp_path / "file").write_text("")
    assert "error" in nbalign("runs", "export", "first", tmp_path / "file" / "out", code=5).err


def test_nothing_is_deleted_without_a_word_or_where_one_name_is_wrong(
    nbalign: Nbalign, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(nbalign, "first", ["a"])
    ran = nbalign("runs", "rm", "first", "frist", "--yes", code=2)
    assert "Did you mean first?" in ran.err
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    assert "nothing was deleted" in nbalign("runs", "rm", "first").err
    assert [one["name"] for one in nbalign("runs", "list", "--json").json] == ["first"]
