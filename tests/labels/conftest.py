"""A store with two notebooks of five cells, and its labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nbalign.labels.events import LabelStore
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store
from tests.store.made import filled, rubric


@dataclass
class Desk:
    store: Store
    labels: LabelStore
    rubric: Rubric
    a: str
    b: str


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store, (a, b) = filled(tmp_path / "nbalign.db")
    with store:
        yield Desk(store, LabelStore(store), rubric(), a, b)
