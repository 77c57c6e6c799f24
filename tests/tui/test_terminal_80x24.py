"""The real program in terminals of all kinds: it paints, labels, ends clean and leaves the terminal as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nbalign.workspace import Workspace
from tests.tui.small_study import FIRST, write_notebooks
from tests.tui.terminal import Terminal

SIZE = (80, 24)
KINDS = {
    "xterm": {"TERM": "xterm-256color"},
    "tmux": {"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"},
    "vt100": {"TERM": "vt100"},
    "linux": {"TERM": "linux"},
    "unknown": {"TERM": "nobody-knows-this"},
    "none": {"TERM": ""},
    "no colour": {"TERM": "xterm-256color", "NO_COLOR": "1"},
    "locale C": {"LC_ALL": "C", "LANG": "C"},
    "locale POSIX": {"LC_ALL": "POSIX", "LANG": ""},
}
UNFIT = {
    "dumb": ({"TERM": "dumb"}, "TERM=xterm-256color nbalign tui"),
    "ascii": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "LC_ALL=C.UTF-8 nbalign tui"),
    "latin 1": ({"PYTHONIOENCODING": "latin-1"}, "LC_ALL=C.UTF-8 nbalign tui"),
}
MODES = {1000, 1002, 1003, 1004, 1006, 1015, 1049, 2004, 2026}  # mouse, focus, alternate screen, pasting, frames


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Workspace.create(tmp_path / "study") as workspace:
        workspace.import_notebooks(write_notebooks(tmp_path))
    return tmp_path / "study"


def arguments(folder: Path) -> list[str | Path]:
    return ["-w", folder, "tui", "--rater", "ann", FIRST]


def left_as_it_was(terminal: Terminal) -> bool:
    """Whether nothing of the program stays in the terminal: modes, the cursor, echo, colours."""
    shows_cursor = 25 in terminal.screen.modes
    reset = re.findall(rb"\x1b\[([\d;]*)m", terminal.output)
    return (
        shows_cursor
        and terminal.restored
        and not terminal.screen.modes & MODES
        and (not reset or reset[-1] in (b"", b"0"))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_it_labels_and_ends_clean_in_every_terminal(folder: Path, kind: str) -> None:
    with Terminal(arguments(folder), SIZE, KINDS[kind], sync=kind == "xterm") as terminal:
        terminal.wait("3 good")
        assert 1049 in terminal.screen.modes
        assert 25 not in terminal.screen.modes
        terminal.send("3")
        terminal.wait("3 ✔")
        terminal.send("q")
        assert terminal.end() == 0
        assert b"Traceback" not in terminal.output
        assert b"Failed" not in terminal.output, "nothing is written beside the screen"
        assert left_as_it_was(terminal)
    with Workspace.open(folder) as workspace:
        assert [label.score for label in workspace.labels(rater="ann")] == [3]


@pytest.mark.parametrize("kind", UNFIT)
def test_where_nothing_legible_can_be_drawn_it_says_so_and_what_to_do(folder: Path, kind: str) -> None:
    environment, hint = UNFIT[kind]
    with Terminal(arguments(folder), SIZE, environment) as terminal:
        assert terminal.end() == 2
        assert hint in " ".join(terminal.output.decode().split())
        assert b"Traceback" not in terminal.output
        assert b"\x1b[?1049h" not in terminal.output
        assert left_as_it_was(terminal)


def test_the_way_out_by_ctrl_q_restores_the_terminal_too(folder: Path) -> None:
    with Terminal(arguments(folder), SIZE) as terminal:
        terminal.wait("3 good")
        terminal.send("2")
        terminal.wait("2 ✔")
        terminal.send("\x11")  # ctrl+q
        assert terminal.end() == 0
        assert left_as_it_was(terminal)
    with Workspace.open(folder) as workspace:
        assert [label.score for label in workspace.labels(rater="ann")] == [2]


def test_a_terminal_that_grows_and_shrinks_is_painted_anew(folder: Path) -> None:
    with Terminal(arguments(folder), (120, 40)) as terminal:
        terminal.wait("Queue (as imported)")
        terminal.resize(80, 24)
        terminal.wait(lambda text: "Queue" not in text and FIRST in text)
        assert len(terminal.screen.lines) == 24
        terminal.send("1q")
        assert terminal.end() == 0
        assert left_as_it_was(terminal)
