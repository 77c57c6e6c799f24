"""Which labels are new since a memory was made, and what changed from one memory to another."""

from __future__ import annotations

from dataclasses import replace

from nbalign.align.differences import differences
from nbalign.align.model import Account, Guideline, Lesson, Memory, Precedent, Remark
from nbalign.align.news import News, news


def lesson(name: str, *events: int, dimension: str = "d") -> Lesson:
    remarks = tuple(Remark(event, "ann", "rater", 2, "words", ()) for event in events)
    return Lesson(name, name, dimension, 2, remarks)


def memory(*events: int, dimension: str = "d") -> Memory:
    return Memory("a" * 12, "r", "s", "m", (), (), tuple(Account(e, dimension, ()) for e in events))


def test_everything_is_new_where_nothing_was_aligned() -> None:
    assert news(None, [lesson("b", 1, 2), lesson("a", 3)], {"d"}) == News(3, 0, 0, ("a", "b"))


def test_changed_and_withdrawn_labels_are_gone_and_the_new_side_is_added() -> None:
    found = news(memory(1, 2, 3), [lesson("a", 1, 4)], {"d"})
    assert found == News(added=1, gone=2, kept=1, notebooks=("a",))


def test_other_dimensions_are_passed_over() -> None:
    assert news(memory(1, dimension="other"), [lesson("a", 2)], {"d"}) == News(1, 0, 0, ("a",))


RULE = Guideline("1" * 12, "d", "Score 1 when it rains.", "proposed", (1,))
CASE = Precedent("n", "n", "d", 1, "it rained", (), "", (1,))
OLD = replace(memory(1), guidelines=(RULE,), precedents=(CASE,), calibrations={"d": {"on": True}})


def test_a_memory_differs_not_from_itself() -> None:
    found = differences(OLD, replace(OLD, version="b" * 12, at="later"))
    assert not found
    assert (found.older, found.newer) == ("a" * 12, "b" * 12)


def test_every_kind_of_change_is_told() -> None:
    edited = replace(RULE, text="Score 1 when it pours.", state="edited")
    new = Guideline("2" * 12, "d", "Score 3 when it shines.", "written", ())
    now = replace(
        OLD,
        guidelines=(edited, new),
        precedents=(replace(CASE, score=2),),
        calibrations={"d": {"on": False}, "e": {"on": True}},
    )
    found = differences(OLD, now)
    assert found
    assert (found.added, found.dropped, found.changed) == ((new,), (), ((RULE, edited),))
    assert (found.precedents_added, found.precedents_dropped) == (1, 1)
    assert found.calibrations == (("d", "on", "off"), ("e", "none", "on"))
    back = differences(now, OLD)
    assert (back.added, back.dropped, back.changed) == ((), (new,), ((edited, RULE),))
