"""`nbalign evaluate`: what it prints, keeps and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.align.conftest import MODEL, Machine, Study
from tests.cli.conftest import Nbalign

QUICK = ("--rubric", "short", "--model", MODEL, "--folds", "3", "--bootstrap", "100")
NO_MODEL = (*QUICK, "--arms", "constant,evidence")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    machine = Machine(tmp_path)
    machine.install(monkeypatch.setattr)
    made = Study(tmp_path / "made", machine)
    with made.ws:
        yield made


@pytest.fixture
def nb(study: Study, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    return Nbalign(study.ws.path, capsys)


def test_an_experiment_is_printed_kept_listed_and_shown_again(nb: Nbalign, study: Study) -> None:
    ran = nb("evaluate", *QUICK)
    for arm in ("constant", "base", "full+calibrated"):
        assert arm in ran.out
    answers = study.machine.answers
    found = nb("evaluate", *QUICK, "--json").json
    assert study.machine.answers == answers
    listed = nb("evaluate", "--list", "--json").json
    assert [one["id"] for one in listed] == [found["id"]]
    assert found["id"] in nb("evaluate", "--list").out
    shown = nb("evaluate", "--show", found["id"][:6], "--json").json
    assert shown == found
    assert nb("evaluate", "--show", "latest", "--rubric", "short", "--json").json == found


def test_nothing_evaluated_yet_is_told(nb: Nbalign) -> None:
    assert "No experiment has been finished here yet" in nb("evaluate", "--list").out
    assert nb("evaluate", "--list", "--json").json == []
    assert "no experiment" in nb("evaluate", "--show", "latest", code=2).err
    assert "no such experiment" in nb("evaluate", "--show", "abc", code=2).err
    assert "no settled scores" in nb("evaluate", "--rubric", "ml-notebook", "--arms", "constant", code=2).err


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("--arms", "constant,magic"), "there is no arm magic"),
        (("--folds", "1"), "1"),
        (("--seed", "-1"), "-1"),
        (("--bootstrap", "5"), "5"),
        (("--group", "author"), "author"),
        (("-d", "nothing"), "nothing"),
        (("--ablation", "nothing"), "nothing"),
    ],
)
def test_bad_input_is_told_in_words(args: tuple[str, ...], word: str, nb: Nbalign) -> None:
    ran = nb("evaluate", "--rubric", "short", *args, code=2)
    assert word in ran.err
    assert ran.out == ""


def test_more_folds_than_notebooks_and_cases(nb: Nbalign) -> None:
    many = nb("evaluate", *NO_MODEL, "--folds", "40", "--json").json
    assert any("only 6 folds instead of 40" in note for note in many["notes"])
    assert nb("evaluate", *NO_MODEL, "--group", "case", "--json").json["grouped_by"] == "case"


def test_a_page_that_cannot_be_written_costs_nobody_the_figures(nb: Nbalign, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ran = nb("evaluate", *NO_MODEL, "--html", tmp_path / "file" / "report.html", code=2)
    assert "cannot write" in ran.err
    assert "constant" in ran.out
    page = tmp_path / "pages" / "report.html"
    nb("evaluate", "--show", "latest", "--rubric", "short", "--html", page)
    assert page.read_text().startswith("<!doctype html>") or "<html" in page.read_text()[:300]
    nb("evaluate", *NO_MODEL, "--html", tmp_path, code=2)


def test_a_model_that_is_not_here_is_told(nb: Nbalign) -> None:
    assert "no model nowhere" in nb("evaluate", "--rubric", "short", "--model", "nowhere", code=4).err
