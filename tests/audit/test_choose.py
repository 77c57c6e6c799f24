"""What is picked: random samples that are random, then doubt and novelty."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.audit.choose import draw_random, draw_telling, random_count, rank_telling
from nbalign.audit.doubt import doubt
from nbalign.audit.likeness import bag, nearest, stems, vectors
from nbalign.notebooks import read
from nbalign.rubrics.model import Scale
from tests.evaluate.cases import SCALE
from tests.notebooks.build import code, markdown, notebook

NAMES = [f"n{n}" for n in range(6)]


@given(st.sets(st.sampled_from(NAMES)), st.integers(-1, 9), st.integers(0, 99))
def test_a_random_draw_is_a_sample_without_repeats_and_weighs_what_it_stands_for(
    frame: set[str], count: int, seed: int
) -> None:
    drawn = draw_random(frame, count, seed)
    assert len({choice.notebook for choice in drawn}) == len(drawn) == min(max(count, 0), len(frame))
    assert {choice.notebook for choice in drawn} <= frame
    assert sum(choice.weight for choice in drawn) == pytest.approx(len(frame) if drawn else 0)
    assert drawn == draw_random(sorted(frame, reverse=True), count, seed)


def test_every_sample_is_as_likely_and_so_is_its_first_part() -> None:
    seen = Counter(tuple(choice.notebook for choice in draw_random(NAMES, 2, seed)) for seed in range(6000))
    pairs = [sum(seen[order] for order in (pair, pair[::-1])) for pair in combinations(NAMES, 2)]
    firsts = [sum(count for order, count in seen.items() if order[0] == name) for name in NAMES]
    # Five standard deviations of a binomial count with p = 1/15 and 1/6.
    assert all(abs(count - 400) < 5 * (6000 / 15 * 14 / 15) ** 0.5 for count in pairs)
    assert all(abs(count - 1000) < 5 * (6000 / 6 * 5 / 6) ** 0.5 for count in firsts)


@pytest.mark.parametrize(
    ("count", "share", "random"),
    [(10, 0.4, 4), (30, 0.1, 3), (1, 0.4, 1), (3, 0.5, 2), (5, 0, 0), (5, 1, 5), (0, 1, 0)],
)
def test_the_random_share_is_rounded_up(count: int, share: float, random: int) -> None:
    assert random_count(count, share) == random


def test_doubt_is_zero_for_a_sure_judge_and_knows_distances() -> None:
    assert doubt({3: 1.0}, SCALE) == 0
    assert doubt({1: 0.5, 3: 0.5}, SCALE) == pytest.approx(0.5)
    assert doubt({2: 0.5, 3: 0.5}, SCALE) == pytest.approx(0.25)
    assert doubt({0: 0.5, 3: 0.5}, SCALE) == pytest.approx(0.5)
    assert doubt({}, SCALE) == pytest.approx(doubt(dict.fromkeys((0, 1, 2, 3), 0.25), SCALE))


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_doubt_stays_in_its_range_and_does_not_mind_scaling(shares: list[float]) -> None:
    given_ = dict(zip((0, 1, 2, 3), shares, strict=True))
    found = doubt(given_, SCALE)
    assert 0 <= found <= 2 / 3 + 1e-9
    if sum(shares) > 1e-3:
        assert doubt({value: 3 * share for value, share in given_.items()}, SCALE) == pytest.approx(found)


def test_doubt_on_a_scale_without_not_applicable() -> None:
    assert doubt({1: 0.5, 5: 0.5}, Scale(dict.fromkeys(range(1, 6), "x"), None)) == pytest.approx(0.5)


def test_the_doubtful_come_first_where_all_are_equally_familiar() -> None:
    doubts = {"n0": 0.1, "n1": 0.5, "n2": 0.3}
    first, _ = draw_telling(list(doubts), 2, doubts, {name: Counter("x") for name in doubts}, [])
    assert (first.notebook, first.why) == ("n1", "uncertain")


def test_the_unfamiliar_come_first_where_doubt_is_equal_and_a_copy_is_not_picked_next() -> None:
    words = {
        "known": Counter(["price", "house"]),
        "same": Counter(["price", "house"]),
        "new": Counter(["tide", "moon"]),
        "copy": Counter(["tide", "moon"]),
        "other": Counter(["whale", "house"]),
    }
    chosen = draw_telling(["same", "new", "copy", "other"], 2, {}, words, ["known"])
    assert {choice.why for choice in chosen} == {"novel"}
    assert chosen[0].notebook in ("new", "copy")
    assert chosen[1].notebook == "other"
    assert chosen[0].novelty == pytest.approx(1)


def test_a_notebook_that_cannot_be_read_is_never_novel() -> None:
    words = {"known": Counter(["price"]), "read": Counter(["price", "tide"])}
    assert draw_telling(["broken", "read"], 1, {}, words, ["known"])[0].notebook == "read"


@given(st.dictionaries(st.sampled_from(NAMES), st.floats(0, 0.6), min_size=1), st.integers(0, 8))
def test_telling_picks_are_candidates_without_repeats(doubts: dict[str, float], count: int) -> None:
    chosen = [choice.notebook for choice in draw_telling(list(doubts), count, doubts, {}, ["n0"])]
    assert len(set(chosen)) == len(chosen) == min(count, len(doubts))
    assert set(chosen) <= set(doubts)


def test_stems_come_from_words_and_identifiers_alike() -> None:
    found = read(notebook(markdown("Imputing missing values"), code("imputed_value = fillMissing(42)")), "a.ipynb")
    counted = stems(found)
    assert counted["imput"] == 2
    assert counted["valu"] + counted["value"] == 2
    assert counted["miss"] == 2 or counted["missing"] + counted["miss"] == 2
    assert "42" not in counted


def test_likeness_is_a_cosine() -> None:
    table = vectors([bag(Counter(words)) for words in (["a b", "c"], ["a b", "c"], ["d"], [])])
    assert np.linalg.norm(table, axis=1) == pytest.approx([1, 1, 1, 0])
    assert nearest(table[1:], table[:1]) == pytest.approx([1, 0, 0], abs=1e-6)
    assert nearest(table, table[:0]).tolist() == [0, 0, 0, 0]


def test_all_are_ranked_once_and_copies_of_the_first_come_last_among_equals() -> None:
    bags = {name: bag(Counter(words)) for name, words in {"a": ["tide"], "b": ["tide"], "c": ["price"]}.items()}
    ranked = [choice.notebook for choice in rank_telling(["a", "b", "c"], {}, bags, [])]
    assert ranked == ["a", "c", "b"]
    assert [choice.notebook for choice in rank_telling(["a", "b", "c"], {}, bags, [], greedy=0)] == ["a", "b", "c"]


def test_what_is_covered_already_makes_its_like_familiar() -> None:
    bags = {name: bag(Counter(words)) for name, words in {"a": ["tide"], "b": ["tide"], "c": ["price"]}.items()}
    ranked = [choice.notebook for choice in rank_telling(["a", "b", "c"], {}, bags, [], covered=["b"])]
    assert ranked == ["c", "a", "b"]
