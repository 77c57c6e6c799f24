"""The folder generator: notebooks that are there already, as they are, and nothing that was not asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nbalign.errors import GeneratorError, NotFound, UsageError
from nbalign.progress import silent
from nbalign.suite.generate.folder import RECORD, FolderSink
from nbalign.suite.generate.making import make_generator
from nbalign.suite.generate.model import Executor, Request, Written
from nbalign.suite.generate.running import Generated, generate_suite
from nbalign.suite.generate.settings import wanted
from nbalign.suite.generate.taking import FolderGenerator
from tests.notebooks.build import code, error, markdown, notebook
from tests.suite.made import case, suite, written
from tests.suite.scripted_writer import PretendExecutor
from tests.suite.scripted_writer import error as failing


def take(folder: Path, name: str, repeat: int = 1, executor: Executor | None = None) -> Written:
    return FolderGenerator(folder).write(Request(case(name), repeat, 0), executor, silent)


def filled(folder: Path, *cases: str, repeats: int = 1) -> Path:
    """A folder as `nbalign generate` fills it."""
    sink = FolderSink.of_suite(folder, suite(*cases), {"generator": "command", "command": "tool", "seed": "7"})
    for name in cases:
        for repeat in range(1, repeats + 1):
            sink.keep(name, repeat, written(f"{name} {repeat}"))
    return folder


def through(generator: FolderGenerator, folder: Path, *cases: str, repeats: int = 1) -> Generated:
    sink = FolderSink.of_suite(folder, suite(*cases), generator.identity)
    return generate_suite(suite(*cases), generator, repeats, 0, sink)


def test_what_generate_wrote_comes_out_byte_for_byte(tmp_path: Path) -> None:
    folder = filled(tmp_path / "baseline", "a", "a-2", repeats=2)
    generator = FolderGenerator(folder)
    assert generator.name == "folder:baseline"
    assert generator.identity == {
        "generator": "folder",
        "made_by.suite": "tiny",
        "made_by.suite_sha256": "0" * 64,
        "made_by.generator": "command",
        "made_by.command": "tool",
        "made_by.seed": "7",
    }
    for name, repeat, file in (("a", 1, "a"), ("a", 2, "a--2"), ("a-2", 1, "a-2"), ("a-2", 2, "a-2-2")):
        found = take(folder, name, repeat)
        assert found.raw == (folder / f"{file}.ipynb").read_bytes() == written(f"{name} {repeat}").raw
        assert (found.made_by["case"], found.made_by["repeat"]) == (name, str(repeat))
        assert (found.evaluated, found.generated, found.failed_cells, found.notes) == (0, 0, 0, ())
    copied = through(generator, tmp_path / "copy", "a", "a-2", repeats=2)
    assert (copied.written, copied.failures) == (4, ())
    for path in folder.glob("*.ipynb"):
        assert (tmp_path / "copy" / path.name).read_bytes() == path.read_bytes()


def test_the_same_notebooks_in_another_place_are_the_same_generator(tmp_path: Path) -> None:
    folder = filled(tmp_path / "here", "a")
    shutil.copytree(folder, tmp_path / "elsewhere" / "there")
    assert FolderGenerator(tmp_path / "elsewhere" / "there").identity == FolderGenerator(folder).identity


def test_a_folder_without_a_record_is_known_by_its_files(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "a.ipynb").write_bytes(written("a").raw)
        (tmp_path / place / "a-2.ipynb").write_bytes(written("a, again").raw)
    first, second = (FolderGenerator(tmp_path / place).identity for place in ("one", "two"))
    assert first == second
    assert take(tmp_path / "one", "a", 2).raw == written("a, again").raw
    (tmp_path / "two" / "a.ipynb").write_bytes(written("changed").raw)
    assert FolderGenerator(tmp_path / "two").identity != first
    (tmp_path / "one" / "a-2.ipynb").rename(tmp_path / "one" / "a-3.ipynb")
    assert FolderGenerator(tmp_path / "one").identity != first


def test_what_is_missing_or_no_notebook_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    (folder / "a.ipynb").write_bytes(written("a").raw)
    (folder / "c.ipynb").write_bytes(b'{"cells": 3}')
    (folder / "d.ipynb").mkdir()
    found = through(FolderGenerator(folder), tmp_path / "out", "a", "b", "c", "d", repeats=2)
    assert found.written == 1
    why = {(failure.case, failure.repeat): failure.why for failure in found.failures}
    assert len(why) == 7
    assert "some has no b.ipynb" in why["b", 1]
    assert "some has no a-2.ipynb" in why["a", 2]
    assert "some has no d.ipynb" in why["d", 1]
    assert "c.ipynb is JSON but no notebook" in why["c", 1]


def test_a_record_is_believed_only_within_its_folder(tmp_path: Path) -> None:
    folder = filled(tmp_path / "baseline", "a", repeats=2)
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(written("secret").raw)
    lines = [json.loads(line) for line in (folder / RECORD).read_text().splitlines()]
    lines[2]["file"] = "../secret.ipynb"
    lines += [{"case": "b", "repeat": [1], "file": "a.ipynb"}, {"case": "c", "repeat": 1, "file": {"x": 1}}]
    (folder / RECORD).write_text("\n".join(map(json.dumps, lines)) + "\ntorn {")
    assert take(folder, "a", 2).raw == written("a 2").raw
    for name in ("b", "c"):
        with pytest.raises(GeneratorError):
            take(folder, name)


def test_nothing_hostile_in_a_record_gets_further(tmp_path: Path) -> None:
    folder = filled(tmp_path / "baseline", "a")
    made_by = {"generator": "\x1b[2J\ud800x\n" * 9_000, "\x1b]0;title\x07": [1]}
    (folder / RECORD).write_text(json.dumps({"made_by": made_by}) + "\n")
    identity = FolderGenerator(folder).identity
    assert len(identity) == 3
    whole = "".join(identity.values()) + "".join(identity)
    assert not set(whole) & set("\x1b\x07\ud800\n")
    assert len(whole) < 10_000


def test_a_notebook_for_another_prompt_or_another_case_is_not_taken(tmp_path: Path) -> None:
    folder = filled(tmp_path / "baseline", "a")
    (folder / "a.prompt.txt").write_text("Do something else.")
    with pytest.raises(GeneratorError, match="another prompt") as caught:
        take(folder, "a")
    assert "written again" in caught.value.hint
    (folder / "a.prompt.txt").write_text("Do a.\r\n")  # the same but for how an editor ends lines
    assert take(folder, "a").raw
    (folder / "a-2.ipynb").write_bytes(written("the case a-2, by hand").raw)
    with pytest.raises(GeneratorError, match=r"2\. notebook of a"):
        take(folder, "a", 2)


def test_a_notebook_that_was_changed_by_hand_says_so(tmp_path: Path) -> None:
    folder = filled(tmp_path / "baseline", "a")
    (folder / "a.ipynb").write_bytes(written("better").raw)
    assert take(folder, "a").notes == ("It was changed since the folder's record was written.",)


def test_failed_cells_are_counted_as_they_stand_and_run_again_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_bytes(
        notebook(markdown("# a"), code("1 / 0", error("ZeroDivisionError", "by zero")), code("later = 1", id="c2"))
    )
    assert take(tmp_path, "a").failed_cells == 1
    executor = PretendExecutor({"later": failing("NameError")})
    ran = take(tmp_path, "a", executor=executor)
    assert executor.kernels == [["1 / 0", "later = 1"]]
    assert ran.failed_cells == 1
    assert b"ZeroDivisionError" not in ran.raw and b"NameError" in ran.raw


def test_what_a_user_says_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "baseline", "a")
    assert make_generator(wanted("folder:baseline", tmp_path)).name == "folder:baseline"
    assert make_generator(wanted(f"folder: {folder}", Path("/"))).name == "folder:baseline"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert make_generator(wanted("folder:~/baseline", Path("/"))).name == "folder:baseline"
    with pytest.raises(NotFound, match="no folder"):
        make_generator(wanted("folder:base", tmp_path))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no notebook"):
        make_generator(wanted("folder:empty", tmp_path))
    with pytest.raises(UsageError, match="temperature belongs to the generator local"):
        wanted("folder:baseline", tmp_path).with_values({"temperature": 0.5})
    for text in ("folder", "folder:", "folder: "):
        with pytest.raises(UsageError, match="is no generator"):
            wanted(text, tmp_path)
