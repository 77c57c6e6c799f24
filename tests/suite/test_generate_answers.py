"""What small models write, made fit for a notebook: the texts here are of the kinds that they really write."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evidence.parsing import parse_cell
from nbalign.suite.generate.local.answers import MOST_TITLE, code_of, plan_of, sentence_of

LOAD = 'import pandas as pd\n\ndf = pd.read_csv("wine.csv")\nprint(df.head())'


@pytest.mark.parametrize(
    "text",
    [
        "1. Load the data\n2. Train a model\n3. Report its error",
        "1) Load the data\n2) Train a model\n3) Report its error",
        "- Load the data\n- Train a model\n* Report its error",
        "1. **Load the data**: read wine.csv with pandas.\n2. **Train a model**.\n3. Report its error.",
        "## Plan\n\nStep 1: Load the data\nStep 2: Train a model\nStep 3: Report its error",
        "1. 1. load the data\n\n2. Train a `model`\n2. Train a model\n3. Report its error\n```python\nimport x\n4. Go on",
    ],
)
def test_a_plan_is_read_however_it_is_written(text: str) -> None:
    assert plan_of(text, 6) == ("Load the data", "Train a model", "Report its error")


def test_a_plan_is_bounded_and_names_stay_as_they_are() -> None:
    long = "\n".join(f"{n}. Step of the work {n}a" for n in range(1, 40))
    plan = plan_of(long, 3)
    assert plan[0] == "Step of the work 1a; step of the work 2a"
    assert plan[2] == "Step of the work 5a; step of the work 39a"
    assert plan_of(long, 3, cut=True)[2].endswith("38a")
    assert plan_of(long, 1) == ("Step of the work 1a; step of the work 39a",)
    nine = "\n".join(long.split("\n")[:9])
    assert [title.count(";") for title in plan_of(nine, 6)] == [1, 1, 1, 0, 0, 0]
    assert plan_of(nine, 9)[8] == "Step of the work 9a"
    assert len(plan_of("1. " + "very long words " * 40, 6)[0]) <= MOST_TITLE
    assert plan_of("1. Select sepal_length and petal_width", 6) == ("Select sepal_length and petal_width",)
    (title,) = plan_of("1. Print the prices of all the houses that are not sold yet so that the seller understands", 6)
    assert title == "Print the prices of all the houses that are not sold yet so"
    assert plan_of("", 6) == plan_of("Plan:\n1.\n2.\n---\n", 6) == ()


@given(st.text(), st.integers(1, 20))
def test_any_text_gives_short_titles_that_differ(text: str, most: int) -> None:
    plan = plan_of(text, most)
    assert len(plan) <= most
    assert all(0 < len(title) <= 2 * MOST_TITLE + 2 and "\n" not in title and "\x1b" not in title for title in plan)


def test_a_sentence_is_one_whole_line() -> None:
    assert sentence_of("First, we load\n the data.\n\nThen more.", False) == "First, we load the data."
    assert sentence_of("We load it. We look at it. We then", True) == "We load it. We look at it."
    assert sentence_of("We load it and then we", True) == ""
    assert sentence_of("### Here is the code:\n```python\nx\n```", False) == "Here is the code."
    assert sentence_of("```python\nx", False) == ""


@given(st.text(), st.booleans())
def test_any_text_gives_one_line(text: str, cut: bool) -> None:
    assert "\n" not in sentence_of(text, cut)


@pytest.mark.parametrize(
    "text",
    [
        LOAD,
        LOAD + "\n\n\n",
        "\n" + LOAD + "\n```\nThis loads the data.",
        "```python\n" + LOAD + "\n```",
        "Here is the code for this step:\n\n```python\n" + LOAD + "\n```\nIt loads the data.\n```python\nx = 1\n```",
        "Here is the code that loads it:\n\n" + LOAD,
        "pip install pandas\n" + LOAD,
        "!pip install pandas -q\n%pip install scikit-learn\n" + LOAD,
        LOAD + "\n\nOutput:\n   a  b\n0  1  2",
        LOAD + "\n\n## 3. Train the model\n\nNow we train.",
        LOAD + "\n\nThis code reads the file and shows its first rows.",
    ],
)
def test_code_is_found_in_what_surrounds_it(text: str) -> None:
    assert code_of(text, False).source == LOAD


def test_code_that_was_cut_off_ends_with_its_last_whole_statement() -> None:
    assert code_of(LOAD + "\nfor column in df.columns:\n    print(colu", True).source == LOAD
    whole = LOAD + "\nfor column in df.columns:\n    print(column)"
    assert code_of(whole, True).source == whole
    code = code_of(LOAD + "\nmodel = fit(\n    df,\n    depth=", True)
    assert code.source == LOAD
    assert code.notes == ("cut off",)


def test_broken_code_that_was_not_cut_off_stays_for_its_error_to_be_seen() -> None:
    broken = "x = 1\nprint(x\ny = 2"
    assert code_of(broken, False).source == broken


def test_a_loop_is_cut_and_a_few_equal_lines_are_not() -> None:
    looping = LOAD + "\n" + "df = df.dropna()\nprint(df.shape)\n" * 30 + "df = df.dr"
    code = code_of(looping, True)
    assert code.source == LOAD + "\ndf = df.dropna()\nprint(df.shape)"
    assert "a loop was cut" in code.notes
    thrice = "print()\nprint()\nprint()\n" + LOAD
    assert code_of(thrice, False).source == thrice


def test_magics_and_comments_stay() -> None:
    text = "%matplotlib inline\n# Load the data\n" + LOAD
    assert code_of(text, False).source == text


def test_prose_alone_is_kept_as_it_is_only_where_nothing_can_be_told() -> None:
    assert code_of("", False).source == ""
    assert code_of("```", False).source == ""
    assert code_of("\n\n```\n", False).source == ""


lines = st.sampled_from(
    [*LOAD.split("\n"), "```", "```python", "Here is some text about it.", "", "    x = (", "pip install x", "x = [1,"]
) | st.text(max_size=20)


@given(st.lists(lines, max_size=25), st.booleans())
def test_whatever_is_written_code_comes_out_clean_and_settled(written: list[str], cut: bool) -> None:
    text = "\n".join(written)
    code = code_of(text, cut)
    assert "\x1b" not in code.source
    assert len(code.source) <= 4 * len(text) + 4
    assert not code.source.startswith("\n")
    assert not code.source.endswith("\n")
    if not any("`" in line or "~" in line for line in written):
        # What is Python once stays it.
        again = code_of(code.source, cut)
        if not parse_cell(code.source).problem:
            assert again.source.split() == code.source.split() or again.notes


@given(st.integers(1, 6), st.integers(4, 40))
def test_loops_of_any_period_are_cut(period: int, times: int) -> None:
    block = "\n".join(f"value_{n} = step({n})" for n in range(period))
    text = textwrap.dedent(LOAD) + ("\n" + block) * times
    assert code_of(text, False).source == LOAD + "\n" + block
