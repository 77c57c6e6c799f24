"""What calibration sees of a notebook: crude counts, stems, facts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.align.calibrate.counts import COUNT_NAMES, counts
from nbalign.align.calibrate.stems import split_words, stem, stems
from nbalign.align.calibrate.views import view
from nbalign.evidence.model import Evidence, Kind
from nbalign.notebooks.model import Cell, CellKind, Notebook, Output

GAP = Kind("no_look", "d", "gap", -0.5, "Nothing is looked at.")
NOTE = Kind("told", "d", "neutral", 0.0, "Something is said.")
NONE = Kind("nothing_missing", "d", "n/a", 0.0, "There is nothing to do.")
OTHER = Kind("elsewhere", "e", "good", 0.5, "Of another dimension.")


def notebook(
    *cells: tuple[CellKind, str] | tuple[CellKind, str, tuple[Output, ...]], sha256: str = "a" * 64
) -> Notebook:
    made = tuple(
        Cell(number, cell[0], cell[1], outputs=cell[2] if len(cell) == 3 else ())
        for number, cell in enumerate(cells, start=1)
    )
    return Notebook(sha256, "made.ipynb", made, "", "none", "ipynb 4.5")


def count(made: Notebook, name: str) -> float:
    return float(np.expm1(counts(made)[COUNT_NAMES.index(name)]))


def test_counts_have_different_names_and_there_are_under_a_hundred() -> None:
    assert len(set(COUNT_NAMES)) == len(COUNT_NAMES)
    assert 80 <= len(COUNT_NAMES) < 100


def test_code_is_counted() -> None:
    made = notebook(
        ("markdown", "# Title\n\nWords here."),
        ("code", "import pandas as pd\n# read it\nfor x in range(3):\n    print(x)", (Output("error", "E", "boom"),)),
    )
    assert count(made, "imports in code") == pytest.approx(1)
    assert count(made, "comment lines") == pytest.approx(1)
    assert count(made, "loops in code") == pytest.approx(1)
    assert count(made, "errors") == pytest.approx(1)
    assert count(made, "headings") == pytest.approx(1)
    assert count(made, "code cells with words before them") == pytest.approx(1)


def test_an_essay_in_one_cell_is_told_from_another() -> None:
    short = notebook(("markdown", "I like dogs. Dogs are good."))
    long = notebook(
        (
            "markdown",
            'However, the author\'s "argument", although elaborate, remains unconvincing.\n\nWhy? Because it does.',
        )
    )
    assert count(short, "sentences") == pytest.approx(2)
    assert count(long, "paragraphs") == pytest.approx(2)
    assert count(long, "quotation marks") == pytest.approx(2)
    assert count(long, "commas") == pytest.approx(3)
    assert count(long, "joining words") == pytest.approx(3)
    assert count(long, "questions") == pytest.approx(1)
    assert count(long, "mean length of a word") > count(short, "mean length of a word")
    assert count(long, "code cells") == 0


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), st.text(max_size=200)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_finite_counts_and_stems(cells: list[tuple[CellKind, str]]) -> None:
    made = notebook(*cells)
    found = counts(made)
    assert found.shape == (len(COUNT_NAMES),)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert all(0 < len(word) <= 24 and n > 0 for word, n in stems(made).items())


@pytest.mark.parametrize(
    "forms",
    [
        ("label", "labels", "labelled", "labelling", "labeled"),
        ("evaluate", "evaluated", "evaluation", "evaluates"),
        ("scale", "scaled", "scaling", "scaler"),
        ("split", "splits", "splitting"),
        ("imputation", "imputed"),
        ("body", "bodies"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_other_words_keep_apart() -> None:
    assert len({stem(word) for word in ("mean", "median", "model", "metric", "seed", "class", "loss", "less")}) == 8


def test_identifiers_are_taken_apart() -> None:
    assert split_words("train_test_split(RandomForestClassifier)") == [
        "train", "test", "split", "random", "forest", "classifier",
    ]  # fmt: skip
    found = stems(notebook(("code", "ax.set_xlabel('Age')"), ("markdown", "Ages are labelled.")))
    assert found[stem("age")] == 2
    assert found["label"] == 1


def test_a_huge_notebook_gives_bounded_stems() -> None:
    words = " ".join(f"w{chr(97 + i % 26)}{chr(97 + i // 26 % 26)}{chr(97 + i // 676)}" for i in range(12_000))
    assert len(stems(notebook(("markdown", words)))) == 5_000


def test_a_view_holds_the_facts_of_its_dimension() -> None:
    made = notebook(("code", "x"))
    evidence = Evidence(made.sha256, (GAP.fact("a", (1,)), GAP.fact("b"), NOTE.fact("c"), OTHER.fact("d")))
    seen = view(made, "d", evidence)
    assert seen.facts == {"no_look": -1.0, "told": 0.0}
    assert seen.rule == pytest.approx(1.0)
    assert not seen.rule_na
    assert view(made, "nowhere", evidence).rule is None
    assert view(made, "d", None).facts == {}


def test_a_view_knows_that_the_rule_says_not_applicable() -> None:
    made = notebook(("code", "x"))
    seen = view(made, "d", Evidence(made.sha256, (NONE.fact("nothing to do"),)))
    assert seen.rule is None
    assert seen.rule_na


def test_dimensions_share_what_is_worked_out_once() -> None:
    made = notebook(("code", "y = 1"), sha256="b" * 64)
    first, second = view(made, "d", None), view(made, "e", None, judged={1: 1.0})
    assert first.counts is second.counts
    assert first.stems is second.stems
    assert view(notebook(("code", "y = 10"), sha256="b" * 64), "d", None).counts is not first.counts
