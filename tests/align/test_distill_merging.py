"""Candidates become guidelines; what experts decided stands; every label is accounted for."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.distill import accounts, merge
from nbalign.align.distill.accounts import NOTHING_SAID, REJECTED
from nbalign.align.distill.merging import Candidate, alike
from nbalign.align.guidelines import guideline_id
from nbalign.align.model import Guideline, Lesson, Remark, State

R = "rubric"
SCALER = "Score 1 when a scaler is fitted on all rows before the split."
SCALER_TOO = "Score 1 when the scaler is fitted on all rows before the split."
SEED = "Score 2 when no seed is set for the model."


def guideline(text: str, state: State, *sources: int, dimension: str = "d") -> Guideline:
    return Guideline(guideline_id(R, dimension, text), dimension, text, state, sources)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (SCALER, SCALER_TOO, True),
        (SCALER, SCALER.upper(), True),
        ("Score 1 when the scaler is fitted before the split.", "Score 3 when the scaler is fitted before it.", False),
        ("Score 1 when the split is stratified.", "Score 1 when the split is not stratified.", False),
        ("Score 2 when there is no baseline.", "Score 2 when there is no cross-validation.", False),
        ("Score 1 when only head() is shown before modelling.", SEED, False),
    ],
)
def test_what_counts_as_the_same(a: str, b: str, same: bool) -> None:
    assert alike(a, b) is alike(b, a) is same


def test_rewordings_become_one_with_all_sources_in_the_best_supported_words() -> None:
    found = merge(R, [Candidate("d", SCALER_TOO, (7,)), Candidate("d", SEED, (4,)), Candidate("d", SCALER, (1, 2))])
    assert [(g.text, g.sources, g.state) for g in found] == [
        (SCALER, (1, 2, 7), "proposed"),
        (SEED, (4,), "proposed"),
    ]
    assert found[0].id == guideline_id(R, "d", SCALER)


def test_dimensions_are_kept_apart() -> None:
    found = merge(R, [Candidate("e", SEED, (1,)), Candidate("d", SEED, (2,))])
    assert [(g.dimension, g.sources) for g in found] == [("d", (2,)), ("e", (1,))]
    assert found[0].id != found[1].id


def test_rejected_stays_rejected_even_reworded() -> None:
    rejected = guideline(SCALER, "rejected", 1)
    (found,) = merge(R, [Candidate("d", SCALER_TOO, (1, 9))], [rejected])
    assert found == replace(rejected, sources=(1, 9))


def test_edited_keeps_the_experts_words_and_is_known_by_its_old_ones() -> None:
    edited = replace(guideline(SCALER, "edited", 1), text="Fit scalers inside the pipeline, else 1.")
    (found,) = merge(R, [Candidate("d", SCALER_TOO, (2,))], [edited], past={edited.id: [SCALER]})
    assert (found.id, found.text, found.state, found.sources) == (edited.id, edited.text, "edited", (1, 2))


def test_what_experts_stand_behind_is_never_dropped_and_proposals_are() -> None:
    kept = [
        guideline("Score 1 when it is red.", "proposed", 1),
        guideline("Score 1 when it is blue all over.", "accepted", 2, 3),
        guideline("Score 1 when nobody has looked.", "pinned", 2),
        guideline("Write down what you did, or 2.", "written"),
    ]
    found = merge(R, [], kept, live={3})
    assert [(g.state, g.sources) for g in found] == [("pinned", ()), ("written", ()), ("accepted", (3,))]


def test_a_proposal_that_is_repeated_keeps_its_id_and_takes_the_new_sources() -> None:
    before = guideline(SCALER, "proposed", 1, 2)
    (found,) = merge(R, [Candidate("d", SCALER_TOO, (5, 6))], [before])
    assert found == replace(before, sources=(5, 6))


@given(st.lists(st.tuples(st.sampled_from([SCALER, SCALER_TOO, SEED, SEED.upper()]), st.integers(1, 9))), st.randoms())
def test_the_order_of_candidates_does_not_matter_and_no_source_is_lost(
    told: list[tuple[str, int]], shuffler: random.Random
) -> None:
    candidates = [Candidate("d", text, (source,)) for text, source in told]
    found = merge(R, candidates)
    shuffler.shuffle(candidates)
    assert merge(R, candidates) == found
    assert {s for g in found for s in g.sources} == {source for _, source in told}


def test_every_label_has_one_account() -> None:
    remarks = tuple(Remark(n, f"r{n}", "rater", 1, "Why.", ()) for n in range(1, 6))
    lessons = [Lesson("a", "a", "d", 1, remarks[:3]), Lesson("b", "b", "e", 1, remarks[3:])]
    first, second = guideline(SCALER, "proposed", 1, 2), guideline(SEED, "rejected", 2, 3)
    found = accounts(lessons, [first, second], {4: "It gives a score without a word of why."})
    assert [(a.event, a.dimension, a.guidelines, a.why) for a in found] == [
        (1, "d", (first.id,), ""),
        (2, "d", (first.id,), ""),
        (3, "d", (), REJECTED),
        (4, "e", (), "It gives a score without a word of why."),
        (5, "e", (), NOTHING_SAID),
    ]
