"""`nbalign agreement` with several judges, and with evidence alone in the place of one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import nbalign.evidence
from nbalign.evidence import Evidence, Fact, Kind
from nbalign.judge.archive import Archive
from nbalign.notebooks.model import Notebook
from nbalign.store.database import Store
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.evaluate.cases import judged

TRAINING = "model_training"
PLAIN, SHOWN = "small@111111", "small+evidence@222222"
FAULT = Kind("leak", TRAINING, "fault", -1.5, "…")
GOOD = Kind("folds", TRAINING, "good", 1.0, "…")
LABELS = {"n0": 1, "n1": 3, "n2": 2, "n3": 3}
PLAIN_SCORES = {"n0": 3, "n1": 3, "n2": 3, "n3": 0}
SHOWN_SCORES = {"n0": 1, "n1": 3, "n2": 3, "n3": 3}


class Read:
    """A leak in n0, five folds in the others; n2 has one more, milder fault. Counts what is read."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, book: Notebook) -> Evidence:
        self.count += 1
        facts: list[Fact] = (
            [FAULT.fact("the target is a feature", [1])] if book.name == "n0.py" else [GOOD.fact("folds")]
        )
        return Evidence(book.sha256, tuple(facts))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    found = Read()
    monkeypatch.setattr(nbalign.evidence, "read_evidence", found)
    return found


@pytest.fixture
def study(nbalign: Nbalign, tmp_path: Path) -> Nbalign:
    """Four labelled notebooks, judged by a model with and without evidence, and a fifth that nobody scored."""
    for name in [*LABELS, "other"]:
        (tmp_path / f"{name}.py").write_text(f"# %%\nprint({name!r})\n")
    with Workspace.open(nbalign.folder) as ws:
        ws.import_notebooks([tmp_path / f"{name}.py" for name in [*LABELS, "other"]])
        shas = {info.name.removesuffix(".py"): info.sha256 for info in ws.notebooks()}
        rubric = ws.rubric()
        for name, score in LABELS.items():
            ws.set_label(name, TRAINING, score, rater="ann")
    with Store.open(nbalign.folder / "nbalign.db") as store:
        for judge, scores in ((PLAIN, PLAIN_SCORES), (SHOWN, SHOWN_SCORES)):
            for name, score in scores.items():
                one = judged(shas[name], score, TRAINING, judge=judge, rubric=rubric.id, sha256=rubric.sha256)
                Archive(store).save(replace(one, key=f"{judge}-{name}"))
    return nbalign


def test_evidence_is_compared_like_a_judge_and_never_stored(study: Nbalign, read: Read) -> None:
    told = study("agreement", "--judge", "evidence", "--json").json
    row = next(row for row in told["rows"] if row["dimension"] == TRAINING)
    assert told["judge"] == "evidence"
    assert row["judge"]["mae"] == 0.25  # 1, 3, 3, 3 against 1, 3, 2, 3
    assert row["unlabelled"] == 1
    assert set(told["other_judges"]) == {PLAIN, SHOWN}
    assert read.count == 5
    with Workspace.open(study.folder) as ws:
        assert {name for name, _, _ in ws.judges()} == {PLAIN, SHOWN}


def test_evidence_is_read_once_for_table_and_scores(study: Nbalign, read: Read) -> None:
    out = study("agreement", "--judge", "evidence", "--scores").out
    assert read.count == 5
    (line,) = [line for line in out.splitlines() if line.startswith("n2.py")]
    assert "3·2*" in line
    assert "judge: evidence" in out
    assert "--judge evidence" not in out


def test_the_table_of_one_judge_names_the_other_arm(study: Nbalign, read: Read) -> None:
    out = study("agreement").out
    assert f"--judge {SHOWN} --judge evidence" in out
    assert read.count == 0


def test_several_arms_stand_beside_each_other_and_the_constant(study: Nbalign, read: Read) -> None:
    out = study("agreement", "--judge", "small@", "--judge", SHOWN, "--judge", "evidence").out
    lines = out.splitlines()
    assert lines[1:4] == [f"A: {PLAIN}", f"B: {SHOWN}", "C: evidence"]
    (row,) = [line.split() for line in lines if line.startswith(TRAINING)]
    # n3 is left out for all of them, since the first says N/A there
    assert row == [TRAINING, "3", "1.00", "0.33", "0.33", row[5]]
    assert [line.split() for line in lines if line.startswith("mean")] == [["mean", *row[1:]]]
    assert "not compared: 1 settled scores for which one of them gave N/A or nothing" in out
    assert [line.split()[:3] for line in lines if line.startswith(("A ", "B ", "C "))] == [
        ["A", "3", "1.00"],
        ["B", "4", "0.25"],
        ["C", "4", "0.25"],
    ]


def test_several_arms_in_json_and_of_one_dimension(study: Nbalign, read: Read) -> None:
    told = study("agreement", "--judge", "evidence", "--judge", "small@", "--dimension", TRAINING, "--json")
    assert told.json["names"] == ["evidence", PLAIN]
    (row,) = told.json["rows"]
    assert (row["pairs"], row["mae"]) == (3, [pytest.approx(1 / 3), 1.0])
    assert row["constant_mae"] is not None
    assert [one["judge"] for one in told.json["alone"]] == ["evidence", PLAIN]


def test_what_is_wrong_is_told(study: Nbalign, read: Read, tmp_path: Path) -> None:
    two = ("--judge", "evidence", "--judge", SHOWN)
    assert "give --judge once" in study("agreement", *two, "--scores", code=2).err
    assert "give --judge once" in study("agreement", *two, "--confusion", code=2).err
    assert "no judge nobody" in study("agreement", "--judge", "nobody", "--judge", "evidence", code=2).err
    assert "`evidence` needs no judge" in study("agreement", "--judge", "evid", code=2).err
    assert "no dimension" in study("agreement", *two, "--dimension", "style", code=2).err
    assert "2 judges are called small" in study("agreement", "--judge", "small", "--judge", "evidence", code=2).err


def test_evidence_has_no_scores_under_other_rubrics(study: Nbalign, tmp_path: Path) -> None:
    from tests.cli.conftest import short_rubric

    study("rubric", "add", short_rubric(tmp_path / "short.yaml", 2, [1, 2, 3]))
    ran = study("agreement", "--rubric", "short", "--judge", "evidence", code=2)
    assert "no scores under the rubric short" in ran.err
    assert "ml-notebook" in ran.err
    assert "--judge evidence" not in study("agreement", "--rubric", "short").out


def test_where_the_rules_were_made_the_figures_say_so(study: Nbalign, read: Read) -> None:
    with Workspace.open(study.folder) as ws:
        assert ws.caveat(["evidence"]) == ""
        ws.set_setting("samples", "done")
        ws.set_setting("caveat", "Made by models.")
        assert ws.caveat([PLAIN]) == "Made by models."
        for judge in ("evidence", SHOWN):
            assert ws.caveat([PLAIN, judge]).startswith("Made by models. What is read as evidence")
    for judges in (["evidence"], [PLAIN, SHOWN], [SHOWN]):
        asked = [word for judge in judges for word in ("--judge", judge)]
        assert "with these sample notebooks" in " ".join(study("agreement", *asked).out.split())
        assert "with these sample notebooks" in study("agreement", *asked, "--json").json["caveat"]
    assert "with these sample notebooks" not in study("agreement", "--judge", PLAIN).out
