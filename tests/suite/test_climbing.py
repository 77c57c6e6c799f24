from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import NotFound, UsageError
from nbalign.store.database import Store
from nbalign.suite.runs.climbing import Climbs


@pytest.fixture
def climbs(tmp_path: Path) -> Iterator[Climbs]:
    with Store.create(tmp_path / "nbalign.db") as store:
        yield Climbs(store)


def test_steps_are_kept_in_the_order_they_were_tried(climbs: Climbs) -> None:
    climbs.add("prompt", "first")
    climbs.add("prompt", "second", "Said: do not split the data.")
    climbs.add("model", "other")
    found = climbs.get("prompt")
    assert [(step.position, step.run, step.changed) for step in found.steps] == [
        (1, "first", ""),
        (2, "second", "Said: do not split the data."),
    ]
    assert set(climbs.names()) == {"prompt", "model"}


def test_what_was_changed_is_kept_as_one_clean_line(climbs: Climbs) -> None:
    step = climbs.add("prompt", "first", "one\n\x1b[31mtwo\x1b[0m " + "x" * 1000)
    assert step.changed.startswith("one two xxx")
    assert len(step.changed) == 500
    assert climbs.get("prompt").steps == (step,)


def test_a_run_is_in_a_climb_once(climbs: Climbs) -> None:
    climbs.add("prompt", "first")
    with pytest.raises(UsageError, match="already"):
        climbs.add("prompt", "first", "again")
    climbs.add("other", "first")


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "x" * 61, "a\x1b[31m"])
def test_a_climb_has_a_plain_name(climbs: Climbs, name: str) -> None:
    with pytest.raises(UsageError) as told:
        climbs.add(name, "first")
    assert "\x1b" not in str(told.value)


def test_a_step_or_a_whole_climb_can_be_forgotten(climbs: Climbs) -> None:
    for run in ("first", "second", "third"):
        climbs.add("prompt", run)
    assert climbs.remove("prompt", "second") == 1
    assert [step.run for step in climbs.get("prompt").steps] == ["first", "third"]
    assert climbs.add("prompt", "fourth").position == 4
    with pytest.raises(NotFound, match="second"):
        climbs.remove("prompt", "second")
    assert climbs.remove("prompt") == 3
    with pytest.raises(NotFound, match="no climb"):
        climbs.get("prompt")
    assert climbs.names() == []
