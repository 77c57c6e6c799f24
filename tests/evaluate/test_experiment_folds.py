from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.errors import UsageError
from nbalign.evaluate.experiment.folds import assign, folds_note

Truth = dict[tuple[str, str], int | None]

notebook = st.text("abcdef\ud800é\0", min_size=1, max_size=5)
score = st.none() | st.integers(0, 3)


@st.composite
def studies(draw: st.DrawFn) -> tuple[list[str], Truth, dict[str, str]]:
    notebooks = draw(st.lists(notebook, min_size=2, max_size=30, unique=True))
    truth = draw(st.dictionaries(st.tuples(st.sampled_from(notebooks), st.sampled_from("xyz")), score, max_size=90))
    groups = draw(st.dictionaries(st.sampled_from(notebooks), st.sampled_from("pqr"), max_size=12))
    return notebooks, truth, groups


def parts(notebooks: list[str], groups: dict[str, str]) -> list[set[str]]:
    whole = [{n for n in notebooks if groups.get(n) == g} for g in set(groups.values())]
    return [*filter(None, whole), *({n} for n in notebooks if n not in groups)]


def sizes(folds: dict[str, int]) -> list[int]:
    return list(Counter(folds.values()).values())


def made(n: int, seed: int = 1, dimensions: int = 5) -> tuple[list[str], Truth]:
    random_ = random.Random(seed)
    notebooks = [f"n{i:03}" for i in range(n)]
    weights = {f"d{d}": random_.choice([(1, 1, 6, 12), (0, 1, 1, 1), (4, 1, 1, 1)]) for d in range(dimensions)}
    return notebooks, {(nb, d): random_.choices(range(4), w)[0] for nb in notebooks for d, w in weights.items()}


@settings(deadline=None)
@given(studies(), st.integers(2, 8), st.integers())
def test_folds_are_a_partition_that_never_splits_a_group(
    study: tuple[list[str], Truth, dict[str, str]], k: int, seed: int
) -> None:
    notebooks, truth, groups = study
    units = parts(notebooks, groups)
    if len(units) < 2:
        with pytest.raises(UsageError, match="at least two"):
            assign(notebooks, truth, k, seed, groups)
        return
    folds = assign(notebooks, truth, k, seed, groups)
    assert set(folds) == set(notebooks)
    assert set(folds.values()) == set(range(min(k, len(units))))
    assert all(len({folds[n] for n in unit}) == 1 for unit in units)
    assert max(sizes(folds)) - min(sizes(folds)) <= max(map(len, units))
    assert bool(folds_note(folds, k)) == (len(units) < k)


@settings(deadline=None)
@given(studies(), st.integers(2, 8))
def test_without_groups_sizes_differ_by_one_at_most(study: tuple[list[str], Truth, dict[str, str]], k: int) -> None:
    notebooks, truth, _ = study
    found = sizes(assign(notebooks, truth, k, 0, None))
    assert max(found) - min(found) <= 1


@settings(deadline=None)
@given(studies(), st.integers(2, 6), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(
    study: tuple[list[str], Truth, dict[str, str]], k: int, shuffler: random.Random
) -> None:
    notebooks, truth, groups = study
    if len(parts(notebooks, groups)) < 2:
        return
    others, entries, named = [*notebooks, *notebooks[:2]], list(truth.items()), list(groups.items())
    for each in (others, entries, named):
        shuffler.shuffle(each)
    assert assign(notebooks, truth, k, 3, groups) == assign(others, dict(entries), k, 3, dict(named))


def test_another_seed_gives_other_folds() -> None:
    notebooks, truth = made(40)
    assert assign(notebooks, truth, 4, 0) != assign(notebooks, truth, 4, 1)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(24, 70))
def test_every_fold_has_its_share_of_every_score_of_every_dimension(seed: int, k: int, n: int) -> None:
    notebooks, truth = made(n, seed)
    folds = assign(notebooks, truth, k, seed)
    whole = Counter((d, s) for (_, d), s in truth.items())
    there = Counter((folds[nb], d, s) for (nb, d), s in truth.items())
    off = [abs(there[fold, *kind] - count / k) for kind, count in whole.items() for fold in range(k)]
    assert max(off) <= 3
    assert sum(off) / len(off) < 0.75


def test_shares_are_far_nearer_to_the_whole_than_by_chance() -> None:
    notebooks, truth = made(60, dimensions=9)

    def unevenness(folds: dict[str, int]) -> float:
        whole = Counter((d, s) for (_, d), s in truth.items())
        there = Counter((folds[nb], d, s) for (nb, d), s in truth.items())
        return sum((there[fold, *kind] - n / 4) ** 2 / n for kind, n in whole.items() for fold in range(4))

    random_ = random.Random(0)
    by_chance = []
    for _ in range(20):
        shuffled = random_.sample(notebooks, len(notebooks))
        by_chance.append(unevenness({nb: i % 4 for i, nb in enumerate(shuffled)}))
    assert unevenness(assign(notebooks, truth, 4, 0)) < min(by_chance) / 3


def test_groups_are_spread_by_their_scores_too() -> None:
    notebooks = [f"n{i}" for i in range(24)]
    groups = {nb: f"g{i // 3}" for i, nb in enumerate(notebooks)}  # eight groups of three, half of them all bad
    truth: Truth = {(nb, "d"): 1 if i < 12 else 3 for i, nb in enumerate(notebooks)}
    for seed in range(10):
        folds = assign(notebooks, truth, 4, seed, groups)
        assert Counter((folds[nb], s) for (nb, _), s in truth.items()) == {(f, s): 3 for f in range(4) for s in (1, 3)}


def test_many_notebooks_are_stratified_as_well() -> None:
    notebooks, truth = made(1000)
    folds = assign(notebooks, truth, 5, 0)
    whole = Counter((d, s) for (_, d), s in truth.items())
    there = Counter((folds[nb], d, s) for (nb, d), s in truth.items())
    assert sizes(folds) == [200] * 5
    assert all(abs(there[fold, *kind] - n / 5) <= 2 for kind, n in whole.items() for fold in range(5))


@settings(deadline=None)
@given(studies(), st.integers(2, 4), st.data())
def test_an_earlier_assignment_is_kept_and_only_new_notebooks_are_placed(
    study: tuple[list[str], Truth, dict[str, str]], k: int, data: st.DataObject
) -> None:
    notebooks, truth, _ = study
    before = assign(notebooks, truth, k, 0)
    if len(set(before.values())) < k:
        return
    changed: Truth = {key: data.draw(score) for key in truth}
    more = [*notebooks, "new 1", "new 2", "new 3"]
    after = assign(more, changed, k, 99, previous=before)
    assert {nb: after[nb] for nb in notebooks} == before
    assert max(sizes(after)) - min(sizes(after)) <= 1


def test_new_notebooks_go_where_their_scores_are_missing() -> None:
    before = {"a": 0, "b": 0, "c": 1, "d": 1}
    truth: Truth = {("a", "x"): 1, ("b", "x"): 1, ("c", "x"): 3, ("d", "x"): 3, ("e", "x"): 1, ("f", "x"): 3}
    for seed in range(8):
        after = assign([*"abcdef"], truth, 2, seed, previous=before)
        assert (after["e"], after["f"]) == (1, 0)


def test_an_earlier_assignment_is_left_where_it_does_not_fit() -> None:
    notebooks, truth = made(20)
    fresh = assign(notebooks, truth, 4, 0)
    assert assign(notebooks, truth, 4, 0, previous=assign(notebooks, truth, 5, 0)) == fresh  # another K
    assert assign(notebooks, truth, 4, 0, previous={}) == fresh
    shifted = {nb: (fold + 1) % 4 for nb, fold in fresh.items()}
    assert assign(notebooks, truth, 4, 0, previous=shifted) == shifted
    assert assign(notebooks, truth, 4, 0, previous=shifted, stable=False) == fresh
    # Nothing is left of fold 3: keeping the rest would leave it empty.
    without = [nb for nb in notebooks if fresh[nb] != 3]
    assert set(assign(without, truth, 4, 0, previous=fresh).values()) == {0, 1, 2, 3}


def test_a_group_that_was_split_before_goes_where_most_of_it_was() -> None:
    before = {"a": 0, "b": 0, "c": 1, "d": 1, "e": 1}
    after = assign([*"abcde"], {}, 2, 0, {"a": "g", "b": "g", "c": "g"}, previous=before)
    assert after == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1}


def test_a_group_named_as_a_lone_notebook_is_another_thing() -> None:
    folds = assign(["a", "b"], {}, 2, 0, {"a": "b"})
    assert folds["a"] != folds["b"]


def test_what_cannot_be_held_out_is_told() -> None:
    with pytest.raises(UsageError, match="1 folds"):
        assign(["a", "b"], {}, 1, 0)
    with pytest.raises(UsageError, match="there are 0"):
        assign([], {}, 4, 0)
    with pytest.raises(UsageError, match=r"groups of notebooks.* there is 1"):
        assign(["a", "b"], {}, 4, 0, {"a": "g", "b": "g"})


def test_fewer_folds_are_told_in_a_sentence() -> None:
    folds = assign([*"abc"], {}, 5, 0)
    assert sorted(folds.values()) == [0, 1, 2]
    assert folds_note(folds, 5) == (
        "There are only 3 folds instead of 5, because there are only 3 groups that stay together."
    )
    assert folds_note(folds, 3) == ""
