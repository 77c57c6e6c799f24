"""Judgements in the store: found as they were saved, never twice, with their rationale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.errors import NbalignError, StoreError
from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.rubrics.packaged import packaged
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.store.rubrics import RubricStore
from tests.judge.conftest import add_notebook

RUBRIC = packaged()[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "nbalign.db")


@pytest.fixture
def archive(store: Store) -> Archive:
    RubricStore(store).add(RUBRIC)
    return Archive(store)


@pytest.fixture
def judgement(store: Store, archive: Archive) -> Judgement:
    book = add_notebook(NotebookStore(store))
    return Judgement(
        key="k" * 64,
        judge="small@123456",
        notebook=book.sha256,
        rubric=RUBRIC.id,
        rubric_sha256=RUBRIC.sha256,
        dimension=RUBRIC.dimensions[0].id,
        probabilities={0: 0.1, 1: 0.2, 2: 0.3, 3: 0.4},
        expected=2.2222222222222223,
        score=2,
        mass=0.25,
        cut=("warnings (cell 3)", "Ünïcödé"),
        tokens=120,
        prefix_tokens=1800,
        seconds=0.5,
        made_by={"model": "small", "engine.build": "1 · AVX"},
        at="2025-01-01T00:00:00+00:00",
    )


def test_what_is_saved_comes_back_as_it_was(archive: Archive, judgement: Judgement) -> None:
    archive.save(judgement)
    assert archive.judgements() == [judgement]
    assert archive.known([judgement.key]) == {judgement.key: judgement}
    assert archive.known(["other"]) == {}
    assert archive.known([]) == {}


def test_of_one_key_the_first_is_kept(archive: Archive, judgement: Judgement) -> None:
    archive.save(judgement)
    archive.save(replace(judgement, score=1, expected=1.0))
    assert archive.judgements() == [judgement]


def test_a_rationale_is_added_and_replaced(archive: Archive, judgement: Judgement) -> None:
    archive.save(judgement)
    archive.save_rationale(judgement.key, "First.", judgement.at)
    archive.save_rationale(judgement.key, "Second [3].", judgement.at)
    assert archive.judgements() == [replace(judgement, rationale="Second [3].")]
    assert archive.known([judgement.key])[judgement.key].rationale == "Second [3]."


def test_a_rationale_without_its_judgement_is_refused(archive: Archive) -> None:
    with pytest.raises(NbalignError):
        archive.save_rationale("nothing", "Why.", "2025-01-01")


def test_a_judgement_of_an_unknown_notebook_is_refused(archive: Archive, judgement: Judgement) -> None:
    with pytest.raises(StoreError):
        archive.save(replace(judgement, notebook="f" * 64))
    assert archive.judgements() == []


def test_filters_narrow_what_is_found(store: Store, archive: Archive, judgement: Judgement) -> None:
    second = add_notebook(NotebookStore(store), 1)
    one, two = RUBRIC.dimensions[0].id, RUBRIC.dimensions[1].id
    saved = [
        replace(judgement, key="1"),
        replace(judgement, key="2", dimension=two),
        replace(judgement, key="3", notebook=second.sha256),
        replace(judgement, key="4", notebook=second.sha256, judge="large@abcdef"),
    ]
    for each in saved:
        archive.save(each)

    def keys(**filters: str) -> str:
        return "".join(j.key for j in archive.judgements(**filters))

    assert keys() == "1234"
    assert keys(notebook=second.sha256) == "34"
    assert keys(dimension=two) == "2"
    assert keys(judge="small@123456") == "123"
    assert keys(dimension=one, judge="small@123456", notebook=judgement.notebook) == "1"
    assert keys(rubric="another") == ""
    assert [(name, count) for name, count, _ in archive.judges(RUBRIC.id)] == [("large@abcdef", 1), ("small@123456", 2)]
    assert archive.judges("another") == []


def test_more_keys_than_one_query_takes(archive: Archive, judgement: Judgement) -> None:
    for n in range(3):
        archive.save(replace(judgement, key=f"{n * 600:05}"))
    assert len(archive.known(f"{n:05}" for n in range(1500))) == 3
