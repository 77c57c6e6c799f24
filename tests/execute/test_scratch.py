"""The folder of a sandbox is taken away, whatever stands in it, and nothing outside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, Isolation
from nbalign.execute.scratch import Scratch
from nbalign.execute.usage import hidden, memory_and_tasks, tree


def left(folder: Path) -> list[str]:
    return [str(place) for place in folder.parent.glob(folder.name)]


def test_links_are_not_followed_when_measured_or_deleted(tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.mkdir()
    (outside / "file").write_bytes(b"x" * 5_000_000)
    scratch = Scratch()
    (scratch.work / "folder").symlink_to(outside)
    (scratch.work / "file").symlink_to(outside / "file")
    (scratch.work / "loop").symlink_to(scratch.work)
    size, too_many = scratch.used()
    assert size < 1_000_000
    assert not too_many
    scratch.remove()
    assert left(scratch.folder) == []
    assert (outside / "file").stat().st_size == 5_000_000
    assert outside.stat().st_mode & 0o777 == 0o755 or outside.stat().st_mode & 0o700 == 0o700


def test_folders_nested_deeper_than_any_path_and_closed_ones(tmp_path: Path) -> None:
    scratch = Scratch()
    here = os.getcwd()  # noqa: PTH109
    try:
        os.chdir(scratch.work)
        for _ in range(1500):
            Path("deep").mkdir()
            os.chdir("deep")
    finally:
        os.chdir(here)
    closed = scratch.work / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0)
    (scratch.work / os.fsdecode(b"\xff name")).touch()
    assert scratch.used()[1], "nested too deep"
    scratch.remove()
    assert left(scratch.folder) == []


def test_very_many_files_are_noticed_without_counting_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbalign.execute.scratch._MOST_FILES", 100)
    scratch = Scratch()
    for number in range(200):
        (scratch.work / str(number)).touch()
    assert scratch.used()[1]
    scratch.remove()


def test_what_a_notebook_links_to_outside_stays_as_it_is(best: Isolation, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.mkdir()
    (outside / "file").write_text("stays")
    source = (
        f"import os\nos.symlink({str(outside)!r}, 'out'); os.symlink('/', '/tmp/root')\n"
        "os.mkdir('shut'); os.mkdir('shut/in'); os.chmod('shut', 0)\n"
        "os.symlink('/etc', os.environ['HOME'] + '/etc')\nprint(os.path.exists('out'))"
    )
    with open_kernel([], Bounds(), isolation=best) as kernel:
        run = kernel.run(source)
        assert run.state == "ok"
        assert run.outputs[0]["text"] == "False\n"
        assert kernel.run("1").state == "ok"
        folder = kernel._scratch.folder  # type: ignore[attr-defined]
        assert left(folder) != []
    assert left(folder) == []
    assert (outside / "file").read_text() == "stays"


HOLDS = """
import os, sys
block = bytearray(80 << 20)
for place in range(0, len(block), 4096): block[place] = 1
descriptor = os.memfd_create('x')
os.write(descriptor, b'x' * (20 << 20))
print('ready', flush=True)
sys.stdin.read()
"""


def test_memory_is_measured() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"ready\n"
        assert child.pid in tree(os.getpid())
        used = memory_and_tasks([child.pid], 10**12)
        assert used.memory > 80 << 20
        assert used.tasks >= 1
        assert 20 << 20 <= hidden([child.pid, child.pid]).hidden_memory < 40 << 20
    assert memory_and_tasks([child.pid], 0).memory == 0, "a process that is gone uses nothing"
