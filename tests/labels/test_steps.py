"""A rater's steps, and taking back one of them and no other."""

from __future__ import annotations

import pytest

from nbalign.errors import UsageError
from nbalign.labels.steps import CHANGED_SINCE, IS_UNDO, MARKED_SINCE, TAKEN_BACK, Step, steps, undo_step
from tests.labels.conftest import Desk


def score(desk: Desk, value: int, notebook: str = "", dimension: str = "alpha", words: str = "", at: str = "") -> None:
    desk.labels.set(notebook or desk.a, desk.rubric, dimension, "ann", value, words, at=at or None)


def told(desk: Desk, limit: int = 50) -> list[tuple[str, int | None, int | None]]:
    return [(s.kind, s.before, s.score) for s in steps(desk.store, "ann", desk.rubric.id, limit)]


def step(desk: Desk, n: int = 0) -> Step:
    return steps(desk.store, "ann", desk.rubric.id, 50)[n]


def standing(desk: Desk) -> dict[str, int]:
    return {label.dimension: label.score for label in desk.labels.current(rater="ann", notebook=desk.a)}


def test_each_step_says_what_stood_before_and_after_it(desk: Desk) -> None:
    score(desk, 2)
    score(desk, 1, words="no pins")
    score(desk, 1, words="no pins at all")
    desk.labels.undo("ann")
    desk.labels.redo("ann")
    desk.labels.clear(desk.a, desk.rubric, "alpha", "ann")
    assert told(desk) == [
        ("cleared", 1, None),
        ("redone", 1, 1),
        ("undone", 1, 1),
        ("worded", 1, 1),
        ("changed", 2, 1),
        ("scored", None, 2),
    ]
    assert step(desk, 3).words == "no pins at all"
    assert step(desk, 0).words == "no pins at all", "what a clearing took away is told with it"


def test_steps_of_all_notebooks_come_newest_first_and_no_more_than_asked_for(desk: Desk) -> None:
    score(desk, 2, at="2025-01-01T10:00:00+00:00")
    score(desk, 3, notebook=desk.b, at="2025-01-01T11:00:00+00:00")
    score(desk, 1, dimension="beta", at="2025-01-01T10:30:00+00:00")
    desk.labels.set(desk.a, desk.rubric, "alpha", "bob", 3)
    found = steps(desk.store, "ann", desk.rubric.id, 2)
    assert [(s.notebook, s.dimension, s.score) for s in found] == [(desk.b, "alpha", 3), (desk.a, "beta", 1)]


def test_marks_and_decisions_are_steps_too(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "ann", 2, role="decision", at="2025-01-01T10:00:00+00:00")
    desk.labels.set_flag(desk.a, "ann", "flagged", True)
    found = steps(desk.store, "ann", desk.rubric.id, 50)
    assert [(s.kind, s.role, s.is_mark) for s in found] == [("flagged", "rater", True), ("scored", "decision", False)]
    undo_step(desk.store, found[0], "tui")
    assert desk.labels.flags("ann") == {}
    undo_step(desk.store, found[1], "tui")
    assert desk.labels.current(role="decision") == []


def test_one_step_is_taken_back_and_no_other_also_when_other_labels_came_after_it(desk: Desk) -> None:
    score(desk, 2)
    score(desk, 1)
    score(desk, 3, dimension="beta")
    first = next(s for s in steps(desk.store, "ann", desk.rubric.id, 50) if s.kind == "changed")
    undo_step(desk.store, first, "tui")
    assert standing(desk) == {"alpha": 2, "beta": 3}
    assert told(desk)[0] == ("undone", 1, 2)


def test_a_step_that_something_came_after_on_the_same_label_is_not_taken_back(desk: Desk) -> None:
    score(desk, 2)
    before = step(desk)
    assert before.obstacle == ""
    score(desk, 1)
    assert step(desk, 1).obstacle == CHANGED_SINCE
    with pytest.raises(UsageError, match="changed again after it"):
        undo_step(desk.store, before, "tui")  # though the list in view was older
    assert standing(desk) == {"alpha": 1}


def test_when_what_came_after_is_itself_taken_back_the_step_can_be_taken_back_again(desk: Desk) -> None:
    score(desk, 2)
    score(desk, 1)
    undo_step(desk.store, step(desk), "tui")
    undone, changed, scored = steps(desk.store, "ann", desk.rubric.id, 50)
    assert (undone.obstacle, changed.obstacle, scored.obstacle) == (IS_UNDO, TAKEN_BACK, "")
    for refused in (undone, changed):
        with pytest.raises(UsageError):
            undo_step(desk.store, refused, "tui")
    undo_step(desk.store, scored, "tui")
    assert standing(desk) == {}


def test_an_older_mark_is_not_taken_back(desk: Desk) -> None:
    desk.labels.set_flag(desk.a, "ann", "flagged", True)
    old = step(desk)
    desk.labels.set_flag(desk.a, "ann", "flagged", False)
    desk.labels.set_flag(desk.a, "ann", "flagged", True)
    with pytest.raises(UsageError, match="mark was changed"):
        undo_step(desk.store, old, "tui")
    obstacles = {s.id: s.obstacle for s in steps(desk.store, "ann", desk.rubric.id, 50)}
    assert obstacles[old.id] == MARKED_SINCE
    assert desk.labels.flags("ann") == {desk.a: {"flagged"}}


def test_nobody_takes_back_what_somebody_else_did(desk: Desk) -> None:
    score(desk, 2)
    found = step(desk)
    stolen = Step(found.kind, found.id, found.at, "bob", found.notebook, found.dimension)
    with pytest.raises(UsageError):
        undo_step(desk.store, stolen, "tui")
    assert standing(desk) == {"alpha": 2}
