"""Commands run in this process or in one of their own, on small notebooks and short rubrics: the model is slow."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nbalign.__main__ import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Nbalign:
    """`nbalign -w FOLDER …` in this process; no test may ever see a traceback or an escape sequence."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *args: str | Path, code: int | None = 0) -> Ran:
        self._capsys.readouterr()
        found = main(["-w", str(self.folder), *map(str, args)])
        out, err = self._capsys.readouterr()
        ran = Ran(found, out, err)
        assert "Traceback" not in err
        assert "This is a bug" not in err, err
        assert "\x1b" not in out + err
        assert code is None or found == code, out + err
        return ran


@pytest.fixture
def nbalign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Nbalign:
    """Commands on a new workspace."""
    run = Nbalign(tmp_path / "study", capsys)
    run("init")
    return run


def started(folder: Path, *args: str, cwd: Path | None = None) -> subprocess.Popen[str]:
    """`nbalign -w FOLDER …` in a process of its own, for signals."""
    return subprocess.Popen(
        [sys.executable, "-m", "nbalign", "-w", str(folder), *args],
        cwd=cwd or folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that runs in the background of a shell hands down that ctrl-c is ignored; a user's terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def short_rubric(path: Path, dimensions: int, levels: Sequence[int], *, not_applicable: bool = False) -> Path:
    """Writes a rubric with few words."""
    scale = {str(level): "ok" for level in levels}
    if not_applicable:
        scale["0"] = "Not applicable."
    lines = ["id: short", "version: 1", "title: Short", "scale:"]
    lines += [f'  {digit}: "{words}"' for digit, words in scale.items()]
    lines.append("dimensions:")
    for n in range(dimensions):
        lines += [f"  - id: aspect_{n}", f"    title: Aspect {n}", f"    question: Is aspect {n} good?"]
        lines += [f'    {digit}: "{words}"' for digit, words in scale.items()]
    path.write_text("\n".join(lines) + "\n")
    return path
