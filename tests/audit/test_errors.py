"""The error on random picks: weighted means, their intervals, and why no other pick may enter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.audit.errors import FEWEST, estimate, promised_macro, worse
from nbalign.audit.picking import pick
from nbalign.audit.status import Judged, audit
from nbalign.evaluate.experiment.model import Interval
from nbalign.judge.model import Judgement
from tests.audit.made import Kept, no_words, picked, unsure
from tests.evaluate.cases import RUBRIC, judged

Truth = dict[tuple[str, str], int | None]


def population(size: int = 40) -> tuple[dict[str, list[Judgement]], Truth]:
    """Notebooks whose judge is more often wrong where it is unsure."""
    rng = np.random.default_rng(5)
    found: dict[str, list[Judgement]] = {}
    truth: Truth = {}
    for n in range(size):
        hard = rng.random()
        found[f"n{n:02}"] = [unsure(f"n{n:02}", 3, 0.5 * hard)]
        truth[f"n{n:02}", "first"] = 3 - int(rng.binomial(2, 0.9 if hard > 0.6 else 0.1))
    return found, truth


def mean_error(notebooks: set[str], truth: Truth) -> float:
    return float(np.mean([3 - (truth[notebook, "first"] or 0) for notebook in notebooks]))


def mae(found: dict[str, list[Judgement]], kept: Kept, truth: Truth, labelled: set[str], every: bool) -> float:
    """The audit's macro MAE; with `every`, as if all picks had been drawn together at random."""
    scores = [judgement for each in found.values() for judgement in each]
    picks = [picked(p.notebook, "random", 1, p.at) for p in kept.picks] if every else kept.picks
    known = {key: score for key, score in truth.items() if key[0] in labelled}
    macro = audit(RUBRIC, Judged("tiny", "", scores, (), None), picks, known, resamples=2).rows[-1].mae
    assert macro is not None
    return macro.value


def test_random_picks_are_unbiased_and_picks_for_doubt_would_inflate_the_error() -> None:
    found, truth = population()
    true = mean_error(set(found), truth)
    honest, inflated = [], []
    for seed in range(120):
        kept = Kept()
        pick(kept, RUBRIC, ("tiny", ""), found, set(), no_words, {}, 16, 0.5, seed)
        labelled = {p.notebook for p in kept.picks}
        honest.append(mae(found, kept, truth, labelled, every=False))
        inflated.append(mae(found, kept, truth, labelled, every=True))
    spread = np.std(honest) / math.sqrt(len(honest))
    assert abs(np.mean(honest) - true) < 4 * spread
    assert np.mean(inflated) > true + 8 * spread


def test_over_several_rounds_the_error_is_that_of_what_was_unlabelled_each_time() -> None:
    """Only random picks are labelled; those for doubt, the hard ones, wait on and stay in the second round's frame."""
    found, truth = population()
    differences = []
    for seed in range(120):
        kept = Kept()
        pick(kept, RUBRIC, ("tiny", ""), found, set(), no_words, {}, 16, 0.5, seed)
        labelled = {p.notebook for p in kept.picks if p.why == "random"}
        frame = set(found) - labelled
        pick(kept, RUBRIC, ("tiny", ""), found, labelled, no_words, {}, 16, 1, seed)
        everything = labelled | {p.notebook for p in kept.picks}
        expected = (40 * mean_error(set(found), truth) + 32 * mean_error(frame, truth)) / 72
        differences.append(mae(found, kept, truth, everything, every=False) - expected)
    assert abs(np.mean(differences)) < 4 * np.std(differences) / math.sqrt(len(differences))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.5, 9)), min_size=1, max_size=12))
def test_the_estimate_is_the_weighted_mean_within_its_interval(entries: list[tuple[int, float]]) -> None:
    figures = {(f"n{n}", "first"): float(error) for n, (error, _) in enumerate(entries)}
    weights = {f"n{n}": weight for n, (_, weight) in enumerate(entries)}
    found = estimate(figures, weights, ["first", "second"], resamples=200)
    mean = np.average([e for e, _ in entries], weights=[w for _, w in entries])
    first = found.of["first"]
    assert first is not None
    assert first.value == pytest.approx(mean)
    assert min(e for e, _ in entries) - 1e-9 <= first.low <= first.high <= max(e for e, _ in entries) + 1e-9
    assert found.of["second"] is None
    assert found.macro is not None
    assert found.macro.value == pytest.approx(mean)


def test_equal_weights_give_the_plain_bootstrap_and_every_dimension_counts_the_same() -> None:
    figures = {(f"n{n}", "first"): float(n % 2) for n in range(20)} | {("n0", "second"): 2.0, ("n1", "second"): 2.0}
    found = estimate(figures, dict.fromkeys([f"n{n}" for n in range(20)], 3.0), ["first", "second"])
    first, macro = found.of["first"], found.macro
    assert first is not None
    assert macro is not None
    assert first.value == 0.5
    assert macro.value == pytest.approx((0.5 + 2) / 2)
    # The percentiles of a binomial with n = 20, p = 1/2, over n.
    assert [first.low, first.high] == pytest.approx([0.3, 0.7], abs=0.051)
    assert estimate(figures, dict.fromkeys([f"n{n}" for n in range(20)], 3.0), ["first", "second"]) == found


def test_nothing_labelled_gives_no_figure() -> None:
    found = estimate({}, {}, ["first"])
    assert (found.of["first"], found.macro) == (None, None)


def test_worse_needs_a_difference_beyond_both_uncertainties_and_enough_picks() -> None:
    promised = Interval(0.3, 0.2, 0.4)
    assert worse(Interval(0.6, 0.4, 0.8), promised, FEWEST)
    assert not worse(Interval(0.5, 0.3, 0.7), promised, FEWEST)
    assert not worse(Interval(0.6, 0.4, 0.8), promised, FEWEST - 1)
    assert not worse(Interval(0.1, 0.1, 0.1), promised, 100)
    assert not worse(None, promised, 100)
    assert not worse(Interval(1, 1, 1), None, 100)


def test_the_promise_of_the_mean_is_about_the_dimensions_that_are_audited() -> None:
    a, b, mean = Interval(0.2, 0.1, 0.3), Interval(0.6, 0.4, 0.8), Interval(0.4, 0.35, 0.45)
    promised = {"first": a, "second": b, "": mean}
    assert promised_macro(promised, ["first", "second"], "") == mean
    assert promised_macro(promised, ["first"], "") == a
    assert promised_macro(promised, ["first", "third"], "") is None
    assert promised_macro({}, ["first"], "") is None
    assert promised_macro(promised, [], "") is None


def test_what_a_memory_learned_from_and_not_applicable_are_counted_and_left_out() -> None:
    scores = [judged("a", 3), judged("b", 3), judged("c", 0), judged("d", 2)]
    truth: Truth = {("a", "first"): 1, ("b", "first"): 2, ("c", "first"): 3, ("d", "first"): 0, ("a", "second"): 1}
    picks = [picked(name) for name in "abcde"] + [picked("x", "novel")]
    found = audit(RUBRIC, Judged("tiny", "m", scores, {"a"}, None), picks, truth, resamples=50)
    row = found.rows[0]
    assert (row.notebooks, row.pairs, row.na_judge_only, row.na_raters_only) == (3, 1, 1, 1)
    assert row.mae is not None
    assert (row.mae.value, row.bias) == (1, 1)
    assert (found.labelled, found.learned, found.rounds[0].picked) == (3, 1, 5)
    assert found.rows[1].mae is None


def test_rounds_are_told_apart() -> None:
    scores = [judged("a", 3), judged("b", 3)]
    truth: Truth = {("a", "first"): 3, ("b", "first"): 1}
    picks = [picked("a"), picked("b", at="2025-02-01T00:00:00+00:00"), picked("c", at="2025-03-01T00:00:00+00:00")]
    rounds = audit(RUBRIC, Judged("tiny", "", scores, (), None), picks, truth, resamples=50).rounds
    assert [(r.at[:7], r.labelled, r.mae.value if r.mae else None) for r in rounds] == [
        ("2025-01", 1, 0),
        ("2025-02", 1, 2),
        ("2025-03", 0, None),
    ]
