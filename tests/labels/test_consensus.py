"""One score from several raters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.labels.consensus import Consensus, consensus
from nbalign.labels.model import Label, Role
from tests.store.made import SCALE


def labels(*scores: int, role: Role = "rater", start: int = 0) -> list[Label]:
    return [Label("n", "ml", "alpha", f"r{i}", score, role=role, event=start + i) for i, score in enumerate(scores, 1)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((2,), Consensus(2, "agreed", 1)),
        ((3, 3), Consensus(3, "agreed", 2)),
        ((0, 0, 0), Consensus(0, "agreed", 3)),
        ((1, 2), Consensus(None, "unresolved", 2)),
        ((1, 3), Consensus(None, "unresolved", 2)),  # nobody said 2
        ((1, 3, 3), Consensus(3, "median", 3)),
        ((1, 2, 3), Consensus(2, "median", 3)),
        ((1, 2, 2, 3), Consensus(2, "median", 4)),
        ((1, 1, 2, 3), Consensus(None, "unresolved", 4)),
        ((0, 3), Consensus(None, "unresolved", 2)),
        ((0, 0, 3), Consensus(0, "median", 3)),
        ((0, 3, 3), Consensus(3, "median", 3)),
        ((0, 1, 3), Consensus(None, "unresolved", 3)),  # N/A is outvoted, and then 1 and 3 differ
        ((0, 0, 3, 3), Consensus(None, "unresolved", 4)),
    ],
)
def test_rules(scores: tuple[int, ...], expected: Consensus) -> None:
    assert consensus(labels(*scores), SCALE) == {("n", "alpha"): expected}


def test_a_decision_wins_and_the_latest_of_several() -> None:
    both = labels(3, 3) + labels(1, 2, role="decision", start=10)
    assert consensus(both, SCALE) == {("n", "alpha"): Consensus(2, "decision", 2)}
    assert consensus(reversed(both), SCALE) == {("n", "alpha"): Consensus(2, "decision", 2)}
    assert consensus(labels(0, role="decision"), SCALE) == {("n", "alpha"): Consensus(0, "decision", 0)}


def test_notebooks_and_dimensions_stand_alone() -> None:
    mixed = [*labels(3), Label("n", "ml", "beta", "r1", 1), Label("m", "ml", "alpha", "r1", 2)]
    assert {key: found.score for key, found in consensus(mixed, SCALE).items()} == {
        ("n", "alpha"): 3,
        ("n", "beta"): 1,
        ("m", "alpha"): 2,
    }
    assert consensus([], SCALE) == {}


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9))
def test_a_consensus_is_a_score_somebody_gave_whatever_the_order(scores: list[int]) -> None:
    (found,) = consensus(labels(*scores), SCALE).values()
    assert found.raters == len(scores)
    assert (found.score is None) == (found.how == "unresolved")
    assert found.score is None or found.score in scores
    assert consensus(labels(*reversed(scores)), SCALE)[("n", "alpha")] == found
