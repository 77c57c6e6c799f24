"""Comparisons, boards, gates and climbs as text: they fit the terminal, and nothing hostile reaches it."""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from nbalign.cli.compare_text import ascent, comparison, gate, leaderboard
from nbalign.suite.compare.board import board
from nbalign.suite.compare.climb import ascend
from nbalign.suite.compare.comparing import compare
from nbalign.suite.compare.gating import gate as judged
from nbalign.suite.runs.climbing import Climb, Step
from nbalign.suite.runs.model import ScoredRun
from tests.suite.scored_made import NA, TITLES, judge_error, made_hostile, scored

CASES = [f"case-{n:02}" for n in range(12)]
ERROR = judge_error({dimension: [(1, 1), (2, 2), (3, 3), (3, 2), (NA, NA)] * 6 for dimension in TITLES})


def run(name: str, level: int) -> ScoredRun:
    levels = {case: [level if n < 10 else 2] for n, case in enumerate(CASES)}
    return scored(name, dict.fromkeys(TITLES, levels))


def texts(runs: list[ScoredRun], width: int) -> list[str]:
    first, second = runs[:2]
    steps = tuple(Step(n, one.run.name, one.run.note, one.run.at) for n, one in enumerate(runs, 1))
    return [
        comparison(compare(first, second, ERROR, resamples=100), width),
        leaderboard(board(runs, ERROR, resamples=100), width),
        gate(judged(second, first, ERROR, 0.2, resamples=100), width),
        ascent(ascend(Climb("climb", steps), {one.run.name: one for one in runs}, {}, resamples=100), width),
    ]


@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for text in texts([run("before", 1), run("after-a-change", 3), run("third", 2)], width):
        assert max(map(cell_len, text.splitlines())) <= width


def test_a_comparison_shows_both_intervals_and_what_it_can_see() -> None:
    text = comparison(compare(run("before", 1), run("after", 3), ERROR, resamples=2000), 200)
    head = next(line for line in text.splitlines() if line.startswith("dimension"))
    assert head.split() == [
        "dimension",
        "before",
        "after",
        "change",
        "95%",
        "interval",
        "true",
        "95%",
        "interval",
        "cases",
        "+/-/=",
        "N/A",
        "p",
        "sees",
    ]
    assert "+1.67 ▲" in text and "10/0/2" in text
    plain = comparison(compare(run("before", 1), run("after", 3), None, resamples=200), 200)
    assert " true " not in next(line for line in plain.splitlines() if line.startswith("dimension"))


@settings(max_examples=10, phases=[Phase.generate])
@given(st.one_of(st.just("\x1b[2J\x1b]0;x\x07\u202e[red]\r\n\ud800"), st.text(st.characters(), max_size=50)))
def test_nothing_hostile_reaches_the_terminal(text: str) -> None:
    for shown in texts([made_hostile(run(name, level), text) for name, level in (("a", 1), ("b", 3), ("c", 2))], 80):
        shown.encode("utf-8")
        assert not any(c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066") for c in shown)
