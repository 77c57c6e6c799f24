from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from nbalign.errors import BadInput, Cancelled, ModelError, UsageError
from nbalign.llm import hashes
from nbalign.llm.add import add
from nbalign.llm.choose import default_model
from nbalign.llm.landing import locked
from nbalign.llm.library import ModelLibrary
from nbalign.llm.manifest import load_manifest
from nbalign.progress import Progress
from tests.llm.model_files import card_of, gguf

DATA = gguf()
OTHER = gguf(seed=2)
CARD = card_of(DATA)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def library(home: Path) -> ModelLibrary:
    return ModelLibrary([home], (CARD,))


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were read in full."""
    names: list[str] = []

    def count(path: Path, *, stage: str, **rest: object) -> str:
        names.append(path.name)
        return hashes.hash_file(path, stage=stage)

    monkeypatch.setattr("nbalign.llm.library.hash_file", count)
    return names


def test_a_model_is_found_by_name_by_file_name_and_by_path(home: Path, library: ModelLibrary) -> None:
    (home / CARD.file).write_bytes(DATA)
    for ref in ("tiny", "tiny-q4.gguf", str(home / CARD.file)):
        found = library.find(ref)
        assert (found.name, found.path, found.sha256, found.bytes) == ("tiny", home / CARD.file, CARD.sha256, len(DATA))
        assert found.card == CARD


def test_a_file_of_the_users_own_is_found_with_and_without_its_ending(home: Path, library: ModelLibrary) -> None:
    (home / "mine.gguf").write_bytes(OTHER)
    for ref in ("mine", "mine.gguf"):
        found = library.find(ref)
        assert found.name == "mine" and found.card is None


def test_a_known_model_under_another_name_is_recognised_by_its_hash(tmp_path: Path, library: ModelLibrary) -> None:
    (tmp_path / "x.gguf").write_bytes(DATA)
    assert library.find(str(tmp_path / "x.gguf")).name == "tiny"


def test_earlier_folders_win(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "b" / CARD.file).write_bytes(DATA)
    library = ModelLibrary([tmp_path / "a", tmp_path / "b"], (CARD,))
    assert library.find("tiny").path.parent.name == "b"
    (tmp_path / "a" / CARD.file).write_bytes(DATA)
    assert library.find("tiny").path.parent.name == "a"


def test_a_missing_model_is_answered_with_how_to_get_it(library: ModelLibrary) -> None:
    with pytest.raises(ModelError) as caught:
        library.find("tiny")
    assert "nbalign models pull tiny" in caught.value.hint and "models add" in caught.value.hint


@pytest.mark.parametrize(
    "ref", ["", "nope", "nope.gguf", "../x.gguf", "~nobody/x.gguf", "x\0.gguf", "y" * 999 + ".gguf", "\x1b[2J"]
)
def test_what_means_no_model_is_an_error_fit_for_a_terminal(library: ModelLibrary, ref: str) -> None:
    with pytest.raises(ModelError) as caught:
        library.find(ref)
    assert caught.value.message.isprintable()
    assert "models list" in caught.value.hint


def test_a_file_with_a_known_name_and_another_hash_is_refused(home: Path, library: ModelLibrary) -> None:
    (home / CARD.file).write_bytes(OTHER)
    with pytest.raises(ModelError) as caught:
        library.find("tiny")
    assert CARD.sha256 in caught.value.message and "pull tiny" in caught.value.hint


def test_a_hash_is_remembered_until_the_file_changes(home: Path, hashed: list[str]) -> None:
    path = home / "mine.gguf"
    path.write_bytes(OTHER)
    first = ModelLibrary([home], (CARD,)).find("mine").sha256
    assert ModelLibrary([home], (CARD,)).find("mine").sha256 == first  # another process would see the same index
    assert hashed == ["mine.gguf"]
    flipped = OTHER[:-1] + bytes([OTHER[-1] ^ 1])
    path.write_bytes(flipped)
    os.utime(path, ns=(1, 1))  # the same size, another mtime
    assert ModelLibrary([home], (CARD,)).find("mine").sha256 != first
    assert hashed == ["mine.gguf"] * 2


def test_verifying_again_reads_the_whole_file(home: Path, library: ModelLibrary, hashed: list[str]) -> None:
    (home / CARD.file).write_bytes(DATA)
    library.find("tiny")
    status = (home / CARD.file).stat()
    with (home / CARD.file).open("r+b") as file:  # a disk that rots changes no times
        file.seek(-1, os.SEEK_END)
        file.write(bytes([DATA[-1] ^ 1]))
    os.utime(home / CARD.file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert library.find("tiny").sha256 == CARD.sha256
    with pytest.raises(ModelError, match="is not the tiny"):
        library.verify(home / CARD.file, again=True)
    assert library.list()[0].state == "damaged"


@pytest.mark.parametrize(
    "index", ["", "[]", "{", '{"version": 1, "files": 3}', '{"version": 2}', "[" * 100_000, "\xff"]
)
def test_a_broken_index_counts_as_empty_and_is_written_anew(home: Path, library: ModelLibrary, index: str) -> None:
    (home / "index.json").write_text(index, encoding="latin-1")
    (home / CARD.file).write_bytes(DATA)
    assert library.find("tiny").sha256 == CARD.sha256
    assert json.loads((home / "index.json").read_text())["version"] == 1


def test_the_index_forgets_files_that_are_gone(home: Path) -> None:
    for name in ("a.gguf", "b.gguf"):
        (home / name).write_bytes(OTHER)
        ModelLibrary([home], (CARD,)).find(name)
        (home / "a.gguf").unlink(missing_ok=True)
    assert [Path(name).name for name in json.loads((home / "index.json").read_text())["files"]] == ["b.gguf"]


def test_a_library_whose_index_cannot_be_written_works(home: Path, hashed: list[str]) -> None:
    (home / CARD.file).write_bytes(DATA)
    (home / "index.json").mkdir()  # also stops a user whom permissions do not stop
    library = ModelLibrary([home], (CARD,))
    assert library.find("tiny").sha256 == library.find("tiny").sha256 == CARD.sha256
    assert hashed == [CARD.file]  # remembered for this run
    assert sorted(path.name for path in home.iterdir()) == ["index.json", CARD.file]


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not stop this user")
def test_a_read_only_library_works(home: Path, library: ModelLibrary) -> None:
    (home / CARD.file).write_bytes(DATA)
    home.chmod(0o555)
    try:
        assert library.find("tiny").sha256 == CARD.sha256
        with pytest.raises(ModelError, match="cannot write"):
            add(home / CARD.file, library)
    finally:
        home.chmod(0o755)


def test_the_list_tells_states_apart(home: Path, library: ModelLibrary) -> None:
    assert [(entry.name, entry.state, entry.path) for entry in library.list()] == [("tiny", "not pulled", None)]
    (home / CARD.file).write_bytes(DATA)
    (home / "mine.gguf").write_bytes(OTHER)
    (home / "page.gguf").write_bytes(b"<html>")
    (home / "note.txt").write_bytes(b"")
    assert [(e.name, e.state) for e in library.list()] == [
        ("tiny", "present"),
        ("mine", "present"),
        ("page", "damaged"),
    ]
    library.find("tiny")
    library.find("mine")
    assert [(e.name, e.state) for e in library.list()] == [
        ("tiny", "verified"),
        ("mine", "verified"),
        ("page", "damaged"),
    ]
    (home / CARD.file).write_bytes(DATA[:-1])
    assert library.list()[0].state == "damaged"


def test_hashing_tells_its_progress_and_can_be_stopped(home: Path, library: ModelLibrary) -> None:
    (home / CARD.file).write_bytes(DATA)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        library.find("tiny", cancel=stop)
    steps: list[Progress] = []
    library.find("tiny", progress=steps.append)
    assert (steps[-1].done, steps[-1].total, steps[-1].unit) == (len(DATA), len(DATA), "bytes")


def test_the_default_library_is_the_named_folder_or_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBALIGN_MODELS", str(tmp_path))
    assert ModelLibrary.default().home == tmp_path
    monkeypatch.setenv("NBALIGN_MODELS", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folders = ModelLibrary.default().folders
    assert folders[0].name == "models" and "nbalign" in str(folders[0])
    assert len(folders) == 2 and (folders[1] / "manifest.toml").is_file()


# --- add ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copy", [True, False])
def test_an_added_known_model_gets_its_own_name_whatever_it_was_called(
    tmp_path: Path, home: Path, library: ModelLibrary, copy: bool
) -> None:
    source = tmp_path / "download (1).gguf"
    source.write_bytes(DATA)
    added = add(source, library, copy=copy)
    assert added.name == "tiny" and added.card == CARD and added.path == home / CARD.file
    assert added.path.read_bytes() == DATA == source.read_bytes()
    assert source.samefile(added.path) is not copy
    assert library.list()[0].state == "verified"
    assert sorted(path.name for path in home.iterdir()) == ["index.json", CARD.file]


def test_an_added_unknown_model_keeps_its_name_or_gets_one(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(OTHER)
    assert add(source, library).path == home / "mine.gguf"
    second = add(source, library, name="yours.gguf")
    assert second.path == home / "yours.gguf" and second.card is None and second.name == "yours"
    assert add(source, library).path == home / "mine.gguf"  # the same file again is no trouble


def test_linking_falls_back_to_a_copy(tmp_path: Path, library: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(OTHER)

    def across(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", across)
    assert not source.samefile(add(source, library, copy=False).path)


def test_another_model_of_the_same_name_is_not_overwritten(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    (home / "mine.gguf").write_bytes(OTHER)
    (tmp_path / "mine.gguf").write_bytes(gguf(seed=3))
    with pytest.raises(UsageError, match="another model"):
        add(tmp_path / "mine.gguf", library)
    assert (home / "mine.gguf").read_bytes() == OTHER


def test_a_stranger_called_like_a_known_model_is_refused(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    source = tmp_path / CARD.file
    source.write_bytes(OTHER)
    with pytest.raises(BadInput, match="--name"):
        add(source, library)
    with pytest.raises(BadInput):
        add(source, library, name="tiny.gguf")
    assert list(home.iterdir()) == []


def test_adding_replaces_a_damaged_file(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    (home / CARD.file).write_bytes(DATA[:99])
    (tmp_path / "x.gguf").write_bytes(DATA)
    add(tmp_path / "x.gguf", library)
    assert library.find("tiny").sha256 == CARD.sha256


@pytest.mark.parametrize("name", ["a/b.gguf", "../x.gguf", ".gguf", "x.bin", "-x.gguf", "x\n.gguf", ".x.gguf"])
def test_names_that_are_no_file_names_are_refused(tmp_path: Path, library: ModelLibrary, name: str) -> None:
    (tmp_path / "x.gguf").write_bytes(OTHER)
    with pytest.raises(UsageError):
        add(tmp_path / "x.gguf", library, name=name)


def test_what_is_no_model_is_not_added(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    (tmp_path / "x.gguf").write_bytes(DATA[:-1])
    with pytest.raises(ModelError, match="truncated"):
        add(tmp_path / "x.gguf", library)
    assert list(home.iterdir()) == []


def test_a_stopped_add_leaves_nothing_and_a_killed_one_is_cleared_away(
    tmp_path: Path, home: Path, library: ModelLibrary
) -> None:
    (tmp_path / "x.gguf").write_bytes(OTHER)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        add(tmp_path / "x.gguf", library, cancel=stop)
    assert list(home.iterdir()) == []
    (home / ".adding").mkdir()
    (home / ".adding" / "model.partial").write_bytes(b"half")
    add(tmp_path / "x.gguf", library)
    assert sorted(path.name for path in home.iterdir()) == ["index.json", "x.gguf"]


def test_a_file_that_is_being_pulled_cannot_be_added_under(tmp_path: Path, home: Path, library: ModelLibrary) -> None:
    (tmp_path / "x.gguf").write_bytes(DATA)
    with locked(home, CARD.file), pytest.raises(ModelError, match="another nbalign"):
        add(tmp_path / "x.gguf", library)


# --- the choice --------------------------------------------------------------------------------------------------

BIG, SMALL, TOY = "qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b", "smollm2-135m"
GB = 10**9


@pytest.mark.parametrize(
    ("memory", "threads", "gpu", "present", "chosen", "says"),
    [
        (16 * GB, 4, False, None, BIG, "best judge"),
        (16 * GB, 4, False, {BIG, SMALL, TOY}, BIG, "is here"),
        (16 * GB, 4, False, {SMALL, TOY}, SMALL, f"{BIG} would judge better"),
        (16 * GB, 4, False, {TOY}, TOY, "scores mean nothing"),
        (16 * GB, 4, False, set(), BIG, "not pulled"),
        (int(2.9 * GB), 4, False, {BIG, SMALL, TOY}, SMALL, "fits into 2.9 GB"),
        (int(2.9 * GB), 4, False, {BIG}, SMALL, "not pulled"),
        (2 * GB, 4, False, {BIG, SMALL, TOY}, TOY, "fits"),
        (1 * GB, 4, False, {BIG, SMALL}, SMALL, "tight"),
        (1 * GB, 4, False, set(), TOY, "tight"),
        (16 * GB, 1, False, None, SMALL, "one thread"),
        (16 * GB, 1, False, {BIG, SMALL}, SMALL, "one thread"),
        (16 * GB, 1, False, {BIG, TOY}, BIG, "quicker on one thread"),
        (16 * GB, 1, True, None, BIG, "best judge"),
    ],
)
def test_the_default_is_the_best_judge_that_fits_and_is_here(
    memory: int, threads: int, gpu: bool, present: set[str] | None, chosen: str, says: str
) -> None:
    choice = default_model(memory, threads, gpu, present=present)
    assert choice.card.name == chosen
    assert says in choice.reason and choice.reason.endswith(".")


def test_the_bound_on_memory_is_the_files_size_and_three_tenths_and_a_room_to_work() -> None:
    big = load_manifest()[0]
    bound = int(big.bytes * 1.3 + 1.5e9) + 1
    assert default_model(bound, 4, False).card == big
    assert default_model(bound - 2, 4, False).card != big
