"""`nbalign compare`, `gate` and `hillclimb` on runs without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nbalign.store.database import Store
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.sink import WorkspaceSink
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign
from tests.suite.made import judge, written
from tests.suite.made import run as begun

CASES = [f"case-{n:02}" for n in range(12)]
Make = Callable[..., None]


@pytest.fixture
def make(nbalign: Nbalign) -> Make:
    """Keeps a run whose notebooks have these levels in the first two dimensions, and 2 in all others."""

    def kept(name: str, first: Sequence[int], second: Sequence[int], **changed: str) -> None:
        with Workspace.open(nbalign.folder) as ws:
            run = begun(ws, name, CASES, **changed)  # type: ignore[arg-type]
            dimensions = [dimension.id for dimension in ws.rubric().dimensions]
            with Store.open(ws.path / "nbalign.db") as store:
                RunStore(store).save(run)
                sink = WorkspaceSink(store, run)
                for case in CASES[: len(first)]:
                    sink.keep(case, 1, written(f"{name} {case}"))
                made = RunStore(store).productions(run)
            for one, x, y in zip(made, first, second, strict=False):
                judge(
                    ws,
                    one.notebook,
                    dict.fromkeys(dimensions, 2) | dict(zip(dimensions, (x, y), strict=False)),
                    by=run.judge,
                )

    return kept


def test_two_runs_are_compared(nbalign: Nbalign, make: Make, tmp_path: Path) -> None:
    make("before", [1] * 12, [3] * 12)
    make("after", [3] * 12, [3] * 12)
    ran = nbalign("compare", "before", "after", "--bootstrap", "1000")
    assert ran.out.startswith("after is judged higher than before")
    assert "+2.00 ▲" in ran.out and "12/0/0" in ran.out
    assert "The judge's error is not known here" in " ".join(ran.out.split())
    found = nbalign("compare", "before", "after", "--json", "--html", tmp_path / "page.html").json
    assert found["rows"][0]["judged"]["value"] == 2.0
    assert found["verdict"][0].startswith("after is judged higher")
    assert "after against before" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_three_runs_are_ranked(nbalign: Nbalign, make: Make, tmp_path: Path) -> None:
    for name, level in (("low", 1), ("high", 3), ("middle", 2)):
        make(name, [level] * 12, [level] * 12)
    ran = nbalign("compare", "low", "high", "middle", "--bootstrap", "1000")
    assert ran.out.startswith("high is the best of these 3")
    found = nbalign("compare", "low", "high", "middle", "--json", "--bootstrap", "1000").json
    assert [place["run"]["name"] for place in found["places"]] == ["high", "middle", "low"]
    assert "two runs" in nbalign("compare", "low", "high", "middle", "--html", tmp_path / "x", code=2).err


def test_what_cannot_be_compared_is_wrong_use(nbalign: Nbalign, make: Make) -> None:
    make("before", [1] * 12, [3] * 12)
    make("other", [1] * 12, [3] * 12, judge="another+evidence@123456")
    assert "at least two" in nbalign("compare", "before", code=2).err
    assert "at least two" in nbalign("compare", "before", "before", code=2).err
    assert "different judges" in nbalign("compare", "before", "other", code=2).err
    nbalign("compare", "before", "nowhere", code=2)
    nbalign("compare", "before", "other", "--across-judges", "--bootstrap", "1000")


def test_a_gate_ends_with_the_exit_code_of_its_verdict(nbalign: Nbalign, make: Make, tmp_path: Path) -> None:
    make("before", [3] * 12, [2, 3] * 6)
    make("same", [3] * 12, [2, 3] * 6)
    make("worse", [1] * 12, [2, 3] * 6)
    make("noisy", [3] * 12, [3, 1, 3, 2] * 3)
    fast = ("--bootstrap", "1000")
    assert nbalign("gate", "same", "--baseline", "before", "--max-drop", "0.5", *fast).out.startswith("Pass.")
    failed = nbalign("gate", "worse", "--baseline", "before", *fast, code=1)
    assert failed.out.startswith("Fail: regression in ")
    nbalign("gate", "noisy", "--baseline", "before", *fast)
    assert nbalign("gate", "noisy", "--baseline", "before", "--strict", *fast, code=3).out.startswith(
        "Cannot be judged"
    )
    assert "asks for nothing" in nbalign("gate", "same", *fast, code=2).err
    nbalign("gate", "worse", "--min-score", "2.9", *fast, code=1)
    junit, summary = tmp_path / "ci" / "junit.xml", tmp_path / "ci" / "summary.md"
    ran = nbalign(
        "gate", "worse", "--baseline", "before", "--junit", junit, "--markdown", summary, "--json", *fast, code=1
    )
    assert ran.json["exit_code"] == 1 and ran.json["checks"][0]["state"] == "regression"
    assert ElementTree.parse(junit).getroot().get("failures") == "2"
    assert summary.read_text(encoding="utf-8").startswith("### nbalign gate: worse against before")


def test_missing_notebooks_fail_where_asked(nbalign: Nbalign, make: Make) -> None:
    make("before", [3] * 12, [3] * 12)
    make("short", [3] * 10, [3] * 10)
    args = ("gate", "short", "--baseline", "before", "--max-drop", "1", "--bootstrap", "1000")
    assert "the run lacks 2" in nbalign(*args).out
    nbalign(*args, "--max-missing", "2")
    assert "2 notebooks missing" in nbalign(*args, "--max-missing", "1", code=1).out


def test_a_climb_is_logged_and_shown(nbalign: Nbalign, make: Make) -> None:
    make("start", [1] * 12, [3] * 12)
    make("second", [3] * 12, [2] * 12)
    assert "no climb yet" in nbalign("hillclimb", "list").out
    nbalign("hillclimb", "add", "prompt", "start")
    nbalign("hillclimb", "add", "prompt", "second", "--changed", "Asked for plots.")
    assert "already" in nbalign("hillclimb", "add", "prompt", "second", code=2).err
    nbalign("hillclimb", "add", "prompt", "nowhere", code=2)
    text = " ".join(nbalign("hillclimb", "show", "prompt", "--bootstrap", "1000").out.split())
    assert "second (Asked for plots.): gains 2.00 in" in text and ", pays 1.00 in" in text
    found = nbalign("hillclimb", "show", "prompt", "--json", "--bootstrap", "1000").json
    assert found["best"] == "second" and found["variants"][1]["from_start"]["value"] == pytest.approx(1 / 9)
    assert nbalign("hillclimb", "list", "--json").json[0]["name"] == "prompt"
    assert "1 step taken" in nbalign("hillclimb", "rm", "prompt", "second").out
    nbalign("hillclimb", "rm", "prompt")
    nbalign("hillclimb", "show", "prompt", code=2)


@pytest.mark.parametrize("command", [("compare",), ("gate",), ("hillclimb", "show")])
def test_hostile_names_are_told_without_harm(nbalign: Nbalign, command: tuple[str, ...]) -> None:
    nbalign(*command, "\x1b[31mx", *(["y"] if command == ("compare",) else []), code=2)
