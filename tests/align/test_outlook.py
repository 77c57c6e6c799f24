"""What the next alignment would learn from, dimension by dimension."""

from __future__ import annotations

from nbalign.align.model import Account, Memory
from nbalign.align.outlook import outlook
from nbalign.labels.model import Label, Role
from nbalign.rubrics.packaged import packaged

RUBRIC = next(rubric for rubric in packaged() if rubric.id == "ml-notebook")
ONE, OTHER = RUBRIC.dimensions[0].id, RUBRIC.dimensions[1].id
NAMES = {"aa": "a.ipynb", "bb": "b.ipynb"}


def label(
    event: int, notebook: str, rater: str, score: int, words: str = "", dimension: str = ONE, role: Role = "rater"
) -> Label:
    return Label(notebook, RUBRIC.id, dimension, rater, score, words, (), role, event)


def test_each_dimension_says_what_is_settled_new_gone_and_too_far_apart() -> None:
    labels = [
        label(1, "aa", "ann", 3, "Fine."),
        label(2, "aa", "ben", 3),
        label(3, "bb", "ann", 1),
        label(4, "bb", "ben", 3),
        label(5, "aa", "ann", 2, dimension=OTHER),
        label(6, "gone", "ann", 2),
    ]
    accounts = (Account(1, ONE, ()), Account(9, ONE, ()))
    memory = Memory("v", RUBRIC.id, "", "m", (), (), accounts)
    found = outlook(RUBRIC, labels, NAMES, memory)
    assert [each.dimension for each in found] == [d.id for d in RUBRIC.dimensions]
    first, second, third = found[:3]
    assert (first.lessons, first.labels, first.words) == (1, 2, 1)
    assert (first.added, first.gone, first.kept) == (1, 1, 1)
    assert (first.unsettled, first.apart, first.apart_open) == (1, 1, 1)
    assert (second.lessons, second.added, second.apart) == (1, 1, 0)
    assert (third.lessons, third.labels, third.added) == (0, 0, 0)


def test_a_decision_settles_a_case_that_is_listed_all_the_same() -> None:
    labels = [label(1, "aa", "ann", 1), label(2, "aa", "ben", 3), label(3, "aa", "eve", 2, role="decision")]
    first = outlook(RUBRIC, labels, NAMES, None)[0]
    assert (first.lessons, first.labels, first.unsettled, first.apart, first.apart_open) == (1, 3, 0, 1, 0)
