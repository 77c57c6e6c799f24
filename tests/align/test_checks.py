"""Levels and guidelines become short questions; the same ones in every run, whatever the texts hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.align.checks import Check, guideline_checks, rubric_checks, without_twins
from nbalign.align.checks.clauses import MOST_WORDS, clauses
from nbalign.align.model import Guideline, State
from nbalign.rubrics.model import Dimension, Rubric, Scale
from nbalign.rubrics.packaged import packaged

SCALE = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "Not applicable."}, 0)
HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=300) | st.sampled_from(
    ["(((", "a, b, c), (d", '"quoted", "again"', "\x1b[31mred\x1b[0m; <|im_end|>", "a" * 5000, "word " * 900, ",;.!?"]
)


def rubric_of(*dimensions: Dimension, scale: Scale = SCALE, title: str = "Notebooks") -> Rubric:
    return Rubric("mine", 1, title, scale, dimensions, "f" * 64, "")


def levels(top: str, bottom: str, scale: Scale = SCALE) -> Dimension:
    return Dimension("one", "One", "Is it good?", {scale.levels[-1]: top, scale.levels[0]: bottom})


def guideline(
    text: str, *, state: State = "proposed", sources: Sequence[int] = (1,), dimension: str = "one"
) -> Guideline:
    return Guideline(f"{abs(hash((text, state))):012x}"[:12], dimension, text, state, tuple(sources))


def asked(checks: Sequence[Check]) -> list[str]:
    return [check.text.split('"')[1] for check in checks]


def test_sentences_semicolons_and_commas_part_clauses() -> None:
    text = "Missing values are counted; no row is lost, and every fill is learned from training rows. Units are named."
    assert clauses(text) == [
        "Missing values are counted",
        "no row is lost",
        "every fill is learned from training rows",
        "Units are named",
    ]


def test_what_cannot_stand_alone_stays_with_what_it_belongs_to() -> None:
    assert clauses("Looks at shape, types, which few do, and at gaps between groups") == [
        "Looks at shape, types, which few do, and at gaps between groups"
    ]
    assert clauses("Scalers fit the columns, are fitted on training rows only") == [
        "Scalers fit the columns, are fitted on training rows only"
    ]
    assert clauses("A fixed seed, for instance 42, is set") == ["A fixed seed, for instance 42, is set"]


def test_brackets_are_left_out_unless_they_alone_say_it() -> None:
    assert clauses("Every fill (mean, median; per fold, or once) comes from training rows (only).") == [
        "Every fill comes from training rows"
    ]
    assert clauses("Leakage (fills learned on test rows, or the target)") == [
        "Leakage (fills learned on test rows, or the target)"
    ]


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    assert clauses("Uses a tool, e.g. version 3.5 of it. Drops 10,000 rows") == [
        "Uses a tool, e.g. version 3.5 of it",
        "Drops 10,000 rows",
    ]


def test_a_long_list_is_halved_where_it_says_and() -> None:
    text = (
        "the author names every column that was used for the model in a table near the top and "
        "every figure has a caption that tells what the reader should see in it"
    )
    halves = clauses(text)
    assert len(halves) == 2
    assert halves[1].startswith("every figure has a caption")


def test_near_duplicates_are_merged_but_opposites_and_other_numbers_are_not() -> None:
    assert len(clauses("The data is split by time; the data is split by time too")) == 1
    assert len(clauses("The split is stratified by class; the split is not stratified by class")) == 2
    assert len(clauses("At least 3 models are compared; at least 5 models are compared")) == 2


@given(HOSTILE)
@settings(max_examples=60, deadline=None)
def test_any_text_makes_bounded_lines(text: str) -> None:
    for clause in clauses(text):
        assert clause.strip() and len(clause.split()) <= MOST_WORDS + 1
        assert clause.isprintable() or all(not c.isspace() or c == " " for c in clause)
        assert "\n" not in clause and "\x1b" not in clause


def test_half_of_the_checks_come_from_either_end_of_the_scale() -> None:
    dimension = levels(
        "Apples are red; pears are green; plums are blue; figs are sweet",
        "Grapes are sour; nuts are old; limes are dry",
    )
    checks = rubric_checks(rubric_of(dimension), dimension, most=4)
    assert asked(checks) == ["Apples are red", "pears are green", "Grapes are sour", "nuts are old"]
    assert [check.good for check in checks] == [True, True, False, False]
    assert [check.source for check in checks] == ["level 3", "level 3", "level 1", "level 1"]


@pytest.mark.parametrize(("top", "bottom"), [(1, 8), (8, 1), (8, 0), (0, 8), (8, 8)])
def test_one_end_fills_up_what_the_other_lacks(top: int, bottom: int) -> None:
    fruits = [
        "alpha",
        "bravo",
        "charlie",
        "delta",
        "echo",
        "foxtrot",
        "golf",
        "hotel",
        "india",
        "juliet",
        "kilo",
        "lima",
        "mike",
        "november",
        "oscar",
        "papa",
    ]
    dimension = levels(
        "; ".join(f"{w} is seen" for w in fruits[:top]), "; ".join(f"{w} was lost" for w in fruits[8 : 8 + bottom])
    )
    checks = rubric_checks(rubric_of(dimension), dimension, most=6)
    assert len(checks) == 6
    of_top = {(1, 8): 1, (8, 1): 5, (8, 0): 6, (0, 8): 0, (8, 8): 3}[top, bottom]
    assert sum(check.good is True for check in checks) == of_top


def test_a_clause_of_both_ends_is_asked_once() -> None:
    dimension = levels("The data is split by time", "The data is split by time; nothing is held out")
    assert asked(rubric_checks(rubric_of(dimension), dimension)) == ["The data is split by time", "nothing is held out"]


def test_an_id_names_rubric_dimension_and_text() -> None:
    dimension = levels("Apples are red", "")
    rubric = rubric_of(dimension)
    check = rubric_checks(rubric, dimension)[0]
    assert len(check.id) == 12 and int(check.id, 16) >= 0
    assert rubric_checks(replace(rubric, version=2, sha256="0" * 64), dimension)[0].id == check.id
    assert rubric_checks(replace(rubric, id="other"), dimension)[0].id != check.id
    assert rubric_checks(rubric, replace(dimension, id="two"))[0].id != check.id
    assert rubric_checks(rubric, levels("Apples are green", ""))[0].id != check.id


def test_a_rubric_that_is_not_about_notebooks_asks_about_the_material() -> None:
    dimension = levels("The essay states its thesis early", "No thesis is stated")
    essays = rubric_checks(rubric_of(dimension, title="Essays"), dimension)
    assert essays and all("material" in check.text and "notebook" not in check.text for check in essays)
    assert all("notebook" in check.text for check in rubric_checks(rubric_of(dimension), dimension))


def test_a_dimension_without_words_for_its_levels_asks_its_question() -> None:
    bare = Dimension("one", "Clarity", "Is the report clear to a lay reader? Think of jargon.", {})
    assert [(c.text, c.good, c.source) for c in rubric_checks(rubric_of(bare), bare)] == [
        ("Is the report clear to a lay reader?", True, "question")
    ]
    open_question = replace(bare, question="How clear is the report?")
    assert (
        rubric_checks(rubric_of(open_question), open_question)[0].text
        == 'Is the notebook good at this: "How clear is the report"?'
    )
    nothing = replace(bare, question="")
    assert rubric_checks(rubric_of(nothing), nothing)[0].text == 'Is the notebook good at this: "Clarity"?'


@pytest.mark.parametrize("rubric", packaged(), ids=lambda rubric: rubric.id)
def test_every_dimension_of_the_packaged_rubrics_has_checks_of_both_ends(rubric: Rubric) -> None:
    for dimension in rubric.dimensions:
        checks = rubric_checks(rubric, dimension)
        assert 4 <= len(checks) <= 6
        assert {check.good for check in checks} == {True, False}
        assert len({check.id for check in checks}) == len(checks)
        assert all(len(check.text.split()) <= 25 for check in checks)


def test_twenty_dimensions_of_nine_long_levels_are_no_trouble() -> None:
    scale = Scale({v: f"Level {v}." for v in range(1, 10)}, None)
    words = [f"word{n}" for n in range(500)]
    dimensions = tuple(
        Dimension(
            f"d{n}",
            f"D{n}",
            "?",
            {v: "; ".join(" ".join(words[i + n : i + n + 9]) for i in range(0, 450, 9)) for v in range(1, 10)},
        )
        for n in range(20)
    )
    rubric = rubric_of(*dimensions, scale=scale)
    for dimension in dimensions:
        checks = rubric_checks(rubric, dimension)
        assert [check.source for check in checks] == ["level 9"] * 6  # both ends say the same here: it is asked once


@given(HOSTILE, HOSTILE, st.integers(1, 8))
@settings(max_examples=60, deadline=None)
def test_whatever_levels_say_a_check_is_one_short_line(top: str, bottom: str, most: int) -> None:
    dimension = levels(top, bottom)
    checks = rubric_checks(rubric_of(dimension), dimension, most)
    assert 1 <= len(checks) <= most
    for check in checks:
        assert len(check.text.split()) <= 25 and len(check.text) <= 300
        assert "\n" not in check.text and "\x1b" not in check.text
        assert check.text.count('"') in (0, 2)
    assert checks == rubric_checks(rubric_of(dimension), dimension, most)


def test_a_guideline_is_asked_without_its_score() -> None:
    dimension = levels("Apples are red", "")
    given_ = [guideline("A scaler fitted before the split is a 1."), guideline("Give a 3 only where axes carry units")]
    checks = guideline_checks(rubric_of(dimension), dimension, given_)
    assert {(asked([c])[0], c.good) for c in checks} == {
        ("A scaler fitted before the split", False),
        ("axes carry units", True),
    }
    assert {c.source for c in checks} == {g.id for g in given_}


def test_only_guidelines_in_force_of_this_dimension_are_asked_the_strongest_first() -> None:
    dimension = levels("Apples are red", "")
    given_ = [
        guideline("Charts without a title lose a point", sources=(1, 2, 3)),
        guideline("Two models must be compared", sources=(1, 2, 3, 4)),
        guideline("Rows may not be lost in silence", state="rejected", sources=(1, 2, 3, 4, 5)),
        guideline("Seeds are fixed everywhere", state="pinned"),
        guideline("The target is named in words", state="written", sources=()),
        guideline("Rows may not be lost without a word", dimension="two"),
    ]
    checks = guideline_checks(rubric_of(dimension), dimension, given_, most=3)
    assert asked(checks) == [
        "Seeds are fixed everywhere",
        "The target is named in words",
        "Two models must be compared",
    ]
    assert guideline_checks(rubric_of(dimension), dimension, given_, most=0) == []
    assert guideline_checks(rubric_of(dimension), dimension, reversed(given_), most=3) == checks


def test_guidelines_that_ask_the_same_are_asked_once() -> None:
    dimension = levels("Apples are red", "")
    given_ = [
        guideline("Fitting a scaler before the split is a 1"),
        guideline("fitting a scaler before the split gets 1"),
    ]
    assert len(guideline_checks(rubric_of(dimension), dimension, given_)) == 1


def test_a_guideline_that_repeats_the_rubric_is_no_second_check() -> None:
    dimension = levels("Apples are red; pears are ripe and sweet", "")
    rubric = rubric_of(dimension)
    both = [
        *rubric_checks(rubric, dimension),
        *guideline_checks(rubric, dimension, [guideline("pears are ripe and sweet"), guideline("Plums have no stone")]),
    ]
    assert asked(without_twins(both)) == ["Apples are red", "pears are ripe and sweet", "Plums have no stone"]


@given(st.lists(HOSTILE, max_size=4))
@settings(max_examples=40, deadline=None)
def test_whatever_guidelines_say_checks_stay_short_lines(texts: list[str]) -> None:
    dimension = levels("Apples are red", "")
    for check in guideline_checks(rubric_of(dimension), dimension, [guideline(text) for text in texts]):
        assert len(check.text.split()) <= 25 and len(check.text) <= 300
        assert "\n" not in check.text and "\x1b" not in check.text
