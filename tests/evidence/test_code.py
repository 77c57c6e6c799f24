"""Code cells as syntax trees: magics set aside, broken lines left out, line numbers kept, nothing ever raised."""

from __future__ import annotations

import ast
import warnings
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nbalign.evidence.code import Code, CodeCell, read_code
from nbalign.evidence.parsing import MOST_LEVELS
from nbalign.notebooks.model import Cell, Notebook
from tests.evidence.building import md, notebook


def cell_of(source: str) -> CodeCell:
    """The one cell of a notebook, its source as it is."""
    return read_code(Notebook("0" * 64, "test.ipynb", (Cell(1, "code", source),), "", "none", "ipynb 4.5")).cells[0]


def python_of(source: str) -> str:
    """What of a cell was read as Python."""
    return ast.unparse(cell_of(source).tree)


def commands_of(source: str) -> list[tuple[int, str]]:
    return [(s.line, s.text) for s in cell_of(source).shell]


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("%matplotlib inline\nimport pandas as pd", "pass\nimport pandas as pd"),
        ("%%time\nmodel.fit(X, y)", "model.fit(X, y)"),
        ("%%timeit -n 5 -r 2\nmodel.fit(X, y)", "model.fit(X, y)"),
        ("\n\n%%capture out\nx = 1", "x = 1"),
        ("%%capture --no-stderr\n!pip install x\ny = 2", "pass\ny = 2"),
        ("%time model.fit(X, y)", "model.fit(X, y)"),
        ("%time X = f(df)", "X = f(df)"),
        ("%timeit -n 10 -r 3 f(x)", "f(x)"),
        ("%%prun\nf(x)", "f(x)"),
        ("files = !ls *.csv\nprint(files)", "files = None\nprint(files)"),
        ("best = %timeit -o f(x)", "best = f(x)"),
        ("%load_ext autoreload\n%autoreload 2", "pass\npass"),
        ("for f in files:\n    !unzip {f}\ndone = True", "for f in files:\n    pass\ndone = True"),
        ("if fresh:\n    %pip install x\nelse:\n    y = 1", "if fresh:\n    pass\nelse:\n    y = 1"),
        ("df.head?\nx = 1", "x = 1"),
        ("?pd.read_csv\nx = 1", "x = 1"),
        ("pd.read_csv??\nx = 1", "x = 1"),
        ("pip install mlflow\nimport mlflow", "import mlflow"),
        ("print('%d of %d'\n      % (a, b))", "print('%d of %d' % (a, b))"),
        ("!ls\nprint('%d of %d'\n      % (a, b))", "pass\nprint('%d of %d' % (a, b))"),
        ("text = '''\n!not a command\n%nor a magic\n'''", "text = '\\n!not a command\\n%nor a magic\\n'"),
        ("await client.get(url)", "await client.get(url)"),
        ("df.head();", "df.head()"),
        ("# only a comment", ""),
        ("", ""),
        ("   \n\t\n", ""),
    ],
)
def test_magics_are_set_aside(source: str, python: str) -> None:
    assert python_of(source) == python
    assert cell_of(source).problem == ""


@pytest.mark.parametrize(
    "source",
    [
        "%%bash\nls -l | head",
        "%%html\n<b>bold</b>",
        "%%javascript\nvar x = {a: 1};",
        "%%writefile train.py\nimport os\nos.remove('x')",
        "%%sql\nselect * from t where a > 1",
        "%%R\nx <- c(1, 2)",
        "%%latex\n\\frac{1}{2}",
        "%%markdown\n# A heading",
        "%%!\nls",
        "%md\n## Databricks words\n- a list",
        "%md ### A heading in the same line\nand more text",
        "%sql\nSELECT a, b\nFROM t",
        "%scala\nval x = 1",
        "%sh\nls /dbfs",
        "%fs\nls /databricks-datasets",
        "%r\nlibrary(ggplot2)",
    ],
)
def test_cells_in_other_languages_hold_no_python_and_are_no_problem(source: str) -> None:
    assert python_of(source) == ""
    assert cell_of(source).problem == ""


@pytest.mark.parametrize(
    ("source", "commands"),
    [
        ("!pip install mlflow==2.9", [(1, "pip install mlflow==2.9")]),
        ("import os\n%pip install -q shap", [(2, "pip install -q shap")]),
        ("!pip install a \\\n    b \\\n    c\nimport a", [(1, "pip install a b c")]),
        ("pip3 install xgboost", [(1, "pip3 install xgboost")]),
        ("conda install -y lightgbm", [(1, "conda install -y lightgbm")]),
        ("%%bash\npip install a\n\npip install b", [(2, "pip install a"), (4, "pip install b")]),
        ("%%pip\ninstall a", [(2, "pip install a")]),
        ("%sh\npip install a", [(2, "pip install a")]),
        ("%run ./setup", [(1, "run ./setup")]),
        ("%sql select 1", [(1, "sql select 1")]),
        ("out = !pip list", [(1, "pip list")]),
        ("!!ls", [(1, "ls")]),
        ("x = 1", []),
        ("%%html\n<b>x</b>", []),
    ],
)
def test_commands_are_kept_with_their_lines(source: str, commands: list[tuple[int, str]]) -> None:
    assert commands_of(source) == commands


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("print 'a', b", "print('a', b)"),
        ("for x in y:\n    print x\nprint", "for x in y:\n    print(x)\nprint()"),
        ("print 'mean %.2f' % m;", "print('mean %.2f' % m)"),
        ("try:\n    f()\nexcept ValueError, e:\n    g(e)", "try:\n    f()\nexcept ValueError as e:\n    g(e)"),
        (
            "try:\n    f()\nexcept (IOError, KeyError), e:\n    g(e)",
            "try:\n    f()\nexcept (IOError, KeyError) as e:\n    g(e)",
        ),
        ("raise ValueError, 'no'", "raise ValueError('no')"),
    ],
)
def test_python_2_is_read_too(source: str, python: str) -> None:
    assert python_of(source) == python
    assert cell_of(source).problem == ""


@pytest.mark.parametrize(
    ("source", "python", "line"),
    [
        ("x = 1\nthis is no Python\ny = 2", "x = 1\npass\ny = 2", 2),
        ("x = 1\ny = (\n", "x = 1\npass", 2),
        ("if a:\n    b = \n    c = 1", "if a:\n    pass\n    c = 1", 2),
        ("x = 1\n<<<<<<< HEAD\ny = 2", "x = 1\npass\ny = 2", 2),
        ("print(f'{a')\nx = 1", "pass\nx = 1", 1),
        ("exec 'x = 1'\ny = 1", "pass\ny = 1", 1),
        ("a, b = !ls\nx = 1", "pass\nx = 1", 1),
    ],
)
def test_broken_lines_are_left_out_and_told(source: str, python: str, line: int) -> None:
    assert python_of(source) == python
    assert cell_of(source).problem.startswith(f"line {line} ")


def test_a_cell_that_is_no_code_at_all_gives_nothing() -> None:
    cell = cell_of("\n".join(f"This is sentence number {i}, written in the wrong cell." for i in range(40)))
    assert not any(not isinstance(s, ast.Pass) for s in cell.tree.body)
    assert cell.problem.startswith("line 1 is not Python")


def test_a_null_character_costs_one_cell() -> None:
    read = read_code(notebook("x = 1\0", "y = 2"))
    assert [n for n, _ in read.unread] == [1]
    assert ast.unparse(read.cells[1].tree) == "y = 2"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_cell(newline: str) -> None:
    source = newline.join(["%matplotlib inline", "!ls", "", "# words", "x = f()", "%time y = g()"])
    read = read_code(Notebook("0" * 64, "a.ipynb", (Cell(1, "code", source),), "", "none", "ipynb 4.5"))
    assert [(c.line, c.name) for c in read.calls] == [(5, "f"), (6, "g")]


@pytest.mark.parametrize(
    "deep",
    [
        "x = " + " + ".join(f"a{i}" for i in range(3_000)),
        "x = df" + ".copy()" * 500,
        "x = " + "[" * 180 + "]" * 180,
        "x = " + "-" * 900 + "y",
        "x = " + "f(" * 190 + ")" * 190,
        "x = " + "not " * 20_000 + "y",
        "x = df" + "[0]" * 15_000,
        "if a == 0:\n    x = 0\n" + "".join(f"elif a == {i}:\n    x = {i}\n" for i in range(1, 900)),
    ],
    ids=lambda text: text[:12],
)
def test_code_nested_beyond_reason_is_left_out_and_the_rest_is_read(deep: str) -> None:
    read = read_code(notebook(deep, "y = 1"))
    assert all(isinstance(s, ast.Pass) for s in read.cells[0].tree.body)
    assert "nested too deeply" in read.cells[0].problem
    assert ast.unparse(read.cells[1].tree) == "y = 1"


def test_a_deep_statement_costs_no_other_statement() -> None:
    cell = cell_of("a = 1\nx = df" + ".copy()" * 500 + "\nb = 2")
    assert [type(s) for s in cell.tree.body] == [ast.Assign, ast.Pass, ast.Assign]
    assert cell.tree.body[1].lineno == 2


def test_code_as_deep_as_people_write_it_is_read() -> None:
    chain = "df" + "".join(f".withColumn('c{i}', f(col('a')))" for i in range(50))
    total = " + ".join(f"df['c{i}']" for i in range(100))
    read = read_code(notebook(f"x = {chain}", f"y = {total}"))
    assert read.unread == ()
    assert MOST_LEVELS >= 100


def test_a_very_long_cell_is_read_at_its_beginning() -> None:
    cell = cell_of("x = 1\n" * 20_000)
    assert cell.problem == "only its beginning was read: it is very long"
    assert len(cell.tree.body) > 1_000


def test_words_are_no_code() -> None:
    read = read_code(notebook(md("import pandas as pd"), "x = 1"))
    assert [c.number for c in read.cells] == [2]


def imports_of(source: str) -> Code:
    return read_code(notebook(dedent(source).strip()))


def test_imports_give_names_their_dotted_names() -> None:
    read = imports_of("""
        import numpy as np, os.path
        from sklearn import metrics as m
        from sklearn.svm import SVC
        from .own import thing
        from math import *
        try:
            import xgboost as xgb
        except ImportError:
            xgb = None
    """)
    assert read.aliases["np"] == "numpy"
    assert read.aliases["m"] == "sklearn.metrics"
    assert read.aliases["SVC"] == "sklearn.svm.SVC"
    assert read.aliases["os"] == "os"
    assert "*" not in read.aliases
    assert [i.nested for i in read.imports if i.alias == "xgb"] == [True]


def test_calls_have_their_dotted_names() -> None:
    read = imports_of("""
        import pandas as pd
        from sklearn.svm import SVC
        df = pd.read_csv('a.csv')
        SVC().fit(df.drop('y', axis=1), df['y'])
    """)
    assert [c.name for c in read.calls] == ["pandas.read_csv", ".fit", "sklearn.svm.SVC", ".drop"]
    drop = read.calls[-1]
    assert ast.unparse(drop.argument(0, "labels") or ast.Pass()) == "'y'"
    assert drop.argument(1, "columns") is None
    assert ast.unparse(drop.argument(-1, "axis") or ast.Pass()) == "1"


_LINES = st.sampled_from([
    "x = 1", "%matplotlib inline", "!pip install a \\", "%%time", "%%bash", "print 'a'", "print", "def f(x):", "    y = x",
    "    return y", "class A:", "if a:", "else:", "try:", "except E, e:", "'''", '"""', "(", ")", "]", "a = !ls",
    "b = %time f()", "df.head?", "?df", "%sql", "%md", "\t%pip install b", "   ", "\\", "lambda: 0", "@", "raise E, 'x'",
    "x = [", "% (a)", "#", "f'{x'", "\x0c", "await x", "match x:", "    case 1: pass", "0777", "é = 1", "x\u2028= 1",
])  # fmt: skip


def _plain(source: str) -> str | None:
    """What Python itself makes of a source; None when it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
@example("%")
@example("%%")
@example("!")
@example("\\")
@example("=!")
@example("\ud800")
@example("x = '\ud800'")
@example("\ufeffx = 1")
@example("if x:\n\t y\n        z")
def test_any_text_can_be_read(text: str) -> None:
    cell = cell_of(text)
    plain = _plain(cell.cell.source)
    if plain is not None:
        assert ast.dump(cell.tree) == plain
        assert cell.problem == ""


@settings(max_examples=40, deadline=None)
@given(st.lists(_LINES, max_size=14))
def test_any_mix_of_lines_can_be_read(lines: list[str]) -> None:
    cell = cell_of("\n".join(lines))
    plain = _plain(cell.cell.source)
    if plain is not None:
        assert ast.dump(cell.tree) == plain
    last = cell.cell.source.count("\n") + 1
    assert all(1 <= s.line <= last for s in cell.shell)
    assert all(1 <= n.lineno <= last for n in ast.walk(cell.tree) if isinstance(n, ast.stmt))
