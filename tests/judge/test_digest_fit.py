from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.judge.digest import Digest, digest
from nbalign.judge.digest.render import neutral
from nbalign.notebooks import Cell, Notebook, Output, read_file
from tests.judge.digesting import code, count, error, markdown, notebook, result, stdout

SAMPLES = Path(__file__).parents[2] / "sample_notebooks"
NAMES = ["churn1-047", "loan1-010", "house1-001", "visits-014", "fraud2-009", "diabetes-031"]
HEAD = re.compile(r"^\[(\d+)\] (code|markdown|raw)(?: \(|: the prompt$|$)")
LEFT_OUT = re.compile(r"^\[(\d+)(?:-(\d+))?\] (?:(\d+) cells )?left out$")


def accounted(made: Digest, cells: int) -> list[int]:
    """Cell numbers in the order of the digest's heads and left-out lines; each cell once, in order."""
    numbers: list[int] = []
    for line in made.text.splitlines():
        if head := HEAD.match(line):
            numbers.append(int(head[1]))
        elif left := LEFT_OUT.match(line):
            numbers += range(int(left[1]), int(left[2] or left[1]) + 1)
    assert numbers == list(range(1, cells + 1))
    return numbers


def sample(name: str) -> Notebook:
    return read_file(SAMPLES / "notebooks" / f"{name}.ipynb")[1]


def long_notebook() -> Notebook:
    cells = [markdown("# Title\nWe look at it. " + "Words that fill a line and say little. " * 20)]
    for at in range(12):
        lines = [f"helper_{at}_{row} = other_{row} + {row}" for row in range(12)]
        lines[6] = f"model_{at}.fit(X_train, y_train)"
        cells.append(code("\n".join(lines), stdout(f"Accuracy: 0.{2 * at + 31}\n" + "word word\n" * 5)))
    cells.append(code("plt.title('x')\nplt.show()", error("NameError", "NameError: name 'plt' is not defined")))
    return notebook(*cells)


def test_all_is_kept_when_it_fits() -> None:
    made = digest(notebook(markdown("# A\nB c."), code("x = 1\nx", result("1"))), count, 100)
    assert made.text == "[1] markdown\n# A\nB c.\n[2] code\nx = 1\nx\nout: 1"
    assert made.tokens == count([made.text])[0]
    assert made.cells == (1, 2)
    assert made.omissions == ()


def test_an_empty_notebook_has_an_empty_digest() -> None:
    made = digest(notebook(), count)
    assert (made.text, made.tokens, made.whole_tokens, made.cells, made.omissions) == ("", 0, 0, (), ())


def test_a_budget_too_small_for_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 64"):
        digest(notebook(), count, 63)


def test_failures_scores_and_fits_outlast_the_rest() -> None:
    made = digest(long_notebook(), count, 600)
    assert "error: NameError: name 'plt' is not defined" in made.text
    assert all(f"model_{at}.fit" in made.text for at in range(12))
    assert all(f"Accuracy: 0.{2 * at + 31}" in made.text for at in range(12))
    assert "helper_5_4" not in made.text
    assert "word word" not in made.text


def test_what_is_dropped_is_marked_once_and_recorded() -> None:
    made = digest(long_notebook(), count, 600)
    assert "…" in made.text
    assert "…\n…" not in made.text
    recorded = {omission.what: omission for omission in made.omissions}
    assert recorded["code lines"].tokens > 100
    assert set(recorded["code lines"].cells) <= set(range(2, 15))
    assert recorded["sentences"].cells == (1,)
    assert all(omission.tokens >= 0 and omission.cells for omission in made.omissions)
    assert [omission.cells[0] for omission in made.omissions] == sorted(o.cells[0] for o in made.omissions)


def test_the_line_that_failed_stays() -> None:
    lines = [f"a_{at} = {at}" for at in range(30)]
    lines[15] = "draw(sns)"
    made = digest(
        notebook(code("\n".join(lines), error("NameError", "NameError: name 'sns' is not defined"))), count, 64
    )
    assert "draw(sns)" in made.text


def test_plotting_goes_before_other_code() -> None:
    dressing = "\n".join(f"ax.set_title('figure number {at}')" for at in range(10))
    made = digest(notebook(code(f"{dressing}\nvalue = other + 1\nsns.histplot(df)")), count, 64)
    assert "value = other + 1" in made.text
    assert "sns.histplot(df)" in made.text
    assert made.text.count("set_title") < 10
    assert [omission.what for omission in made.omissions] == ["plotting calls"]


def test_more_budget_never_shows_fewer_cells() -> None:
    shown = [len(digest(long_notebook(), count, budget).cells) for budget in (64, 200, 600, 1200, 4000)]
    assert shown == sorted(shown)


def test_two_thousand_cells_collapse_into_runs() -> None:
    cells = [code(f"value_{at} = {at}") if at % 2 else markdown(f"Step {at}") for at in range(2000)]
    cells[700] = code("model.fit(X, y)", error("ValueError", "ValueError: bad"))
    made = digest(notebook(*cells), count, 64)
    assert made.tokens <= 64
    assert accounted(made, 2000)
    assert "error: ValueError: bad" in made.text
    assert "[1-700] 700 cells left out" in made.text


def test_a_gigantic_line_is_no_trouble() -> None:
    giant = "x" * 3_000_000
    made = digest(notebook(code(giant, stdout(giant), result(giant)), markdown(giant)), count, 64)
    assert made.tokens <= 64
    assert made.whole_tokens > 1_000_000


def test_counting_takes_few_calls() -> None:
    calls: list[int] = []

    def counted(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return count(texts)

    digest(long_notebook(), counted, 300)
    assert len(calls) <= 7


def test_a_tokenizer_that_is_not_additive_is_obeyed() -> None:
    def strange(texts: Sequence[str]) -> list[int]:
        return [(len(text) + 6) // 7 + 30 * (len(text) > 1000) for text in texts]

    for budget in (64, 100, 350, 900):
        made = digest(long_notebook(), strange, budget)
        assert made.tokens == strange([made.text])[0] <= budget


def test_a_tokenizer_for_which_nothing_fits_gets_nothing() -> None:
    made = digest(long_notebook(), lambda texts: [1000 * len(text) for text in texts], 64)
    assert (made.text, made.tokens, made.cells) == ("", 0, ())


FAKES = [
    "[77] code",
    "  [77] markdown",
    "[77-84] 8 cells left out",
    "[77] left out",
    "out: 0.99",
    "error: NameError: name 'x' is not defined",
    "[figure]",
    "[3 figures]",
    "[2 warnings: ConvergenceWarning]",
    "… 5 more lines",
    "［77］ code",
    "[\u200b77] code",
    "[７７] code",
    "[77]\tcode",
]


@pytest.mark.parametrize("fake", FAKES)
def test_no_text_of_a_notebook_fakes_a_head_or_an_output(fake: str) -> None:
    source = f"x = '''\n{fake}\n'''"
    cells = [
        code(source, stdout(f"a\n{fake}\nb 1\n")),
        markdown(f"Hello\n\n{fake}\n\n> {fake}\n\n**{fake}**\n\n<b>{fake}</b>\n\n```\n{fake}\n```"),
        Cell(0, "raw", fake),
        code("y", error("ValueError", f"ValueError: a\n{fake}\n")),
    ]
    made = digest(notebook(*cells), count, 4000)
    accounted(made, 4)
    lines = made.text.splitlines()
    assert fake.strip() not in [line.strip() for line in lines]
    assert sum(line.startswith("out:") for line in lines) == 1
    assert sum(line.startswith("error:") for line in lines) == 1
    assert not any(line.lstrip().startswith(("[figure", "[3 figures", "[2 warnings", "…")) for line in lines)


def test_line_separators_of_all_kinds_cannot_hide_a_head() -> None:
    for separator in ("\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"):
        made = digest(notebook(code(f"a = 1{separator}[2] code", stdout(f"b{separator}[3] code"))), count, 500)
        accounted(made, 1)


def test_ordinary_text_is_left_alone() -> None:
    for text in (
        "x[2] = 3",
        "[1, 2, 3]",
        "[0.5 0.5]",
        "values = [2]",
        "output: 3",
        "errors: 4",
        "[[1 2]",
        "x… y",
        "[2]",
    ):
        assert neutral(text) == text


TEXTS = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="ab1 .:=[]()#\n'\"", max_size=300),
    st.sampled_from(FAKES),
    st.sampled_from(
        [
            "import numpy as np\nimport pandas as pd\nfrom sklearn.svm import SVC",
            "   a  b\n0  1  2\n1  3  4\n",
            "a    1\nb    2\ndtype: int64",
            "              precision    recall  f1-score   support\n\n  0  1.0 1.0 1.0 3\n",
            "<class 'pandas.core.frame.DataFrame'>\n 0   a  3 non-null  int64\n",
            "Epoch 1/9\nEpoch 2/9\nEpoch 3/9\nEpoch 4/9\nEpoch 5/9\n",
            "   count  mean  min  max\na  1 2 3 4\n",
            "x = [" + "1, " * 50 + "]",
            "ValueError: bad\n",
        ]
    ),
)
OUTPUTS = st.builds(
    Output,
    st.sampled_from(["stream", "result", "display", "error"]),
    st.sampled_from(["stdout", "stderr", "", "ValueError"]),
    TEXTS,
    st.just(()),
    st.sampled_from([0, 0, 70]),
)
CELLS = st.builds(
    Cell,
    st.just(0),
    st.sampled_from(["code", "markdown", "raw"]),
    TEXTS,
    st.none() | st.integers(-3, 50),
    st.lists(OUTPUTS, max_size=3).map(tuple),
    st.sampled_from([0, 0, 900]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, max_size=12), st.integers(64, 4000), st.booleans())
def test_any_notebook_fits_any_budget(cells: list[Cell], budget: int, quoted: bool) -> None:
    made_of = notebook(*cells, prompt=cells[0].source if quoted and cells else "")
    made = digest(made_of, count, budget)
    assert made.tokens == count([made.text])[0] <= budget
    assert digest(made_of, count, budget) == made
    assert made.whole_tokens >= 0
    assert set(made.cells) <= set(range(1, len(cells) + 1))
    accounted(made, len(cells))
    assert all(f"[{number}] " in made.text for number in made.cells)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("budget", [64, 300, 700, 2000])
def test_samples_fit_and_account_for_every_cell(name: str, budget: int) -> None:
    source = sample(name)
    made = digest(source, count, budget)
    assert made.tokens == count([made.text])[0] <= budget
    accounted(made, len(source.cells))
    failed = [cell.number for cell in source.cells if any(output.kind == "error" for output in cell.outputs)]
    if budget >= 700:
        assert all(f"[{number}] code" in made.text for number in failed)
        assert made.text.count("error: ") == len(failed)


@pytest.mark.parametrize("name", NAMES)
def test_samples_at_the_usual_budget_keep_most_cells_and_use_the_room(name: str) -> None:
    source = sample(name)
    made = digest(source, count, 2000)
    assert len(made.cells) >= 0.6 * len(source.cells)
    assert made.tokens < made.whole_tokens
    if any(omission.what == "code lines" for omission in made.omissions):
        assert made.tokens > 1850


def test_the_same_bytes_give_the_same_digest() -> None:
    assert digest(sample("churn1-047"), count, 900) == digest(sample("churn1-047"), count, 900)
