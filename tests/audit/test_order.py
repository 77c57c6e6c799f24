"""The order in which a rater goes through notebooks, and its reasons."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from nbalign.audit.likeness import bag
from nbalign.audit.order import at_random, informative
from nbalign.audit.order_facts import Standing, standings
from nbalign.errors import UsageError
from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.labels.events import LabelStore
from nbalign.workspace import Workspace
from tests.audit.made import picked
from tests.store.made import filled, rubric
from tests.tui.conftest import code, notebook_file

NAMES = [f"n{n}" for n in range(6)]


def order(standing: dict[str, Standing], words: dict[str, str] | None = None, **given: object) -> list[tuple[str, str]]:
    bags = {name: bag(Counter(text.split())) for name, text in (words or {}).items()}
    names = [*standing, *(name for name in bags if name not in standing)]
    picks = given.get("picks", [])
    assert isinstance(picks, list)
    return [(place.notebook, place.reason) for place in informative(names, standing, bags, picks, 9)]


def test_picks_come_first_then_what_is_begun_then_what_is_open_and_what_is_done_comes_last() -> None:
    standing = {
        "done": Standing(mine=9),
        "doubt": Standing(unsure=4, unsure_on=8),
        "sure": Standing(unsure=0.1),
        "begun": Standing(mine=4),
        "picked": Standing(),
        "half": Standing(mine=2),
    }
    assert order(standing, picks=[picked("half", "novel"), picked("picked")]) == [
        ("half", "picked for the audit · you have begun it: 2 of 9 scored"),
        ("picked", "picked at random for the audit"),
        ("begun", "you have begun it: 4 of 9 scored"),
        ("doubt", "the judge is unsure on 8 dimensions"),
        ("sure", "nothing speaks for another"),
        ("done", "you have scored all of it"),
    ]


def test_a_pick_that_is_done_is_not_picked_any_more() -> None:
    assert [n for n, _ in order({"a": Standing(mine=9), "b": Standing()}, picks=[picked("a")])] == ["b", "a"]


def test_unlike_notebooks_come_before_copies_of_what_is_labelled() -> None:
    standing = {"old": Standing(mine=9), "copy": Standing(), "new": Standing()}
    found = order(standing, {"old": "price house", "copy": "price house", "new": "tide moon"})
    assert found[:2] == [("new", "unlike what is labelled"), ("copy", "much like what is labelled")]


def test_disagreement_counts_like_doubt_and_says_whose() -> None:
    standing = {
        "calm": Standing(),
        "raters": Standing(raters=3, raters_on=4, others=True),
        "judges": Standing(judges=1, judges_on=1),
    }
    assert order(standing)[:2] == [
        ("raters", "raters differ on 4 dimensions"),
        ("judges", "judges differ on 1 dimension"),
    ]


def test_the_second_annotator_has_the_full_queue_and_what_nobody_labelled_comes_first() -> None:
    words = {name: f"{name} word" for name in NAMES}
    all_labelled = {name: Standing(others=True) for name in NAMES}
    assert sorted(n for n, _ in order(all_labelled, words)) == NAMES
    one_fresh = {**all_labelled, "n3": Standing()}
    assert order(one_fresh, words)[0][0] == "n3"


def test_random_is_another_order_for_each_rater_the_same_tomorrow_and_done_ones_go_last() -> None:
    names = [f"n{n}" for n in range(40)]
    ann = [place.notebook for place in at_random(names, "ann", {}, 9)]
    assert sorted(ann) == sorted(names)
    assert ann == [place.notebook for place in at_random(names, "ann", {}, 9)]
    assert ann != [place.notebook for place in at_random(names, "bob", {}, 9)]
    later = [place.notebook for place in at_random([*names, "added"], "ann", {ann[0]: Standing(mine=9)}, 9)]
    assert later[-1] == ann[0]
    assert [name for name in later if name in ann[1:]] == ann[1:], "the others stay as they were"


def test_standings_know_doubt_disagreement_and_who_scored_and_tell_no_score(tmp_path: Path) -> None:
    store, (a, b) = filled(tmp_path / "nbalign.db")
    ml = rubric()
    with store:
        labels, archive = LabelStore(store), Archive(store)
        labels.set(a, ml, "alpha", "ann", 3)
        labels.set(a, ml, "alpha", "bob", 1)
        labels.set(a, ml, "beta", "ann", 3)
        labels.set(a, ml, "beta", "bob", 1)
        labels.set(a, ml, "beta", "cy", 2, role="decision")
        for judge, dimension, shares in (
            ("one", "alpha", {0: 0.0, 1: 0.4, 2: 0.2, 3: 0.4}),
            ("two", "alpha", {0: 0.0, 1: 0.0, 2: 0.0, 3: 1.0}),
            ("one", "beta", {0: 0.0, 1: 0.4, 2: 0.2, 3: 0.4}),
            ("two", "beta", {0: 0.0, 1: 0.4, 2: 0.3, 3: 0.3}),
        ):
            archive.save(judgement(b, ml.sha256, judge, dimension, shares))
        found = standings(store, ml, "ann")
        assert (found[a].mine, found[a].others, found[a].raters_on) == (2, True, 1), "a decision settles beta"
        assert standings(store, ml, "cy")[a].mine == 0, "who adjudicates has not scored"
        assert (found[b].unsure_on, found[b].judges_on) == (1, 1), "the last judge is sure of alpha"
        assert 0 < found[b].unsure < 1
        reasons = [place.reason for place in informative([a, b], found, {}, [], 3)]
        assert not any(re.search(r"\bscore [0-3]|[0-3] against|: [0-3]\b(?! of)", reason) for reason in reasons)


def judgement(notebook: str, rubric_sha256: str, judge: str, dimension: str, shares: dict[int, float]) -> Judgement:
    key = f"{judge}{dimension}".ljust(64, "k")
    score = max(shares, key=lambda value: shares[value])
    at = "2026-01-01T00:00:00+00:00"
    return Judgement(
        key, judge, notebook, "ml", rubric_sha256, dimension, shares, 2.0, score, 1.0, (), 1, 1, 0.1, at=at
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "study")
    texts = {"a": "price = house", "b": "price = house + 1", "c": "tide = moon"}
    made.import_notebooks([notebook_file(tmp_path / f"{n}.ipynb", [code(text)]) for n, text in texts.items()])
    return made


def test_words_are_read_once_and_kept_and_the_same_order_is_not_made_twice(workspace: Workspace) -> None:
    with workspace:
        assert workspace.queue_order("ann", read_words=False).unread == 3
        told: list[float] = []
        made = workspace.queue_order("ann", progress=lambda progress: told.append(progress.done))
        assert (made.unread, told) == (0, [1, 2, 3])
        assert workspace.queue_order("ann") is made
        workspace.set_label("c", "model_training", 2, rater="ann")
        again = workspace.queue_order("ann", progress=lambda progress: told.append(progress.done))
        assert workspace.name_of(again.places[0].notebook) == "c.ipynb", "it is begun"
        assert told == [1, 2, 3]
    with Workspace.open(workspace.path) as reopened:
        assert reopened.queue_order("bob", read_words=False).unread == 0


def test_an_order_as_imported_is_that_of_the_import_and_another_name_is_refused(workspace: Workspace) -> None:
    with workspace:
        names = [workspace.name_of(place.notebook) for place in workspace.queue_order("ann", "imported").places]
        assert names == ["a.ipynb", "b.ipynb", "c.ipynb"]
        with pytest.raises(UsageError, match="no order"):
            workspace.queue_order("ann", "alphabetical")  # type: ignore[arg-type]
