from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound, UsageError
from nbalign.store.database import Store
from nbalign.suite.runs.beginning import continued
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.sink import WorkspaceSink
from nbalign.workspace import Workspace
from tests.suite.made import judge, run, suite, written


def produced(ws: Workspace, name: str, cases: list[str], *, repeats: int = 1, word: str = "") -> list[str]:
    """A run with all its notebooks; their hashes."""
    with Store.open(ws.path / "nbalign.db") as store:
        begun = run(ws, name, cases, repeats=repeats)
        RunStore(store).save(begun)
        sink = WorkspaceSink(store, begun)
        for case in cases:
            for repeat in range(1, repeats + 1):
                sink.keep(case, repeat, written(f"{word or name} {case} {repeat}"))
        return [made.notebook for made in RunStore(store).productions(begun)]


def test_a_run_is_read_back_as_it_was_kept(ws: Workspace) -> None:
    begun = run(ws, "first", ["b", "a"], note="as it was")
    with Store.open(ws.path / "nbalign.db") as store:
        RunStore(store).save(begun)
    assert ws.runs() == [begun]
    assert ws.run_names() == ["first"]


def test_notebooks_of_runs_wait_in_no_queue_until_somebody_wants_them(ws: Workspace, samples: Path) -> None:
    ws.import_notebooks([samples / "notebooks" / "wine-027.ipynb"])
    made = produced(ws, "first", ["a", "b"])
    assert [info.name for info in ws.notebooks()] == ["wine-027.ipynb"]
    assert len(ws.notebooks(everything=True)) == 3
    assert ws.name_of(made[0]) == "first.a.1.ipynb"
    assert ws.notebook(made[0]).prompt == "Do a."
    ws.set_label(made[0], "model_use", 2, rater="ann")
    assert [info.name for info in ws.notebooks()] == ["wine-027.ipynb", "first.a.1.ipynb"]
    assert ws.queue_run("first") == 2
    assert len(ws.notebooks()) == 3


def test_a_notebook_that_is_in_the_queue_stays_there_when_a_run_makes_it_again(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "mine.ipynb").write_bytes(written("first a 1").raw)
    ws.import_notebooks([tmp_path / "mine.ipynb"])
    made = produced(ws, "first", ["a"])
    assert [info.sha256 for info in ws.notebooks()] == made


def test_what_is_done_is_known_to_a_later_sink_and_what_failed_is_tried_again(ws: Workspace) -> None:
    with Store.open(ws.path / "nbalign.db") as store:
        begun = run(ws, "first", ["a", "b"])
        RunStore(store).save(begun)
        sink = WorkspaceSink(store, begun)
        sink.keep("a", 1, written("a", notes=("cut\x1b[31m short",)))
        sink.failed("b", 1, "the program\nended with 1")
        again = WorkspaceSink(store, begun)
        assert again.has("a", 1) and not again.has("b", 1)
        kept = RunStore(store).productions(begun)
        assert [(made.case, bool(made.notebook), made.problem) for made in kept] == [
            ("a", True, ""),
            ("b", False, "the program ended with 1"),
        ]
        assert "\x1b" not in kept[0].notes[0]
        again.keep("b", 1, written("b"))
        assert [made.problem for made in RunStore(store).productions(begun)] == ["", ""]


def test_what_is_no_notebook_is_not_kept(ws: Workspace) -> None:
    with Store.open(ws.path / "nbalign.db") as store:
        begun = run(ws, "first", ["a"])
        RunStore(store).save(begun)
        with pytest.raises(BadInput):
            WorkspaceSink(store, begun).keep("a", 1, written("a", raw=b'{"cells": 3'))
        assert RunStore(store).productions(begun) == []
    assert ws.notebooks(everything=True) == []


def test_scores_of_a_run_are_those_of_its_own_judge(ws: Workspace) -> None:
    made = produced(ws, "first", ["a", "b"])
    judge(ws, made[0], {"model_use": 2, "model_training": 0})
    judge(ws, made[1], {"model_use": 3}, by="another@123456")
    found = ws.scored_run("first")
    assert [(score.case, score.dimension, score.score) for score in found.scores] == [
        ("a", "model_training", 0),
        ("a", "model_use", 2),
    ]
    assert found.levels == (1, 2, 3) and found.not_applicable == 0
    assert found.missing == 0


def test_a_run_that_is_deleted_takes_only_what_nobody_else_needs(ws: Workspace) -> None:
    made = produced(ws, "first", ["a", "b", "c"])
    produced(ws, "second", ["a"], word="first")
    judge(ws, made[2], {"model_use": 1})
    ws.set_label(made[1], "model_use", 2, rater="ann")
    assert ws.remove_run("first") == 1
    left = {info.sha256 for info in ws.notebooks(everything=True)}
    assert left == {made[0], made[1]}
    assert ws.judgements(judge="tiny+evidence@abcdef") == []
    assert ws.run_names() == ["second"]
    with pytest.raises(NotFound, match="no run 'first'"):
        ws.scored_run("first")


def test_a_name_that_is_nearly_right_is_suggested(ws: Workspace) -> None:
    produced(ws, "baseline", ["a"])
    with pytest.raises(NotFound) as caught:
        ws.scored_run("basline")
    assert "baseline" in caught.value.hint


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "x" * 61, "a\n", "../up"])
def test_a_run_has_a_name_that_files_may_have(ws: Workspace, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be called"):
        ws.begin_run(name, suite("a"), "local", {})


def test_a_run_goes_on_with_more_cases_and_repeats(ws: Workspace) -> None:
    kept = run(ws, "first", ["a"], note="old")
    asked = run(ws, "first", ["b", "a"], repeats=3)
    found = continued(kept, asked)
    assert [case.id for case in found.cases] == ["a", "b"]
    assert (found.repeats, found.note) == (3, "old")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"suite_sha256": "1" * 64}, "the suite"),
        ({"identity": {"kind": "command", "command": "other"}}, "command was 'tiny', is 'other'"),
        ({"seed": 1}, "the seed"),
        ({"judge": "other@000000"}, "the judge"),
    ],
)
def test_a_run_never_mixes_what_cannot_be_compared(ws: Workspace, changed: dict[str, object], words: str) -> None:
    kept = run(ws, "first", ["a"])
    with pytest.raises(UsageError) as caught:
        continued(kept, replace(kept, **changed))  # type: ignore[arg-type]
    assert words in caught.value.message and "runs rm first" in caught.value.hint
