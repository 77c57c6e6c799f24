"""Where no sandbox can be had, code is not run, unless somebody says so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import SandboxError
from nbalign.execute import isolation, kernel, starting
from nbalign.execute.executor import Sandbox
from nbalign.execute.interpreter import interpreter
from nbalign.execute.isolation import Here, sandbox_here, try_isolation
from nbalign.execute.kernel import open_kernel
from nbalign.execute.limits import limits
from nbalign.execute.model import Bounds, Isolation
from tests.execute.conftest import said


@pytest.fixture
def nothing_works(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without bubblewrap whose system refuses namespaces."""
    monkeypatch.setattr("shutil.which", lambda name: None)
    broken = "import os, sys; os.write(2, b'namespaces are refused: Operation not permitted\\n'); sys.exit(125)"
    monkeypatch.setattr(starting, "_START", broken)
    isolation._here.cache_clear()
    yield
    isolation._here.cache_clear()


def test_code_is_not_run_and_the_reason_and_the_way_out_are_told(nothing_works: None) -> None:
    here = sandbox_here()
    assert here.isolation is None
    assert "bubblewrap is not installed." in here.why_not
    assert "Operation not permitted" in here.why_not
    with pytest.raises(SandboxError) as caught, open_kernel([]):
        pass
    assert caught.value.exit_code == 6
    assert "Operation not permitted" in caught.value.message
    assert "--unsafe" in caught.value.hint


def test_unsafe_runs_it_and_says_that_nothing_keeps_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "sandbox_here", lambda python: Here(None, "Refused."))
    with open_kernel([], unsafe=True) as opened:
        assert opened.isolation == "none"
        assert said(opened, "1 + 1") == "2"


def test_unsafe_still_takes_a_sandbox_where_there_is_one(best: Isolation) -> None:
    class Case:
        data = ()

    with Sandbox(Bounds(), unsafe=True).kernel(Case()) as opened:
        assert opened.isolation != "none"


def test_no_user_limit_without_a_sandbox() -> None:
    assert "RLIMIT_NPROC" not in limits("none", Bounds(), 0)
    assert limits("none", Bounds(disk_bytes=5), 7)["RLIMIT_FSIZE"] == 12


def test_a_python_that_is_none(tmp_path: Path) -> None:
    for program, words in ((tmp_path / "nowhere", "does not run"), (Path("/bin/true"), "does not answer")):
        with pytest.raises(SandboxError, match=words):
            interpreter(program)


def test_a_python_without_a_kernel_is_told_what_it_needs(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    with pytest.raises(SandboxError, match="has no ipykernel and no nbclient") as caught:
        interpreter(tmp_path / "env" / "bin" / "python")
    assert "pip install ipykernel nbclient" in caught.value.hint


def test_a_teams_own_python(best: Isolation, tmp_path: Path) -> None:
    env = tmp_path / "env"
    (env / "bin").mkdir(parents=True)
    (env / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (env / "lib").symlink_to(Path(sys.prefix) / "lib")
    (env / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix) / 'bin'}\n")
    with open_kernel([], python=env / "bin" / "python") as opened:
        assert said(opened, "import sys; print(sys.prefix)") == str(env)


def test_a_kernel_that_does_not_start_is_an_error_with_its_last_words(
    best: Isolation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runner = tmp_path / "runner.py"
    runner.write_text("raise ImportError('no module named zmq\\x1b[31m')")
    monkeypatch.setattr(kernel, "_RUNNER", runner)
    with pytest.raises(SandboxError, match="ImportError: no module named zmq") as caught, open_kernel([]):
        pass
    assert "\x1b" not in str(caught.value)


def test_trying_leaves_no_folder(best: Isolation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert try_isolation(best, interpreter()) == ""
    assert list(tmp_path.iterdir()) == []
