"""Rubrics in the store: every text stays, the latest of an id counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import NotFound
from nbalign.store.database import Store
from nbalign.store.rubrics import RubricStore
from tests.store.made import rubric


@pytest.fixture
def rubrics(tmp_path: Path) -> Iterator[RubricStore]:
    with Store.create(tmp_path / "nbalign.db") as store:
        yield RubricStore(store)


def test_the_latest_text_of_an_id_counts_and_the_others_stay(rubrics: RubricStore) -> None:
    old, new = rubric(text="old"), rubric(text="new: ü\n", version=2)
    assert rubrics.add(old)
    assert rubrics.add(new)
    assert not rubrics.add(new)
    assert rubrics.get("ml").sha256 == new.sha256
    assert rubrics.get("ml").text == "new: ü\n"
    assert rubrics.get(old.sha256).text == "old"
    assert rubrics.get(old.sha256[:6].upper()).version == 1
    assert [row.version for row in rubrics.list()] == [1, 2]


def test_an_earlier_text_added_again_is_the_latest_again(rubrics: RubricStore) -> None:
    old, new = rubric(text="old"), rubric(text="new")
    for each in (old, new, rubric("other")):
        rubrics.add(each)
    assert not rubrics.add(old)
    assert rubrics.get("ml").text == "old"
    assert len(rubrics.list()) == 3


@pytest.mark.parametrize("ref", ["", "ML", "none", "abc", "%%%%%%", "0" * 64])
def test_an_unknown_rubric_is_not_found(rubrics: RubricStore, ref: str) -> None:
    rubrics.add(rubric())
    with pytest.raises(NotFound):
        rubrics.get(ref)
