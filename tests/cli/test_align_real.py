"""`judge`, `align`, `memory` and `evaluate` from end to end with a real, small model, whose opinions do not matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.conftest import SMALL
from tests.notebooks.build import code, markdown, notebook, stream

pytestmark = pytest.mark.model

RUBRIC = """id: tiny
version: 1
title: Tiny
scale:
  1: Bad.
  2: Average.
  3: Good.
dimensions:
  - id: loading
    title: Loading
    question: Is the data loaded well?
    1: Rows are lost, and nothing is checked.
    2: All rows are loaded.
    3: All rows are loaded, and columns are checked.
  - id: naming
    title: Naming
    question: Are names clear?
    1: Names are single letters.
    2: Some names are clear.
    3: All names are clear.
"""
SAID = {  # few words: writing is what takes the time
    "copper": (1, {"ann": "Rows without a price are dropped.", "bob": "A third of all rows is lost."}),
    "maple": (3, {"ann": "Every column is checked after loading.", "bob": ""}),
    "granite": (2, {"bob": "All rows are there, but nobody checks them."}),
    "willow": (1, {"ann": ""}),
}
ASKED = ("--rubric", "tiny", "--model", SMALL)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with four tiny notebooks and what two raters say of them in one of two dimensions."""
    folder = tmp_path_factory.mktemp("labelled")
    (folder / "tiny.yaml").write_text(RUBRIC)
    for n, name in enumerate(SAID):
        read = code(f"{name} = read_csv('{name}.csv', nrows={10 * n})", stream(f"{n} rows\n"))
        (folder / f"{name}.ipynb").write_bytes(notebook(markdown(f"# The {name} file"), read))
    with Workspace.create(folder / "study") as workspace:
        workspace.add_rubric(folder / "tiny.yaml")
        workspace.import_notebooks([folder])
        for name, (score, words) in SAID.items():
            for rater, why in words.items():
                workspace.set_label(name, "loading", score, rater=rater, justification=why, cells=[2], rubric="tiny")
    return folder / "study"


@pytest.fixture
def study(labelled: Path, capsys: pytest.CaptureFixture[str], small_model: Path) -> Nbalign:
    return Nbalign(labelled, capsys)


def test_a_real_model_judges_learns_and_judges_again(study: Nbalign) -> None:
    judge = ("judge", *ASKED, "-d", "loading", "--json")
    before = study(*judge).json
    assert before["judge"].startswith(f"{SMALL}@")
    assert {j["name"] for j in before["judgements"]} == {f"{name}.ipynb" for name in SAID}

    aligned = study("align", *ASKED, "--json").json
    with Workspace.open(study.folder) as workspace:
        events = {label.event for label in workspace.labels(rubric="tiny")}
        memory = workspace.memory(rubric="tiny")
    assert len(events) == 6
    assert (memory.version, memory.model, memory.parent) == (aligned["version"], SMALL, "")
    assert {account["event"] for account in aligned["accounts"]} == events
    known = {guideline["id"]: set(guideline["sources"]) for guideline in aligned["guidelines"]}
    for account in aligned["accounts"]:  # it led to guidelines that name it, or it is said why it led to none
        assert bool(account["guidelines"]) != bool(account["why"])
        assert all(account["event"] in known[id] for id in account["guidelines"])
    assert set(aligned["calibrations"]) == {"loading"}
    assert aligned["evaluated"] > 0
    assert aligned["generated"] > 0

    again = study("align", *ASKED)
    assert "labels: 0 new, 0 gone, 6 known already" in again.out
    assert f"memory {aligned['version']} is as it was: nothing that it rests on has changed" in again.out
    assert "tokens evaluated" not in again.out

    after = study(*judge).json
    assert after["judge"].startswith(f"{SMALL}+memory@")
    assert (after["new"], after["known"], after["failed"]) == (4, 0, [])
    for judgement in after["judgements"]:
        assert judgement["score"] in (1, 2, 3)
        assert sum(judgement["probabilities"].values()) == pytest.approx(1)
    kept = study(*judge).json
    assert (kept["judge"], kept["new"], kept["evaluated"]) == (after["judge"], 0, 0)
    plain = study(*judge, "--unaligned").json
    assert (plain["judge"], plain["new"]) == (before["judge"], 0)

    tiny = ("--rubric", "tiny", "--json")
    assert {guideline["id"] for guideline in study("memory", "list", *tiny).json} == set(known)
    near = study("memory", "neighbours", "copper", "-d", "loading", *tiny).json["loading"]
    assert {one["precedent"]["name"] for one in near} == {"maple.ipynb", "granite.ipynb", "willow.ipynb"}
    checks = study("memory", "checks", *tiny).json["loading"]
    assert {check["source"] for check in checks} >= {"level 1", "level 3"}
    assert {check["source"] for check in checks} <= {"level 1", "level 2", "level 3", *known}


def test_a_real_model_is_evaluated_once(study: Nbalign) -> None:
    arms = ("constant", "base", "full")
    run = (
        "evaluate",
        *ASKED,
        "-d",
        "loading",
        "--folds",
        "2",
        "--arms",
        ",".join(arms),
        "--bootstrap",
        "200",
        "--json",
    )
    first = study(*run).json
    answered = [(p["arm"], p["dimension"]) for p in first["predictions"]]
    assert sorted(answered) == sorted((arm, "loading") for arm in arms for _ in SAID)
    assert len({(p["arm"], p["notebook"]) for p in first["predictions"]}) == 12
    parts = {cost["part"]: cost for cost in first["costs"]}
    assert len(parts) == 3  # judging as it is, distilling, judging with what was distilled
    for cost in parts.values():
        assert cost["computed"] + cost["known"] > 0
        assert cost["evaluated_ever"] > 0
    assert sum(cost["evaluated"] for cost in parts.values()) > 0

    second = study(*run).json
    assert (second["id"], second["predictions"]) == (first["id"], first["predictions"])
    for cost in second["costs"]:
        spent = (cost["computed"], cost["evaluated"], cost["generated"])
        assert spent == (0, 0, 0), cost
        assert cost["evaluated_ever"] == parts[cost["part"]]["evaluated_ever"]
