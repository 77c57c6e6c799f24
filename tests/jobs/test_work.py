"""Arguments of jobs become calls of the workspace; what comes of them becomes a line and a small result."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from nbalign.errors import ModelError, NotFound, UsageError
from nbalign.jobs.choosing import choose_model, chosen_model, fitting_memory
from nbalign.jobs.work import do
from nbalign.judge.batch import JudgeReport
from nbalign.judge.session import JudgeOptions
from nbalign.progress import silent
from nbalign.workspace import Workspace

REPORT = JudgeReport("tiny@1a2b3c", "tiny", (), 7, 2, 100, 5, 0, 1.5, (), False)


class Calls:
    """Takes the place of a workspace's own methods."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        return self.answer


def judging(monkeypatch: pytest.MonkeyPatch, report: JudgeReport = REPORT) -> Calls:
    calls = Calls(report)
    monkeypatch.setattr(Workspace, "judge", lambda self, *a, **k: calls(*a, **k))
    return calls


def run(kind: str, workspace: Workspace, **arguments: object) -> Any:
    return do(kind, arguments, workspace, silent, threading.Event())


def test_names_numbers_and_the_chosen_model_reach_the_judge(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = judging(monkeypatch)
    found = run("judge", ws, notebooks=["a", "b"], dimensions=["model_use"], budget=300, rationale=True, park_mb=0)
    assert calls.args == (("a", "b"),)
    assert calls.kwargs["dimensions"] == ("model_use",)
    assert calls.kwargs["options"] == JudgeOptions(budget=300, rationale=True, park_bytes=0)
    assert found.result["new"] == 7 and found.result["memory"] == "" and not found.stopped
    assert "7 new" in found.summary and "tiny@1a2b3c" in found.summary
    json.dumps(found.result)
    choose_model(ws, "tiny")
    run("judge", ws)
    assert calls.kwargs["options"].model == "tiny" == chosen_model(ws)
    run("judge", ws, model="other")
    assert calls.kwargs["options"].model == "other"
    choose_model(ws, None)
    run("judge", ws)
    assert calls.kwargs["options"].model is None


def test_notebooks_that_could_not_be_judged_and_a_stop_are_told(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = tuple((f"n{n}", "broken") for n in range(9))
    judging(monkeypatch, JudgeReport("t@1", "t", (), 1, 0, 1, 1, 0, 1.0, failed, True))
    found = run("judge", ws)
    assert found.stopped and found.result["failed"] == 9
    assert "n0 (broken)" in found.summary and "n8" not in found.summary and "stopped" in found.summary


@pytest.mark.parametrize(
    ("kind", "arguments", "word"),
    [
        ("judge", {"colour": 1}, "colour"),
        ("judge", {"budget": 3}, "budget"),
        ("judge", {"budget": True}, "budget"),
        ("judge", {"budget": "2000"}, "budget"),
        ("judge", {"notebooks": "all"}, "notebooks"),
        ("judge", {"notebooks": [1]}, "notebooks"),
        ("judge", {"rationale": "yes"}, "rationale"),
        ("judge", {"model": ""}, "model"),
        ("align", {"arms": []}, "arms"),
        ("evaluate", {"bootstrap": 1}, "bootstrap"),
        ("evaluate", {"group": "colour"}, "colour"),
        ("paint", {}, "paint"),
    ],
)
def test_impossible_arguments_are_refused_by_name(
    ws: Workspace, kind: str, arguments: dict[str, object], word: str
) -> None:
    with pytest.raises(UsageError, match=word) as caught:
        run(kind, ws, **arguments)
    assert caught.value.hint


def test_errors_of_the_workspace_keep_their_words(ws: Workspace, samples: Path) -> None:
    with pytest.raises(NotFound, match="no notebooks"):
        run("judge", ws)
    with pytest.raises(NotFound, match="no settled scores"):
        run("align", ws)
    ws.import_notebooks([samples / "notebooks" / "wine-027.ipynb"])
    with pytest.raises(ModelError, match="no-such-model"):
        run("judge", ws, model="no-such-model")


def test_the_latest_memory_judges_where_it_fits(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    rubric = ws.rubric()
    assert fitting_memory(ws, rubric, JudgeOptions()) == ("", "")
    memory = a_memory(ws, rubric.sha256)
    assert fitting_memory(ws, rubric, JudgeOptions()) == (memory, "")
    assert fitting_memory(ws, rubric, JudgeOptions(model="tiny")) == (memory, "")
    for options in (JudgeOptions(model="other"), JudgeOptions(budget=100), JudgeOptions(evidence=0)):
        version, why = fitting_memory(ws, rubric, options)
        assert version == "" and memory in why
    plain, aligned = judging(monkeypatch), Calls(REPORT)
    monkeypatch.setattr(Workspace, "judge_aligned", lambda self, *a, **k: aligned(*a, **k))
    assert run("judge", ws).result["memory"] == memory == aligned.kwargs["memory"]
    assert not plain.kwargs
    assert run("judge", ws, unaligned=True).result["memory"] == ""
    assert plain.kwargs
    assert "other" not in run("judge", ws).summary
    assert memory in run("judge", ws, model="other").summary


def a_memory(workspace: Workspace, rubric_sha256: str) -> str:
    from nbalign.align.memories import with_version
    from nbalign.align.model import Memory

    memory = with_version(
        Memory(
            version="",
            rubric="ml-notebook",
            rubric_sha256=rubric_sha256,
            parent="",
            model="tiny",
            at="2026-01-01T00:00:00+00:00",
            guidelines=(),
            precedents=(),
            calibrations={},
            accounts=(),
            made_by={"budget": "2000", "evidence_tokens": "120", "model_sha256": "0" * 64},
        )
    )
    workspace.memories().save(memory)
    return memory.version
