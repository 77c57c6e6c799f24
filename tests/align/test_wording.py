"""A memory's words in a prompt: one line each, within budgets, rejected ones never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.model import Guideline, State
from nbalign.align.wording import GUIDELINES_HEAD, PRECEDENTS_HEAD, budgets, guidelines_shown, in_words, memory_text
from nbalign.rubrics.model import Scale

GRADES = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "Not applicable."}, 0)


def count(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def rule(text: str, state: State = "proposed") -> Guideline:
    return Guideline("0" * 12, "d", text, state, (1,))


@given(st.lists(st.tuples(st.text(max_size=60), st.sampled_from(get_args(State))), max_size=8), st.integers(0, 60))
def test_lines_fit_and_stay_lines(told: list[tuple[str, State]], budget: int) -> None:
    shown = guidelines_shown([rule(text, state) for text, state in told], GRADES, count, budget)
    lines = shown.split("\n") if shown else []
    assert len(lines) <= sum(state != "rejected" for _, state in told)
    assert all(line.startswith("- ") and "\r" not in line and "\x1b" not in line for line in lines)
    assert sum(count([line + "\n" for line in lines])) <= budget


def test_the_strongest_come_first_and_a_long_one_makes_room_for_a_short_one() -> None:
    rules = [rule("first of four words"), rule("much too long " * 9), rule("rejected", "rejected"), rule("last")]
    assert guidelines_shown(rules, GRADES, count, 8) == "- first of four words\n- last"
    assert guidelines_shown(rules, GRADES, count, 0) == ""


def test_scores_are_said_in_words_where_the_scale_has_them() -> None:
    assert in_words("Score 1 when rows leak.", GRADES) == "Bad when rows leak."
    assert in_words("Score 0 when nothing is missing.", GRADES) == "N/A when nothing is missing."
    for text in ("Score 7 when rows leak.", "Score 12 when rows leak.", "A score 1 when rows leak.", "Score 1"):
        assert in_words(text, GRADES) == text
    bare = Scale(dict.fromkeys(range(1, 7), ""), None)
    assert in_words("Score 4 when it flows.", bare) == "Score 4 when it flows."
    assert guidelines_shown([rule("Score 3 when it flows.")], GRADES, count, 20) == "- Good when it flows."


def test_headings_stand_over_what_is_there_alone() -> None:
    assert memory_text("", "") == ""
    assert memory_text("- a", "") == f"{GUIDELINES_HEAD}\n- a"
    assert memory_text("", "- b") == f"{PRECEDENTS_HEAD}\n- b"
    assert memory_text("- a", "- b") == f"{GUIDELINES_HEAD}\n- a\n{PRECEDENTS_HEAD}\n- b"


@given(st.integers(-50, 500), st.integers(0, 200), st.integers(0, 200))
def test_budgets_and_headings_together_never_take_more_than_the_room(room: int, rules: int, cases: int) -> None:
    heads = sum(count([GUIDELINES_HEAD, PRECEDENTS_HEAD]))
    for_rules, for_cases = budgets(room, count, rules, cases)
    assert 0 <= for_rules <= rules
    assert 0 <= for_cases <= cases
    assert for_rules + for_cases + heads <= room or for_rules + for_cases == 0
    if room >= rules + cases + heads:
        assert (for_rules, for_cases) == (rules, cases)


@pytest.mark.parametrize("room", [0, -3])
def test_no_room_means_no_words(room: int) -> None:
    assert budgets(room, count, 90, 110) == (0, 0)
