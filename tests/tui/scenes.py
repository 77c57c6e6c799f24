"""What the pictures of the terminal show: one scene for each room and for the main dialogs.

The tests compare them with the pictures kept beside them, and `scripts/screenshots.py` draws those of the documentation.
"""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from nbalign.doctor import capacity
from nbalign.doctor.check import Check
from nbalign.jobs.model import JobSpec
from nbalign.llm.choose import default_model
from nbalign.llm.library import Listing, State
from nbalign.llm.machine import Memory, Processors
from nbalign.llm.manifest import load_manifest
from nbalign.progress import Progress
from nbalign.rubrics.model import Rubric
from nbalign.tui.app import LabelApp
from nbalign.tui.jobs import working
from nbalign.tui.models import reading
from nbalign.tui.models.machine import MachinePanel
from nbalign.tui.themes import theme_setting
from nbalign.workspace import Workspace
from tests.tui.driving import press, rest
from tests.tui.fakes import FakeJobs
from tests.tui.sample_study import RUNS, SAMPLES

Act = Callable[[Pilot[None]], Awaitable[None]]

DARK, LIGHT = "nbalign-dark", "nbalign-light"
# Models that the machine of the scenes has.
_HERE: dict[str, State] = {"qwen2.5-coder-1.5b": "verified", "qwen2.5-coder-0.5b": "present"}
_MEMORY = Memory(total=16_000_000_000, available=11_400_000_000)


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing to look at.

    Attributes:
        act: Brings it into view.
        study: Which of the two workspaces it is about.
        rater: Who sits there.
        notebook: The notebook to begin with; None takes the first that is open.
    """

    act: Act
    study: str = SAMPLES
    rater: str = "r1"
    notebook: str | None = "churn2-061"


def keys(*names: str) -> Act:
    """Presses keys, each when all that the one before asked for is there."""

    async def act(pilot: Pilot[None]) -> None:
        for name in names:
            await press(pilot, name)

    return act


async def _write(pilot: Pilot[None], words: str) -> None:
    """Writes into the field that has the focus, all at once, and leaves it."""
    field = pilot.app.focused
    assert isinstance(field, TextArea)
    field.insert(words)
    await press(pilot, "escape")


async def _label(pilot: Pilot[None]) -> None:
    await keys("3", "2", "v", "v", "c", "e")(pilot)
    await _write(pilot, "Filled inside the pipeline, from the training rows alone.")


async def _adjudicate(pilot: Pilot[None]) -> None:
    await keys("f4", "0")(pilot)
    await _write(pilot, "The prompt asks for a model and its drivers, not for predictions.")


async def _models(pilot: Pilot[None]) -> None:
    await press(pilot, "f8")
    while "GPU" not in str(pilot.app.screen.query_one(MachinePanel).visual):  # a thread of its own asks for it
        await pilot.pause(0.05)
    await rest(pilot)


async def _jobs(pilot: Pilot[None]) -> None:
    jobs: object = pilot.app.jobs if isinstance(pilot.app, LabelApp) else None
    assert isinstance(jobs, FakeJobs)
    for kind, title in (("evaluate", "compare 6 arms"), ("judge", "judge 52 notebooks"), ("align", "align all")):
        jobs.start(JobSpec(kind, Path(SAMPLES), {}, title))  # type: ignore[arg-type]
    jobs.tell(1, phase="done", seconds=184.0, summary="experiment 26683d6c45b0: evidence is nearest")
    step = Progress("judging churn2-061.ipynb (14 of 52)", 52_400, 191_059, "tokens")
    jobs.tell(2, phase="running", progress=step, rate=54.0, eta=2570.0, seconds=970.0)
    await rest(pilot)
    pilot.app.clear_notifications()  # behind the dialog the notice of the first one's end would stay
    await keys("w")(pilot)


SCENES: dict[str, Scene] = {
    "label": Scene(_label),
    "review": Scene(keys("f3")),
    "adjudicate": Scene(_adjudicate, rater="r3"),
    "align": Scene(keys("f5", "2", "j", "j")),
    "evaluate": Scene(keys("f6", "j", "j")),
    "runs": Scene(keys("f7", "G", "c", "k", "c"), study=RUNS, notebook=None),
    "models": Scene(_models),
}
"""Every room, by its id."""

MORE: dict[str, Scene] = {
    "cells": Scene(keys(*"jjjjjjjj"), notebook="fraud2-009"),
    "help": Scene(keys("question_mark")),
    "palette": Scene(keys("ctrl+p", "e", "v", "a", "l")),
    "jobs": Scene(_jobs),
}
"""Dialogs, and cells with an error among them."""


@contextmanager
def staged(scene: Scene, studies: Path, folder: Path, theme: str) -> Iterator[LabelApp]:
    """An application about a workspace of its own, on a machine that is always the same.

    Args:
        scene: What is to be seen.
        studies: Where `make_studies` made the workspaces.
        folder: An empty folder.
        theme: What the rater wears.
    """
    shutil.copytree(studies / scene.study, folder / scene.study)
    with ExitStack() as stack:
        for place, name, fake in (
            (working, "Jobs", FakeJobs),
            (reading, "read_shelf", _shelf),
            (reading, "quick_checks", _quick_checks),
            (reading, "slow_checks", _slow_checks),
        ):
            stack.enter_context(patch.object(place, name, fake))
        workspace = stack.enter_context(Workspace.open(folder / scene.study))
        workspace.set_setting(theme_setting(scene.rater), theme)
        yield LabelApp(workspace, scene.rater, notebook=scene.notebook)


async def play(scene: Scene, pilot: Pilot[None]) -> None:
    """Brings a scene into view and waits until nothing in it moves any more."""
    await rest(pilot)
    await scene.act(pilot)
    for field in pilot.app.screen.query("Input, TextArea"):
        assert isinstance(field, (Input, TextArea))
        field.cursor_blink = False
    pilot.app.clear_notifications()  # they go away by themselves, sooner or later
    await rest(pilot)


def _shelf(workspace: Workspace, rubric: Rubric) -> reading.Shelf:
    """The models that nbalign knows, two of them here."""
    models = [
        Listing(card.name, card.file, card.bytes, state, Path("models") / card.file if state != "not pulled" else None, card)
        for card in load_manifest()
        for state in (_HERE.get(card.name, "not pulled"),)
    ]  # fmt: skip
    choice = default_model(_MEMORY.total, 8, gpu=False, present=_HERE)
    judged = {judge.partition("+")[0]: notebooks for judge, notebooks, _ in workspace.judges(rubric.id)}
    return reading.Shelf(
        tuple(models), "models", "", choice.card.name, choice.reason, "", "", judged, _MEMORY.available
    )


def _quick_checks() -> tuple[Check, ...]:
    return capacity.processors(Processors(16, 16, 8, None)), capacity.memory(_MEMORY)


def _slow_checks() -> tuple[Check, ...]:
    words = "llama-cpp-python 0.3.36, maps model files; compiled for AVX, AVX2, F16C, FMA, OPENMP"
    return Check("llama.cpp", "ok", words), Check("GPU", "ok", "none found; models judge on the CPU")
