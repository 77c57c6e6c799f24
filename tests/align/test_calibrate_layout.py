"""Counts of a notebook's layout, and what calibration makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.align.calibrate import fit, view
from nbalign.align.calibrate.counts import COUNT_NAMES, LAYOUT_FROM
from nbalign.align.calibrate.layout import layout
from nbalign.align.calibrate.mixture import mix
from nbalign.align.calibrate.model import Taught
from nbalign.notebooks.model import Cell, CellKind, Notebook, Output
from tests.align.calibrate_cases import THREE


def notebook(*cells: tuple[CellKind, str], fails: int = 0, sha256: str = "a" * 64) -> Notebook:
    made = tuple(
        Cell(n, kind, text, outputs=(Output("error", "E", "boom"),) if n == fails else ())
        for n, (kind, text) in enumerate(cells, start=1)
    )
    return Notebook(sha256, "made.ipynb", made, "", "none", "ipynb 4.5")


def lines(n: int) -> str:
    return "\n".join(f"x{i} = {i}" for i in range(n))


def test_long_code_cells_are_counted_by_their_lines() -> None:
    found = layout(notebook(("code", lines(15)), ("code", lines(16)), ("code", lines(26)), ("code", lines(41))))
    assert found["code cells over 15 lines"] == 3
    assert found["code cells over 25 lines"] == 2
    assert found["code cells over 40 lines"] == 1
    assert found["share of the code in its longest cell (%)"] == pytest.approx(100 * 41 / 98)


def test_empty_lines_make_no_cell_longer() -> None:
    assert layout(notebook(("code", lines(10) + "\n" * 30 + "y = 1")))["code cells over 15 lines"] == 0


def test_how_a_notebook_begins_and_ends() -> None:
    closed = layout(
        notebook(("markdown", "# Title"), ("code", "x"), ("code", "y"), ("markdown", "It is so."), ("code", ""))
    )
    open_ended = layout(notebook(("code", "x"), ("markdown", "Words."), ("code", "y")))
    assert (closed["begins with words"], closed["ends with words"]) == (1, 1)
    assert closed["words after the last code cell"] == 3
    assert closed["most code cells in a row"] == 2
    assert (open_ended["begins with words"], open_ended["ends with words"]) == (0, 0)
    assert open_ended["words after the last code cell"] == 0


def test_prose_alone_has_no_words_after_code() -> None:
    found = layout(notebook(("markdown", "Once upon a time."), ("markdown", "The end.")))
    assert found["words after the last code cell"] == 0
    assert found["ends with words"] == 1
    assert found["most code cells in a row"] == 0


def test_headings_that_skip_a_depth() -> None:
    found = layout(notebook(("markdown", "# A\n\n### B"), ("markdown", "## C\n### D")))
    assert found["depths of headings"] == 3
    assert found["depths of headings skipped"] == 1


@pytest.mark.parametrize(
    ("code", "name", "times"),
    [
        ("ax.set_xlabel('a'); ax.set_title('b')", "titles and axis labels set", 2),
        ("np.random.seed(1)\nModel(random_state=0)", "random states set", 2),
        ("train_test_split(x)", "data splits", 1),
        ("cross_val_score(m, x, y)", "cross-validations", 1),
        ("df.to_csv('x.csv')\njoblib.dump(m, 'm')", "files written", 2),
        ("df.isna().sum()", "looks at missing values", 1),
        ("df.fillna(0).dropna()", "missing values filled or dropped", 2),
        ("# model.fit(x)\n# This model is fitted.", "lines of code commented out", 1),
    ],
)
def test_what_code_does_for_its_reader_is_counted(code: str, name: str, times: int) -> None:
    assert layout(notebook(("code", code)))[name] == times
    assert layout(notebook(("markdown", code)))[name] == 0


def test_cells_that_fail_are_counted() -> None:
    assert layout(notebook(("code", "x"), ("code", "y"), fails=2))["cells that fail"] == 1


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), st.text(max_size=200)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_the_same_finite_counts(cells: list[tuple[CellKind, str]]) -> None:
    found = layout(notebook(*cells))
    assert tuple(found) == COUNT_NAMES[LAYOUT_FROM:]
    assert all(np.isfinite(value) and value >= 0 for value in found.values())


def test_a_comment_as_long_as_a_book_is_read_quickly() -> None:
    # A pattern that backtracks would not come to an end with these.
    for text in ("# " + "a." * 100_000, "# " + "a(" * 100_000, "#" * 200_000, "# a" + " " * 200_000, "seed " * 50_000):
        assert layout(notebook(("code", text)))["models fitted"] == 0


def test_raters_who_mind_long_cells_and_open_ends_are_understood() -> None:
    rng = np.random.default_rng(3)
    taught = []
    for i in range(60):
        long, closed = bool(rng.integers(2)), bool(rng.integers(2))
        body: list[tuple[CellKind, str]] = [("code", lines(int(rng.integers(2, 12)))) for _ in range(5)]
        body[int(rng.integers(5))] = ("code", lines(int(rng.integers(27, 45)) if long else 12))
        if closed:
            body.append(("markdown", "That is what came out " * int(rng.integers(1, 5))))
        seen = view(notebook(*body, sha256=f"{i:064x}"), "d", None)
        taught.append(Taught(seen, 1 + (not long) + closed, ("",)))
    fitted = fit(taught[:40], THREE, ["counts"])
    assert fitted.on
    wrong = [abs(fitted.predict(example.view).score - example.score) for example in taught[40:]]
    assert np.mean(wrong) < 0.15
    assert {moved.block for moved in fitted.explain(taught[50].view)} == {"counts"}


def test_a_family_that_costs_more_has_to_explain_more() -> None:
    rng = np.random.default_rng(8)
    z = rng.normal(size=(30, 1))
    z /= np.sqrt((z**2).mean())
    y = 2 + 0.35 * z[:, 0] + rng.normal(scale=0.5, size=30)
    start = {"nothing": np.full(30, 2.0)}
    cheap, dear = (mix(y, {"a": z}, start, 0.3, {"a": price}).slopes["a"][0] for price in (1.0, 6.0))
    assert 0 < dear < cheap
