from __future__ import annotations

import queue
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbalign.jobs.desk import Jobs
from nbalign.jobs.model import JobSpec, JobState
from nbalign.workspace import Workspace
from tests.notebooks.build import code, markdown, notebook

NAMES = ("one", "two", "three", "four")
WITHOUT_MODEL = {"arms": ["constant", "counts"], "dimensions": ["model_use"], "folds": 2, "bootstrap": 100}
PATIENCE = 240.0  # seconds: nothing here takes long, but the machine may be busy


class Board:
    """Jobs, and everything they told."""

    def __init__(self) -> None:
        self.told: queue.Queue[JobState] = queue.Queue()
        self.seen: list[JobState] = []
        self.jobs = Jobs(self.told.put)

    def until(self, wanted: Callable[[JobState], bool]) -> JobState:
        """The first state from now on that is wanted."""
        while True:
            state = self.told.get(timeout=PATIENCE)
            self.seen.append(state)
            if wanted(state):
                return state

    def ended(self, number: int) -> JobState:
        return self.until(lambda state: state.id == number and state.ended)


@pytest.fixture
def board() -> Iterator[Board]:
    made = Board()
    yield made
    made.jobs.close(0.0)


@pytest.fixture
def speaking(board: Board) -> Callable[[str], Board]:
    """A board whose jobs are done by a program of the test's own, in place of the runner."""

    def make(program: str) -> Board:
        head = "import json, sys, time\ndef say(**m): print(json.dumps(m), flush=True)\nspec = sys.stdin.readline()\n"
        board.jobs = Jobs(board.told.put, [sys.executable, "-c", head + textwrap.dedent(program)])
        return board

    return make


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A workspace of four tiny notebooks, labelled in one dimension."""
    for name in NAMES:
        (tmp_path / f"{name}.ipynb").write_bytes(notebook(markdown(f"# {name}"), code(f"print('{name}')")))
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_notebooks([tmp_path / f"{name}.ipynb" for name in NAMES])
        for n, name in enumerate(NAMES):
            workspace.set_label(name, "model_use", n % 3 + 1, rater="ann", justification=f"Said of {name}.")
    return tmp_path / "study"


def experiment(study: Path, **arguments: object) -> JobSpec:
    """A job that needs no model."""
    return JobSpec("evaluate", study, {**WITHOUT_MODEL, **arguments}, "compare two arms")
