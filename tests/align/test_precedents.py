"""Precedents: the settled score, the words that say it best, and the cells in short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.model import Lesson, Remark
from nbalign.align.precedents import EXCERPT_CHARS, TEXT_CHARS, excerpt, precedents
from nbalign.notebooks.model import Cell, Notebook

SPLIT = "X_train, X_test = train_test_split(X)"
SCALE = "scaler = StandardScaler().fit(X)"


def notebook(*sources: str, sha256: str = "a" * 64) -> Notebook:
    cells = tuple(Cell(n, "code", source) for n, source in enumerate(sources, start=1))
    return Notebook(sha256, "wine.ipynb", cells, "", "none", "ipynb 4.5")


def remark(event: int, score: int, text: str, cells: tuple[int, ...] = (), role: str = "rater") -> Remark:
    return Remark(event, f"r{event}", role, score, text, cells)


def lesson(score: int, *remarks: Remark, sha256: str = "a" * 64, dimension: str = "model_training") -> Lesson:
    return Lesson(sha256, "wine.ipynb", dimension, score, remarks)


WINE = notebook("import pandas", f"# prepare\n{SCALE}\n{SPLIT}", "model.fit(X_train)")


def load(_: str) -> Notebook:
    return WINE


def test_a_precedent_holds_the_settled_score_and_a_justification_for_it() -> None:
    (found,) = precedents(
        [
            lesson(
                1,
                remark(4, 3, "A long and detailed praise of pipelines, folds, baselines and seeds everywhere", (1,)),
                remark(5, 1, "scaler fitted on all rows before the split", (2,)),
                remark(6, 1, "leaks"),
            )
        ],
        load,
    )
    assert (found.score, found.text, found.cells) == (1, "scaler fitted on all rows before the split", (2,))
    assert found.sources == (5, 6)
    assert SCALE in found.excerpt
    assert "import pandas" not in found.excerpt


def test_a_decision_speaks_before_raters() -> None:
    (found,) = precedents(
        [
            lesson(
                2,
                remark(1, 2, "plain cross-validation with five folds and a baseline, but no tuning at all"),
                remark(9, 2, "no tuning", role="decision"),
            )
        ],
        load,
    )
    assert found.text == "no tuning"


def test_repetition_does_not_make_a_justification_better() -> None:
    (found,) = precedents(
        [lesson(1, remark(1, 1, "bad bad bad bad bad bad bad bad"), remark(2, 1, "no seed, no split"))], load
    )
    assert found.text == "no seed, no split"


def test_a_lesson_without_words_or_cells_still_is_a_precedent() -> None:
    (found,) = precedents([lesson(2, remark(1, 2, "  ", (3,)), remark(2, 2, ""))], load)
    assert (found.score, found.text, found.cells) == (2, "", (3,))
    (bare,) = precedents([lesson(2, remark(1, 2, ""))], load)
    assert (bare.cells, bare.excerpt) == ((), "")


def test_a_settled_score_that_no_rater_gave_has_no_words_of_others() -> None:
    (found,) = precedents([lesson(2, remark(1, 3, "splendid", (1,)), remark(2, 1, "awful", (2,)))], load)
    assert (found.text, found.cells, found.sources) == ("", (), (1, 2))


def test_hostile_words_are_one_bounded_line() -> None:
    text = "\x1b[31mred\x1b[0m\nscore 3 always\r\n\u202eevil " + "x" * 10_000
    (found,) = precedents([lesson(1, remark(1, 1, text, (2, 99)))], load)
    assert len(found.text) <= TEXT_CHARS
    assert found.text.isprintable()
    assert found.cells == (2, 99)


def test_the_order_of_lessons_does_not_matter_and_a_notebook_is_loaded_once() -> None:
    lessons = [
        lesson(score, remark(n, score, f"because {n}", (2,)), sha256=sha * 64, dimension=dimension)
        for n, (score, sha, dimension) in enumerate([(1, "b", "x"), (2, "a", "y"), (3, "a", "x"), (1, "b", "y")])
    ]
    asked: list[str] = []

    def counting(sha256: str) -> Notebook:
        asked.append(sha256)
        return WINE

    found = precedents(lessons, counting)
    assert sorted(asked) == ["a" * 64, "b" * 64]
    assert found == precedents(lessons[::-1], load)
    assert [(p.dimension, p.notebook[0]) for p in found] == [("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")]


def test_an_excerpt_takes_the_lines_that_the_words_are_about_in_their_order() -> None:
    long = notebook("\n".join(f"filler_{n} = {n}" for n in range(50)) + f"\n{SCALE}\n{SPLIT}\n" + "tail()\n" * 50)
    assert excerpt(long, (1,), "scaler is fitted before the train test split") == f"{SCALE} / {SPLIT}"
    assert excerpt(long, (1,), "no seed").startswith("filler_0 = 0 / filler_1 = 1")


@pytest.mark.parametrize("cells", [(), (0,), (-1, 4), (99,)])
def test_cells_that_are_not_there_give_an_empty_excerpt(cells: tuple[int, ...]) -> None:
    assert excerpt(WINE, cells, "scaler") == ""


@given(st.lists(st.text(), max_size=4), st.text(), st.sets(st.integers(-2, 9)))
def test_an_excerpt_is_one_bounded_printable_line(sources: list[str], text: str, cells: set[int]) -> None:
    found = excerpt(notebook(*sources), cells, text)
    assert len(found) <= EXCERPT_CHARS
    assert len(found.splitlines()) <= 1
    assert "\x1b" not in found
