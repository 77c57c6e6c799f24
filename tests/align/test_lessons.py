"""What can be learned from labels, and where raters are too far apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from nbalign.align.lessons import far_apart, lessons, noise, unsettled
from nbalign.labels.model import Label
from tests.judge.conftest import rubric_of, scale_of

RUBRIC = rubric_of(2)  # test-rubric, dimension_0 and dimension_1, levels 1 to 3 and 0 for N/A


def label(notebook: str, rater: str, score: int, event: int, **other: object) -> Label:
    fields: dict[str, object] = {"dimension": "dimension_0", "rubric": RUBRIC.id, "justification": "Why.", **other}
    return Label(notebook=notebook, rater=rater, score=score, event=event, **fields)  # type: ignore[arg-type]


def test_only_what_is_settled_is_learned_from_with_everything_that_was_said() -> None:
    labels = [
        label("a", "ann", 1, 1, cells=(3,)),
        label("a", "bob", 1, 2),
        label("b", "ann", 1, 3),
        label("b", "bob", 2, 4),
        label("c", "ann", 1, 5),
        label("c", "bob", 3, 6),
        label("c", "eve", 3, 7, role="decision", justification="Bob is right."),
    ]
    found = lessons(labels, RUBRIC, {"a": "a.ipynb"})
    assert [(x.notebook, x.name, x.score) for x in found] == [("a", "a.ipynb", 1), ("c", "c", 3)]
    assert [(r.event, r.rater, r.role, r.score) for r in found[1].remarks] == [
        (5, "ann", "rater", 1),
        (6, "bob", "rater", 3),
        (7, "eve", "decision", 3),
    ]
    assert found[0].remarks[0].cells == (3,)
    assert [x.event for x in unsettled(labels, RUBRIC)] == [3, 4]


def test_labels_that_this_rubric_cannot_have_settle_nothing() -> None:
    labels = [
        label("a", "ann", 1, 1),
        label("a", "bob", 7, 2),
        label("a", "cid", 2, 3, rubric="other"),
        label("a", "dan", 2, 4, dimension="gone"),
    ]
    (found,) = lessons(labels, RUBRIC, {})
    assert [r.rater for r in found.remarks] == ["ann"]
    assert noise(labels, RUBRIC, {}) == []


def test_the_order_does_not_depend_on_when_labels_were_given() -> None:
    early = [label("b", "ann", 1, 1, dimension="dimension_1"), label("a", "ann", 1, 2), label("b", "ann", 2, 3)]
    keys = [(x.notebook, x.dimension) for x in lessons(early, RUBRIC, {})]
    assert keys == [("a", "dimension_0"), ("b", "dimension_0"), ("b", "dimension_1")]
    assert [(x.notebook, x.dimension) for x in lessons(reversed(early), RUBRIC, {})] == keys


def test_noise_is_the_whole_of_three_levels_between_raters_and_a_decision_does_not_hide_it() -> None:
    labels = [
        label("a", "ann", 1, 1),
        label("a", "bob", 3, 2),
        label("b", "ann", 1, 3),
        label("b", "bob", 3, 4),
        label("b", "eve", 3, 5, role="decision"),
        label("c", "ann", 0, 6),  # N/A is no level: it is never far from one
        label("c", "bob", 3, 7),
        label("d", "ann", 2, 8),
        label("d", "bob", 3, 9),
        label("e", "ann", 1, 10),
        label("e", "eve", 3, 11, role="decision"),  # a decision is not a second rater
    ]
    found = noise(labels, RUBRIC, {})
    assert [(x.notebook, x.decided, len(x.remarks)) for x in found] == [("a", False, 2), ("b", True, 3)]


@pytest.mark.parametrize(
    ("levels", "not_applicable", "far"),
    [
        ((0, 1), None, 1),
        ((1, 2), 0, 1),
        ((1, 2, 3), 0, 2),
        ((1, 2, 3), 9, 2),
        ((1, 3, 5), None, 2),
        ((1, 3, 5), 2, 2),
        ((0, 1, 2, 3), None, 2),
        ((1, 2, 3, 4, 5), None, 3),
        ((1, 2, 3, 4, 5), 0, 3),
        ((0, 1, 2, 5, 6, 9), None, 3),
        (tuple(range(1, 10)), None, 5),
        (tuple(range(1, 10)), 0, 5),
    ],
)
def test_how_far_is_too_far_depends_on_how_many_levels_there_are(
    levels: Sequence[int], not_applicable: int | None, far: int
) -> None:
    scale = scale_of(levels, not_applicable)
    rubric = rubric_of(1, scale)
    assert far_apart(scale) == far
    pairs = list(product(scale.values, repeat=2))
    labels = [
        label(f"{n:02}", rater, score, 2 * n + k)
        for n, pair in enumerate(pairs)
        for k, (rater, score) in enumerate(zip(("ann", "bob"), pair, strict=True))
    ]
    found = {pairs[int(x.notebook)] for x in noise(labels, rubric, {})}
    middle = (len(levels) - 1) / 2
    for one, other in pairs:
        known = not_applicable not in (one, other)
        steps = abs(levels.index(one) - levels.index(other)) if known else 0
        assert ((one, other) in found) == (steps >= far)
        if (one, other) in found:  # then nobody can hold both for the same opinion
            assert min(levels.index(one), levels.index(other)) < middle < max(levels.index(one), levels.index(other))


def test_words_are_made_safe_to_show() -> None:
    (found,) = lessons([label("a", "ann", 1, 1, justification=" \x1b[31mred\x1b[0m\u202e ")], RUBRIC, {})
    assert found.remarks[0].text == "red"
