"""Which lines are kept as guidelines: those that the remarks behind them say."""

from __future__ import annotations

import pytest

from nbalign.align.distill.parsing import Line
from nbalign.align.distill.records import Record
from nbalign.align.distill.sifting import LONGEST, NOTHING, RESTATED, sift, strongest
from nbalign.rubrics.model import Dimension

DIMENSION = Dimension(
    "d",
    "Training",
    "Is the model trained and tuned in a sound way?",
    {3: "Tuned by cross-validation, with a seed.", 1: "The test rows are used in training.", 2: "One untuned model."},
)


def at(n: int, words: str, score: int = 1, judged: int | None = None) -> Record:
    return Record(f"book-{n}", "d", score, judged, words, (), (n,))


RECORDS = [
    at(0, "The scaler is fitted on every row before the split, so test rows leak."),
    at(1, "A scaler fitted before splitting; target_enc_7 is odd, and 4711 rows vanish."),
    at(2, "Nothing is stratified although fraud is rare.", judged=3),
    at(3, "The hyperparameters are searched by cross-validation.", score=3),
]
LOW = [0, 1, 2]


def kept(text: str, *numbers: int, score: int = 1) -> tuple[int, ...] | str:
    told = LOW if score == 1 else [3]
    found, why = sift(Line(text, numbers), score, RECORDS, told, DIMENSION)
    return found.sources if found else why


def test_a_line_that_its_remarks_say_is_kept_with_its_score() -> None:
    found, why = sift(Line("A scaler is fitted before the split", (1, 2)), 1, RECORDS, LOW, DIMENSION)
    assert found is not None
    assert (found.text, found.score, found.sources, why) == (
        "Score 1 when a scaler is fitted before the split.",
        1,
        (0, 1),
        "",
    )


def test_sources_are_what_says_it_whatever_the_model_names() -> None:
    line = "Score 1 when a scaler is fitted before the split"
    assert kept(line) == (0, 1)
    assert kept(line, 1) == (0,)
    assert kept(line, 1, 2, 3) == (0, 1)
    assert kept(line, 3) == (0, 1)  # it names the wrong one
    assert kept(line, 4) == (0, 1)  # and one with another score


@pytest.mark.parametrize(
    "line",
    [
        "Score 3 when a scaler is fitted before the split",  # the wrong score
        "Score 1 when the data is not properly processed",  # says nothing that the remarks say
        "Score 1 when measured values have no units",  # the prompt's own example
        "Score 1 when a scaler fitted before splitting has target_enc_7",  # names a column of one notebook
        "Score 1 when a scaler is fitted before the split of 4711 rows",
        "Score 1 when the remark says that a scaler is fitted before the split",
        "Score 1 when instructions to fit the scaler before the split are obeyed",
        "Score 1 when " + "the scaler is fitted before the split and " * 6,
        "Score 1 when scaler",
    ],
)
def test_lines_that_are_no_guidelines(line: str) -> None:
    assert kept(line) == NOTHING


def test_a_line_that_was_cut_off_is_dropped() -> None:
    found, why = sift(Line("A scaler is fitted before the", (), whole=False), 1, RECORDS, LOW, DIMENSION)
    assert (found, why) == (None, NOTHING)


def test_restating_the_rubric_is_no_news_unless_raters_give_another_score_for_it() -> None:
    records = [at(0, "test rows are used in the training", 1), at(1, "test rows are used in the training", 2)]
    line = Line("test rows are used in training", ())
    assert sift(line, 1, records, [0], DIMENSION) == (None, RESTATED)
    found, _ = sift(line, 2, records, [1], DIMENSION)
    assert found is not None
    assert found.text == "Score 2 when test rows are used in training."


def test_kept_lines_are_short() -> None:
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda sigma omega " * 3
    for cut in range(20, len(words), 20):
        found, _ = sift(Line(words[:cut].strip(), ()), 1, [at(0, words)], [0], DIMENSION)
        assert found is None or len(found.text) <= LONGEST


def test_most_sources_win_and_then_where_the_judge_is_furthest_off() -> None:
    lines = [
        Line("Hyperparameters are searched", ()),
        Line("Nothing is stratified although fraud is rare", ()),
        Line("A scaler is fitted before the split", ()),
    ]
    told = [([3], 3), ([2], 1), ([0, 1], 1)]
    found = [sift(line, score, RECORDS, at_, DIMENSION)[0] for line, (at_, score) in zip(lines, told, strict=True)]
    best = strongest([one for one in found if one], RECORDS, 2)
    assert [one.sources for one in best] == [(0, 1), (2,)]
