"""Whatever the screen has shown as saved outlives kill -9, in the midst of anything, again and again."""

from __future__ import annotations

import sqlite3
import time
from collections import defaultdict
from pathlib import Path
from random import Random

import psutil
import pytest

from nbalign.jobs.choosing import choose_model
from nbalign.workspace import Workspace
from tests.conftest import SMALL
from tests.tui.shown_labels import SIZE, Key, State, happened, now_of, shown_states, state_of, states_in_turn
from tests.tui.small_study import FIRST, SECOND, write_notebooks
from tests.tui.terminal import PATIENCE, Terminal

NAMES = (f"{FIRST}.ipynb", f"{SECOND}.ipynb")
KILLS, KILLS_AMID_WORK = 20, 5
KEYS = "0123" * 5 + "npnpjkjkcccuuuuUU]"
STATUS = ("leave and save", "0-3 score")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_notebooks(write_notebooks(tmp_path))
    return tmp_path / "study"


@pytest.fixture
def dimensions(folder: Path) -> list[str]:
    with Workspace.open(folder) as workspace:
        return [dimension.id for dimension in workspace.rubric().dimensions]


class Session:
    """One start of the program, up to its death.

    Args:
        terminal: Where it runs.
        dimensions: Ids of the rubric's dimensions.
        random: What happens.
    """

    def __init__(self, terminal: Terminal, dimensions: list[str], random: Random) -> None:
        self.terminal, self.dimensions, self.random = terminal, dimensions, random
        self.shown: defaultdict[Key, list[State]] = defaultdict(list)
        terminal.screen.on_frame = self._frame

    def _frame(self) -> None:
        for key, state in shown_states(self.terminal.screen, self.dimensions).items():
            if not self.shown[key] or self.shown[key][-1] != state:
                self.shown[key].append(state)

    def open(self) -> tuple[str, dict[Key, State]]:
        """Waits until a notebook is in view; its name, and what is shown of it at first."""
        self.terminal.wait(lambda _: len(shown_states(self.terminal.screen, self.dimensions)) == len(self.dimensions))
        found = shown_states(self.terminal.screen, self.dimensions)
        return next(iter(found))[0], found

    def work(self) -> None:
        """Scores, writes, cites, flags, undoes and redoes at random, until a moment that nobody expects."""
        random, terminal = self.random, self.terminal
        for _ in range(random.randrange(1, 25)):
            if random.random() < 0.1:
                self._write()
            else:
                terminal.send("".join(random.choices(KEYS, k=random.choice((1, 1, 1, 2, 4, 9)))))
            while random.random() < 0.9 and terminal.read(0.05):  # or as fast as keys can come
                pass
        last = terminal.seen + random.randrange(1, 8000)  # in the midst of what the last keys led to
        while terminal.seen < last and terminal.read(0.3):
            pass

    def _write(self) -> None:
        terminal = self.terminal
        terminal.send("e")
        while not terminal.shows(STATUS[0], 1.0):
            terminal.send("e")  # while a notebook is being read the key does nothing; in the field it is deleted below
        terminal.send(f"\x15because {self.random.randrange(10**6)}")
        if self.random.random() < 0.5:
            terminal.watch(self.random.choice((0, 0.1, 1.0)))  # a pause keeps a draft
        terminal.send("\x1b")
        terminal.wait(STATUS[1])


def sound(folder: Path) -> bool:
    """Whether the database says of itself that it is whole."""
    with sqlite3.connect(folder / "nbalign.db") as db:
        found = db.execute("PRAGMA integrity_check").fetchall()
        broken = db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    return found == [("ok",)] and not broken


def last_event(workspace: Workspace) -> int:
    return max((event.id for event in workspace.label_history(rater="ann")), default=0)


@pytest.mark.timeout(900)
def test_what_was_shown_as_saved_is_there_after_every_kill(folder: Path, dimensions: list[str]) -> None:
    random = Random(20)
    seen = 0
    for kill in range(KILLS):
        with Workspace.open(folder) as workspace:
            before = last_event(workspace)
        arguments: list[str | Path] = ["-w", folder, "tui", "--rater", "ann", NAMES[kill % 2]]
        with Terminal(arguments, SIZE) as terminal:
            session = Session(terminal, dimensions, random)
            name, first = session.open()
            with Workspace.open(folder) as workspace:  # what the kill before this one left is what one sees now
                stored = now_of(workspace, "ann", name)
            for dimension in dimensions:
                shown = first[name, dimension]
                assert shown.fits(stored.get((name, dimension), State(None, "", ()))), (kill, dimension, shown, stored)
            session.work()
            terminal.kill()
            assert "Traceback" not in terminal.screen.text
            assert "NOT saved" not in terminal.screen.text
        assert sound(folder), f"damaged by kill {kill}"
        with Workspace.open(folder) as workspace:
            for (notebook, dimension), states in session.shown.items():
                events = workspace.label_history(notebook=notebook, dimension=dimension, rater="ann")
                turn = states_in_turn(events, before)
                current = workspace.labels(notebook=notebook, dimension=dimension, rater="ann")
                assert turn[-1] == (state_of(current[0]) if current else State(None, "", ()))
                assert happened(states, turn), f"kill {kill}: {dimension}\nshown  {states}\nstored {turn}"
                seen += len(states) - 1
    assert seen > KILLS, "too little happened to say anything"


# -- amid work beside the screen

F8 = "\x1b[19~"


def start_judging(terminal: Terminal) -> None:
    """From the labelling room to a job that judges what is not judged yet, by keys alone."""
    terminal.wait("cell 1/")
    terminal.send(F8)
    terminal.wait("models here")
    terminal.send("J")
    terminal.wait("what is not judged yet")
    terminal.send("\r")
    terminal.wait("⏳ judging")


def judged(folder: Path) -> dict[str, str]:
    """Key and time of every judgement that is stored."""
    with Workspace.open(folder) as workspace:
        return {judgement.key: judgement.at for judgement in workspace.judgements()}


@pytest.mark.model
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("small_model")
def test_kills_amid_judging_leave_no_process_and_lose_no_judgement(folder: Path, dimensions: list[str]) -> None:
    random = Random(5)
    with Workspace.open(folder) as workspace:
        choose_model(workspace, SMALL)
    arguments: list[str | Path] = ["-w", folder, "tui", "--rater", "ann"]
    kept: dict[str, str] = {}
    for kill in range(KILLS_AMID_WORK):
        with Terminal(arguments, SIZE) as terminal:
            start_judging(terminal)
            end = time.monotonic() + 2 * PATIENCE
            while judged(folder).keys() == kept.keys():  # it takes up where the one before was killed
                assert time.monotonic() < end, terminal.screen.text
                terminal.watch(0.1)
            terminal.send(random.choice("jk"))
            terminal.watch(random.random())
            workers = psutil.Process(terminal.process.pid).children(recursive=True)
            assert workers, "the job is in no process of its own"
            terminal.kill()
        _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
        assert not alive, f"kill {kill} left processes behind"
        assert sound(folder)
        now = judged(folder)
        assert kept.items() < now.items(), "what was judged is kept, and more was"
        kept = now
    with Terminal(arguments, SIZE) as terminal:
        start_judging(terminal)
        terminal.wait(lambda text: "⏳" not in text, 8 * PATIENCE)
        terminal.send("q")
        assert terminal.end() == 0
    now = judged(folder)
    assert kept.items() < now.items(), "none was computed twice"
    assert len(now) == len(NAMES) * len(dimensions)
