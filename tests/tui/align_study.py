"""A small study with labels, guidelines and memories for the tests of the room `align`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.app import App
from textual.notifications import Notify
from textual.pilot import Pilot

from nbalign.align.guidelines import Guidelines, guideline_id
from nbalign.align.memories import Memories, with_version
from nbalign.align.model import Account, Guideline, Memory, Precedent
from nbalign.jobs.model import JobSpec, JobState
from nbalign.tui.align.screen import AlignRoom
from nbalign.tui.align.section import Section
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, markdown, notebook_file
from tests.tui.driving import rest, screen_text

RUBRIC, TRAINING, IMPUTING = "ml-notebook", "model_training", "data_imputation"
LEAK = "Score 1 when the scaler is fitted before the split."
GAPS = "Score 3 when missing values are counted first."
FOLDS = "Score 3 when folds are made by group."


@dataclass(frozen=True, slots=True)
class Study:
    """A workspace in which ann has scored `one` and nothing else; ben and carl have scored more."""

    workspace: Workspace
    hashes: dict[str, str]
    events: dict[str, int]

    def guideline(self, text: str) -> Guideline:
        return next(g for g in self.workspace.guidelines(RUBRIC) if g.text == text)

    def states(self) -> dict[str, str]:
        return {g.text: g.state for g in self.workspace.guidelines(RUBRIC)}

    def memory(self, *guidelines: Guideline, parent: str = "", at: str = "2026-01-02T10:00:00+00:00") -> Memory:
        """Keeps a memory that learned from ben's labels, with a precedent for each."""
        labels = [x for x in self.workspace.labels(rubric=RUBRIC) if x.rater == "ben"]
        names = self.workspace.names()
        precedents = tuple(
            Precedent(x.notebook, names[x.notebook], x.dimension, x.score, x.justification, x.cells, "", (x.event,))
            for x in labels
        )
        accounts = tuple(Account(x.event, x.dimension, ()) for x in labels)
        calibrations: dict[str, dict[str, object]] = {
            TRAINING: {"on": True, "why": "It is nearer than the judge."},
            IMPUTING: {"on": False},
        }
        sha256 = self.workspace.rubric(RUBRIC).sha256
        memory = with_version(
            Memory("", RUBRIC, sha256, "tiny", guidelines, precedents, accounts, calibrations, {"n": at}, parent, at)
        )
        Memories(self.workspace._store).save(memory)
        return memory


def make_study(build: Builder, folder: Path) -> Study:
    cells = [markdown("# Title"), code("scaler.fit(everything)"), code("model.fit(x, y)")]
    names = ("one", "two", "three")
    files = [notebook_file(folder / f"{name}.ipynb", [*cells, code(f"print('{name}')")]) for name in names]
    workspace = build(*files)
    events = {}

    def label(key: str, name: str, dimension: str, rater: str, score: int, words: str, *cited: int) -> None:
        made = workspace.set_label(
            f"{name}.ipynb", dimension, score, rater=rater, justification=words, cells=cited, rubric=RUBRIC
        )
        events[key] = made.event

    label("ben one", "one", TRAINING, "ben", 1, "Everything is scaled at once.", 2)
    label("ann one", "one", TRAINING, "ann", 1, "The test rows leak.", 2, 3)
    label("ben two", "two", TRAINING, "ben", 1, "Secret words of ben.", 3)
    label("carl three", "three", IMPUTING, "carl", 1, "No count at all.")
    label("dora three", "three", IMPUTING, "dora", 3, "Counted at the top.")
    hashes = {name.removesuffix(".ipynb"): sha256 for sha256, name in workspace.names().items()}
    study = Study(workspace, hashes, events)
    propose(study, (TRAINING, LEAK, ("ben one", "ann one", "ben two")), (TRAINING, FOLDS, ("ben two",)))
    propose(study, (IMPUTING, GAPS, ("dora three",)))
    return study


def propose(study: Study, *proposals: tuple[str, str, Sequence[str]]) -> None:
    made = [
        Guideline(guideline_id(RUBRIC, d, text), d, text, "proposed", tuple(sorted(study.events[k] for k in keys)))
        for d, text, keys in proposals
    ]
    Guidelines(study.workspace._store).propose(RUBRIC, made, {d for d, _, _ in proposals})


class FakeJobs:
    """Jobs that nobody does; a test says how they stand."""

    def __init__(self) -> None:
        self.all: list[JobState] = []
        self.stopped: list[int] = []

    def start(self, spec: JobSpec) -> int:
        self.all.append(JobState(len(self.all) + 1, spec, "waiting"))
        return len(self.all)

    def stop(self, id: int) -> None:
        self.stopped.append(id)

    def states(self) -> tuple[JobState, ...]:
        return tuple(self.all)

    def close(self, patience: float = 0.0) -> None:
        """Nothing runs."""

    def change(self, id: int, **changes: object) -> JobState:
        self.all[id - 1] = replace(self.all[id - 1], **changes)  # type: ignore[arg-type]
        return self.all[id - 1]


def room(pilot: Pilot[None]) -> AlignRoom:
    screen = pilot.app.screen
    assert isinstance(screen, AlignRoom)
    return screen


def section(pilot: Pilot[None]) -> Section:
    return room(pilot).section


async def click(pilot: Pilot[None], text: str, nth: int = 0) -> None:
    """Clicks on the nth place where the screen shows a text."""
    seen = 0
    for y, line in enumerate(screen_text(pilot).split("\n")):
        start = line.find(text)
        while start >= 0:
            if seen == nth:
                await pilot.click(offset=(cell_len(line[:start]) + 1, y))
                await rest(pilot)
                return
            seen += 1
            start = line.find(text, start + 1)
    raise AssertionError(f"the screen does not show {text!r}:\n{screen_text(pilot)}")


def hear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps every notice for `said`: on a busy machine one is gone again before a test looks at it."""

    told = App._on_notify

    def keep(app: App[None], event: Notify) -> None:
        vars(app).setdefault("heard", []).append(event.notification.message)
        told(app, event)

    monkeypatch.setattr(App, "_on_notify", keep)


def said(pilot: Pilot[None]) -> str:
    """What notices have said."""
    return "\n".join(vars(pilot.app).get("heard", []))


def page(pilot: Pilot[None]) -> str:
    """The text of the page beside the list, its lines joined."""
    return " ".join(section(pilot).page.text.split())
