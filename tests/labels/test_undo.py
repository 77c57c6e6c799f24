"""Undo and redo, against a model that is too simple to be wrong."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.labels.current import rebuild
from nbalign.labels.events import LabelStore
from nbalign.labels.model import LabelEvent
from nbalign.store.database import Store
from tests.labels.conftest import Desk
from tests.store.made import filled, rubric

Key = tuple[int, str, str]  # notebook, dimension, rater


class Model:
    """Per rater a stack of what was done and one of what was undone; the state is the done ones played again."""

    def __init__(self) -> None:
        self.done: dict[str, list[tuple[Key, int | None]]] = {}
        self.undone: dict[str, list[tuple[Key, int | None]]] = {}

    def state(self) -> dict[Key, int]:
        state: dict[Key, int] = {}
        for steps in self.done.values():
            for key, score in steps:
                if score is None:
                    state.pop(key, None)
                else:
                    state[key] = score
        return state

    def change(self, key: Key, score: int | None) -> None:
        if self.state().get(key) != score:
            self.done.setdefault(key[2], []).append((key, score))
            self.undone[key[2]] = []

    def undo(self, rater: str) -> Key | None:
        if not self.done.get(rater):
            return None
        self.undone.setdefault(rater, []).append(self.done[rater].pop())
        return self.undone[rater][-1][0]

    def redo(self, rater: str) -> Key | None:
        if not self.undone.get(rater):
            return None
        self.done.setdefault(rater, []).append(self.undone[rater].pop())
        return self.done[rater][-1][0]


RATERS = st.sampled_from(["r1", "r2"])
KEYS = st.tuples(st.integers(0, 1), st.sampled_from(["alpha", "beta"]), RATERS)
STEPS = st.one_of(
    st.tuples(st.just("set"), KEYS, st.integers(0, 3)),
    st.tuples(st.just("clear"), KEYS, st.none()),
    st.tuples(st.sampled_from(["undo", "undo", "redo"]), RATERS, st.none()),
    st.tuples(st.just("reopen"), st.none(), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=30))
def test_any_walk_through_set_clear_undo_and_redo_ends_where_the_model_ends(
    steps: list[tuple[str, object, int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, hashes = filled(Path(folder) / "nbalign.db")
        # Durability is not what is tested here, and a sync for every step would take minutes.
        store.db.execute("PRAGMA synchronous=OFF")
        labels, model, the_rubric = LabelStore(store), Model(), rubric()

        def key_of(event: LabelEvent | None) -> Key | None:
            return (
                None
                if event is None
                else (hashes.index(event.label.notebook), event.label.dimension, event.label.rater)
            )

        for action, where, score in steps:
            if isinstance(where, tuple):
                notebook, dimension, rater = where
                model.change((notebook, dimension, rater), score)
                if score is None:
                    labels.clear(hashes[notebook], the_rubric, dimension, rater)
                else:
                    labels.set(hashes[notebook], the_rubric, dimension, rater, score)
            elif action == "undo":
                assert key_of(labels.undo(str(where))) == model.undo(str(where))
            elif action == "redo":
                assert key_of(labels.redo(str(where))) == model.redo(str(where))
            else:
                store.close()
                store = Store.open(store.path)
                store.db.execute("PRAGMA synchronous=OFF")
                labels = LabelStore(store)
            found = {(hashes.index(x.notebook), x.dimension, x.rater): x.score for x in labels.current()}
            assert found == model.state()
        before = labels.current()
        assert rebuild(store) == len(before)
        assert labels.current() == before
        store.close()


def test_undo_walks_back_and_redo_forth_again(desk: Desk) -> None:
    for score in (1, 2, 3):
        desk.labels.set(desk.a, desk.rubric, "alpha", "r1", score)
    seen = []
    while (event := desk.labels.undo("r1")) is not None:
        assert event.action == "undo"
        seen.append([label.score for label in desk.labels.current()])
    assert seen == [[2], [1], []]
    assert [event.live for event in desk.labels.history()] == [False] * 3 + [True] * 3
    seen = []
    while desk.labels.redo("r1") is not None:
        seen.append([label.score for label in desk.labels.current()])
    assert seen == [[1], [2], [3]]
    assert [event.live for event in desk.labels.history(limit=6)] == [False] * 3 + [True] * 3


def test_undo_of_a_clearing_brings_the_score_back(desk: Desk) -> None:
    given_label = desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1, "because", (2,))
    desk.labels.clear(desk.a, desk.rubric, "alpha", "r1")
    desk.labels.undo("r1")
    assert desk.labels.current() == [given_label]


def test_a_new_score_ends_redo(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1)
    desk.labels.undo("r1")
    desk.labels.set(desk.b, desk.rubric, "alpha", "r1", 2)
    assert desk.labels.redo("r1") is None
    assert desk.labels.redo("r1", notebook=desk.a) is not None  # there, nothing was scored since
    assert len(desk.labels.current()) == 2


def test_undo_keeps_to_its_rater_rubric_and_notebook(desk: Desk) -> None:
    other = rubric("other")
    desk.labels.set(desk.a, desk.rubric, "alpha", "r1", 1)
    desk.labels.set(desk.b, desk.rubric, "alpha", "r1", 2)
    desk.labels.set(desk.b, other, "alpha", "r1", 3)
    desk.labels.set(desk.b, desk.rubric, "alpha", "r2", 3)
    assert desk.labels.undo("nobody") is None
    assert desk.labels.undo("r1", notebook=desk.a) is not None
    assert desk.labels.undo("r1", notebook=desk.a) is None
    assert desk.labels.undo("r1", rubric_id="ml") is not None
    assert desk.labels.undo("r1", rubric_id="ml") is None
    assert [(label.rubric, label.rater) for label in desk.labels.current()] == [("other", "r1"), ("ml", "r2")]
    assert desk.labels.redo("r1", "ml", desk.a) is not None
    assert desk.labels.redo("r1", "ml", desk.a) is None
    assert desk.labels.redo("r2") is None
