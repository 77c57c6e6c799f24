"""The workspace as scripts use it: its own example, threads, closing, finding."""

from __future__ import annotations

import shutil
import textwrap
import threading
from functools import partial
from pathlib import Path

import pytest

import nbalign.workspace.judging
from nbalign import Workspace
from nbalign.errors import NbalignError, NotFound, StoreError, UsageError
from nbalign.judge.session import JudgeOptions
from nbalign.rubrics.packaged import packaged


def example() -> str:
    """The code in the module's own documentation."""
    text = nbalign.workspace.__doc__ or ""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("    "))
    return textwrap.dedent("\n".join(line for line in lines[start:] if line.startswith("    ") or not line))


@pytest.mark.model
def test_the_example_of_the_documentation_runs_as_written(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "smollm2-135m" in example()
    monkeypatch.chdir(tmp_path)
    # As written, but for the share of the notebook that is read: it would take minutes here.
    monkeypatch.setattr(nbalign.workspace.judging, "JudgeOptions", partial(JudgeOptions, budget=64))
    exec(compile(example(), "example", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[:9]] == [dimension.id for dimension in packaged()[0].dimensions]
    assert all(line.split()[1] in "0123" for line in printed[:9])
    assert len(printed) > 9  # the sentence on agreement
    with Workspace.open("study") as workspace:
        (label,) = workspace.labels("wine-027", rater="ann")
        assert (label.score, label.justification, label.cells) == (2, "No cross-validation.", (7,))
        assert len(workspace.notebooks()) == 52
        assert len(workspace.judgements("wine-027")) == 9


def test_the_model_may_be_named_on_its_own_or_in_the_options(ws: Workspace, samples: Path) -> None:
    ws.import_notebooks([samples / "notebooks" / "wine-027.ipynb"])
    named = JudgeOptions(model="no-such-model")
    for model, options in (("no-such-model", None), (None, named), ("no-such-model", JudgeOptions(model="another"))):
        with pytest.raises(NbalignError, match="no-such-model"):
            ws.judge(model=model, options=options)


def test_wrong_names_are_told_before_any_work(ws: Workspace, samples: Path) -> None:
    with pytest.raises(NotFound, match="no notebooks to judge"):
        ws.judge()
    ws.import_notebooks([samples / "notebooks" / "wine-027.ipynb"])
    with pytest.raises(NotFound, match="wine-28"):
        ws.judge(["wine-28"])
    with pytest.raises(NotFound, match="no dimension") as caught:
        ws.judge(["wine-027"], dimensions=["model_training", "style"])
    assert "style" in caught.value.message
    assert "model_training" in caught.value.hint
    with pytest.raises(NotFound):
        ws.judge(["wine-027"], rubric="nothing")
    with pytest.raises(UsageError):
        ws.set_label("wine-027", "model_training", 7, rater="ann")


def test_threads_may_share_a_workspace(ws: Workspace, samples: Path) -> None:
    ws.import_notebooks(sorted((samples / "notebooks").glob("*.ipynb"))[:6])
    names = [info.name for info in ws.notebooks()]
    problems: list[BaseException] = []

    def work(n: int) -> None:
        try:
            for name in names[n % 2 :] + names[: n % 2]:
                assert ws.notebook(name).name == name
                ws.set_label(name, "model_training", 1 + n % 3, rater=f"rater{n}")
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(ws.labels()) == 6 * len(names)
    assert len(ws.raters()) == 6


def test_closing_twice_is_harmless_and_a_closed_workspace_says_so(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    workspace.close()
    workspace.close()
    with pytest.raises(StoreError, match="closed"):
        workspace.notebooks()
    with Workspace.open(tmp_path / "ws") as again:
        assert again.notebooks() == []


def test_the_nearest_workspace_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "outer" / "a" / "inner"
    deep = inner / "x" / "y"
    deep.mkdir(parents=True)
    Workspace.create(tmp_path / "outer").close()
    monkeypatch.chdir(deep)
    with Workspace.find() as found:
        assert found.path == tmp_path / "outer"
    Workspace.create(inner).close()
    with Workspace.find() as found:
        assert found.path == inner
    with Workspace.find(tmp_path / "outer") as found:
        assert found.path == tmp_path / "outer"
    with pytest.raises(NotFound, match="no workspace"):
        Workspace.find(deep)


def test_without_a_workspace_the_way_to_make_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound) as caught:
        Workspace.find()
    assert "nbalign init" in caught.value.hint


def test_a_current_folder_that_is_gone_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    shutil.rmtree(gone)
    with pytest.raises(NotFound, match="current folder"):
        Workspace.find()


def test_a_workspace_is_made_once(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "new" / "ws").close()
    with pytest.raises(StoreError, match="already"):
        Workspace.create(tmp_path / "new" / "ws")


def test_settings_are_kept(ws: Workspace) -> None:
    assert ws.setting("caveat") is None
    ws.set_setting("caveat", {"a": ["ü", 1, None]})
    ws.set_setting("caveat", "later")
    assert ws.setting("caveat") == "later"


def test_a_notebook_has_a_name_or_at_least_a_hash(ws: Workspace, samples: Path) -> None:
    (imported,) = ws.import_notebooks([samples / "notebooks" / "wine-027.ipynb"]).imported
    assert ws.name_of(imported.sha256) == "wine-027.ipynb"
    assert ws.name_of("f" * 64) == "f" * 12
    assert ws.scale_name(ws.rubric().id, 0) == "N/A"


def test_undo_can_be_kept_to_one_rubric(tmp_path: Path) -> None:
    (tmp_path / "five.yaml").write_text(
        "id: five\nversion: 1\ntitle: Five\nscale: {1: a, 2: b}\n"
        'dimensions:\n  - {id: one, title: One, question: "?", 1: x, 2: y}\n'
    )
    (tmp_path / "a.py").write_text("# %%\nprint(1)\n")
    with Workspace.create(tmp_path / "ws") as workspace:
        workspace.import_notebooks([tmp_path / "a.py"])
        workspace.add_rubric(tmp_path / "five.yaml")
        workspace.set_label("a", "one", 2, rater="ann", rubric="five")
        workspace.set_label("a", "data_imputation", 3, rater="ann", rubric="ml-notebook")
        undone = workspace.undo("ann", rubric="five")
        assert undone is not None
        assert undone.label.dimension == "one"
        assert [label.rubric for label in workspace.labels()] == ["ml-notebook"]
        assert workspace.undo("ann", rubric="five") is None
        assert workspace.redo("ann", rubric="five") is not None
        assert len(workspace.labels()) == 2


@pytest.mark.model
def test_a_file_is_digested_without_a_workspace(
    small_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbalign.__main__ import main

    (tmp_path / "a.py").write_text("# %%\nprint('kept in the digest')\n")
    monkeypatch.chdir(tmp_path)
    assert main(["digest", "a.py", "--model", "smollm2-135m"]) == 0
    assert "kept in the digest" in capsys.readouterr().out
    assert main(["digest", "b.py", "--model", "smollm2-135m"]) == 2
    assert main(["-w", str(tmp_path), "digest", "a.py", "--model", "smollm2-135m"]) == 2
    assert not list(tmp_path.glob("cache*"))
