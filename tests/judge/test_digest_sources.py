from __future__ import annotations

import pytest

from nbalign.judge.digest import digest
from nbalign.notebooks import Cell
from tests.judge.digesting import code, count, error, markdown, notebook


def body(cell: Cell) -> str:
    """The digest of a notebook of one cell, without its head."""
    return digest(notebook(cell), count, 4000).text.partition("\n")[2]


def test_code_loses_blank_lines_and_trailing_blanks() -> None:
    assert body(code("a = 1   \n\n\n\ndef f():\n    return a\n\n")) == "a = 1\ndef f():\n    return a"


def test_imports_are_kept_as_they_are_while_there_is_room() -> None:
    source = "import numpy as np\nfrom sklearn.svm import SVC"
    assert body(code(source)) == source


def test_long_strings_are_cut() -> None:
    assert body(code(f'prompt = "{"words " * 80}"')) == f'prompt = "{("words " * 80)[:69]}…"'


def test_long_lists_of_numbers_are_cut_and_say_how_many_went() -> None:
    text = body(code(f"x = [{', '.join(str(at) for at in range(40))}]\ny = 1"))
    assert text == "x = [0, 1, 2, 3, 4, … 35 more]\ny = 1"


def test_rows_of_data_are_cut_each() -> None:
    row = "[13.9, 1.8, 2.4, 16.5, 105, 2.9, 3.1, 0.28, 2.0, 5.8, 1.05, 3.2, 1150]"
    assert body(code(f"bottles = [\n    {row},\n    {row},\n]")).splitlines()[1] == (
        "    [13.9, 1.8, 2.4, 16.5, 105, … 8 more],"
    )


def test_lists_of_column_names_are_kept() -> None:
    source = "columns = [" + ", ".join(f'"column_{at}"' for at in range(20)) + "]"
    assert body(code(source)) == source


def test_literals_with_signs_beyond_ascii_are_cut_in_the_right_place() -> None:
    numbers = ", ".join(["1"] * 20)
    assert body(code(f'é = "ü€😀"; x = [{numbers}]  # ok')) == 'é = "ü€😀"; x = [1, 1, 1, 1, 1, … 15 more]  # ok'


def test_short_commented_out_code_is_kept_and_long_is_a_mark() -> None:
    assert body(code("x = 1\n# from sklearn.svm import SVC")) == "x = 1\n# from sklearn.svm import SVC"
    long = "x = 1\n" + "\n".join(f"# model_{at} = SVC(C={at})" for at in range(15))
    assert body(code(long)) == "x = 1\n# model_0 = SVC(C=0)\n# … 14 more commented-out lines"


def test_banners_go_and_comments_stay() -> None:
    text = "# -------------\n# 1. The data\n# -------------\ndf = load()"
    assert body(code(text)) == "# 1. The data\ndf = load()"


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\nx = 1",
        "!pip install -q mlflow\nx = 1",
        "%%bash\necho 'a\nls |",
        "df.head?\nx = (",
        "select * from t;",
    ],
)
def test_what_is_not_python_is_kept_line_by_line(source: str) -> None:
    assert body(code(source)) == source


def test_magics_do_not_hide_the_rest_from_the_parser() -> None:
    assert "… 35 more" in body(code(f"%time\nx = [{', '.join(['1'] * 40)}]"))


def test_invalid_escapes_raise_no_warning() -> None:
    assert body(code("x = '\\d'")) == "x = '\\d'"


def test_an_empty_cell_says_so() -> None:
    assert digest(notebook(code("  \n")), count).text == "[1] code\n(empty)"
    assert digest(notebook(markdown("")), count).text == "[1] markdown\n(empty)"


def test_a_line_without_end_is_clipped() -> None:
    text = body(code("x = '" + "a" * 100_000))
    assert len(text) < 400
    assert text.endswith("…")


def test_a_cell_of_many_lines_keeps_what_decides() -> None:
    lines = [f"value_{at} = {at}" for at in range(900)]
    lines[450] = "model.fit(X_train, y_train)"
    made = digest(notebook(code("\n".join(lines))), count, 1000)
    assert "model.fit(X_train, y_train)" in made.text
    assert made.tokens <= 1000
    assert any(omission.what == "code lines" for omission in made.omissions)


def test_markdown_loses_markup_and_keeps_words() -> None:
    source = (
        "## 3. **Missing** values\n\nSee [the docs](https://example.org/long/path?x=1) for `fillna`.\n"
        "It wraps\nhere. <b>Bold</b> &amp; <span style='color:red'>red</span>.\n\n---\n"
        "![plot](data:image/png;base64,iVBORw0KGgo=)\n<!-- hidden\nnote -->\n"
    )
    assert body(markdown(source)) == (
        "## 3. Missing values\nSee the docs for fillna. It wraps here. Bold &amp; red.\n(image)"
    )


def test_lists_and_tables_keep_their_rows() -> None:
    source = "* one\n* two\n\n1. first\n2. second\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    assert body(markdown(source)) == "- one\n- two\n1. first\n2. second\na | b\n1 | 2"


def test_code_in_markdown_is_kept_as_it_is() -> None:
    assert body(markdown("Run:\n```python\nx = **a**\n```\n")) == "Run:\nx = **a**"


def test_names_with_underscores_and_products_are_no_emphasis() -> None:
    assert body(markdown("The _new_ sale_price__x is 2 * 3 and __bold__ *here*.")) == (
        "The _new_ sale_price__x is 2 * 3 and bold here."
    )


def test_an_image_of_a_megabyte_costs_nothing() -> None:
    made = digest(notebook(markdown(f"Look\n\n![](data:image/png;base64,{'iVBO' * 250_000})\n")), count)
    assert made.text == "[1] markdown\nLook\n(image)"


def test_markup_that_never_ends_is_no_trouble() -> None:
    for opening in ("<!--", "![", "[a](", "<b ", "**", "`", "data:image/png;base64,"):
        made = digest(notebook(markdown(opening * 5_000)), count, 200)
        assert made.tokens <= 200


def test_the_quoted_prompt_is_a_mark() -> None:
    made = digest(notebook(markdown("> Who will\n> churn?"), code("x = 1"), prompt="Who will churn?"), count)
    assert made.text == "[1] markdown: the prompt\n[2] code\nx = 1"
    assert made.cells == (1, 2)


def test_what_the_first_cell_says_besides_the_prompt_stays() -> None:
    made = digest(notebook(markdown("> Who churns?\n\nI use a forest."), prompt="Who churns?"), count)
    assert made.text == "[1] markdown: the prompt\nI use a forest."


def test_a_first_cell_that_does_not_quote_the_prompt_is_shown() -> None:
    made = digest(notebook(markdown("# Title"), prompt="Who churns?"), count)
    assert made.text == "[1] markdown\n# Title"


def test_cells_run_out_of_order_or_not_at_all_say_so() -> None:
    made = digest(notebook(code("a", ran=1), code("b", ran=5), code("c", ran=2), code("d")), count)
    assert made.text.splitlines()[::2] == [
        "[1] code",
        "[2] code",
        "[3] code (run out of order, as 2)",
        "[4] code (not run)",
    ]


def test_a_notebook_that_never_ran_is_not_marked_cell_by_cell() -> None:
    assert "not run" not in digest(notebook(code("a"), code("b")), count).text


def test_source_that_the_reader_cut_is_marked() -> None:
    assert "… 500 more characters" in body(Cell(0, "code", "x = 1", None, (), 500))


def test_imports_shorten_when_short_of_room_and_not_when_one_failed() -> None:
    source = "\n".join(f"from sklearn.module_{at} import Name{at}" for at in range(20))
    fitted = digest(notebook(code(source)), count, 120)
    assert "from sklearn… import Name0, Name1" in fitted.text
    assert any(omission.what == "imports in full" for omission in fitted.omissions)
    failed = code(source, error("ImportError", "ImportError: cannot import name 'Name3'"))
    assert "from sklearn…" not in digest(notebook(failed), count, 120).text
