"""A rater's scores beside a judge's: the worst first, and nothing of what the rater has not scored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nbalign.evaluate.review import own_agreement, review
from tests.evaluate.cases import RUBRIC, judged, label

NAMES = {"n1": "one", "n2": "two", "n3": "three"}


def test_the_furthest_apart_come_first_and_of_these_the_surer_judge() -> None:
    unsure = replace(judged("n3", 1), probabilities={1: 0.6, 2: 0.4})
    judgements = [judged("n1", 3), unsure, judged("n2", 1)]
    labels = [label("n1", 3), label("n2", 3), label("n3", 3)]
    assert [(r.name, r.apart, r.far) for r in review("ann", RUBRIC, labels, judgements, NAMES)] == [
        ("two", 2, True),
        ("three", 2, True),
        ("one", 0, False),
    ]


def test_a_pair_that_the_rater_has_not_scored_never_appears() -> None:
    labels = [label("n1", 3), label("n2", 1, "bo"), label("n1", 2, "bo"), label("n3", 2, "ann", role="decision")]
    (only,) = review("ann", RUBRIC, labels, [judged("n1", 2), judged("n2", 1), judged("n3", 3)], NAMES)
    assert only.key == ("n1", "first")
    assert [other.rater for other in only.others] == ["bo"]
    assert only.decision is None


def test_the_latest_judgement_and_the_latest_decision_count() -> None:
    labels = [label("n1", 3), *(label("n1", s, "eve", role="decision", event=e) for s, e in ((2, 5), (1, 4)))]
    judgements = [judged("n1", 1, at="2026-02-01T00:00:00+00:00"), judged("n1", 3)]
    (only,) = review("ann", RUBRIC, labels, judgements, NAMES)
    assert only.judgement.score == 1
    assert only.decision is not None and only.decision.score == 2


def test_agreement_counts_only_what_the_rater_scored() -> None:
    labels = [label("n1", 3), label("n1", 1, "bo"), label("n1", 3, "cy"), label("n2", 1, "bo"), label("n2", 3, "cy")]
    judgements = [judged("n1", 1), judged("n2", 3)]
    found = own_agreement("ann", RUBRIC, labels, judgements)
    first = found.mine.rows[0]
    assert found.scored == 1
    assert (first.judge.n, first.judge.mae, first.judge.bias) == (1, 2.0, -2.0)
    assert first.raters.n == 3, "three raters of one notebook make three pairs; those of the other one are not told"
    assert found.settled.rows[0].judge.mae == 2.0
    assert found.alpha["first"] == pytest.approx(0.0)
    assert found.alpha["second"] is None


def test_agreement_with_nothing_scored_is_empty_and_no_error() -> None:
    found = own_agreement("ann", RUBRIC, [label("n1", 1, "bo")], [judged("n1", 1)])
    assert found.scored == 0
    assert found.mine.macro.n == found.settled.macro.n == 0
