from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nbalign.__main__ import main
from nbalign.cli.main import nbalign
from nbalign.errors import BadInput, NotFound
from nbalign.suite.reading import read_suite

SMALL = """\
id: small
title: Small suite
rubric: ml-notebook
cases:
  - id: only-one
    prompt: Predict y from a.csv.
    data: a.csv
    kind: regression
    tags: [easy]
    not_applicable: [data_imputation]
  - id: another
    prompt: Explain bagging.
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No workspace at or above the current folder, which holds a suite's data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBALIGN_WORKSPACE", raising=False)
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,\n")
    return tmp_path


def run(*args: str) -> Result:
    result = CliRunner().invoke(nbalign, ["suite", *args], catch_exceptions=True)
    assert "\x1b" not in result.output
    return result


def test_the_packaged_suites_are_listed() -> None:
    assert "tabular     24  ml-notebook" in run("list").output
    (entry,) = json.loads(run("list", "--json").output)
    assert (entry["id"], len(entry["cases"]), entry["sha256"]) == ("tabular", 24, read_suite("tabular").sha256)


def test_without_a_name_the_packaged_suite_is_shown_or_the_one_that_is_here(folder: Path) -> None:
    result = run("show")
    assert result.exit_code == 0
    assert "house-prices" in result.output
    assert "houses.csv, houses_new.csv" in result.output
    assert "24: 11 classification, 7 forecasting, 5 regression, 1 other" in result.output
    (folder / "suite.yaml").write_text(SMALL)
    assert run("show").output.splitlines() == [
        f"Small suite (small, 2 cases, 1 data file (1 KB), hash {read_suite('suite.yaml').sha256[:12]})",
        "",
        "case      kind        size   data   tags",
        "────────  ──────────  ─────  ─────  ────",
        "only-one  regression  small  a.csv  easy",
        "another   other       small",
        "",
        "2: 1 regression, 1 other",
    ]


def test_cases_with_a_tag() -> None:
    result = run("show", "tabular", "--tag", "text")
    assert "ticket-priority" in result.output
    assert "iris-species" not in result.output
    assert "1 of 24: 1 classification" in result.output
    assert isinstance(run("show", "tabular", "--tag", "txt").exception, NotFound)


def test_a_case_is_shown_with_its_prompt_and_its_data(folder: Path) -> None:
    (folder / "suite.yaml").write_text(SMALL)
    assert run("show", ".", "only-one").output == (
        "only-one: regression, small, easy\n"
        "not applicable: data_imputation\n"
        "\n"
        "Predict y from a.csv.\n"
        "\n"
        "a.csv: 2 rows, 2 columns\n"
        "- x: int (1, 3)\n"
        "- y: int, 1 missing (2)\n"
        "first 2 rows:\n"
        "x,y\n1,2\n3,\n"
    )
    found = json.loads(run("show", ".", "only-one", "--json").output)
    assert (found["id"], found["not_applicable"]) == ("only-one", ["data_imputation"])
    assert found["data"][0]["description"].startswith("a.csv: 2 rows")
    error = run("show", ".", "only-two").exception
    assert isinstance(error, NotFound)
    assert "did you mean 'only-one'?" in error.message


def test_a_suite_as_json(folder: Path) -> None:
    (folder / "suite.yaml").write_text(SMALL)
    found = json.loads(run("show", ".", "--json").output)
    assert [case["id"] for case in found["cases"]] == ["only-one", "another"]
    assert found["cases"][0]["data"][0]["name"] == "a.csv"


def test_check_accepts_good_suites(folder: Path) -> None:
    (folder / "suite.yaml").write_text(SMALL)
    result = run("check", "suite.yaml", "tabular")
    assert result.exit_code == 0
    assert result.output.startswith("suite.yaml: small, 2 cases, 1 data file (1 KB), hash ")
    assert "tabular: tabular, 24 cases, 22 data files (0.7 MB), hash " in result.output


def test_check_lists_the_problems_of_all_suites(folder: Path) -> None:
    (folder / "bad.yaml").write_text(SMALL.replace("title:", "titel:").replace("a.csv\n    kind", "b.csv\n    kind"))
    (folder / "worse.yaml").write_text("[")
    result = run("check", "bad.yaml", "tabular", "worse.yaml", "gone.yaml")
    assert isinstance(result.exception, BadInput)
    message = result.exception.message
    assert "bad.yaml:2: unknown key 'titel' in the suite; did you mean 'title'?" in message
    assert "bad.yaml:7: case 'only-one': there is no file 'b.csv' in the suite's folder" in message
    assert "worse.yaml:1: not valid YAML" in message
    assert "there is no suite 'gone.yaml'" in message
    assert "docs/suites.md" in result.exception.hint
    assert "tabular: tabular, 24 cases" in result.output


def test_check_exits_with_3_through_the_real_entry_point(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.yaml").write_text("id: [")
    assert main(["suite", "check", "bad.yaml"]) == 3
    assert "not valid YAML" in capsys.readouterr().err
    assert main(["suite", "check", "--json", "bad.yaml", "tabular"]) == 3
    bad, good = json.loads(capsys.readouterr().out)
    assert (bad["path"], bad["ok"], bad["problems"][0]["line"]) == ("bad.yaml", False, 1)
    assert (good["ok"], good["problems"], good["suite"]["id"]) == (True, [], "tabular")


def test_check_says_when_a_rubric_is_not_known_and_knows_those_of_the_workspace(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbalign.workspace import Workspace

    (folder / "suite.yaml").write_text(SMALL.replace("ml-notebook", "of-our-own"))
    assert main(["suite", "check", "."]) == 0
    assert "the rubric of-our-own is not known here" in capsys.readouterr().err
    rubric = "id: of-our-own\nversion: 1\ntitle: O\nscale: {0: N/A, 1: Bad., 2: Good.}\ndimensions:\n"
    (folder / "rubric.yaml").write_text(rubric + "  - {id: speed, title: S, question: Q, 1: a, 2: b}\n")
    with Workspace.create(folder / "study") as workspace:
        workspace.add_rubric(folder / "rubric.yaml")
    assert main(["-w", "study", "suite", "check", "."]) == 3
    assert "the rubric 'of-our-own' has no dimension 'data_imputation'" in capsys.readouterr().err


def test_a_hostile_path_is_not_printed_as_it_is(folder: Path) -> None:
    (folder / "evil\x1b[2J.yaml").write_text("[")
    error = run("check", "evil\x1b[2J.yaml").exception
    assert isinstance(error, BadInput)
    assert "\x1b" not in error.message


def test_a_new_suite_is_made_checked_and_never_overwritten(folder: Path) -> None:
    result = run("new", "mine")
    assert result.exit_code == 0
    assert result.output.startswith("made mine/suite.yaml: mine, 1 case, 1 data file (1 KB)")
    assert "nbalign suite check mine" in result.output
    assert run("check", "mine").exit_code == 0
    assert isinstance(run("new", "mine").exception, BadInput)
    made = json.loads(run("new", "copy", "--from", "tabular", "--json").output)
    assert (made["id"], len(made["cases"])) == ("copy", 24)
    assert isinstance(run("new", "other", "--from", "tabulr").exception, NotFound)


def test_a_workspace_that_was_named_must_be_there(folder: Path) -> None:
    result = CliRunner().invoke(nbalign, ["-w", str(folder / "none"), "suite", "show"])
    assert isinstance(result.exception, NotFound)
