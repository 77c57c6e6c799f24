from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nbalign.cli.agreement import print_agreement
from nbalign.cli.context import short_names
from nbalign.cli.main import nbalign
from nbalign.errors import NotFound
from nbalign.evaluate.agreement import Agreement, agreement
from nbalign.judge.archive import Archive
from nbalign.store.database import Store
from nbalign.workspace import Workspace
from tests.evaluate.cases import RUBRIC, judged, label

Run = Callable[..., Result]
PAIRS = [(3, 3), (3, 2), (2, 1), (3, 3), (1, 1), (3, 3), (0, 2)]  # judge, raters


def compared() -> Agreement:
    """Six notebooks in the first dimension, with a disagreement on N/A and one that nobody settled."""
    judgements = [judged(f"n{n}", a) for n, (a, _) in enumerate(PAIRS)] + [judged("open", 2)]
    labels = [label(f"n{n}", b) for n, (_, b) in enumerate(PAIRS)]
    labels += [label("n0", 2, "bob"), label("open", 1), label("open", 3, "bob")]
    truth: dict[tuple[str, str], int | None] = {(f"n{n}", "first"): b for n, (_, b) in enumerate(PAIRS)}
    return agreement(RUBRIC, judgements, labels, truth | {("open", "first"): None})


SMALL = """
id: small
version: 1
title: Small
scale: {3: Good., 2: Average., 1: Bad., 0: N/A}
dimensions:
  - {id: first, title: First Thing, question: "?", 1: a, 2: b, 3: c}
  - {id: second, title: Second Thing, question: "?", 1: a, 2: b, 3: c}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """The same scores in a real workspace; the raters' disagreement on n0 was decided."""
    (tmp_path / "small.yaml").write_text(SMALL)
    with Workspace.create(tmp_path / "ws") as ws:
        rubric, _ = ws.add_rubric(tmp_path / "small.yaml")
        result = compared()
        for name in [f"n{n}" for n in range(7)] + ["open"]:
            (tmp_path / f"{name}.py").write_text(f"# %%\nprint({name!r})\n")
        ws.import_notebooks(sorted(tmp_path.glob("*.py")))
        shas = {info.name.removesuffix(".py"): info.sha256 for info in ws.notebooks()}
        archive = Archive(Store.open(tmp_path / "ws" / "nbalign.db"))
        for name, (a, b) in zip(shas, [*PAIRS, (2, 1)], strict=True):
            archive.save(judged(shas[name], a, sha256=rubric.sha256))
            ws.set_label(name, "first", b, rater="ann", rubric="small")
        ws.set_label("n0", "first", 2, rater="bob", rubric="small")
        ws.set_label("n0", "first", 3, rater="cleo", role="decision", rubric="small")
        ws.set_label("open", "first", 3, rater="bob", rubric="small")
        assert result.macro.n == 7
        yield ws


@pytest.fixture
def run(workspace: Workspace) -> Callable[..., Result]:
    def invoke(*args: str) -> Result:
        return CliRunner().invoke(nbalign, ["-w", str(workspace.path), "agreement", "--rubric", "small", *args])

    return invoke


def printed(result: Agreement, capsys: pytest.CaptureFixture[str], **options: bool) -> str:
    print_agreement(result, **options)
    return capsys.readouterr().out


def test_the_table_holds_judge_constant_and_raters(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    (line,) = [line for line in result.output.split("\n") if line.startswith("first ")]
    #                       pairs   MAE     bias    exact   QWK     constant raters  N/A
    assert line.split() == ["first", "6", "0.33", "+0.33", "67%", "0.78", line.split()[6], "1.50", "0/1/0"]
    (second,) = [line for line in result.output.split("\n") if line.startswith("second ")]
    assert second.split() == ["second", "0", "–", "–", "–", "–", "–", "–", "0/0/0"]
    assert any(line.startswith("mean ") for line in result.output.split("\n"))
    assert "judge: tiny" in result.output
    assert "raters: ann, bob" in result.output


def test_the_summary_the_legend_and_what_was_left_out_are_there(run: Run) -> None:
    words = " ".join(run().output.split())
    assert " ".join(compared().summary.split()) in words
    assert "QWK: quadratic weighted kappa" in words
    assert "both scored 1 to 3" in words
    assert "not compared: 1 judged, but the raters disagree and nobody has decided" in words


def test_json_is_the_very_same_object(run: Run) -> None:
    whole = json.loads(run("--json").output)
    assert whole["rows"][0]["judge"]["mae"] == pytest.approx(1 / 3)
    assert whole["rows"][0]["judge"]["confusion"] == [list(row) for row in compared().rows[0].judge.confusion]
    assert whole["macro"]["ordinal"] == 6
    assert whole["summary"] == compared().summary


def test_raters_and_judges_can_be_chosen(run: Run) -> None:
    assert json.loads(run("--rater", "ann", "--json").output)["raters"] == ["ann"]
    assert json.loads(run("--judge", "ti", "--json").output)["judge"] == "tiny"
    assert isinstance(run("--judge", "other").exception, NotFound)


def test_scores_stand_side_by_side_with_a_mark_where_they_differ(run: Run) -> None:
    lines = run("--scores").output.split("\n")
    cells = {line.split()[0]: line.split()[1] for line in lines if line.startswith(("n", "open"))}
    assert cells["n0.py"] == "3·3"
    assert cells["n1.py"] == "3·2*"
    assert cells["n6.py"] == "N/A·2*"
    assert cells["open.py"] == "2·–"
    scores = json.loads(run("--scores", "--json").output)["scores"]
    assert scores[1]["scores"]["first"] == [3, 2]
    assert "scores" not in json.loads(run("--json").output)


def test_one_dimension_only(run: Run) -> None:
    whole = json.loads(run("--dimension", "second", "--json").output)
    assert [row["dimension"] for row in whole["rows"]] == ["second"]
    assert isinstance(run("--dimension", "third").exception, NotFound)


def test_confusion_matrices_are_printed_on_request(run: Run) -> None:
    assert "columns the judge" not in run().output
    lines = run("--confusion").output.split("\n")
    (start,) = [n for n, line in enumerate(lines) if line.endswith("columns the judge")]
    assert lines[start].startswith("first:")  # none for a dimension without pairs
    assert lines[start + 1].split() == ["0", "N/A", "1", "bad", "2", "average", "3", "good"]
    assert [line.split() for line in lines[start + 3 : start + 7]] == [
        ["0", "N/A", "0", "0", "0", "0"],
        ["1", "bad", "0", "1", "1", "0"],
        ["2", "average", "1", "0", "0", "1"],
        ["3", "good", "0", "0", "0", "3"],
    ]


def test_nothing_yet_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    words = printed(agreement(RUBRIC, [], [], {}), capsys)
    assert f"no judgements yet under {RUBRIC.id}: `nbalign judge --rubric {RUBRIC.id}`" in words
    assert f"no labels yet under {RUBRIC.id}: `nbalign label import FILE --rubric {RUBRIC.id}`" in words
    assert "dimension" not in words


def test_judgements_without_labels(capsys: pytest.CaptureFixture[str]) -> None:
    words = printed(agreement(RUBRIC, [judged("a", 1)], [], {}), capsys)
    assert "no labels yet" in words
    assert "no judgements yet" not in words


def test_labels_without_judgements_still_show_the_raters(capsys: pytest.CaptureFixture[str]) -> None:
    words = printed(agreement(RUBRIC, [], [label("a", 1), label("a", 2, "bob")], {("a", "first"): None}), capsys)
    assert "no judgements yet" in words
    assert "judge: none yet" in words
    assert "1.00" in words


def plain(workspace: Workspace, *args: str) -> Result:
    """The command without --rubric."""
    return CliRunner().invoke(nbalign, ["-w", str(workspace.path), "agreement", *args])


def test_without_a_rubric_the_only_one_with_scores_is_taken_and_said(workspace: Workspace) -> None:
    ran = plain(workspace)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("small version 1\n")
    assert (
        ran.stderr == "no labels or judgements under ml-notebook: this is about small, the only rubric that has any\n"
    )
    assert json.loads(plain(workspace, "--json").stdout)["macro"]["ordinal"] == 6
    arms = plain(workspace, "--judge", "tiny", "--judge", "ti", "--json")
    assert json.loads(arms.stdout)["rubric"] == "small"


def test_scores_under_the_default_rubric_come_first(workspace: Workspace) -> None:
    workspace.set_label("n0", "model_training", 2, rater="ann")
    ran = plain(workspace)
    words = " ".join(ran.stdout.split())
    assert "only rubric" not in ran.stderr
    assert "no judgements yet under ml-notebook: `nbalign judge` scores" in words
    assert "under other rubrics, with --rubric ID: small (11 labels, 1 judge)" in words


def test_a_rubric_without_scores_that_was_asked_for_says_where_there_are_some(workspace: Workspace) -> None:
    words = " ".join(plain(workspace, "--rubric", "ml-notebook").stdout.split())
    assert "no labels yet under ml-notebook" in words
    assert "under other rubrics, with --rubric ID: small (11 labels, 1 judge)" in words
    assert "other rubrics" not in plain(workspace, "--rubric", "small").output


def test_a_workspace_without_scores_names_no_other_rubric(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "new") as fresh:
        ran = plain(fresh)
    assert "no labels yet under ml-notebook: `nbalign label import FILE` takes" in ran.output
    assert "other rubrics" not in ran.output


def test_nothing_in_common(capsys: pytest.CaptureFixture[str]) -> None:
    words = printed(agreement(RUBRIC, [judged("a", 1)], [label("b", 1)], {("b", "first"): 1}), capsys)
    assert "nothing in common: 1 judgements and 1 labels" in words


def test_nothing_settled_in_common(capsys: pytest.CaptureFixture[str]) -> None:
    labels = [label("a", 1), label("a", 2, "bob")]
    words = printed(agreement(RUBRIC, [judged("a", 1)], labels, {("a", "first"): None}), capsys)
    assert "no settled score in common" in words


def test_hostile_names_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    result = agreement(RUBRIC, [judged("a", 1, judge="x\x1b[2J")], [label("a", 1, "r\x07\u202e")], {("a", "first"): 1})
    words = printed(result, capsys)
    assert "\x1b" not in words
    assert "\x07" not in words
    assert "\u202e" not in words


def test_a_bias_that_rounds_to_nothing_has_no_sign(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [(1, 2), (2, 1), (3, 3), (3, 3), (1, 1)]
    judgements = [judged(f"n{n}", a) for n, (a, _) in enumerate(pairs)]
    words = printed(
        agreement(RUBRIC, judgements, [], {(f"n{n}", "first"): b for n, (_, b) in enumerate(PAIRS)}), capsys
    )
    assert "+0.00" not in words
    assert "-0.00" not in words


def test_a_score_that_the_rubric_lost_settles_nothing(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    """`open` was scored 1 and 3; when 3 leaves the scale, 1 is the only score that still counts."""
    text = SMALL.replace("version: 1", "version: 2").replace("{3: Good., 2:", "{2:").replace(", 3: c}", "}")
    (tmp_path / "small.yaml").write_text(text)
    workspace.add_rubric(tmp_path / "small.yaml")
    scores = {s["name"]: s["scores"]["first"] for s in json.loads(run("--scores", "--json").output)["scores"]}
    assert scores["open.py"] == [2, 1]
    assert "a score that this rubric does not have" in " ".join(run().output.replace("or score", "a score").split())


def test_other_judges_are_named(run: Run, workspace: Workspace) -> None:
    sha = workspace.notebooks()[0].sha256
    with Store.open(workspace.path / "nbalign.db") as store:
        found = replace(judged(sha, 1, judge="other@1", sha256=workspace.rubric("small").sha256), key="o" * 64)
        Archive(store).save(found)
    whole = json.loads(run("--json").output)
    assert (whole["judge"], whole["other_judges"]) == ("other@1", ["tiny"])
    assert "other judges here, with --judge NAME: tiny (8 notebooks)" in " ".join(run().output.split())


def test_scores_follow_the_raters_and_dimensions_chosen(run: Run) -> None:
    scores = json.loads(run("--scores", "--rater", "bob", "--dimension", "first", "--json").output)["scores"]
    assert {s["name"]: s["scores"] for s in scores}["open.py"] == {"first": [2, 3]}
    assert isinstance(run("--rater", "nobody").exception, NotFound)


def test_narrow_columns_have_names_of_their_own() -> None:
    assert short_names(["model_training", "metrics_tracking", "data", "a_10", "_x"]) == ["MT1", "MT2", "D", "A10", "X"]
