"""One who scores and decides: neither the words nor the history of the two get in each other's way."""

from __future__ import annotations

from nbalign.labels.model import Label
from tests.labels.conftest import Desk


def test_undo_and_redo_of_decisions_pass_over_scores_and_the_other_way_round(desk: Desk) -> None:
    labels, rubric = desk.labels, desk.rubric
    labels.set(desk.a, rubric, "alpha", "ann", 3)
    labels.set(desk.a, rubric, "alpha", "ann", 1, role="decision")
    labels.set(desk.b, rubric, "beta", "ann", 2)
    undone = labels.undo("ann", role="decision")
    assert undone is not None and undone.label.role == "decision"
    assert [label.score for label in standing(desk)] == [3, 2]
    assert labels.undo("ann", role="decision") is None
    labels.undo("ann", role="rater")
    assert [label.score for label in standing(desk)] == [3]
    labels.redo("ann", role="decision")
    assert [(label.role, label.score) for label in standing(desk)] == [("rater", 3), ("decision", 1)]
    labels.redo("ann", role="rater")
    assert [label.score for label in standing(desk)] == [3, 1, 2]


def test_a_score_given_in_between_does_not_stop_a_decision_from_coming_back(desk: Desk) -> None:
    labels, rubric = desk.labels, desk.rubric
    labels.set(desk.a, rubric, "alpha", "ann", 1, role="decision")
    labels.undo("ann", role="decision")
    labels.set(desk.b, rubric, "beta", "ann", 2)
    assert labels.redo("ann", role="decision") is not None
    assert labels.redo("ann", role="decision") is None


def test_the_draft_of_a_decision_is_not_that_of_a_score(desk: Desk) -> None:
    labels, rubric = desk.labels, desk.rubric
    labels.save_draft(desk.a, rubric.id, "alpha", "ann", "my reason", [2])
    labels.save_draft(desk.a, rubric.id, "alpha", "ann", "why we settled", [1], role="decision")
    labels.save_draft(desk.b, rubric.id, "beta", "ann", "more")
    labels.save_draft(desk.b, rubric.id, "beta", "bo", "not hers")
    mine = labels.drafts(rubric.id, "ann")
    assert {key: draft.text for key, draft in mine.items()} == {
        (desk.a, "alpha"): "my reason",
        (desk.b, "beta"): "more",
    }
    decided = labels.drafts(rubric.id, "ann", "decision")
    assert {key: (draft.text, draft.cells) for key, draft in decided.items()} == {
        (desk.a, "alpha"): ("why we settled", (1,))
    }
    labels.set(desk.a, rubric, "alpha", "ann", 2, role="decision")
    assert labels.drafts(rubric.id, "ann", "decision") == {}
    assert labels.draft(desk.a, rubric.id, "alpha", "ann") is not None, "deciding leaves the words of a score alone"


def standing(desk: Desk) -> list[Label]:
    return desk.labels.current()
