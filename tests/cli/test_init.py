"""`nbalign init`: a workspace, with the samples if asked, and never over something that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbalign.__main__ import main
from nbalign.workspace import Workspace


def test_a_workspace_with_the_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "study"), "--sample"]) == 0
    out, err = capsys.readouterr()
    assert "52 sample notebooks" in out
    assert "language models" in out  # where the labels come from is told
    assert f"nbalign -w {tmp_path / 'study'} judge" in out
    assert "importing" in err
    with Workspace.open(tmp_path / "study") as workspace:
        assert len(workspace.notebooks()) == 52
        assert workspace.labels(role="decision")
        assert len(workspace.raters()) > 1
        assert "language models" in str(workspace.setting("caveat"))


def test_an_empty_workspace_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert "next: nbalign import" in capsys.readouterr().out
    assert main(["notebooks"]) == 0
    with Workspace.find() as workspace:
        assert workspace.notebooks() == []
        assert workspace.rubric().id == "ml-notebook"


def test_what_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path)]) == 0
    before = (tmp_path / "nbalign.db").read_bytes()
    for args in (["init", str(tmp_path)], ["-w", str(tmp_path), "init", "--sample"]):
        assert main(args) == 5
        assert "already" in capsys.readouterr().err
    assert (tmp_path / "nbalign.db").read_bytes() == before


def test_samples_that_were_interrupted_are_finished_by_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "import_labels", interrupted)
        assert main(["init", str(tmp_path), "--sample"]) == 130
    with Workspace.open(tmp_path) as workspace:
        assert (len(workspace.notebooks()), workspace.labels()) == (52, [])
    assert main(["init", str(tmp_path), "--sample"]) == 0
    with Workspace.open(tmp_path) as workspace:
        assert len(workspace.notebooks()) == 52
        assert len(workspace.labels(role="rater")) == 936
    assert main(["init", str(tmp_path), "--sample"]) == 5
    assert "already" in capsys.readouterr().err


def test_a_place_that_cannot_be_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "study", Path("/proc/nbalign-study")):
        assert main(["init", str(folder)]) in (2, 5)
        err = capsys.readouterr().err
        assert "Traceback" not in err
        assert folder.name in err
    assert (tmp_path / "file").read_text() == "in the way"
