from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nbalign.__main__ import main
from nbalign.cli.main import nbalign
from nbalign.errors import BadInput, NotFound
from nbalign.rubrics.packaged import packaged

SMALL = """\
id: small
version: 3
title: Small rubric
scale: {1: Bad., 2: Good.}
dimensions:
  - id: only_one
    title: The one
    question: Is it?
    1: No.
    2: Yes.
"""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No workspace at or above the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBALIGN_WORKSPACE", raising=False)
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(nbalign, ["rubric", *args], catch_exceptions=True)


def test_outside_a_workspace_the_packaged_rubrics_are_listed() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert "ml-notebook" in result.output
    assert "1 2 3, N/A 0" in result.output
    assert packaged()[0].sha256[:12] in result.output


def test_the_list_as_json() -> None:
    entry, series = json.loads(run("list", "--json").output)
    assert (entry["id"], series["id"]) == ("ml-notebook", "time-series")
    assert len(entry["dimensions"]) == 9
    assert entry["not_applicable"] == 0


def test_show_has_every_dimension_and_level() -> None:
    result = run("show")
    assert result.exit_code == 0
    words = " ".join(result.output.split())
    for dimension in packaged()[0].dimensions:
        assert dimension.id in words
        for text in dimension.levels.values():
            assert " ".join(text.split()) in words


def test_show_as_json_and_as_yaml() -> None:
    whole = json.loads(run("show", "ml-notebook", "--json").output)
    assert whole["dimensions"][0]["levels"]["3"].startswith("Every library")
    assert list(whole["scale"]) == ["3", "2", "1", "0"]
    assert run("show", "--yaml").output == packaged()[0].text


def test_an_unknown_rubric_is_not_found() -> None:
    result = run("show", "nothing")
    assert isinstance(result.exception, NotFound)
    assert "ml-notebook" in result.exception.hint


@pytest.mark.parametrize("command", ["list", "show"])
def test_a_workspace_that_was_named_must_be_there(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(nbalign, ["-w", str(tmp_path / "none"), "rubric", command])
    assert isinstance(result.exception, NotFound)


def test_check_accepts_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    result = run("check", "small.yaml")
    assert result.exit_code == 0
    assert result.output == "small.yaml: small version 3, 1 dimension, scale 1 2\n"


def test_check_lists_the_problems_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(SMALL)
    (tmp_path / "bad.yaml").write_text(SMALL.replace("version: 3", "version: three").replace("title: S", "titel: S"))
    (tmp_path / "worse.yaml").write_text("[")
    result = run("check", "bad.yaml", "good.yaml", "worse.yaml", "gone.yaml")
    assert isinstance(result.exception, BadInput)
    message = result.exception.message
    assert "bad.yaml:2: version must be a whole number" in message
    assert "bad.yaml:3: unknown key 'titel' in the rubric; did you mean 'title'?" in message
    assert "worse.yaml:1: not valid YAML" in message
    assert "there is no file gone.yaml" in message
    assert "good.yaml: small version 3" in result.output


def test_check_exits_with_3_through_the_real_entry_point(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text("id: [")
    assert main(["rubric", "check", "bad.yaml"]) == 3
    assert "bad.yaml:1: not valid YAML" in capsys.readouterr().err
    assert main(["rubric", "check", "--json", "bad.yaml"]) == 3
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["file"], entry["ok"], entry["problems"][0]["line"]) == ("bad.yaml", False, 1)


def test_check_as_json_of_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    result = run("check", "small.yaml", "--json")
    assert result.exit_code == 0
    (entry,) = json.loads(result.output)
    assert entry["ok"]
    assert entry["rubric"]["dimensions"] == ["only_one"]


def test_a_hostile_file_name_is_not_printed_as_it_is(tmp_path: Path) -> None:
    name = "evil\x1b[2J.yaml"
    (tmp_path / name).write_text("[")
    result = run("check", name)
    assert isinstance(result.exception, BadInput)
    assert "\x1b" not in result.exception.message
    assert "\x1b" not in result.output


def test_add_outside_a_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    result = run("add", "small.yaml")
    assert isinstance(result.exception, NotFound)
    assert "nbalign init" in result.exception.hint


def test_a_rubric_is_added_once_and_then_known(tmp_path: Path) -> None:
    from nbalign.workspace import Workspace

    Workspace.create(tmp_path / "study").close()
    (tmp_path / "small.yaml").write_text(SMALL)

    def inside(*args: str) -> Result:
        return CliRunner().invoke(nbalign, ["-w", str(tmp_path / "study"), "rubric", *args])

    assert (
        inside("add", "small.yaml").output
        == "added small version 3, 1 dimension, scale 1 2; use it with --rubric small\n"
    )
    assert inside("add", "small.yaml").output.startswith("already there, word for word")
    assert json.loads(inside("add", "small.yaml", "--json").output)["added"] is False
    listed = json.loads(inside("list", "--json").output)
    assert [entry["id"] for entry in listed] == ["ml-notebook", "time-series", "small"]
    assert "Small rubric" in inside("show", "small").output
    assert isinstance(inside("show", "nothing").exception, NotFound)
