"""Calibration on training sets that are tiny, one-sided, incomplete or odd, and what is kept of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nbalign.align.calibrate import BLOCKS, Fitted, fit
from nbalign.align.calibrate.model import Taught
from nbalign.errors import StoreError, UsageError
from tests.align.calibrate_cases import THREE, examples, made_view, noisy_view, scale_of


def some(n: int, seed: int = 0, levels: tuple[int, ...] = (0, 1, 2, 3)) -> list[Taught]:
    rng = np.random.default_rng(seed)
    scores = [int(s) for s in rng.choice(np.array(levels), size=n)]
    views = [noisy_view(i, rng, rule=float(s) if s else None, rule_na=s == 0) for i, s in enumerate(scores)]
    return examples(views, scores, [f"stema stemb {'stemc' if s > 1 else 'stemd'}" for s in scores])


def whole(fitted: Fitted, taught: Taught) -> None:
    """An estimate must be a distribution over the scale with a score on it."""
    estimate = fitted.predict(taught.view)
    assert set(estimate.probabilities) == set(fitted.scale.values)
    assert sum(estimate.probabilities.values()) == pytest.approx(1.0)
    assert all(p >= 0 and math.isfinite(p) for p in estimate.probabilities.values())
    assert estimate.score in fitted.scale.values
    assert fitted.scale.levels[0] <= estimate.expected <= fitted.scale.levels[-1]


@given(
    levels=st.integers(2, 9),
    na=st.booleans(),
    n=st.integers(0, 24),
    seed=st.integers(0, 10_000),
    blocks=st.sets(st.sampled_from(BLOCKS)),
)
@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_scale_any_number_of_examples_and_any_blocks_work(
    levels: int, na: bool, n: int, seed: int, blocks: set[str]
) -> None:
    scale = scale_of(levels, na=na)
    rng = np.random.default_rng(seed)
    judged = [
        dict(zip(scale.values, rng.dirichlet(np.ones(len(scale.values))).tolist(), strict=True)) for _ in range(n + 1)
    ]
    views = [noisy_view(i, rng, judged=judged[i]) for i in range(n + 1)]
    taught = examples(views, [int(s) for s in rng.choice(np.array(scale.values), size=n + 1)])
    fitted = fit(taught[:n], scale, sorted(blocks))
    whole(fitted, taught[n])
    assert fitted.why


@pytest.mark.parametrize("score", [0, 1, 3])
@pytest.mark.parametrize("n", [1, 2, 15])
def test_where_raters_give_one_score_only_that_score_comes_out(n: int, score: int) -> None:
    rng = np.random.default_rng(7)
    taught = examples([noisy_view(i, rng) for i in range(n)], [score] * n)
    fitted = fit(taught, THREE, ["counts", "words", "checks"])
    whole(fitted, taught[0])
    assert fitted.predict(noisy_view(99, rng)).score == score


def test_without_examples_the_judge_speaks_and_without_a_judge_the_middle() -> None:
    fitted = fit([], THREE, BLOCKS)
    assert not fitted.on
    assert fitted.predict(made_view(1, judged={0: 0.0, 1: 0.8, 2: 0.1, 3: 0.1})).score == 1
    assert fitted.predict(made_view(1)).score == 2


def test_notebooks_that_all_look_alike_teach_the_median() -> None:
    scores = [3] * 12 + [1] * 5
    views = [made_view(i, counts=[1.0, 2.0], facts={"same": -0.5}, rule=1.5, stems={"same": 1}) for i in range(17)]
    fitted = fit(examples(views, scores, ["same"] * 17), THREE, BLOCKS)
    assert fitted.predict(views[0]).score == 3


def test_views_that_know_less_than_the_training_examples_are_still_scored() -> None:
    taught = some(40)
    fitted = fit(taught, THREE, BLOCKS)
    assert fitted.on
    for view in (
        made_view(200),
        made_view(201, counts=[0.5]),
        made_view(202, judged={}),
        made_view(203, checks={"new": 1.0}),
    ):
        whole(fitted, Taught(view, 1, ()))


def test_half_of_the_training_examples_may_know_nothing() -> None:
    taught = some(40)
    bare = [e if i % 2 else replace(e, view=made_view(i)) for i, e in enumerate(taught)]
    whole(fit(bare, THREE, BLOCKS), taught[0])


def test_scores_that_are_not_on_the_scale_teach_nothing() -> None:
    taught = some(30)
    strange = [replace(example, score=7) for example in some(5, seed=9)]
    assert fit([*taught, *strange], THREE, BLOCKS).as_json() == fit(taught, THREE, BLOCKS).as_json()


def test_the_order_of_the_examples_does_not_matter() -> None:
    taught = some(30)
    assert fit(taught[::-1], THREE, BLOCKS).as_json() == fit(taught, THREE, BLOCKS).as_json()


def test_wild_numbers_do_no_harm() -> None:
    taught = some(30)
    wild = replace(taught[0], view=made_view(0, counts=[np.nan, np.inf, 1e300] * 6, checks={"check0": 5.0}))
    fitted = fit([wild, *taught[1:]], THREE, BLOCKS)
    for example in (wild, *taught[:5]):
        whole(fitted, example)


def test_a_block_that_is_not_known_is_refused() -> None:
    with pytest.raises(UsageError, match="no block 'magic'") as caught:
        fit(some(10), THREE, ["magic"])
    assert "counts" in caught.value.hint


@given(
    st.integers(0, 1_000), st.integers(0, 30), st.sampled_from([BLOCKS, ("counts",), ("judged",), ("facts", "words")])
)
@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_what_is_kept_says_the_very_same(seed: int, n: int, blocks: tuple[str, ...]) -> None:
    taught = some(n, seed)
    fitted = fit(taught, THREE, blocks)
    again = Fitted.from_json(json.loads(json.dumps(fitted.as_json(), allow_nan=False)))
    assert again.as_json() == fitted.as_json()
    assert (again.on, again.why, again.blocks) == (fitted.on, fitted.why, fitted.blocks)
    for example in some(8, seed + 1):
        assert again.predict(example.view) == fitted.predict(example.view)
        assert again.explain(example.view) == fitted.explain(example.view)


def broken(path: tuple[str, ...], value: object) -> dict[str, Any]:
    kept = json.loads(json.dumps(fit(some(40), THREE, BLOCKS).as_json()))
    inner = kept
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return dict(kept)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 99),
        (("values",), [1]),
        (("values",), None),
        (("wanted",), ["magic"]),
        (("ordinal",), 3),
        (("ordinal", "intercept"), "x"),
        (("ordinal", "intercept"), float("nan")),
        (("ordinal", "spread", "levels"), [1, 2]),
        (("ordinal", "spread", "width"), 0),
        (("ordinal", "families"), {"magic": {}}),
        (
            ("ordinal", "families", "rule"),
            {"keys": ["points"], "shown": [], "centre": [1], "spread": [1], "slope": [1]},
        ),
        (("ordinal", "starts"), {"nothing": []}),
        (("signals",), {"rule": [1]}),
    ],
)
def test_damaged_values_are_refused_in_words(path: tuple[str, ...], value: object) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        Fitted.from_json(broken(path, value))


def test_an_empty_mapping_is_no_calibration() -> None:
    with pytest.raises(StoreError):
        Fitted.from_json({})
