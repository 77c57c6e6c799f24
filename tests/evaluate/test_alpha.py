"""Krippendorff's alpha against its inventor's own example."""

from __future__ import annotations

import pytest

from nbalign.evaluate.alpha import ordinal_alpha
from nbalign.rubrics.model import Scale
from tests.evaluate.cases import SCALE

FIVE = Scale({n: str(n) for n in range(6)}, 0)  # 0 is N/A: it must count for nothing

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), part C: four observers, twelve units; 0: missing
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0),
)


def test_the_published_example() -> None:
    assert ordinal_alpha(zip(*OBSERVERS, strict=True), FIVE) == pytest.approx(0.815, abs=0.0005)


def test_the_ends_of_the_range() -> None:
    assert ordinal_alpha([(1, 1), (3, 3), (2, 2, 2)], SCALE) == pytest.approx(1.0)
    against = ordinal_alpha([(1, 3), (3, 1), (1, 3)], SCALE)
    assert against is not None and against < 0


@pytest.mark.parametrize("units", [[], [(2,), (3,)], [(0, 2), (0, 0)], [(2, 2), (2, 2)]])
def test_where_nothing_can_be_said_there_is_no_number(units: list[tuple[int, ...]]) -> None:
    assert ordinal_alpha(units, SCALE) is None


def test_a_small_difference_costs_less_than_a_large_one() -> None:
    common = [(1, 1), (2, 2), (3, 3), (1, 1)]
    near, wide = ordinal_alpha([*common, (2, 3)], SCALE), ordinal_alpha([*common, (1, 3)], SCALE)
    assert near is not None and wide is not None and near > wide
