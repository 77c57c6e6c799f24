"""`nbalign execute`: what it writes, what it leaves alone, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from nbalign.execute.isolation import Here, sandbox_here
from tests.cli.conftest import Nbalign, started


@pytest.fixture(autouse=True)
def needs_a_sandbox(request: pytest.FixtureRequest) -> None:
    if "without" not in request.node.name and sandbox_here().isolation is None:
        pytest.skip(sandbox_here().why_not)


def notebook(path: Path, *sources: str) -> Path:
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": "# Title"}]
    for source in sources:
        cells.append({"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None})
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return path


def printed(path: Path) -> str:
    cells = json.loads(path.read_text())["cells"]
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", []))


def test_run_notebooks_go_to_a_folder_and_the_inputs_stay(nbalign: Nbalign, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("seven")
    good = notebook(tmp_path / "good.ipynb", "print(open('d.csv').read())")
    bad = notebook(tmp_path / "bad.ipynb", "print('begun')", "1/0")
    before = good.read_bytes()
    ran = nbalign("execute", good, bad, "--data", tmp_path / "d.csv", "--out", tmp_path / "out", code=1)
    assert good.read_bytes() == before
    assert printed(tmp_path / "out" / "good.ipynb") == "seven\n"
    assert printed(tmp_path / "out" / "bad.ipynb") == "begun\n"
    assert "cell 3: ZeroDivisionError: division by zero" in ran.out
    assert "running good.ipynb" in ran.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["bad.ipynb", "good.ipynb"]


def test_without_a_place_nothing_is_written_and_json_tells_all(nbalign: Nbalign, tmp_path: Path) -> None:
    if sandbox_here().isolation is None:
        pytest.skip(sandbox_here().why_not)
    path = notebook(tmp_path / "n" / "a.ipynb", "print(1)", "raise ValueError('\x1b[31mred')")
    before = path.read_bytes()
    ran = nbalign("execute", path, "--json", code=1)
    (found,) = ran.json
    assert [(cell["cell"], cell["state"], cell["error"]) for cell in found["cells"]] == [
        (2, "ok", ""),
        (3, "error", "ValueError: red"),
    ]
    assert (found["failed"], found["written"]) == (1, None)
    assert found["isolation"] in ("bubblewrap", "unshare")
    assert "nothing is written" in ran.err
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_in_place_replaces_the_file_and_keeps_its_mode(nbalign: Nbalign, tmp_path: Path) -> None:
    path = notebook(tmp_path / "n" / "a.ipynb", "print(1)")
    path.chmod(0o640)
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    nbalign("execute", link, "--in-place")
    assert link.is_symlink()
    assert printed(path) == "1\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_an_input_is_never_written_over_by_accident(nbalign: Nbalign, tmp_path: Path) -> None:
    path = notebook(tmp_path / "n" / "a.ipynb", "print(1)")
    other = notebook(tmp_path / "m" / "a.ipynb", "print(1)")
    before = path.read_bytes()
    assert "--in-place" in nbalign("execute", path, "--out", path.parent, code=2).err
    assert "two notebooks" in nbalign("execute", path, other, "--out", tmp_path / "out", code=2).err
    assert nbalign("execute", path, "--out", tmp_path / "out", "--in-place", code=2).err
    assert path.read_bytes() == before
    assert not (tmp_path / "out").exists()


def test_bounds_hold_and_the_table_says_why(nbalign: Nbalign, tmp_path: Path) -> None:
    path = notebook(tmp_path / "a.ipynb", "while True: pass", "x = bytearray(1 << 30)", "print(1)")
    ran = nbalign("execute", path, "--cell-timeout", "0.5", "--memory-mb", "512", "--out", tmp_path / "out", code=1)
    assert "cell 2: interrupted: it took more than 0.5 s" in ran.out
    assert printed(tmp_path / "out" / "a.ipynb").endswith("1\n")


def test_without_a_sandbox_nothing_runs_but_unsafe_does(
    nbalign: Nbalign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = tmp_path / "it ran"
    path = notebook(tmp_path / "a.ipynb", f"open({str(marker)!r}, 'w').close()")
    monkeypatch.setattr("nbalign.execute.kernel.sandbox_here", lambda python: Here(None, "It is refused."))
    ran = nbalign("execute", path, code=6)
    assert "It is refused." in ran.err
    assert "--unsafe" in ran.err
    assert not marker.exists()
    assert "with all your rights" in nbalign("execute", path, "--unsafe").err
    assert marker.exists()


@pytest.mark.parametrize("name", ["nowhere.ipynb", "folder"])
def test_what_is_no_notebook_is_told_before_anything_runs(nbalign: Nbalign, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    good = notebook(tmp_path / "a.ipynb", "print(1)")
    assert nbalign("execute", good, tmp_path / name, "--out", tmp_path / "out", code=2).err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_notebook(nbalign: Nbalign, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("nonsense")
    assert "not JSON" in nbalign("execute", tmp_path / "x.ipynb", code=3).err
    path = notebook(tmp_path / "a.ipynb", "1")
    assert "no data file" in nbalign("execute", path, "--data", tmp_path / "no.csv", code=2).err


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(nbalign: Nbalign, tmp_path: Path) -> None:
    path = notebook(tmp_path / "a.ipynb", "1")
    (tmp_path / "file").touch()
    assert "cannot write to" in nbalign("execute", path, "--out", tmp_path / "file" / "out", code=5).err


def test_ctrl_c_stops_at_once_and_leaves_no_process(nbalign: Nbalign, tmp_path: Path) -> None:
    from tests.execute.conftest import gone, running

    marker = f"300.0{os.getpid()}"
    path = notebook(tmp_path / "a.ipynb", f"!sleep {marker}")
    before = path.read_bytes()
    process = started(nbalign.folder, "execute", str(path), "--in-place", "--cell-timeout", "200")
    try:
        end = time.monotonic() + 60
        while not running(marker):
            assert time.monotonic() < end, process.poll()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "stopped" in err
    assert gone(marker)
    assert path.read_bytes() == before


def test_the_doctor_has_a_line_about_the_sandbox(nbalign: Nbalign) -> None:
    checks = {check["name"]: check for check in nbalign("doctor", "--json", code=None).json["checks"]}
    assert checks["Sandbox"]["state"] == "ok"


def test_without_a_sandbox_the_doctor_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from nbalign.doctor import execution as module

    monkeypatch.setattr(module, "sandbox_here", lambda: Here(None, "It is refused."))
    check = module.sandbox()
    assert check.state == "warn"
    assert "It is refused." in check.finding
    assert "bubblewrap" in check.advice
