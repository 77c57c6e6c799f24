from __future__ import annotations

import random
import warnings
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped, unused-ignore]
from sklearn.metrics import cohen_kappa_score, confusion_matrix, mean_absolute_error

from nbalign.errors import NotFound, UsageError
from nbalign.evaluate.agreement import agreement
from nbalign.evaluate.experiment.model import MACRO, ArmRow, Difference, Floor, Interval, Prediction
from nbalign.evaluate.experiment.summary import notes, summarise
from nbalign.labels.model import Label
from tests.evaluate.cases import RUBRIC, judged, label

Truth = dict[tuple[str, str], int | None]
Said = dict[tuple[str, str, str], int]  # arm, notebook, dimension
NAMES = [f"n{i:02}" for i in range(52)]
DIMENSIONS = ["first", "second"]


def predicted(said: Said) -> list[Prediction]:
    return [Prediction(arm, nb, d, score, float(score), {score: 1.0}, 0) for (arm, nb, d), score in said.items()]


def study(seed: int, arms: list[str], values: list[int] | None = None) -> tuple[list[Prediction], Truth]:
    random_ = random.Random(seed)
    values = values or [0, 1, 2, 3]
    truth: Truth = {(nb, d): random_.choice(values) for nb in NAMES for d in DIMENSIONS}
    said = {(arm, nb, d): random_.choice(values) for arm in arms for nb in NAMES for d in DIMENSIONS}
    return predicted(said), truth


def of(rows: tuple[ArmRow, ...], arm: str, dimension: str) -> ArmRow:
    (row,) = [row for row in rows if (row.arm, row.dimension) == (arm, dimension)]
    return row


def value(found: Interval | None) -> float:
    assert found is not None
    return found.value


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_what_scikit_learn_says(seed: int) -> None:
    predictions, truth = study(seed, ["base", "full"])
    rows, _, _ = summarise(RUBRIC, predictions, truth, [], ["base", "full"], [], bootstrap=10)
    assert [(row.arm, row.dimension) for row in rows] == [
        (arm, d) for arm in ("base", "full") for d in (*DIMENSIONS, MACRO)
    ]
    for row in rows:
        if row.dimension == MACRO:
            continue
        pairs = [
            (p.score, truth[p.notebook, p.dimension])
            for p in predictions
            if (p.arm, p.dimension) == (row.arm, row.dimension)
        ]
        mine, true = zip(*[pair for pair in pairs if 0 not in pair], strict=True)
        assert (row.n, row.ordinal) == (52, len(mine))
        assert value(row.mae) == pytest.approx(mean_absolute_error(true, mine))
        assert row.bias == pytest.approx(np.mean(mine) - np.mean(true))
        assert row.exact == pytest.approx(np.mean(np.equal(mine, true)))
        assert row.kappa == pytest.approx(cohen_kappa_score(true, mine, weights="quadratic"))
        matrix = confusion_matrix([t for _, t in pairs], [m for m, _ in pairs], labels=[0, 1, 2, 3])
        assert row.confusion == tuple(map(tuple, matrix.tolist()))
        assert row.na is not None
        assert (row.na.both, row.na.only_a, row.na.only_b) == (
            matrix[0, 0],
            matrix[1:, 0].sum(),
            matrix[0, 1:].sum(),
        )


def test_macro_rows_are_unweighted_means_and_sums() -> None:
    predictions, truth = study(1, ["base"])
    rows, _, _ = summarise(RUBRIC, predictions, truth, [], ["base"], [], bootstrap=200)
    first, second, macro = rows
    assert (macro.n, macro.ordinal) == (104, first.ordinal + second.ordinal)
    assert value(macro.mae) == pytest.approx((value(first.mae) + value(second.mae)) / 2)
    for name in ("bias", "exact", "kappa"):
        assert getattr(macro, name) == pytest.approx((getattr(first, name) + getattr(second, name)) / 2)
    assert (macro.na, macro.confusion) == (None, None)


def test_they_agree_with_the_agreement_of_the_same_scores() -> None:
    predictions, truth = study(2, ["base"])
    rows, _, _ = summarise(RUBRIC, predictions, truth, [], ["base"], [], bootstrap=10)
    same = agreement(RUBRIC, [judged(p.notebook, p.score, p.dimension) for p in predictions], [], truth)
    for row, other in zip(rows[:2], same.rows, strict=True):
        assert (row.n, row.ordinal, value(row.mae), row.bias, row.exact, row.kappa, row.na, row.confusion) == (
            other.judge.n,
            other.judge.ordinal,
            other.judge.mae,
            other.judge.bias,
            other.judge.exact,
            other.judge.kappa,
            other.judge.na,
            other.judge.confusion,
        )
    assert value(rows[2].mae) == pytest.approx(same.macro.mae)


def test_macro_intervals_and_gains_are_those_of_scipy_with_notebooks_drawn_for_all_dimensions_at_once() -> None:
    predictions, truth = study(3, ["base", "full"], [1, 2, 3])
    errors = {arm: np.zeros((52, 2)) for arm in ("base", "full")}
    for p in predictions:
        errors[p.arm][NAMES.index(p.notebook), DIMENSIONS.index(p.dimension)] = abs(
            p.score - (truth[p.notebook, p.dimension] or 0)
        )
    rows, found, _ = summarise(
        RUBRIC, predictions, truth, [], ["base", "full"], [("full", "base")], bootstrap=20_000, seed=1
    )
    mae = of(rows, "base", MACRO).mae
    assert [(d.dimension, d.pairs) for d in found] == [("first", 52), ("second", 52), (MACRO, 104)]
    figures = errors["base"] - errors["full"]
    for mine, per_notebook in [
        (mae, errors["base"].mean(axis=1)),
        (found[0].gain, figures[:, 0]),
        (found[2].gain, figures.mean(axis=1)),
    ]:
        assert mine is not None
        theirs = stats.bootstrap(
            (per_notebook,), np.mean, n_resamples=20_000, method="percentile", rng=2
        ).confidence_interval
        assert mine.value == pytest.approx(per_notebook.mean())
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.05 * (theirs.high - theirs.low))


def test_one_sided_na_is_counted_and_gains_are_on_what_both_arms_scored() -> None:
    truth: Truth = {(nb, "first"): 3 for nb in "abcd"}
    said: Said = {("base", nb, "first"): 1 for nb in "abcd"}
    said |= {("shy", "a", "first"): 3, ("shy", "b", "first"): 1, ("shy", "c", "first"): 0, ("shy", "d", "first"): 0}
    rows, (gain, _), _ = summarise(
        RUBRIC, predicted(said), truth, [], ["base", "shy"], [("shy", "base")], bootstrap=100
    )
    shy = of(rows, "shy", "first")
    assert (shy.n, shy.ordinal, value(shy.mae)) == (4, 2, 1.0)
    assert shy.na is not None
    assert (shy.na.only_a, shy.na.neither) == (2, 2)
    assert (gain.pairs, gain.gain.value) == (2, 1.0)
    (sentence,) = [s for s in notes(rows, NAMES) if s.startswith("shy")]
    assert "2 of 4 cases (50%)" in sentence
    assert "above all in first" in sentence


def test_an_arm_that_says_nothing_is_told_too() -> None:
    truth: Truth = {(nb, "first"): 2 for nb in NAMES}
    said: Said = {("base", nb, "first"): 2 for nb in NAMES}
    said |= {("half", nb, "first"): 2 for nb in NAMES[:26]}
    rows, found, _ = summarise(
        RUBRIC,
        predicted(said),
        truth,
        [],
        ["base", "half", "mute"],
        [("half", "base"), ("mute", "base")],
        bootstrap=50,
    )
    assert [(d.arm, d.pairs) for d in found] == [("half", 26), ("half", 26)]
    assert of(rows, "mute", "first") == replace(of(rows, "mute", "first"), n=0, ordinal=0, mae=None, kappa=None)
    assert of(rows, "mute", MACRO).mae is None
    said_of = notes(rows, NAMES)
    assert len(said_of) == 2
    assert said_of[0].startswith("half says N/A or nothing in 26 of 52 cases (50%)")
    assert said_of[1] == "mute has scores in 0 of 1 dimensions."


def test_an_arm_of_some_dimensions_alone_is_not_blamed_for_the_others() -> None:
    truth: Truth = {(nb, d): 2 for nb in NAMES for d in DIMENSIONS}
    said: Said = {("base", nb, d): 3 for nb in NAMES for d in DIMENSIONS}
    said |= {("part", nb, "second"): 2 for nb in NAMES}
    rows, found, _ = summarise(RUBRIC, predicted(said), truth, [], ["base", "part"], [("part", "base")], bootstrap=500)
    assert notes(rows, NAMES) == ("part has scores in 1 of 2 dimensions; its mean is over these alone.",)
    assert [(d.dimension, d.pairs, d.gain.value) for d in found] == [("second", 52, 1.0), (MACRO, 52, 1.0)]


def test_a_few_left_out_are_not_worth_a_sentence() -> None:
    truth: Truth = {(nb, d): 2 for nb in NAMES for d in DIMENSIONS}
    for quiet, told in ((5, False), (6, True)):  # of 104: 4.8% and 5.8%
        said: Said = {("base", nb, d): 2 for nb in NAMES for d in DIMENSIONS}
        said |= {("base", nb, "first"): 0 for nb in NAMES[:quiet]}
        rows, _, _ = summarise(RUBRIC, predicted(said), truth, [], ["base"], [], bootstrap=10)
        assert bool(notes(rows, NAMES)) == told


def test_few_notebooks_and_few_resamples_are_told() -> None:
    truth: Truth = {(nb, d): 2 for nb in NAMES for d in DIMENSIONS}
    said: Said = {("base", nb, d): 2 for nb in NAMES for d in DIMENSIONS}
    rows, _, _ = summarise(RUBRIC, predicted(said), truth, [], ["base"], [], bootstrap=10)
    assert notes(rows, NAMES, None, 10_000) == ()
    assert notes(rows, NAMES[:4]) == (
        "With only 4 notebooks the intervals and p-values are rough, and rather too narrow.",
    )
    groups = {nb: str(i % 3) for i, nb in enumerate(NAMES)}
    assert notes(rows, NAMES, groups)[0].startswith("With only 3 groups of notebooks")
    assert notes(rows, NAMES, None, 50)[0].startswith("With 50 resamples no gain")  # 2/51 twice is more than 5%
    assert notes([], []) == ()


def test_unsettled_strange_and_foreign_scores_are_passed_over() -> None:
    truth: Truth = {("a", "first"): 2, ("b", "first"): None, ("c", "first"): 7, ("a", "other"): 1, ("d", "first"): 1}
    said: Said = {("base", nb, "first"): 3 for nb in "abcde"}
    said |= {("base", "a", "other"): 3, ("unasked", "a", "first"): 1, ("base", "d", "first"): 9}
    rows, _, _ = summarise(RUBRIC, predicted(said), truth, [], ["base"], [], bootstrap=10)
    assert [(row.dimension, row.n) for row in rows] == [("first", 1), (MACRO, 1)]
    assert rows[0].mae == Interval(1.0, 1.0, 1.0)


def test_the_dimensions_evaluated_may_be_named() -> None:
    rows, found, floors = summarise(
        RUBRIC, [], {}, [], ["base"], [("base", "base")], bootstrap=10, dimensions=["second", "first"]
    )
    assert [row.dimension for row in rows] == [*DIMENSIONS, MACRO]
    assert all((row.n, row.mae) == (0, None) for row in rows)
    assert found == ()
    assert floors == tuple(Floor(d, 0, None) for d in (*DIMENSIONS, MACRO))
    rows, _, _ = summarise(RUBRIC, [], {}, [], ["base"], [], bootstrap=10)
    assert [row.dimension for row in rows] == [MACRO]


def test_the_floor_is_the_distance_of_every_two_raters() -> None:
    random_ = random.Random(4)
    labels: list[Label] = []
    for nb in NAMES[:30]:
        for rater in random_.sample(["ann", "bob", "cem"], random_.randint(1, 3)):
            labels.append(label(nb, random_.choice([0, 1, 2, 3]), rater))
    labels += [label("n00", 1, "boss", role="decision"), label("n00", 1, "dan", rubric="else")]
    distances = [
        abs(a.score - b.score)
        for a, b in combinations(labels[:-2], 2)
        if a.notebook == b.notebook and 0 not in (a.score, b.score)
    ]
    predictions, truth = study(1, ["base"])
    _, _, (first, second, macro) = summarise(RUBRIC, predictions, truth, labels, ["base"], [], bootstrap=500)
    assert (first.dimension, first.pairs) == ("first", len(distances))
    assert value(first.mae) == pytest.approx(np.mean(distances))
    assert first.mae is not None
    assert first.mae.low < first.mae.value < first.mae.high
    assert second == Floor("second", 0, None)
    assert macro == Floor(MACRO, len(distances), first.mae)
    same = agreement(RUBRIC, [], labels[:-2], {})
    assert value(first.mae) == pytest.approx(same.rows[0].raters.mae)


def test_grouped_notebooks_are_drawn_together() -> None:
    predictions, truth = study(5, ["base"], [1, 2, 3])
    groups = dict.fromkeys(NAMES, "all")
    labels = [label(nb, 1 + i % 3, rater) for nb in NAMES for i, rater in enumerate(("ann", "bob"))]
    rows, _, floors = summarise(RUBRIC, predictions, truth, labels, ["base"], [], groups, bootstrap=50)
    for found in (rows[0].mae, rows[2].mae, floors[0].mae):
        assert found is not None
        assert found.low == found.value == found.high


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_anything_gives_finite_figures_and_no_warning(data: st.DataObject) -> None:
    key = st.tuples(st.sampled_from(NAMES[:5]), st.sampled_from(DIMENSIONS))
    truth: Truth = data.draw(st.dictionaries(key, st.none() | st.integers(0, 4)))
    keyed = st.tuples(st.sampled_from(["base", "full"]), st.sampled_from(NAMES[:5]), st.sampled_from(DIMENSIONS))
    said: Said = data.draw(st.dictionaries(keyed, st.integers(0, 3)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows, found, floors = summarise(
            RUBRIC, predicted(said), truth, [], ["base", "full"], [("full", "base")], bootstrap=20
        )
    ids = {d for (_, _, d) in said}
    assert len(rows) == 2 * (len(ids) + 1)
    assert len(floors) == len(ids) + 1
    both = {(nb, d) for (arm, nb, d), s in said.items() if arm == "base" and s and said.get(("full", nb, d))}
    both = {key for key in both if truth.get(key) in (1, 2, 3)}
    assert sum(d.pairs for d in found if d.dimension == MACRO) == len(both)
    assert sum(d.pairs for d in found if d.dimension != MACRO) == len(both)
    for interval in (*(row.mae for row in rows), *(d.gain for d in found)):
        if interval is not None:
            assert np.isfinite([interval.value, interval.low, interval.high]).all()
    assert all(row.ordinal <= row.n for row in rows)
    assert all(0 < d.p <= d.adjusted <= 1 for d in found)
    notes(rows, NAMES[:5], None, 20)


def test_figures_do_not_depend_on_the_order_or_on_what_else_is_compared() -> None:
    predictions, truth = study(6, ["base", "full"])
    pair = [("full", "base")]
    rows, found, _ = summarise(RUBRIC, predictions, truth, [], ["base", "full"], pair, bootstrap=100, seed=9)
    again, same, _ = summarise(
        RUBRIC, predictions[::-1], truth, [], ["full", "base"], [("base", "full"), *pair], bootstrap=100, seed=9
    )
    assert set(rows) == set(again)
    assert found == same[3:]
    opposite: list[Difference] = list(same[:3])
    assert [d.gain.value for d in opposite] == [pytest.approx(-d.gain.value) for d in found]
    assert [d.p for d in opposite] == [pytest.approx(d.p) for d in found]


def test_impossible_calls_are_refused() -> None:
    predictions, truth = study(1, ["base"])
    with pytest.raises(NotFound, match="no arm 'full'"):
        summarise(RUBRIC, predictions, truth, [], ["base"], [("full", "base")])
    with pytest.raises(ValueError, match="twice"):
        summarise(RUBRIC, predictions * 2, truth, [], ["base"], [])
    with pytest.raises(UsageError, match="0 resamples"):
        summarise(RUBRIC, predictions, truth, [], ["base"], [], bootstrap=0)
