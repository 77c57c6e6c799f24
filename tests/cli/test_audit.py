"""`nbalign audit`: pick, status and drift on a workspace with a judge that needs no model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.errors import NotFound, UsageError
from nbalign.judge.archive import Archive
from nbalign.store.database import Store
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.evaluate.cases import judged

SMALL = """
id: small
version: 1
title: Small
scale: {3: Good., 2: Average., 1: Bad., 0: N/A}
dimensions:
  - {id: first, title: First Thing, question: "?", 1: a, 2: b, 3: c}
  - {id: second, title: Second Thing, question: "?", 1: a, 2: b, 3: c}
"""
COUNT = 20
ON = ("--rubric", "small")


class Study:
    """A workspace with twenty notebooks that `tiny@1` judged."""

    def __init__(self, folder: Path, workspace: Workspace) -> None:
        self.ws = workspace
        self.rubric = workspace.rubric("small").sha256
        self.store = Store.open(folder / "nbalign.db")
        self.shas = {info.name.removesuffix(".py"): info.sha256 for info in workspace.notebooks()}

    def judge(
        self, name: str = "tiny@1", score: int = 3, count: int = COUNT, memory: str = "", shift: float = 0
    ) -> None:
        archive = Archive(self.store)
        for n, sha256 in enumerate(list(self.shas.values())[:count]):
            for dimension in ("first", "second"):
                found = judged(sha256, score, dimension, judge=name, sha256=self.rubric)
                shares = {score: 1 - n / 50, 2 if score != 2 else 1: n / 50}
                made_by = {"memory": memory, "model": "tiny"}
                archive.save(replace(found, key=f"{name}{sha256}{dimension}", probabilities=shares, made_by=made_by))

    def label(self, notebook: str, score: int = 3, rater: str = "ann") -> None:
        for dimension in ("first", "second"):
            self.ws.set_label(notebook, dimension, score, rater=rater, rubric="small")

    def events(self) -> list[int]:
        return [label.event for label in self.ws.labels(rubric="small")]

    def remember(self, version: str, events: list[int]) -> None:
        content = {"accounts": [{"event": event} for event in events]}
        row = {
            "version": version,
            "rubric": "small",
            "rubric_sha256": "f",
            "model": "tiny",
            "at": "2025-01-01T00:00:00",
        }
        with self.store.write() as db:
            db.table("memories").insert({**row, "content": json.dumps(content)})

    def experiment(self, error: float) -> None:
        mae = {"value": error, "low": error - 0.05, "high": error + 0.05}
        rows = [{"arm": "full", "dimension": d, "mae": mae} for d in ("first", "second", "")]
        result = {"judge": "tiny@1", "model": "tiny", "rows": rows}
        row = {"id": "e1", "rubric": "small", "at": "2025-01-01T00:00:00", "options": "{}"}
        with self.store.write() as db:
            db.table("experiments").insert({**row, "result": json.dumps(result)})


@pytest.fixture
def study(nbalign: Nbalign, tmp_path: Path) -> Iterator[Study]:
    (tmp_path / "small.yaml").write_text(SMALL)
    for n in range(COUNT):
        (tmp_path / f"n{n:02}.py").write_text(f"# %%\nprint('{'abcdefghijklmnopqrstuvwxyz'[n] * 5} common words')\n")
    nbalign("rubric", "add", tmp_path / "small.yaml")
    nbalign("import", *sorted(tmp_path.glob("*.py")))
    with Workspace.open(nbalign.folder) as workspace:
        made = Study(nbalign.folder, workspace)
        yield made
        made.store.close()


def waiting(nbalign: Nbalign, *args: str) -> list[tuple[str, str, bool]]:
    found = nbalign("audit", "pick", *ON, "--json", *args).json["waiting"]
    return [(each["name"].removesuffix(".py"), each["pick"]["why"], each["new"]) for each in found]


def test_nothing_judged_says_what_to_do(nbalign: Nbalign, study: Study) -> None:
    ran = nbalign("audit", "pick", *ON, code=2)
    assert "nbalign judge --rubric small" in ran.err
    ran = nbalign("audit", "status", *ON)
    assert "Too early to align" in ran.out
    assert "nothing has been judged under small yet" in ran.out
    assert "none yet" in ran.out
    assert nbalign("audit", "drift", "a", "b", *ON, code=2).err


def test_random_picks_come_first_and_each_has_its_reason(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    ran = nbalign("audit", "pick", "-n", "5", *ON)
    lines = [line.split() for line in ran.out.splitlines()[2:7]]
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert [line[2] for line in lines[:2]] == ["random", "random"]
    assert {line[2] for line in lines[2:]} <= {"uncertain", "novel"}
    assert "drawn from 20 judged and unlabelled" in ran.out
    assert "nbalign tui" in ran.out


def test_what_waits_is_shown_again_and_not_picked_twice(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    first = waiting(nbalign, "-n", "5")
    assert all(new for _, _, new in first)
    again = waiting(nbalign, "-n", "5", "--seed", "9")
    assert again == [(name, why, False) for name, why, _ in first]
    more = waiting(nbalign, "-n", "8", "--random-share", "0")
    assert more[:5] == again
    assert len({name for name, _, _ in more}) == 8
    study.label(first[0][0])
    left = waiting(nbalign, "-n", "1")
    assert left == [(name, why, False) for name, why, _ in more[1:]]
    assert study.ws.audit_queue("small") == [study.shas[name] for name, _, _ in left]


def test_a_doubtful_pick_that_is_drawn_at_random_stays_one_pick(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    waiting(nbalign, "-n", "10", "--random-share", "0")
    everything = waiting(nbalign, "-n", "20", "--random-share", "1")
    names = [name for name, _, _ in everything]
    assert len(names) == len(set(names))
    rows = study.store.rows("SELECT notebook, why, weight FROM audit_picks WHERE why = 'random'")
    assert len(rows) == 10
    assert {row["weight"] for row in rows} == {2.0}  # ten drawn from all twenty, those that wait for doubt included
    assert sum(why == "random" for _, why, _ in everything) == 10


def test_weights_and_samples_follow_the_seed(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    (shown,) = nbalign("audit", "pick", "-n", "1", *ON, "--json").json["waiting"]
    assert shown["pick"]["weight"] == COUNT
    assert shown["pick"]["why"] == "random"


def test_only_judged_and_unlabelled_notebooks_are_picked(nbalign: Nbalign, study: Study) -> None:
    study.judge(count=6)
    study.label("n00")
    study.label("n01", rater="bob")
    assert {name for name, _, _ in waiting(nbalign, "-n", "20")} == {"n02", "n03", "n04", "n05"}
    assert {name for name, _, _ in waiting(nbalign, "-n", "20", "--rater", "ann")} == {f"n0{n}" for n in range(1, 6)}
    for n in range(2, 6):
        study.label(f"n0{n}")
    ran = nbalign("audit", "pick", *ON)
    assert "Every notebook that it judged is labelled" in " ".join(ran.out.split())
    assert study.ws.audit_queue("small") == []


def test_the_error_comes_from_random_picks_alone(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    for name, why, _ in waiting(nbalign, "-n", "10", "--random-share", "0.5"):
        study.label(name, 2 if why == "random" else 1)
    found = nbalign("audit", "status", *ON, "--json").json
    (judge,) = found["judges"]
    assert (judge["judge"], judge["memory"], judge["labelled"]) == ("tiny@1", "", 5)
    assert [row["mae"]["value"] for row in judge["rows"]] == [1, 1, 1]
    assert (found["random"], found["random_labelled"], found["other_labelled"]) == (5, 5, 5)
    assert found["news"]["new"] == 20
    assert found["verdict"]["realign"]
    shown = nbalign("audit", "status", *ON).out
    assert shown.startswith("Align.")
    assert "First Thing" in shown
    assert "5 of 5" in shown


def test_an_aligned_judge_is_tested_on_what_it_has_not_learned_from(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    names = [name for name, _, _ in waiting(nbalign, "-n", "16", "--random-share", "1")]
    for name in names[:8]:
        study.label(name)
    study.remember("aaaa1111", study.events())
    study.experiment(0.2)
    study.judge("tiny@2", memory="aaaa1111")
    sound = nbalign("audit", "status", *ON, "--json").json
    assert (sound["judges"][0]["judge"], sound["judges"][0]["labelled"]) == ("tiny@2", 0)
    assert sound["judges"][0]["learned"] == 8
    assert sound["judges"][1]["labelled"] == 8
    assert not sound["verdict"]["realign"]
    for name in names[8:]:
        study.label(name, 1)
    worse = nbalign("audit", "status", *ON, "--json").json
    macro = worse["judges"][0]["rows"][-1]
    assert (macro["mae"]["value"], macro["promised"]["value"], macro["worse"]) == (2, 0.2, True)
    assert worse["verdict"]["realign"]
    assert "significantly above the 0.20" in worse["verdict"]["reasons"][0]
    shown = nbalign("audit", "status", *ON).out
    assert "▲" in shown
    assert "experiment e1" in shown
    only = nbalign("audit", "status", *ON, "--judge", "tiny@1", "--json").json
    assert [judge["judge"] for judge in only["judges"]] == ["tiny@1"]


def test_what_is_not_to_be_learned_from_is_no_news(nbalign: Nbalign, study: Study) -> None:
    study.label("n00")
    study.label("n01")
    study.remember("aaaa1111", study.events())
    study.label("n02", rater="bob")
    study.label("n03")
    news = nbalign("audit", "status", *ON, "--json").json["news"]
    assert (news["new"], news["gone"], news["labelled"]) == (4, 0, 4)
    study.ws.unalign(notebooks=["n00"], raters=["bob"])
    news = nbalign("audit", "status", *ON, "--json").json["news"]
    assert (news["new"], news["gone"], news["labelled"]) == (2, 2, 2)
    assert "2 taken back or left out" in " ".join(nbalign("audit", "status", *ON).out.split())
    study.ws.unalign(notebooks=["n00"], raters=["bob"], again=True)
    news = nbalign("audit", "status", *ON, "--json").json["news"]
    assert (news["new"], news["gone"], news["labelled"]) == (4, 0, 4)


def test_a_judge_whose_memory_is_not_here_is_not_tested_on_older_labels(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    (name, _, _) = waiting(nbalign, "-n", "1")[0]
    study.ws.set_label(name, "first", 1, rater="ann", rubric="small")
    with study.store.write() as db:
        db.conn.execute("UPDATE label_events SET at = '2024-01-01T00:00:00+00:00'")
    study.judge("tiny@2", memory="bbbb")
    first = nbalign("audit", "status", *ON, "--json").json["judges"][0]
    assert (first["judge"], first["labelled"], first["learned"]) == ("tiny@2", 0, 1)


def test_drift_by_names_and_by_memory(nbalign: Nbalign, study: Study) -> None:
    study.judge("tiny@1")
    study.judge("tiny@2", score=2, count=12, memory="aaaa1111")
    ran = nbalign("audit", "drift", "tiny@1", "aaaa", *ON)
    assert "12 notebooks judged by both" in ran.out
    assert "8 judged by the first alone" in ran.out
    assert "3 → 2" in ran.out
    found = nbalign("audit", "drift", "tiny@1", "tiny@2", *ON, "--json").json
    assert [row["shift"]["value"] for row in found["rows"]] == [-1, -1, -1]
    assert found["rows"][0]["changed"] == 1


@pytest.mark.parametrize(
    "args",
    [
        ("pick", "-n", "0"),
        ("pick", "-n", "many"),
        ("pick", "--random-share", "1.5"),
        ("pick", "--random-share", "nan"),
        ("pick", "--seed", "-1"),
        ("pick", "--rater", " "),
        ("pick", "--judge", "nobody"),
        ("pick", "--judge", "evidence"),
        ("pick", "--rubric", "nothing"),
        ("status", "--judge", "nobody\x1b[2J"),
        ("status", "--rubric", "nothing"),
        ("drift", "tiny@1"),
        ("drift", "tiny@1", "tiny@1"),
        ("drift", "tiny@1", ""),
        ("drift", "tiny@1", "zzz"),
    ],
)
def test_wrong_use_is_answered_in_words(nbalign: Nbalign, study: Study, args: tuple[str, ...]) -> None:
    study.judge()
    on = () if "--rubric" in args else ON
    assert nbalign("audit", *args, *on, code=2).err.strip()


def test_the_same_is_refused_from_python(study: Study) -> None:
    study.judge()
    with pytest.raises(UsageError):
        study.ws.audit_pick(0, rubric="small")
    for share in (-0.1, 1.1, float("nan")):
        with pytest.raises(UsageError):
            study.ws.audit_pick(1, random_share=share, rubric="small")
    with pytest.raises(NotFound):
        study.ws.audit_pick(1)
    assert study.ws.audit_queue() == []


def test_a_hostile_name_of_a_judge_reaches_no_terminal(nbalign: Nbalign, study: Study) -> None:
    study.judge("evil\x1b[2J@1")
    for args in (("pick",), ("status",)):
        assert "\x1b" not in nbalign("audit", *args, *ON).out
    study.judge("other@1")
    assert nbalign("audit", "drift", "evil", "other", *ON).out


def test_a_notebook_that_cannot_be_read_any_more_does_not_stop_a_pick(nbalign: Nbalign, study: Study) -> None:
    study.judge()
    with study.store.write() as db:
        db.conn.execute("UPDATE notebooks SET raw = x'00ff', name = 'broken.ipynb' WHERE rowid = 3")
    assert len(waiting(nbalign, "-n", "4", "--random-share", "0")) == 4
