"""Guidelines in the store: states, history, and what a new proposal may change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.align.guidelines import Decision, Guidelines, guideline_id
from nbalign.align.model import Guideline
from nbalign.errors import NotFound, StoreError, UsageError
from nbalign.store.database import Store

RUBRIC, WHERE = "ml-notebook", "model_training"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Guidelines]:
    with Store.create(tmp_path / "nbalign.db") as store:
        yield Guidelines(store)


def proposal(text: str, *sources: int, dimension: str = WHERE) -> Guideline:
    return Guideline(guideline_id(RUBRIC, dimension, text), dimension, text, "proposed", sources)


def propose(kept: Guidelines, *guidelines: Guideline) -> None:
    kept.propose(RUBRIC, guidelines, {WHERE})


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([], "proposed"),
        (["accept"], "accepted"),
        (["reject"], "rejected"),
        (["reject", "accept"], "accepted"),
        (["pin"], "pinned"),
        (["pin", "unpin"], "accepted"),
        (["pin", "reject"], "rejected"),
        (["pin", "reject", "accept"], "accepted"),
        (["edit"], "edited"),
        (["edit", "accept"], "edited"),
        (["edit", "pin", "unpin"], "edited"),
        (["reject", "edit"], "edited"),
        (["unpin"], "proposed"),
    ],
)
def test_states_follow_from_what_experts_did(kept: Guidelines, steps: list[Decision | str], state: str) -> None:
    first = proposal("Score 1 when the seed is missing.", 1, 2)
    propose(kept, first)
    for step in steps:
        if step == "edit":
            kept.edit(first.id, "No seed is a 1.", "ann")
        else:
            kept.decide(step, [first.id], "ann")  # type: ignore[arg-type]
    (found,) = kept.current(RUBRIC)
    assert (found.id, found.state, found.sources) == (first.id, state, (1, 2))
    assert found.text == ("No seed is a 1." if "edit" in steps else first.text)


def test_nothing_is_written_where_nothing_changes(kept: Guidelines) -> None:
    first = proposal("Score 1 when the seed is missing.", 1)
    for _ in range(2):
        propose(kept, first)
        kept.decide("accept", [first.id], "ann")
        kept.edit(first.id, "No seed is a 1.", "ann")
        kept.decide("unpin", [first.id])
    assert [(e.action, e.who) for e in kept.history(first.id)] == [("propose", ""), ("accept", "ann"), ("edit", "ann")]


def test_a_proposal_that_labels_do_not_make_any_more_is_taken_back_and_may_return(kept: Guidelines) -> None:
    first, second = proposal("Score 1 when the seed is missing.", 1), proposal("Score 2 when nothing is tuned.", 2)
    elsewhere = proposal("Score 3 when all is installed.", 3, dimension="library_installation")
    kept.propose(RUBRIC, [first, second, elsewhere], {WHERE, "library_installation"})
    propose(kept, second)
    assert {g.id for g in kept.current(RUBRIC)} == {second.id, elsewhere.id}
    assert kept.current(RUBRIC, WHERE) == [second]
    propose(kept, first, second)
    assert {g.id for g in kept.current(RUBRIC, WHERE)} == {first.id, second.id}


def test_what_experts_decided_outlives_new_proposals(kept: Guidelines) -> None:
    accepted, rejected = proposal("Score 1 when the seed is missing.", 1), proposal("Score 2 when it is red.", 2)
    propose(kept, accepted, rejected)
    kept.decide("accept", [accepted.id])
    kept.decide("reject", [rejected.id])
    written = kept.add(RUBRIC, WHERE, "A baseline is missing: 2.", "ann")
    propose(kept)
    assert {g.id: g.state for g in kept.current(RUBRIC)} == {
        accepted.id: "accepted",
        rejected.id: "rejected",
        written.id: "written",
    }
    propose(kept, proposal(rejected.text, 2, 9))
    (still,) = [g for g in kept.current(RUBRIC) if g.id == rejected.id]
    assert (still.state, still.sources) == ("rejected", (2, 9))


def test_strength_is_pinned_then_written_then_sources_and_rejected_last(kept: Guidelines) -> None:
    many, few = proposal("Score 1 when the seed is missing.", 1, 2, 3), proposal("Score 2 when it is red.", 4)
    out, top = proposal("Score 1 when it is blue.", 1, 2, 3, 4), proposal("Score 3 when it is tuned.", 5)
    propose(kept, few, out, many, top)
    written = kept.add(RUBRIC, WHERE, "A baseline is missing: 2.")
    kept.decide("reject", [out.id])
    kept.decide("pin", [top.id])
    assert [g.id for g in kept.current(RUBRIC)] == [top.id, written.id, many.id, few.id, out.id]


def test_writing_what_was_rejected_brings_it_back_as_written(kept: Guidelines) -> None:
    first = proposal("Score 1 when the seed is missing.", 1)
    propose(kept, first)
    kept.decide("reject", [first.id])
    again = kept.add(RUBRIC, WHERE, "score 1 when  the seed is missing.")
    assert (again.id, again.state) == (first.id, "written")


def test_every_text_a_guideline_had_is_known(kept: Guidelines) -> None:
    first = proposal("Score 1 when the seed is missing.", 1)
    propose(kept, first)
    kept.edit(first.id, "No seed is a 1.")
    assert kept.texts(RUBRIC) == {first.id: (first.text, "No seed is a 1.")}


def test_ids_may_be_shortened_while_they_are_unique(kept: Guidelines) -> None:
    made = [kept.add(RUBRIC, WHERE, f"Guideline number {n} of many.") for n in range(40)]
    one = made[0].id
    assert kept.get(one.upper())[0].id == one
    assert kept.resolve(one[:8]) == one
    with pytest.raises(UsageError, match="too short"):
        kept.resolve(one[:1])
    for wrong in ("zzz", "", "\x1b[31m"):
        with pytest.raises(NotFound) as caught:
            kept.resolve(wrong)
        assert "\x1b" not in caught.value.message


def test_one_wrong_id_changes_nothing(kept: Guidelines) -> None:
    one = kept.add(RUBRIC, WHERE, "A baseline is missing: 2.")
    with pytest.raises(NotFound):
        kept.decide("reject", [one.id, "ffffffffffff"])
    assert kept.get(one.id)[0].state == "written"


@pytest.mark.parametrize("text", ["", "   ", "1234567890", "a" * 241, "\x1b]0;title\x07"])
def test_a_guideline_says_something_and_is_short(kept: Guidelines, text: str) -> None:
    with pytest.raises(UsageError):
        kept.add(RUBRIC, WHERE, text)
    assert kept.current(RUBRIC) == []


def test_text_is_one_safe_line(kept: Guidelines) -> None:
    assert kept.add(RUBRIC, WHERE, "No \x1b[31mseed\x1b[0m\n\tis a\u202e 1.").text == "No seed is a 1."


def test_what_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    Store.create(tmp_path / "nbalign.db").close()
    with Store.open(tmp_path / "nbalign.db", read_only=True) as store, pytest.raises(StoreError):
        Guidelines(store).add(RUBRIC, WHERE, "No seed is a 1.")


@pytest.mark.parametrize("before", [[], ["accept"], ["edit"], ["pin"], ["reject"]])
@pytest.mark.parametrize("step", ["accept", "reject", "pin", "unpin", "edit"])
def test_a_decision_that_is_taken_back_leaves_everything_as_it_was(
    kept: Guidelines, before: list[str], step: str
) -> None:
    first = proposal("Score 1 when the seed is missing.", 1, 2)
    propose(kept, first)
    for each in before:
        happen(kept, each, first.id, "An expert's words on seeds.")
    stood = kept.current(RUBRIC)
    known = len(kept.history(first.id))
    happen(kept, step, first.id, "Other words on seeds.")
    if len(kept.history(first.id)) == known:
        return  # it was so already
    back = kept.take_back(kept.history(first.id)[-1].id, "ann")
    assert [back] == kept.current(RUBRIC) == stood
    last = kept.history(first.id)[-1]
    assert (last.action, last.who, last.undoes) == (step, "ann", kept.history(first.id)[-2].id)


def happen(kept: Guidelines, step: str, ref: str, text: str) -> None:
    if step == "edit":
        kept.edit(ref, text, "ann")
    else:
        kept.decide(step, [ref], "ann")  # type: ignore[arg-type]


def test_a_guideline_that_was_written_and_taken_back_is_gone_until_it_is_written_or_distilled_again(
    kept: Guidelines,
) -> None:
    written = kept.add(RUBRIC, WHERE, "No seed is a 1, always.", "ann")
    kept.take_back(kept.history(written.id)[-1].id)
    assert kept.current(RUBRIC) == []
    assert kept.add(RUBRIC, WHERE, "No seed is a 1, always.", "ann").state == "written"
    kept.take_back(kept.history(written.id)[-1].id)
    propose(kept, proposal("No seed is a 1, always.", 4))
    assert [(g.id, g.state, g.sources) for g in kept.current(RUBRIC)] == [(written.id, "proposed", (4,))]


def test_only_the_latest_decision_that_stands_is_taken_back_and_labels_that_come_since_do_not_hinder_it(
    kept: Guidelines,
) -> None:
    first = proposal("Score 1 when the seed is missing.", 1)
    propose(kept, first)
    kept.decide("accept", [first.id], "ann")
    accepted = kept.history(first.id)[-1].id
    kept.decide("pin", [first.id], "ben")
    pinned = kept.history(first.id)[-1].id
    with pytest.raises(UsageError, match="not the latest"):
        kept.take_back(accepted)
    propose(kept, proposal("Score 1 when the seed is missing.", 1, 2))
    assert kept.take_back(pinned).state == "accepted"
    with pytest.raises(UsageError, match="not the latest"):
        kept.take_back(pinned)
    with pytest.raises(NotFound):
        kept.take_back(999)
    assert kept.take_back(accepted) == proposal("Score 1 when the seed is missing.", 1, 2)
