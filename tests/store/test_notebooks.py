"""Notebooks in the store: once by content, found by hash or name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import NotFound, UsageError
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from tests.store.made import notebook


@pytest.fixture
def notebooks(tmp_path: Path) -> Iterator[NotebookStore]:
    with Store.create(tmp_path / "nbalign.db") as store:
        yield NotebookStore(store)


def add(notebooks: NotebookStore, name: str, raw: bytes, sidecar: str | None = None) -> str:
    made = notebook(name, raw)
    notebooks.add(raw, made, sidecar)
    return made.sha256


def test_what_goes_in_comes_out(notebooks: NotebookStore) -> None:
    raw = bytes(range(256)) * 40
    sha256 = add(notebooks, "b.ipynb", raw, "the task\n")
    add(notebooks, "a.ipynb", b"other")
    assert notebooks.raw(sha256) == (raw, "b.ipynb", "the task\n")
    first, second = notebooks.infos()
    assert (first.name, second.name) == ("b.ipynb", "a.ipynb")  # in the order of import
    assert (first.sha256, first.cells, first.bytes, first.format) == (sha256, 5, len(raw), "ipynb 4.5")
    assert (first.prompt, first.warnings) == ("a task", ("one cell was cut",))
    assert first.imported_at.endswith("+00:00")


def test_the_same_content_again_changes_nothing(notebooks: NotebookStore) -> None:
    made = notebook("first.ipynb", b"same")
    assert notebooks.add(b"same", made, None)
    assert not notebooks.add(b"same", notebook("second.ipynb", b"same"), "late")
    assert notebooks.raw(made.sha256) == (b"same", "first.ipynb", None)


def test_a_notebook_is_found_by_hash_prefix_and_name(notebooks: NotebookStore) -> None:
    sha256 = add(notebooks, "churn 1.v2.ipynb", b"1")
    add(notebooks, "other.ipynb", b"2")
    for ref in (sha256, sha256.upper(), sha256[:6], "churn 1.v2.ipynb", "churn 1.v2"):
        assert notebooks.resolve(ref) == sha256


@pytest.mark.parametrize(
    "ref", ["", " ", "churn", "abc", "%", "*.ipynb", "x" * 100_000, "\x1b[31m", "\udcff", "0" * 64]
)
def test_an_unknown_notebook_is_not_found(notebooks: NotebookStore, ref: str) -> None:
    add(notebooks, "other.ipynb", b"2")
    with pytest.raises(NotFound) as caught:
        notebooks.resolve(ref)
    assert len(str(caught.value)) < 400
    assert "\x1b" not in str(caught.value)


def test_near_names_are_suggested(notebooks: NotebookStore) -> None:
    add(notebooks, "churn1-047.ipynb", b"1")
    add(notebooks, "wine-027.ipynb", b"2")
    with pytest.raises(NotFound) as caught:
        notebooks.resolve("chrun1-047")
    assert "churn1-047.ipynb" in caught.value.hint
    assert "wine" not in caught.value.hint


def test_an_empty_workspace_says_how_to_fill_it(notebooks: NotebookStore) -> None:
    with pytest.raises(NotFound) as caught:
        notebooks.resolve("x")
    assert "nbalign import" in caught.value.hint


def test_two_notebooks_of_one_name_must_be_told_apart_by_hash(notebooks: NotebookStore) -> None:
    hashes = [add(notebooks, "same.ipynb", raw) for raw in (b"1", b"2")]
    with pytest.raises(UsageError, match="2 notebooks") as caught:
        notebooks.resolve("same")
    assert not isinstance(caught.value, NotFound)
    assert all(sha256[:12] in caught.value.hint for sha256 in hashes)


def test_a_name_that_looks_like_a_hash_prefix_wins_over_it(notebooks: NotebookStore) -> None:
    by_hash = add(notebooks, "x.ipynb", b"1")
    by_name = add(notebooks, f"{by_hash[:8]}.ipynb", b"2")
    assert notebooks.resolve(by_hash[:8]) == by_name


def test_raw_of_an_unknown_hash(notebooks: NotebookStore) -> None:
    with pytest.raises(NotFound):
        notebooks.raw("0" * 64)


def test_listing_does_not_read_the_blobs(notebooks: NotebookStore) -> None:
    add(notebooks, "big.ipynb", b"x" * 1_000_000)
    plan = notebooks._store.rows("EXPLAIN SELECT sha256, length(raw) FROM notebooks ORDER BY rowid")
    # SQLite takes a blob's length from the row's header: the column is read with the flag OPFLAG_LENGTHARG.
    assert any(row["opcode"] == "Column" and row["p5"] & 0x40 for row in plan)
