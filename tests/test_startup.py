"""The command line from outside: help, and wrong use answered with exit code 2 and words instead of a traceback."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbalign.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent


def nbalign(*args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbalign", *args],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # also where nbalign is not installed
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_help_lists_every_command_with_its_line(tmp_path: Path) -> None:
    done = nbalign("--help", cwd=tmp_path)
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout
    words = " ".join(done.stdout.split())
    for _, _, line in COMMANDS.values():
        assert line in words
    assert done.stderr == ""


def test_version(tmp_path: Path) -> None:
    try:
        importlib.metadata.version("nbalign")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("nbalign runs from its checkout here, without having been installed")
    done = nbalign("--version", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("nbalign 0.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = nbalign(command, "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Usage: nbalign {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_answered_in_words(command: str, tmp_path: Path) -> None:
    done = nbalign(command, "--no-such-option", cwd=tmp_path)
    assert done.returncode == 2
    assert "no-such-option" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("args", [("no-such-command",), ("--no-such-option",), ("-w",), ("",)])
def test_wrong_use_of_the_group(args: tuple[str, ...], tmp_path: Path) -> None:
    done = nbalign(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize("command", ["notebooks", "judge", "agreement"])
def test_without_a_workspace_the_way_to_make_one_is_told(command: str, tmp_path: Path) -> None:
    done = nbalign(command, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "nbalign init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_workspace_opens_without_pandas_and_pandas_can_be_had_afterwards() -> None:
    asked = "import sys; import nbalign.workspace; print('pandas' in sys.modules); import pandas; print(pandas.NA)"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["False", "<NA>"], done.stderr
