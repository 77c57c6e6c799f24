from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nbalign.__main__ import main
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample("affairs-024"))


def test_without_a_terminal_it_says_so_and_opens_nothing(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-w", str(workspace.path), "tui"]) == 2
    told = capsys.readouterr()
    assert "needs a terminal" in told.err and "nbalign label" in told.err
    assert told.out == ""


def in_terminal(arguments: list[str], keys: bytes, wait_for: bytes) -> tuple[int, bytes]:
    """Runs nbalign in a terminal of its own; the keys are sent once `wait_for` was drawn."""
    main_end, other_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nbalign", *arguments],
        stdin=other_end,
        stdout=other_end,
        stderr=other_end,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"},
    )
    os.close(other_end)
    seen, sent, end = b"", False, time.monotonic() + 120
    while time.monotonic() < end:
        ready, _, _ = select.select([main_end], [], [], 0.2)
        if ready:
            try:
                chunk = os.read(main_end, 65536)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        if not sent and wait_for in seen:
            os.write(main_end, keys)
            sent = True
    os.close(main_end)
    return process.wait(timeout=60), seen


def test_in_a_terminal_it_opens_asks_nobody_when_the_rater_is_named_and_quits_clean(workspace: Workspace) -> None:
    code, seen = in_terminal(["-w", str(workspace.path), "tui", "--rater", "ann"], b"3q", b"In [1]")
    assert code == 0
    assert b"Traceback" not in seen
    assert [label.score for label in workspace.labels(rater="ann")] == [3]


def test_a_wrong_notebook_is_told_before_the_screen_opens(workspace: Workspace) -> None:
    code, seen = in_terminal(["-w", str(workspace.path), "tui", "nowhere"], b"", b"never")
    assert code == 2
    assert b"nowhere" in seen and b"\x1b[?1049h" not in seen


def test_importing_the_command_loads_no_textual(tmp_path: Path) -> None:
    probe = "import sys, nbalign.cli.tui; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0
