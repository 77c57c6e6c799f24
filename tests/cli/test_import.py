"""`nbalign import`: what can be read comes in, what cannot is told, and nothing comes in twice."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Nbalign
from tests.notebooks.build import code, markdown, notebook, stream

GOOD = notebook(markdown("# Wine"), code("print(1)", stream("1\n")))
BAD = {
    "empty.ipynb": b"",
    "prose.ipynb": b"this is no notebook",
    "truncated.ipynb": GOOD[: len(GOOD) // 2],
    "binary.ipynb": bytes(range(256)) * 100,
    "number.ipynb": b"42",
    "nested.ipynb": b"[" * 200_000,
}


def test_bad_files_are_told_and_good_ones_come_in(nbalign: Nbalign, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    (folder / "good.ipynb").write_bytes(GOOD)
    (folder / "good.prompt.txt").write_text("Predict the quality of wine.")
    ran = nbalign("import", folder, code=3)
    # Where a file can be repaired it may come in with a warning instead; it is told by its name either way.
    told = ran.out + ran.err
    for name in BAD:
        assert name in told, name
    assert "not taken" in ran.err
    (found,) = [info for info in nbalign("notebooks", "--json").json if info["name"] == "good.ipynb"]
    assert (found["cells"], found["prompt"]) == (2, "Predict the quality of wine.")


@pytest.mark.parametrize("name", ["empty.ipynb", "prose.ipynb", "binary.ipynb", "number.ipynb"])
def test_a_bad_file_alone_leaves_the_workspace_as_it_was(name: str, nbalign: Nbalign, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(BAD[name])
    ran = nbalign("import", tmp_path / name, code=3)
    assert ran.out.startswith("0 new, 0 known already, 1 not taken")
    assert name in ran.err
    assert nbalign("notebooks", "--json").json == []


def test_importing_again_changes_nothing(nbalign: Nbalign, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(GOOD)
    assert nbalign("import", tmp_path / "a.ipynb").out.startswith("1 new, 0 known")
    before = nbalign("notebooks", "--json").json
    assert nbalign("import", tmp_path / "a.ipynb").out.startswith("0 new, 1 known")
    (tmp_path / "a.ipynb").rename(tmp_path / "renamed.ipynb")
    report = nbalign("import", tmp_path / "renamed.ipynb", "--json").json
    assert [n["new"] for n in report["imported"]] == [False]
    assert nbalign("notebooks", "--json").json == before


def test_an_output_of_fifty_megabytes_comes_in_bounded(nbalign: Nbalign, tmp_path: Path) -> None:
    line = "loss 0.123456789\\n"  # as JSON writes it
    big = GOOD.replace(b'"1\\n"', b'"' + (line * (50_000_000 // len(line))).encode() + b'"')
    assert len(big) > 49_000_000
    (tmp_path / "big.ipynb").write_bytes(big)
    (tmp_path / "good.ipynb").write_bytes(GOOD)
    ran = nbalign("import", tmp_path / "big.ipynb", tmp_path / "good.ipynb")
    assert ran.out.startswith("2 new")
    assert "big.ipynb: " in ran.out  # the cut is told


def test_a_file_over_the_bound_is_refused(nbalign: Nbalign, tmp_path: Path) -> None:
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(200_000_000)  # sparse: takes no space
    ran = nbalign("import", tmp_path / "huge.ipynb", code=3)
    assert "huge.ipynb has 200,000,000" in ran.err


def test_files_that_are_not_there_are_told(nbalign: Nbalign, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(GOOD)
    (tmp_path / "nothing").mkdir()
    ran = nbalign("import", tmp_path / "a.ipynb", tmp_path / "missing.ipynb", code=3)
    assert "missing.ipynb" in ran.err
    assert ran.out.startswith("1 new")
    assert "no notebooks there" in nbalign("import", tmp_path / "nothing", code=2).err
    assert "PATHS" in nbalign("import", code=2).err


@pytest.mark.skipif(os.name != "posix", reason="such names are possible on POSIX alone")
@pytest.mark.parametrize("name", [b"\x1b]0;owned\x07\x1b[2J.ipynb", b"\xff\xfe.ipynb", b"a\nb [red]x[/red].ipynb"])
@pytest.mark.parametrize("data", [GOOD, b"{"], ids=["good", "bad"])
def test_a_hostile_file_name_commands_nothing(name: bytes, data: bytes, nbalign: Nbalign, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "files")
    os.mkdir(folder)  # noqa: PTH102 - pathlib has no names of bytes
    try:
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(data)
    except OSError:
        pytest.skip("this file system refuses the name itself")
    # The fixture holds that no escape sequence is printed.
    nbalign("import", tmp_path / "files", code=0 if data == GOOD else 3)
    nbalign("notebooks")
    report = nbalign("import", tmp_path / "files", "--json", code=0 if data == GOOD else 3)
    json.dumps(report.json).encode()
    report.out.encode()
