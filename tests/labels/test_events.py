"""Labels as events: what stands, what happened, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from nbalign.errors import NotFound, UsageError
from nbalign.labels.current import rebuild
from nbalign.labels.events import LabelStore
from nbalign.labels.model import Label
from nbalign.store.database import Store
from nbalign.store.rubrics import RubricStore
from tests.labels.conftest import Desk
from tests.store.made import rubric


def scores(labels: list[Label]) -> list[tuple[str, str, int]]:
    return [(label.dimension, label.rater, label.score) for label in labels]


def test_a_label_stands_with_all_its_parts(desk: Desk) -> None:
    given = desk.labels.set(
        desk.a, desk.rubric, "alpha", "r1", 3, "Fine: “ü”, =1+1\nsecond line", (5, 2, 2), source="tui"
    )
    assert desk.labels.current() == [given]
    assert (given.notebook, given.rubric, given.dimension, given.rater) == (desk.a, "ml", "alpha", "r1")
    assert (given.score, given.justification, given.cells) == (3, "Fine: “ü”, =1+1\nsecond line", (2, 5))
    assert (given.role, given.event > 0, given.at[-6:], len(given.at)) == ("rater", True, "+00:00", 25)


def test_a_label_outlives_the_process(desk: Desk) -> None:
    given = desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3)
    desk.store.close()
    with Store.open(desk.store.path) as store:
        assert LabelStore(store).current() == [given]


def test_a_new_score_replaces_the_old_one_and_the_history_keeps_both(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3)
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1)
    assert scores(desk.labels.current()) == [("alpha", "r1", 1)]
    assert [(e.action, e.label.score, e.live) for e in desk.labels.history()] == [("set", 3, True), ("set", 1, True)]


def test_the_same_label_again_adds_no_event(desk: Desk) -> None:
    first = desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "why", (1,))
    assert desk.labels.set(desk.a, desk.rubric, "alpha", " r1 ", 3, "why", (1, 1)) == first
    assert len(desk.labels.history()) == 1
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "why else", (1,))
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "why else", (1, 2))
    assert len(desk.labels.history()) == 3


def test_raters_roles_and_rubrics_do_not_mix(desk: Desk) -> None:
    other = rubric("other")
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3)
    desk.labels.set(desk.a, desk.rubric, "alpha", "r2", 2)
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1, role="decision")
    desk.labels.set(desk.a, other, "alpha", "r1", 0)
    desk.labels.set(desk.b, desk.rubric, "beta", "r1", 2)
    assert len(desk.labels.current()) == 5
    assert scores(desk.labels.current(rubric="other")) == [("alpha", "r1", 0)]
    assert scores(desk.labels.current(rater="r1", role="rater", rubric="ml")) == [("alpha", "r1", 3), ("beta", "r1", 2)]
    assert scores(desk.labels.current(role="decision")) == [("alpha", "r1", 1)]
    assert scores(desk.labels.current(notebook=desk.b)) == [("beta", "r1", 2)]
    assert scores(desk.labels.current(dimension="alpha", rater="r2")) == [("alpha", "r2", 2)]
    assert desk.labels.current(rater="r3") == []
    assert desk.labels.raters() == ["r1", "r2"]
    assert desk.labels.counts("r1", "ml") == {desk.a: 1, desk.b: 1}
    assert desk.labels.counts("r9", "ml") == {}


def test_the_rubric_of_a_label_is_kept(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3)
    assert RubricStore(desk.store).get(desk.rubric.sha256).text == desk.rubric.text


def test_clearing_takes_the_score_away_once(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3)
    event = desk.labels.clear(desk.a, desk.rubric, "alpha", "r1")
    assert event is not None
    assert (event.action, event.label.score, event.label.dimension) == ("clear", -1, "alpha")
    assert desk.labels.current() == []
    assert desk.labels.raters() == []
    assert desk.labels.clear(desk.a, desk.rubric, "alpha", "r1") is None
    assert desk.labels.clear(desk.b, desk.rubric, "alpha", "r1") is None


def test_history_is_newest_last_and_can_be_cut(desk: Desk) -> None:
    for score in (1, 2, 3):
        desk.labels.set(desk.a, desk.rubric, "alpha", "r1", score)
    assert [event.label.score for event in desk.labels.history(limit=2)] == [2, 3]
    assert desk.labels.history(limit=0) == []
    assert desk.labels.history(rater="r2") == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"score": 4}, "scale"),
        ({"score": -1}, "scale"),
        ({"score": True}, "scale"),
        ({"score": 3.0}, "scale"),
        ({"dimension": "delta"}, "delta"),
        ({"dimension": ""}, "dimension"),
        ({"notebook": "0" * 64}, "notebook"),
        ({"cells": (6,)}, "no cell 6"),
        ({"cells": (0,)}, "no cell 0"),
        ({"cells": (True,)}, "no cell"),
        ({"rater": ""}, "rater"),
        ({"rater": " \t "}, "rater"),
        ({"rater": "x" * 65}, "64"),
        ({"rater": "evil\x1b[31m"}, "control"),
        ({"rater": "two\nlines"}, "control"),
        ({"rater": "abc\u202edef"}, "invisible"),
        ({"rater": "\ud800"}, "control"),
        ({"justification": "x" * 10_001}, "10,000"),
        ({"role": "boss"}, "role"),
        ({"source": "carrier pigeon"}, "source"),
        ({"at": "yesterday"}, "time"),
        ({"at": "0001-01-01T00:00:00+23:00"}, "time"),
    ],
)
def test_what_is_impossible_is_refused_and_nothing_is_written(desk: Desk, changed: dict[str, Any], word: str) -> None:
    label = {"notebook": desk.a, "dimension": "alpha", "rater": "r1", "score": 3, **changed}
    with pytest.raises(UsageError, match=word) as caught:
        desk.labels.set(rubric=desk.rubric, **label)
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert desk.labels.history() == []


def test_unknown_keys_are_not_found_by_clear_either(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.labels.clear(desk.a, desk.rubric, "delta", "r1")
    with pytest.raises(NotFound):
        desk.labels.clear("0" * 64, desk.rubric, "alpha", "r1")


def test_a_justification_is_made_safe_for_terminals_without_losing_lines(desk: Desk) -> None:
    label = desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 3, "one\rtwo\r\nthree\x1b[31m\x07\u202e!")
    assert label.justification == "one\ntwo\nthree!"


def test_a_name_is_one_rater_however_it_is_typed(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "Ren\u00e9", 3)
    desk.labels.set(desk.a, desk.rubric, "alpha", " Rene\u0301 ", 2)
    assert scores(desk.labels.current(rater="Rene\u0301")) == [("alpha", "Ren\u00e9", 2)]
    assert desk.labels.counts("Rene\u0301 ", "ml") == {desk.a: 1}
    assert desk.labels.undo("Rene\u0301") is not None
    assert scores(desk.labels.current()) == [("alpha", "Ren\u00e9", 3)]


def test_a_time_is_stored_in_utc_with_seconds(desk: Desk) -> None:
    times = ["2025-03-01T12:00:00.5+02:00", "2025-03-01T12:00:00", "2025-03-01T12:00:00Z"]
    stored = [desk.labels.set(desk.a, desk.rubric, "alpha", f"r{n}", 3, at=at).at for n, at in enumerate(times)]
    assert stored == ["2025-03-01T10:00:00+00:00", "2025-03-01T12:00:00+00:00", "2025-03-01T12:00:00+00:00"]


def test_flags_go_up_and_down_and_are_events(desk: Desk) -> None:
    desk.labels.set_flag(desk.a, "r1", "flagged", True)
    desk.labels.set_flag(desk.a, "r1", "flagged", True)
    desk.labels.set_flag(desk.a, "r1", "skipped", True)
    desk.labels.set_flag(desk.b, "r2", "flagged", True)
    desk.labels.set_flag(desk.b, "r1", "flagged", False)
    assert desk.labels.flags("r1") == {desk.a: {"flagged", "skipped"}}
    desk.labels.set_flag(desk.a, "r1", "flagged", False)
    assert desk.labels.flags("r1") == {desk.a: {"skipped"}}
    assert desk.labels.flags("r2") == {desk.b: {"flagged"}}
    assert desk.store.rows("SELECT count(*) FROM flags")[0][0] == 4
    with pytest.raises(UsageError, match="no flag"):
        desk.labels.set_flag(desk.a, "r1", "loved", True)


def test_a_draft_is_kept_until_the_score_comes(desk: Desk) -> None:
    labels = desk.labels
    labels.save_draft(desk.a, "ml", "alpha", "r1", "half a sen", (3, 1))
    labels.save_draft(desk.a, "ml", "alpha", "r1", "half a sentence", (3, 1))
    labels.save_draft(desk.a, "ml", "beta", "r1", "another")
    draft = labels.draft(desk.a, "ml", "alpha", "r1")
    assert draft is not None
    assert (draft.text, draft.cells) == ("half a sentence", (1, 3))
    labels.set(desk.a, desk.rubric, "alpha", "r1", 1, role="decision")  # a decision is about other words
    assert labels.draft(desk.a, "ml", "alpha", "r1") is not None
    labels.set(desk.a, desk.rubric, "alpha", "r1", 2, "whole")
    assert labels.draft(desk.a, "ml", "alpha", "r1") is None
    labels.save_draft(desk.a, "ml", "alpha", "r1", "again")
    labels.set(desk.a, desk.rubric, "alpha", "r1", 2, "whole")  # unchanged, and yet it was said: the draft is done with
    assert labels.draft(desk.a, "ml", "alpha", "r1") is None
    labels.save_draft(desk.a, "ml", "beta", "r1", "")
    assert labels.draft(desk.a, "ml", "beta", "r1") is None
    labels.save_draft(desk.a, "ml", "beta", "r1", "", (2,))
    assert labels.draft(desk.a, "ml", "beta", "r1") is not None
    labels.drop_draft(desk.a, "ml", "beta", "r1")
    assert labels.draft(desk.a, "ml", "beta", "r1") is None
    with pytest.raises(UsageError):
        labels.save_draft(desk.a, "ml", "beta", "r1", "x" * 10_001)


def test_the_table_of_current_labels_can_be_made_again_from_the_events(desk: Desk) -> None:
    for n in range(5):
        desk.labels.set(desk.a, desk.rubric, "alpha", f"r{n}", n % 3)
    desk.labels.undo("r1")
    before = desk.labels.current()
    with desk.store.write() as db:
        db.execute("DELETE FROM current_labels")
    assert desk.labels.current() == []
    assert rebuild(desk.store) == 4
    assert desk.labels.current() == before


def test_filters_use_an_index(desk: Desk) -> None:
    for table in ("label_events", "current_labels", "label_history", "live_labels"):
        for column in ("notebook", "rater"):
            plan = desk.store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = 'x'")
            assert not any(row["detail"].startswith("SCAN") for row in plan), (table, column)
