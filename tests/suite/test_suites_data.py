from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from nbalign.suite import datafiles
from nbalign.suite.datafiles import Looked, Shelf, size_of
from nbalign.suite.model import DataFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "suite"
    (made / "data").mkdir(parents=True)
    (made / "data" / "a.csv").write_bytes(b"x\n1\n2\n")
    (tmp_path / "secret.csv").write_text("password\n")
    return made


def problem(folder: Path, name: str) -> str:
    found = Shelf(folder).look(name)
    assert isinstance(found, str)
    return found


def looked(folder: Path, name: str) -> Looked:
    found = Shelf(folder).look(name)
    assert isinstance(found, Looked), found
    return found


def test_a_file_is_looked_at(folder: Path) -> None:
    found = looked(folder, "data/a.csv")
    assert found.file.name == "a.csv"
    assert (found.file.bytes, found.lines, found.place) == (6, 3, "data/a.csv")
    assert found.file.sha256 == hashlib.sha256(b"x\n1\n2\n").hexdigest()
    assert found.file.path.is_absolute()


def test_a_link_inside_the_folder_is_followed_and_one_that_leads_out_is_not(folder: Path) -> None:
    (folder / "inside.csv").symlink_to("data/a.csv")
    assert looked(folder, "inside.csv").file.name == "inside.csv"
    (folder / "outside.csv").symlink_to("../secret.csv")
    assert "'outside.csv' is a link that leads out" in problem(folder, "outside.csv")
    (folder / "up").symlink_to("..")
    assert "leads out" in problem(folder, "up/secret.csv")
    (folder / "self.csv").symlink_to("self.csv")
    assert "cannot be read" in problem(folder, "self.csv")
    (folder / "gone.csv").symlink_to("nothing")
    assert "there is no file 'gone.csv'" in problem(folder, "gone.csv")


def test_a_suite_in_a_linked_folder_works(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    assert looked(tmp_path / "link", "data/a.csv").lines == 3


@pytest.mark.parametrize("name", ["../secret.csv", "data/../../secret.csv", "..", ".", "/etc/passwd", "~/x", "a\0b"])
def test_nothing_outside_the_folder_is_read(folder: Path, name: str) -> None:
    assert problem(folder, name)


def test_a_pipe_is_refused_without_waiting_for_it(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert "is not a file" in problem(folder, "pipe.csv")


def test_a_file_without_permission(folder: Path) -> None:
    (folder / "data" / "a.csv").chmod(0)
    if os.access(folder / "data" / "a.csv", os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert "cannot be read: Permission denied" in problem(folder, "data/a.csv")


def test_a_file_over_the_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "MAX_FILE_BYTES", 5)
    assert "'data/a.csv' is larger than" in problem(folder, "data/a.csv")


def test_a_file_is_read_once_however_often_it_is_named(folder: Path) -> None:
    shelf = Shelf(folder)
    first = shelf.look("data/a.csv")
    (folder / "data" / "a.csv").unlink()
    assert shelf.look("data/a.csv") is first
    assert [each.place for each in shelf.files] == ["data/a.csv"]


@pytest.mark.parametrize(
    ("files", "size"),
    [
        ([], "small"),
        ([(999, 100)], "small"),
        ([(500, 100), (500, 100)], "medium"),
        ([(10, 1 << 20)], "medium"),
        ([(99_999, 100)], "medium"),
        ([(100_000, 100)], "large"),
        ([(10, 20 << 20)], "large"),
    ],
)
def test_the_size_is_told_from_lines_and_bytes(files: list[tuple[int, int]], size: str) -> None:
    made = [Looked(DataFile("a", Path("a"), count, ""), "a", lines) for lines, count in files]
    assert size_of(made) == size
