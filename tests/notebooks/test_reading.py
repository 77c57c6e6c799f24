from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound
from nbalign.notebooks import Limits, find_notebooks, read_file
from nbalign.notebooks.prompts import read_sidecar
from tests.notebooks.build import code, markdown, notebook

NOTEBOOK = notebook(markdown("> from the cell"), code("1"))


def write(path: Path, content: bytes | str = NOTEBOOK) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_file_gives_its_bytes_and_its_notebook(tmp_path: Path) -> None:
    raw, found = read_file(write(tmp_path / "a.ipynb"))
    assert raw == NOTEBOOK
    assert found.sha256 == hashlib.sha256(NOTEBOOK).hexdigest()
    assert (found.name, found.prompt_source, found.warnings) == ("a.ipynb", "first cell", ())


@pytest.mark.parametrize("suffix", [".prompt.txt", ".prompt.md"])
def test_the_prompt_beside_a_file_is_read(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / "a.v2.ipynb")
    write(tmp_path / f"a.v2{suffix}", b"\xef\xbb\xbfbeside\r\n")
    found = read_file(path)[1]
    assert (found.prompt, found.prompt_source) == ("beside", "sidecar")
    assert read_sidecar(path) == "beside\n"


def test_without_a_prompt_file_there_is_no_sidecar(tmp_path: Path) -> None:
    assert read_sidecar(write(tmp_path / "a.ipynb")) is None


def test_a_useless_prompt_file_is_told_and_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ipynb")
    write(tmp_path / "a.prompt.txt", b"")
    found = read_file(path)[1]
    assert found.prompt_source == "first cell"
    assert found.warnings == ("The prompt file was left out: a.prompt.txt is empty.",)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no file .*missing\.ipynb") as caught:
        read_file(tmp_path / "missing.ipynb")
    assert caught.value.hint


def test_folders_pipes_and_impossible_paths_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path, words in [
        (tmp_path, "is a folder"),
        (tmp_path / "pipe.ipynb", "not a regular file"),
        (tmp_path / "loop", "cannot be read"),
        (tmp_path / ("x" * 300), "cannot be read"),
        (Path("nul\0byte"), "cannot be read"),
    ]:
        with pytest.raises(BadInput, match=words) as caught:
            read_file(path)
        assert caught.value.hint


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.ipynb")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(BadInput, match="may not be read"):
        read_file(path)


def test_the_size_is_checked_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "huge.ipynb"
    with path.open("wb") as file:
        file.truncate(10**12)  # a sparse file: reading it would take for ever
    with pytest.raises(BadInput, match="1,000,000,000,000 bytes; at most 100,000,000"):
        read_file(path)
    with pytest.raises(BadInput, match="at most 10 are read"):
        read_file(write(tmp_path / "a.ipynb"), Limits(file=10))


def test_folders_are_searched_for_notebooks_and_notebook_scripts(tmp_path: Path) -> None:
    wanted = [
        write(tmp_path / "b.ipynb"),
        write(tmp_path / "a" / "deep" / "c.IPYNB"),
        write(tmp_path / "percent.py", "import os\r\n# %%\r\nx"),
        write(tmp_path / "bricks.py", "# Databricks notebook source\nx"),
    ]
    for other in (
        "module.py",
        ".ipynb_checkpoints/b-checkpoint.ipynb",
        ".hidden/x.ipynb",
        "__pycache__/x.ipynb",
        "a/.x.ipynb",
        "a/notes.txt",
    ):
        write(tmp_path / other)
    write(tmp_path / "env" / "pyvenv.cfg", "home = x")
    write(tmp_path / "env" / "x.ipynb")
    assert find_notebooks([tmp_path]) == sorted(wanted)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.ipynb")
    inside = write(tmp_path / "inside" / "a.ipynb")
    (tmp_path / "inside" / "folder").symlink_to(outside.parent)
    (tmp_path / "inside" / "file.ipynb").symlink_to(outside)
    (tmp_path / "inside" / "loop").symlink_to(tmp_path / "inside")
    assert find_notebooks([tmp_path / "inside"]) == [inside]


def test_files_are_taken_as_given_and_none_twice(tmp_path: Path) -> None:
    odd = write(tmp_path / "z.txt")
    inside = write(tmp_path / "a.ipynb")
    missing = tmp_path / "missing.ipynb"
    assert find_notebooks([odd, missing, inside, tmp_path, odd]) == [odd, missing, inside]
    assert find_notebooks([]) == []


def test_a_hidden_folder_given_by_name_is_searched(tmp_path: Path) -> None:
    assert find_notebooks([write(tmp_path / ".work" / "a.ipynb").parent]) == [tmp_path / ".work" / "a.ipynb"]
