"""`nbalign label` from end to end, on a workspace of its own."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from nbalign.__main__ import main
from nbalign.workspace import Workspace
from tests.cli.conftest import short_rubric


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        cells = [nbformat.v4.new_code_cell(f"{name} = {n}") for n in range(5)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    made = tmp_path / "study"
    with Workspace.create(made) as workspace:
        workspace.import_notebooks([tmp_path / "a.ipynb", tmp_path / "b.ipynb"])
    return made


class Shell:
    """Runs `nbalign label …` in this process and keeps what it printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.err = ""

    def __call__(self, *args: str, code: int = 0) -> str:
        self.capsys.readouterr()
        found = main(["-w", str(self.folder), "label", *args])
        out, self.err = self.capsys.readouterr()
        assert found == code, out + self.err
        return out

    def scores(self, *args: str) -> list[tuple[str, str, str, int]]:
        rows = json.loads(self("show", "--json", *args))
        return [(row["notebook"], row["dimension"], row["rater"], row["score"]) for row in rows]


@pytest.fixture
def label(folder: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(folder, capsys)


def test_a_score_is_given_shown_and_taken_away(label: Shell) -> None:
    out = label("set", "a", "model_training", "2", "--rater", "ann", "--why", "No CV.", "--cells", "2,4-5")
    for word in ("a.ipynb", "model_training", "ann", "2 average", "2,4-5", "No CV."):
        assert word in out
    (row,) = json.loads(label("show", "a.ipynb", "--json"))
    assert (row["score"], row["justification"], row["cells"], row["role"]) == (2, "No CV.", [2, 4, 5], "rater")
    assert "no score" in label("clear", "a", "model_training", "--rater", "ann")
    assert label.scores() == []
    assert "no score to clear" in label("clear", "a", "model_training", "--rater", "ann")


def test_the_rater_comes_from_the_environment_too(label: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    label("set", "a", "model_training", "2", code=2)
    assert "NBALIGN_RATER" in label.err
    monkeypatch.setenv("NBALIGN_RATER", "bob")
    label("set", "a", "model_training", "2")
    # Who you are is no filter: everybody's scores are shown.
    label("set", "a", "model_training", "3", "--rater", "ann")
    assert label.scores() == [("a.ipynb", "model_training", "bob", 2), ("a.ipynb", "model_training", "ann", 3)]


def test_filters(label: Shell) -> None:
    label("set", "a", "model_training", "2", "--rater", "ann")
    label("set", "b", "model_use", "0", "--rater", "ann")
    label("set", "b", "model_use", "1", "--rater", "bob", "--decision")
    assert label.scores("b", "--rater", "ann") == [("b.ipynb", "model_use", "ann", 0)]
    assert label.scores("--dimension", "model_training") == [("a.ipynb", "model_training", "ann", 2)]
    assert label.scores("--rubric", "other") == []
    assert "bob (decision)" in label("show", "b")
    assert "N/A" in label("show", "b")


def test_undo_and_redo_walk_over_restarts(label: Shell) -> None:
    label("set", "a", "model_training", "2", "--rater", "ann")
    label("set", "a", "model_training", "3", "--rater", "ann")
    assert "2 average" in label("undo", "--rater", "ann")
    assert "no score" in label("undo", "--rater", "ann", "--notebook", "a")
    assert "nothing to undo" in label("undo", "--rater", "ann")
    assert "2 average" in label("redo", "--rater", "ann")
    assert "3 good" in label("redo", "--rater", "ann")
    assert "nothing to redo" in label("redo", "--rater", "ann")
    table = label("history", "a")
    assert "undo 2" in table
    assert "taken back" in table
    events = json.loads(label("history", "--json", "--limit", "4"))
    assert [(e["action"], e["undoes"]) for e in events] == [("undo", 2), ("undo", 1), ("undo", 4), ("undo", 3)]
    assert events[0]["score"] is None


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("set", "a", "model_training", "9", "--rater", "ann"), "scale"),
        (("set", "a", "model_training", "good", "--rater", "ann"), "integer"),
        (("set", "a", "model_trainign", "1", "--rater", "ann"), "no dimension"),
        (("set", "c", "model_training", "1", "--rater", "ann"), "no notebook"),
        (("set", "a", "model_training", "1", "--rater", "ann", "--cells", "6"), "no cell 6"),
        (("set", "a", "model_training", "1", "--rater", "ann", "--cells", "x"), "no list of cells"),
        (("set", "a", "model_training", "1", "--rater", " "), "rater"),
        (("set", "a", "model_training", "1", "--rater", "ann", "--rubric", "none"), "no rubric"),
        (("show", "--rater", "\udcff"), "Unicode"),
        (("history", "--limit", "9" * 30), "too large"),
        (("export", "labels.txt"), "format"),
    ],
)
def test_what_is_impossible_is_a_usage_error(label: Shell, args: tuple[str, ...], word: str) -> None:
    label(*args, code=2)
    assert word in label.err
    assert "Traceback" not in label.err
    assert label.scores() == []


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_labels_go_out_and_come_back(label: Shell, tmp_path: Path, suffix: str) -> None:
    label("set", "a", "model_training", "2", "--rater", "ann", "--why", '=1+1, "ü"\nnext', "--cells", "1")
    path = tmp_path / f"labels.{suffix}"
    assert label("export", str(path)) == ""
    assert "1 label written" in label.err
    assert label("export", "-", "--format", suffix) == path.read_text(encoding="utf-8")
    label("set", "a", "model_training", "1", "--rater", "ann")
    assert "1 new or changed, 0 unchanged" in label("import", str(path))
    assert json.loads(label("import", str(path), "--json")) == {"added": 0, "unchanged": 1, "skipped": 0}
    (row,) = json.loads(label("show", "--json"))
    assert (row["score"], row["justification"]) == (2, '=1+1, "ü"\nnext')


def test_a_wrong_file_names_its_lines_and_changes_nothing(label: Shell, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    good = {"notebook": "a.ipynb", "dimension": "model_training", "rater": "ann", "score": 2}
    path.write_text("\n".join(json.dumps(x) for x in (good, {**good, "score": 8}, {**good, "notebook": "z"})))
    label("import", str(path), code=3)
    assert "line 2: 8 is not on the scale" in label.err
    assert "line 3: there is no notebook 'z'" in label.err
    assert label.scores() == []


def test_without_labels_there_is_a_word_on_stderr_and_nothing_on_stdout(label: Shell) -> None:
    assert label("show") == ""
    assert "no scores" in label.err
    assert label("history") == ""
    assert "no events" in label.err


def test_undo_redo_and_clear_answer_in_json(label: Shell) -> None:
    label("set", "a", "model_training", "2", "--rater", "ann")
    undone = json.loads(label("undo", "--rater", "ann", "--json"))
    assert (undone["action"], undone["undoes"], undone["dimension"]) == ("undo", 1, "model_training")
    assert json.loads(label("undo", "--rater", "ann", "--json")) is None
    assert json.loads(label("redo", "--rater", "ann", "--json"))["undoes"] == 2
    assert json.loads(label("clear", "a", "model_training", "--rater", "ann", "--json"))["action"] == "clear"
    assert json.loads(label("clear", "a", "model_training", "--rater", "ann", "--json")) is None


@pytest.fixture
def short(folder: Path, tmp_path: Path) -> Path:
    """A file of labels under a rubric of the user's own, whose lines do not name it."""
    with Workspace.open(folder) as workspace:
        workspace.add_rubric(short_rubric(tmp_path / "short.yaml", 2, (1, 2, 3)))
    path = tmp_path / "labels.jsonl"
    lines = [
        {"notebook": name, "dimension": f"aspect_{n}", "rater": rater, "score": 2}
        for name in ("a.ipynb", "b.ipynb")
        for n in (0, 1)
        for rater in ("ann", "bob", "cleo", "dan")
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def test_lines_without_a_rubric_are_of_the_one_named(label: Shell, short: Path) -> None:
    label("set", "a.ipynb", "model_training", "3", "--rater", "zoe", "--rubric", "ml-notebook")
    label("import", str(short), code=3)
    assert "lines 1, 2, 3, 4, 9 and 3 more: rubric ml-notebook has no dimension 'aspect_0'" in label.err
    assert '"rubric": "short"' in label.err
    assert "use --rubric short" in label.err
    assert label.scores("--rubric", "short") == []
    assert "16 new or changed" in label("import", str(short), "--rubric", "short")
    assert len(label.scores("--rubric", "short")) == 16
    assert json.loads(label("import", str(short), "--rubric", "short", "--json"))["unchanged"] == 16


def test_a_line_that_names_a_rubric_keeps_it(label: Shell, short: Path) -> None:
    named = {"notebook": "a", "dimension": "model_training", "rater": "ann", "score": 3, "rubric": "ml-notebook"}
    short.write_text(short.read_text() + "\n" + json.dumps({**named, "notebook": "a.ipynb"}))
    label("import", str(short), "--rubric", "short")
    assert label.scores("--rubric", "ml-notebook") == [("a.ipynb", "model_training", "ann", 3)]


def test_a_rubric_that_is_not_here_is_named_before_any_line(label: Shell, short: Path) -> None:
    label("import", str(short), "--rubric", "none", code=2)
    assert "no rubric 'none'" in label.err
    assert "line" not in label.err.partition("\n")[0]
