"""Runs from end to end with a command that writes and a real, small judge: killed, taken up again, and read back."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nbalign.execute.isolation import Here, sandbox_here
from nbalign.workspace import Workspace
from tests.cli.conftest import Nbalign, short_rubric, started
from tests.conftest import SMALL
from tests.notebooks.build import code, markdown, notebook

pytestmark = pytest.mark.model

DIMENSIONS = 4
SUITE = """id: mine
title: Mine
rubric: short
cases:
  - id: primes
    prompt: Plot the primes to 100.
    tags: [plot]
  - id: squares
    prompt: Print the squares to 100.
"""
# It says that it was started, and waits as long as there is a file `hold.CASE`. The notebook on squares is long, so
# that a judge reads it for a while.
TOOL = """
import json, os, pathlib, sys, time
here, case = pathlib.Path(__file__).parent, os.environ["NBALIGN_CASE"]
with open(here / "starts.txt", "a") as file:
    file.write(case + "\\n")
while (here / f"hold.{case}").exists():
    time.sleep(0.05)
lines = [f"print({n} ** 2)" for n in range(60 if case == "squares" else 2)]
cells = [
    {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# " + os.environ["NBALIGN_PROMPT"]},
    {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": None, "outputs": [], "source": "\\n".join(lines)},
]
book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
pathlib.Path(sys.argv[1]).write_text(json.dumps(book))
"""


@dataclass(frozen=True)
class Study:
    """A workspace, a suite and a command.

    Attributes:
        folder: Holds all of them.
    """

    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "study"

    @property
    def suite(self) -> Path:
        return self.folder / "suite.yaml"

    @property
    def generator(self) -> str:
        return f"command:{sys.executable} {self.folder / 'tool.py'} {{out}}"

    def run(self, name: str, *more: str, suite: str = "") -> tuple[str, ...]:
        """`nbalign run` with that command and the small judge."""
        what = ("run", suite or str(self.suite), "--name", name, "--judge-model", SMALL, "--no-execute")
        return (*what, "--generator", self.generator, *more)

    def starts(self) -> Counter[str]:
        """How often the command was started for each case."""
        path = self.folder / "starts.txt"
        return Counter(path.read_text().split()) if path.exists() else Counter()

    def count(self, table: str) -> int:
        """Rows of a table, while another process may write to it."""
        path = f"file:{self.workspace / 'nbalign.db'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=30)) as connection:
            return int(connection.execute(f"select count(*) from {table}").fetchone()[0])

    def killed_when(self, reached: Callable[[], bool], name: str) -> None:
        """Starts a run and kills it outright as soon as something is so."""
        process = started(self.workspace, *self.run(name))
        deadline = time.monotonic() + 200
        while not reached() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.communicate(timeout=60)
        assert reached()

    def nbalign(self, capsys: pytest.CaptureFixture[str]) -> Nbalign:
        return Nbalign(self.workspace, capsys)


def begun(folder: Path) -> Study:
    study = Study(folder)
    study.suite.write_text(SUITE)
    (folder / "tool.py").write_text(TOOL)
    with Workspace.create(study.workspace) as workspace:
        workspace.add_rubric(short_rubric(folder / "short.yaml", DIMENSIONS, [1, 2, 3]))
    return study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_model: Path) -> Study:
    """A study that tests add runs to, each under names of its own."""
    return begun(tmp_path_factory.mktemp("made"))


@pytest.fixture
def nbalign(made: Study, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    return made.nbalign(capsys)


def test_a_run_that_is_killed_goes_on_and_does_nothing_twice(
    tmp_path: Path, small_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # what is killed outright cannot tidy up
    study = begun(tmp_path)
    nbalign = study.nbalign(capsys)

    hold = study.folder / "hold.squares"
    hold.touch()
    study.killed_when(lambda: study.starts()["squares"] == 1, "first")
    hold.unlink()  # the command that lost its nbalign ends
    shown = nbalign("runs", "show", "first")
    assert "1 notebook is missing" in shown.out
    assert (study.starts(), study.count("judgements")) == (Counter(primes=1, squares=1), 0)

    study.killed_when(lambda: study.count("judgements") > 0, "first")
    assert study.starts() == Counter(primes=1, squares=2)
    assert study.count("productions") == 2
    kept = study.count("judgements")
    assert 0 < kept < 2 * DIMENSIONS
    with Workspace.open(study.workspace) as workspace:
        before = {judgement.key for judgement in workspace.judgements()}
        assert len(before) == kept

    third = nbalign(*study.run("first"), "--json").json
    assert (third["generated"]["written"], third["generated"]["known"]) == (0, 2)
    assert study.starts() == Counter(primes=1, squares=2)
    judging = third["judging"]
    assert (judging["known"], judging["new"], judging["failed"]) == (kept, 2 * DIMENSIONS - kept, [])
    with Workspace.open(study.workspace) as workspace:
        all_of_them = workspace.judgements()
    assert before < {judgement.key for judgement in all_of_them}
    new = [judgement for judgement in all_of_them if judgement.key not in before]
    branches = sum(judgement.tokens for judgement in new)
    prefixes = {judgement.notebook: judgement.prefix_tokens for judgement in new}
    assert branches <= judging["evaluated"] <= branches + sum(prefixes.values())
    assert third["judged"] == 2 and third["missing"] == 0

    again = nbalign(*study.run("first"), "--json").json
    assert (again["judging"]["new"], again["judging"]["evaluated"]) == (0, 0)
    assert again["means"] == third["means"]
    assert study.starts() == Counter(primes=1, squares=2)


def test_the_same_notebooks_cost_no_token_in_another_run(made: Study, nbalign: Nbalign, tmp_path: Path) -> None:
    first = nbalign(*made.run("one"), "--json").json
    assert first["judging"]["evaluated"] > 0
    starts = made.starts()
    second = nbalign(*made.run("two"), "--json").json
    assert made.starts() == starts + Counter(primes=1, squares=1)  # written again, to the same bytes
    assert (second["judging"]["new"], second["judging"]["evaluated"]) == (0, 0)
    assert second["means"] == first["means"]

    out = tmp_path / "elsewhere"
    nbalign("generate", made.suite, "--out", out, "--generator", made.generator, "--no-execute")
    starts = made.starts()
    args = ("run", made.suite, "--name", "three", "--judge-model", SMALL, "--generator", f"folder:{out}")
    third = nbalign(*args, "--json").json
    assert made.starts() == starts
    assert (third["judging"]["new"], third["judging"]["evaluated"], third["means"]) == (0, 0, first["means"])
    assert third["identity"]["made_by.generator"] == "command"
    found = nbalign("compare", "one", "three", "--json").json
    assert {row["judged"]["value"] for row in found["rows"]} == {0.0}
    (out / "squares.ipynb").unlink()
    again = nbalign(*args[:3], "four", *args[4:], code=3)
    assert "not made: squares 1: " in again.err and "has no squares.ipynb" in again.err


def test_every_command_about_suites_and_runs_answers_in_json(made: Study, nbalign: Nbalign, tmp_path: Path) -> None:
    for name in ("red", "green", "blue"):
        nbalign(*made.run(name))
    suite, out = str(made.suite), tmp_path / "out"
    found: dict[str, Any] = {}
    for words, codes in {
        ("suite", "list"): {0},
        ("suite", "show", suite): {0},
        ("suite", "show", suite, "primes"): {0},
        ("suite", "check", suite): {0},
        ("suite", "new", str(tmp_path / "new")): {0},
        ("generate", suite, "--out", str(out), "--generator", made.generator, "--no-execute"): {0},
        made.run("red"): {0},
        ("runs", "list"): {0},
        ("runs", "show", "red"): {0},
        ("runs", "judge", "red"): {0},
        ("runs", "queue", "red"): {0},
        ("compare", "red", "green"): {0},
        ("compare", "red", "green", "blue"): {0},
        ("gate", "green", "--baseline", "red"): {0},
        ("gate", "green", "--min-score", "3"): {0, 1},
        ("hillclimb", "add", "up", "red"): {0},
        ("hillclimb", "add", "up", "green", "--changed", "asked for plots"): {0},
        ("hillclimb", "list"): {0},
        ("hillclimb", "show", "up"): {0},
        ("hillclimb", "rm", "up"): {0},
        ("runs", "rm", "blue", "--yes"): {0},
    }.items():
        ran = nbalign(*words, "--json", code=None)
        assert ran.code in codes, ran.err
        found[" ".join(words[:2])] = json.loads(ran.out)
    assert found["runs queue"] == {"name": "red", "queued": 2}
    assert len(found["gate green"]["checks"]) == DIMENSIONS + 1
    assert found["hillclimb rm"] == {"climb": "up", "removed": 2}
    assert [run["name"] for run in found["runs rm"]] == ["blue"]


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--case", "nothing"], 2, "has no case 'nothing'"),
        (["--name", "no/name"], 2, "cannot be called"),
        (["--generator", "command:no-such-program {out}"], 2, "no program"),
        (["--generator", "folder:no-such-folder"], 2, "no folder"),
        (["--rubric", "nothing"], 2, "no rubric"),
        (["--memory", "abcdef"], 2, "no memory"),
        (["--judge-model", "no-such-model"], 4, "no model"),
        (["--seed", "1"], 2, "was begun with something else: the seed"),
        (["--unaligned", "--rubric", "ml-notebook"], 2, "was begun with something else: the rubric"),
    ],
)
def test_a_mistake_is_one_line_and_a_hint_before_any_work(
    made: Study, nbalign: Nbalign, more: list[str], code: int, words: str
) -> None:
    nbalign(*made.run("taken", "--case", "primes"))
    starts, judgements, runs = made.starts(), made.count("judgements"), made.count("runs")
    ran = nbalign(*made.run("taken", "--case", "primes", *more), code=code)
    assert ran.out == ""
    said, *hint = ran.err.splitlines()
    assert said.startswith("error: ") and words in said
    assert len(hint) == 1 and hint[0].startswith("  ")
    assert (made.starts(), made.count("judgements"), made.count("runs")) == (starts, judgements, runs)


def test_a_suite_that_is_not_there_and_a_name_that_another_suite_has(
    made: Study, nbalign: Nbalign, tmp_path: Path
) -> None:
    nbalign(*made.run("taken", "--case", "primes"))
    ran = nbalign(*made.run("new", suite="no-such-suite"), code=2)
    assert ran.err.splitlines()[0] == "error: there is no suite 'no-such-suite'"
    other = tmp_path / "suite.yaml"
    other.write_text(SUITE.replace("to 100", "to 200"))
    ran = nbalign(*made.run("taken", suite=str(other)), code=2)
    assert "the run taken was begun with something else: the suite" in ran.err
    assert "nbalign runs rm taken" in ran.err


def test_a_name_is_free_again_where_nothing_was_ever_written(made: Study, nbalign: Nbalign) -> None:
    """Such as after a first try without a sandbox."""
    ran = nbalign(*made.run("tried", "--generator", "command:false", "--retries", "0"), code=3)
    assert "not made: primes 1: false failed (exit code 1)" in ran.err
    again = nbalign(*made.run("tried"), "--json").json
    assert (again["made"], again["missing"], again["generator"]) == (2, 0, f"command:{Path(sys.executable).name}")


def test_a_workspace_that_cannot_be_written_is_told_before_anything_is_made(
    made: Study, nbalign: Nbalign, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    real = os.access

    def access(path: str | Path, mode: int, **named: bool) -> bool:  # root may write whatever a file's mode says
        return Path(path).name != "nbalign.db" and real(path, mode, **named)

    starts = made.starts()
    monkeypatch.setattr("os.access", access)
    ran = nbalign(*made.run("never"), code=5)
    assert "read-only" in ran.err
    assert made.starts() == starts


def test_without_a_sandbox_no_cell_runs_and_the_way_out_is_told(
    made: Study, nbalign: Nbalign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nbalign.execute.kernel.sandbox_here", lambda python: Here(None, "It is refused."))
    args = made.run("kept-in", "--case", "primes")
    ran = nbalign(*(word for word in args if word != "--no-execute"), code=6)
    assert "It is refused." in ran.err
    assert "--unsafe" in ran.err
    assert nbalign(*args, "--json").json["made"] == 1


def test_cells_run_in_the_sandbox_before_they_are_judged(made: Study, nbalign: Nbalign) -> None:
    if sandbox_here().isolation is None:
        pytest.skip(sandbox_here().why_not)
    args = made.run("ran", "--case", "primes")
    found = nbalign(*(word for word in args if word != "--no-execute"), "--json").json
    assert found["generated"]["failed_cells"] == 0
    with Workspace.open(made.workspace) as workspace:
        notebook = workspace.notebook(workspace.scored_run("ran").productions[0].notebook)
    assert notebook.cell(2).outputs[0].text.split() == ["0", "1"]
    assert found["judged"] == 1


def test_the_lines_of_the_python_page_make_and_compare_runs(
    tmp_path: Path, small_model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
    (lines,) = [block for block in re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL) if "begin_run" in block]
    study = begun(tmp_path)
    for folder, line in (("before", "print(4)"), ("after", "print(9)")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "primes.ipynb").write_bytes(notebook(markdown("# Primes"), code(line)))
    monkeypatch.chdir(tmp_path)
    exec(lines, {})
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("squares ") and "has no squares.ipynb" in out[0]
    assert [line.split(" Interval")[0] for line in out[2:-1]] == [f"Aspect {n}" for n in range(DIMENSIONS)]
    assert out[-1].endswith(" 0")  # one case that fell: too few to tell
    assert "too few cases to see a drop" in out[-1] or "noise" in out[-1]
    with Workspace.open(study.workspace) as workspace:
        assert set(workspace.run_names()) == {"before", "after"}
