"""Which rubric a command is about where nobody names one: every command says the same, and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nbalign.cli.rubric_meant import rubric_meant
from nbalign.workspace import Workspace
from tests.align.conftest import MODEL, RUBRIC, Machine, Study
from tests.cli.conftest import Nbalign, short_rubric

SAID = "no labels or judgements under ml-notebook: this is about short, the only rubric that has any\n"


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """Labels under `short` alone."""
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "made", machine)
    with made.ws:
        yield made


@pytest.fixture
def nb(study: Study, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    return Nbalign(study.ws.path, capsys)


def test_models_and_memories_are_about_the_only_rubric_in_use(nb: Nbalign, study: Study) -> None:
    judged = nb("judge", "book-0", "--model", MODEL, "--json")
    assert judged.err.count(SAID) == 1
    assert {j["rubric"] for j in judged.json["judgements"]} == {"short"}
    tried = nb("align", "--model", MODEL, "--dry-run", "--json")
    assert tried.json["lessons"] == 12
    assert SAID in tried.err
    assert nb("align", "-d", "loading", "--model", MODEL, "--json").json["precedents"] == 6
    assert len(nb("memory", "versions", "--json").json) == 1
    found = nb("memory", "list", "--json")
    assert {g["rubric"] for g in found.json} == {"short"}
    assert found.err == SAID
    assert nb("memory", "add", "-d", "plotting", "Score 1 when no axis has a unit.", "--json").json
    assert {g.dimension for g in study.ws.guidelines("short", state="written")} == {"plotting"}
    assert "Loading" in nb("memory", "checks").out
    assert nb("memory", "diff").err.startswith(SAID)
    assert set(nb("memory", "neighbours", "book-1", "--json").json) == {"loading", "plotting"}
    aligned = nb("judge", "book-0", "--budget", "2000", "--json")
    assert aligned.json["judge"].startswith(f"{MODEL}+memory@")


def test_experiments_and_audits_are_about_the_only_rubric_in_use(nb: Nbalign, study: Study) -> None:
    ran = nb("evaluate", "--arms", "constant,counts", "--folds", "2", "--bootstrap", "100", "--json")
    assert ran.json["rubric"] == "short"
    assert ran.err.count(SAID) == 1
    shown = nb("evaluate", "--show", "latest", "--json")
    assert shown.json["id"] == ran.json["id"]
    assert SAID in shown.err
    study.ws.judge(rubric="short", options=study.options())
    picked = nb("audit", "pick", "-n", "1", "--rater", "dora", "--json")
    assert picked.json["rubric"] == "short"
    assert SAID in picked.err
    assert nb("audit", "status", "--json").json["rubric"] == "short"
    name = study.ws.judges("short")[0][0]
    assert SAID in nb("audit", "drift", name, name, code=None).err


def test_labels_go_to_the_only_rubric_in_use(nb: Nbalign, study: Study, tmp_path: Path) -> None:
    given = nb("label", "set", "book-1", "loading", "2", "--rater", "dora", "--json")
    assert [label.rubric for label in study.ws.labels(rater="dora")] == ["short"]
    assert given.err == SAID
    assert SAID in nb("label", "clear", "book-1", "loading", "--rater", "dora").err
    assert not study.ws.labels(rater="dora")
    lines = tmp_path / "labels.jsonl"
    lines.write_text(
        json.dumps({"notebook": "book-2.ipynb", "dimension": "loading", "rater": "dora", "score": 3}) + "\n"
    )
    taken = nb("label", "import", lines)
    assert [label.rubric for label in study.ws.labels(rater="dora")] == ["short"]
    assert "lines that name no rubric are taken for short, the only rubric that has any" in taken.err
    assert SAID in nb("rubric", "show").err


def test_the_screen_opens_with_the_only_rubric_in_use(
    nb: Nbalign, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Any] = []

    class App:
        failure = None
        return_code = 0

        def __init__(self, _workspace: Workspace, _rater: str, rubric: str, *_: object, **__: object) -> None:
            opened.append(rubric)

        def run(self) -> None:
            pass

    monkeypatch.setattr("nbalign.tui.app.LabelApp", App)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("nbalign.cli.tui._unfit", lambda: None)
    ran = nb("tui", "--rater", "ann")
    assert opened == ["short"]
    assert ran.err == SAID


def test_a_rubric_that_is_named_is_taken_without_a_word(nb: Nbalign, study: Study) -> None:
    assert nb("memory", "list", "--rubric", "short", "--json").err == ""
    ran = nb("align", "--rubric", "ml-notebook", "--dry-run", "--json")
    assert ran.json["lessons"] == 0
    assert "this is about" not in ran.err


def test_scores_under_the_default_rubric_come_first(nb: Nbalign, study: Study) -> None:
    study.ws.set_label("book-0", "model_training", 2, rater="ann")
    ran = nb("align", "--dry-run", "--json")
    assert ran.json["lessons"] == 1
    assert ran.err == ""


def test_of_several_others_none_is_guessed_and_all_are_named(
    study: Study, nb: Nbalign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "second.yaml"
    path.write_text(RUBRIC.format(id="second", na="", dim_na=""))
    study.ws.add_rubric(path)
    study.ws.set_label("book-0", "loading", 2, rater="ann", rubric="second")
    assert rubric_meant(study.ws, None) == "ml-notebook"
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "this is about ml-notebook, which has no labels or judgements" in said
    assert "short (18 labels, no judges), second (1 label, no judges)" in said


def test_in_a_new_workspace_the_only_rubric_that_was_added_is_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Workspace.create(tmp_path / "new") as ws:
        assert rubric_meant(ws, None) == "ml-notebook"
        assert capsys.readouterr().err == ""
        assert ws.added_rubrics() == []
        ws.add_rubric(short_rubric(tmp_path / "one.yaml", 1, (1, 2)))
        assert rubric_meant(ws, None) == "short"
        assert capsys.readouterr().err == (
            "no labels or judgements yet: this is about short, the only rubric that was added here\n"
        )
        # A later text of the same rubric is the same rubric.
        changed = tmp_path / "one.yaml"
        changed.write_text(changed.read_text().replace("version: 1", "version: 2"))
        ws.add_rubric(changed)
        assert rubric_meant(ws, None) == "short"
        assert rubric_meant(ws, "time-series") == "time-series"
        capsys.readouterr()
        other = tmp_path / "two.yaml"
        other.write_text(changed.read_text().replace("id: short", "id: other"))
        ws.add_rubric(other)
        assert ws.added_rubrics() == ["short", "other"]
        assert rubric_meant(ws, None) == "ml-notebook"
        assert capsys.readouterr().err == ""


def test_labels_that_were_taken_back_and_judgements_alone(
    study: Study, nb: Nbalign, capsys: pytest.CaptureFixture[str]
) -> None:
    assert study.ws.scores_by_rubric() == {"short": (18, 0)}
    study.ws.judge(["book-0"], rubric="short", options=study.options())
    assert study.ws.scores_by_rubric() == {"short": (18, 1)}
    for label in study.ws.labels():
        study.ws.clear_label(label.notebook, label.dimension, rater=label.rater, rubric="short")
    assert study.ws.scores_by_rubric() == {"short": (0, 1)}
    assert rubric_meant(study.ws, None) == "short"
