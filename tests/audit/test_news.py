"""What is new among the labels, what memories and experiments say of themselves, and the verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.audit.learned import Learned, keys_of, memories, notebooks_of
from nbalign.audit.model import ErrorRow, JudgeAudit, News, Promise
from nbalign.audit.news import key_of, news
from nbalign.audit.promised import promise
from nbalign.audit.verdict import verdict
from nbalign.evaluate.experiment.model import MACRO, Interval
from nbalign.labels.model import Label
from nbalign.store.database import Store

EARLY, MIDDLE, LATE = (f"2025-0{month}-01T00:00:00+00:00" for month in (1, 2, 3))
PROMISED = Interval(0.3, 0.25, 0.35)


def stated(event: int, notebook: str = "a", score: int = 3, rater: str = "ann", at: str = EARLY) -> Label:
    return Label(notebook, "small", "first", rater, score, event=event, at=at)


def memory(*events: int) -> Learned:
    return Learned("m1", MIDDLE, "tiny", frozenset(events), False, {})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "nbalign.db") as store:
        yield store


def remember(store: Store, version: str, content: object, at: str = MIDDLE) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    row = {"version": version, "rubric": "small", "rubric_sha256": "f", "model": "tiny", "at": at, "content": text}
    with store.write() as db:
        db.table("memories").insert(row)


def experiment(store: Store, name: str, result: object) -> None:
    text = result if isinstance(result, str) else json.dumps(result)
    with store.write() as db:
        db.table("experiments").insert({"id": name, "rubric": "small", "at": EARLY, "options": "{}", "result": text})


def rows(**errors: float) -> list[dict[str, Any]]:
    return [
        {"arm": arm.replace("_", "+"), "dimension": d, "mae": {"value": value, "low": value, "high": value}}
        for arm, value in errors.items()
        for d in ("first", MACRO)
    ]


def test_new_changed_and_taken_back_labels_are_told_apart() -> None:
    before = [stated(1), stated(2, "b"), stated(3, "c"), stated(4, "d")]
    now = [stated(1), stated(6, "b", 1), stated(7, "e"), stated(4, "d"), stated(3, "unsettled")]
    found = news(now, memory(1, 2, 3, 4), {label.event: key_of(label) for label in before})
    # `unsettled` stood before the memory was made, which did not learn from it: no news.
    assert (found.learned, found.new, found.changed, found.gone, found.notebooks) == (4, 1, 1, 1, 3)


def test_a_change_that_was_undone_is_a_change_of_what_was_learned() -> None:
    found = news([stated(1)], memory(2), {2: key_of(stated(2))})
    assert (found.new, found.changed, found.gone) == (0, 1, 0)


def test_without_a_memory_every_label_is_new_and_without_its_labels_the_time_decides() -> None:
    labels = [stated(1), stated(2, "b", at=LATE)]
    assert news(labels, None, {}).new == 2
    assert news(labels, memory(), {}).new == 1


def test_memories_are_read_for_the_labels_they_learned_from(store: Store) -> None:
    content = {
        "accounts": [{"event": 1}, {"event": 2}, "odd"],
        "precedents": [{"sources": [3]}],
        "guidelines": [{"sources": [4]}, {"sources": "odd"}],
        "calibrations": {"first": {"on": False, "why": "no gain"}, "second": {"weights": [1]}},
        "made_by": {"experiment": "e1"},
    }
    remember(store, "m1", content)
    remember(store, "m2", {"calibrations": {"first": {"on": False}}}, LATE)
    found = memories(store, "small")
    assert list(found) == ["m1", "m2"]
    assert found["m1"].events == {1, 2, 3, 4}
    assert (found["m1"].calibrated, found["m2"].calibrated) == (True, False)
    assert found["m1"].made_by == {"experiment": "e1"}
    assert memories(store, "other") == {}


@pytest.mark.parametrize("content", ["", "[", "[1]", "3", '{"accounts": 3, "precedents": {"a": 1}, "made_by": []}'])
def test_a_memory_that_cannot_be_read_is_unknown_and_no_error(store: Store, content: str) -> None:
    remember(store, "m1", content)
    found = memories(store, "small")["m1"]
    assert (found.events, found.made_by) == (frozenset(), {})
    assert keys_of(store, "small", found) == {}
    assert notebooks_of(store, "small", found) == set()


def test_the_promise_is_that_of_the_judges_arm(store: Store) -> None:
    arms = rows(base=0.9, full=0.4, full_calibrated=0.2)
    experiment(store, "e1", {"judge": "tiny@1", "model": "tiny", "rows": arms})
    experiment(store, "e2", {"judge": "other@1", "model": "other", "rows": arms})
    experiment(store, "e3", "no json")
    unaligned = promise(store, "small", "tiny@1", "tiny", None)
    assert unaligned is not None
    assert (unaligned.experiment, unaligned.arm, unaligned.mae[MACRO].value) == ("e1", "base", 0.9)
    assert promise(store, "small", "tiny@2", "tiny", None) is None
    aligned = promise(store, "small", "tiny@2", "tiny", memory())
    assert aligned is not None
    assert (aligned.experiment, aligned.arm) == ("e1", "full")
    calibrated = Learned("m", MIDDLE, "tiny", frozenset(), True, {})
    found = promise(store, "small", "tiny@2", "tiny", calibrated)
    assert found is not None
    assert found.arm == "full+calibrated"
    named = Learned("m", MIDDLE, "tiny", frozenset(), True, {"experiment": "e2", "arm": "base"})
    found = promise(store, "small", "tiny@2", "tiny", named)
    assert found is not None
    assert (found.experiment, found.arm) == ("e2", "base")
    assert promise(store, "other", "tiny@1", "tiny", None) is None


@pytest.mark.parametrize(
    "result", [[], {"rows": 3}, {"model": "tiny", "rows": [1, {"arm": "full", "mae": {"low": "x"}}]}]
)
def test_an_experiment_that_cannot_be_read_promises_nothing(store: Store, result: object) -> None:
    experiment(store, "e1", result)
    assert promise(store, "small", "tiny@2", "tiny", memory()) is None


def current(error: float, picks: int = 20, *, is_worse: bool, aligned: bool = True) -> JudgeAudit:
    promised = {MACRO: PROMISED}
    row = ErrorRow(MACRO, picks, picks, Interval(error, error, error), 0.0, 0, 0, PROMISED, is_worse)
    return JudgeAudit("tiny", "m1" if aligned else "", 30, picks, 0, (row,), (), Promise("e1", EARLY, "full", promised))


def told(new: int = 0, notebooks: int = 0, learned: int = 100) -> News:
    return News("m1", MIDDLE, learned, new, 0, 0, notebooks, 20)


def test_never_aligned() -> None:
    assert verdict(News("", "", 0, 9, 0, 0, 5, 5), None).realign
    early = verdict(News("", "", 0, 2, 0, 0, 1, 1), None)
    assert not early.realign
    assert "1 notebook is labelled" in early.reasons[0]


def test_an_error_above_the_promise_is_a_reason() -> None:
    found = verdict(told(), current(0.8, is_worse=True))
    assert found.realign
    assert "0.80" in found.reasons[0]
    assert "0.30" in found.reasons[0]
    sound = verdict(told(), current(0.3, is_worse=False))
    assert not sound.realign
    assert "not significantly above" in sound.reasons[0]


@pytest.mark.parametrize(
    ("new", "notebooks", "learned", "realign"),
    [(19, 3, 100, False), (20, 3, 100, True), (10, 10, 1000, True), (9, 9, 1000, False), (1, 1, 0, False)],
)
def test_enough_new_labels_are_a_reason(new: int, notebooks: int, learned: int, realign: bool) -> None:
    assert verdict(told(new, notebooks, learned), current(0.3, is_worse=False)).realign is realign


def test_what_is_missing_for_an_answer_is_said() -> None:
    assert "not known" in verdict(told(), None).reasons[0]
    assert "unaligned" in verdict(told(), current(0.9, is_worse=True, aligned=False)).reasons[0]
    assert "5 are needed" in verdict(told(), current(0.9, 2, is_worse=False)).reasons[0]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_verdict_always_has_a_reason(learned: int, new: int, changed: int, gone: int, notebooks: int) -> None:
    for version in ("", "m1"):
        found = verdict(News(version, MIDDLE, learned, new, changed, gone, notebooks, notebooks), None)
        assert found.sentence
        assert all(reason.endswith(".") for reason in found.reasons)
        assert found.reasons
