"""scripts/venv.sh: the right Python, signs of life, pip's own exit code. A stand-in plays pip: nothing is installed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "venv.sh"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A virtual environment without pip."""
    folder = tmp_path / "the venv"
    venv.create(folder, with_pip=False, symlinks=True)
    return folder


def stand_in(folder: Path, code: str) -> None:
    """Puts a module called pip into the environment that runs this code."""
    packages = next(folder.glob("lib/python*/site-packages"))
    (packages / "pip").mkdir()
    (packages / "pip" / "__main__.py").write_text("import os, sys, time\n" + code)


def run(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(SCRIPT), str(folder)],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_says_what_takes_so_long_and_passes_the_options_on(folder: Path) -> None:
    stand_in(folder, "print(sys.argv[1:], os.environ['CMAKE_ARGS'])")
    done = run(folder, CMAKE_ARGS="-DGGML_CUDA=on")
    assert done.returncode == 0, done.stderr
    assert "compiled from source" in done.stdout
    assert "installed in" in done.stdout
    log = (folder / "install.log").read_text()
    assert "['install', '-v', '-e', '.[dev]'] -DLLAVA_BUILD=OFF -DGGML_CUDA=on" in log


def test_a_failure_shows_the_end_of_the_log_and_returns_its_exit_code(folder: Path) -> None:
    stand_in(folder, "print('no space left on device'); sys.exit(7)")
    done = run(folder)
    assert done.returncode == 7
    assert "no space left on device" in done.stderr
    assert "install.log" in done.stderr


def test_stopping_it_ends_pip_and_what_pip_started(folder: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    stand_in(
        folder,
        "import subprocess, pathlib\n"
        "sleeper = subprocess.Popen(['sleep', '600'])\n"
        f"pathlib.Path({str(child)!r} + '.part').write_text(str(sleeper.pid))\n"
        f"os.rename({str(child)!r} + '.part', {str(child)!r})\n"
        "time.sleep(600)\n",
    )
    script = subprocess.Popen(["sh", str(SCRIPT), str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    while not child.exists():
        assert script.poll() is None
        time.sleep(0.05)
    script.send_signal(signal.SIGTERM)
    out, _ = script.communicate(timeout=30)
    assert script.returncode == 130
    assert "stopped" in out
    pid = int(child.read_text())
    for _ in range(200):  # the signal is on its way
        if not _runs(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("what pip had started went on")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


def test_a_python_that_is_too_old_or_missing_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path / "venv", PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert "/nowhere/python is not Python 3.11 or newer" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_no_python_on_path_says_how_to_name_one(tmp_path: Path) -> None:
    for name in ("python3", "python3.11"):  # shims that are there and do not run
        shim = tmp_path / name
        shim.write_text("#!/bin/sh\nexit 127\n")
        shim.chmod(0o755)
    sh = next(path for path in ("/bin/sh", "/usr/bin/sh") if Path(path).exists())
    done = subprocess.run(
        [sh, str(SCRIPT), str(tmp_path / "venv")],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "no Python 3.11 or newer on PATH" in done.stderr
    assert "PYTHON=" in done.stderr


def test_the_first_new_enough_python_on_path_makes_the_environment(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "python3.11").write_text("#!/bin/sh\nexit 127\n")
    (tools / "python3.12").write_text(
        f'#!/bin/sh\ncase "$*" in *venv*) echo "made by 3.12"; exit 9;; esac\nexec {sys.executable} "$@"\n'
    )
    for tool in tools.iterdir():
        tool.chmod(0o755)
    done = run(tmp_path / "venv", PATH=f"{tools}:{os.environ['PATH']}", PYTHON="")
    assert done.returncode == 1
    assert "made by 3.12" in done.stdout
    assert "python3-venv" in done.stderr
