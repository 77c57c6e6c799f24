"""What is said of headings, words, cell sizes, leftovers and order, and what is not."""

from __future__ import annotations

import ast
from textwrap import indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.evidence import read_evidence, rule_score
from nbalign.evidence.code import read_code
from nbalign.evidence.facts import cell_organization
from nbalign.evidence.facts.cells.cell_leftovers import commented_code
from nbalign.evidence.facts.reading.name_uses import read_names
from tests.evidence.building import Cells, Piece, code, facts_of, kinds_of, md, notebook

PROSE = md(
    "The table has one row a customer, and we want to know who leaves, so we look at the tenure first of all. " * 2
)
HEADED = (md("# Load"), "a = 1", md("## Clean"), "b = a + 1", md("## Train"), "c = b + 1", md("## Test"), "print(c)")
LONG = "\n".join(f"x{i} = {i}" for i in range(30))
GIANT = "\n".join(f"x{i} = {i}" for i in range(60))
IN_FUNCTION = "def build():\n" + indent("\n".join(f"x{i} = {i}" for i in range(60)), "    ") + "\n    return x1"
FAILS = ("NameError", "name 'model' is not defined")


def cells(*given: str | Piece) -> Cells:
    return given


def name_error(name: str) -> tuple[str, str]:
    return "NameError", f"name '{name}' is not defined"


STATED: dict[str, list[Cells]] = {
    "headings_mark_stages": [
        cells(*HEADED),
        cells(md("<h1>Load</h1>"), "a = 1", md("<h2>Clean</h2>"), "b = 1", md("<h2>Fit</h2>"), "c = 1"),
        cells(md("Load\n===="), "a = 1", md("Clean\n-----"), "b = 1", md("Fit\n---"), "c = 1"),
        cells(md("**Load**"), "a = 1", md("**Clean**"), "b = 1", md("**Fit**"), "c = 1"),
        cells("import os", md("# One\n## Two\n### Three"), "print(os)"),
    ],
    "words_explain": [
        cells(PROSE, "a = 1", md("And so we go on with the next step, as it was said above. " * 5), "b = 1"),
        cells(md("# T\n" + "Here we load and look at the data with care. " * 10), "a = 1"),
        cells("a = 1", md("- one point that was found here\n" * 20), "b = 1"),
        cells("a = 1", PROSE, PROSE, PROSE, "b = 2"),
        cells(md("Ein langer Text über die Daten und ihre Lücken. " * 12), "a = 1", "b = 1"),
    ],
    "runs_in_order": [
        cells("a = 1", "b = a"),
        cells(code("a = 1", count=3), code("b = a", count=7)),
        cells(code("a = 1", count=None), code("print(a)", count=None)),
        cells("def f():\n    return later", "later = 1", "f()"),
        cells(code("import numpy as np", count=1), code("np.log(1)", count=2)),
    ],
    "small_cells": [
        cells(*["a = 1"] * 5),
        cells(*HEADED, "d = 1"),
        cells("import os", "a = 1", "def f():\n    return 1", "f()", "print(a)"),
        cells(*["# a comment\n" * 60 + "a = 1"] * 5),
        cells(*["\n".join(f"x{i} = 1" for i in range(25))] * 6),
    ],
    "functions_documented": [
        cells('def f():\n    """One."""\n\ndef g():\n    """Two."""'),
        cells('def f():\n    """One."""', 'class A:\n    """Two."""'),
        cells("async def f():\n    'One.'\ndef g():\n    'Two.'\ndef h():\n    pass"),
        cells('def f(x):\n    """One.\n\n    More.\n    """\n    return x', 'def g():\n    r"""Two"""'),
        cells('def a():\n    """1"""', 'def b():\n    """2"""', 'def c():\n    """3"""', "def d():\n    pass"),
    ],
    "headings_missing": [
        cells(PROSE, "a = 1", "b = 1", "c = 1"),
        cells(
            "a = 1",
            md("Some words stand here but no heading at all, as can be seen by everybody who reads it today."),
            "b = 1",
        ),
        cells(md("# Only one"), *["a = 1"] * 6),
        cells(md("```\n# no heading in a fence\n```\n" + "word " * 30), "a = 1", "b = 1"),
        cells(md("issue #3 and # in a line " + "word " * 30), "a = 1", "b = 1"),
    ],
    "start_unheaded": [
        cells("import pandas as pd", "df = pd.read_csv('a')", md("# Train"), "print(df)"),
        cells("import pandas as pd\ndf = pd.read_csv('a')", md("# Train"), "print(df)"),
        cells("print('hello')", "print(1)", md("# A"), "a = 1"),
        cells(md("some words"), "for i in range(3):\n    print(i)", md("## A"), "a = 1"),
        cells("def f():\n    return 1\nf()", md("# A"), "a = 1"),
    ],
    "stretch_unheaded": [
        cells(md("# A"), *["print(1)"] * 10),
        cells(md("# A"), "a = 1", md("# B"), *["b = 1"] * 12),
        cells(md("# A"), *(("a = 1", PROSE) * 11)),
        cells("import os", md("# A"), *["a = 1"] * 15, md("# End")),
        cells(md("# A\n## B\n### C"), *[code("a = 1", count=None)] * 30),
    ],
    "words_few": [
        cells(*HEADED),
        cells(md("# A"), "a = 1"),
        cells(md("# A\nshort text"), *["a = 1"] * 10),
        cells(
            md("Look at this:\nand this too, then go on with all of it; the rest is said by the code as it stands."),
            "a = 1",
        ),
        cells(md("# A"), *["a = 1"] * 30, md("word " * 60)),
    ],
    "cell_long": [
        cells(LONG, "a = 1", "b = 1", "c = 1", "d = 1"),
        cells(*HEADED, LONG),
        cells("import os", LONG + "\nif x1:\n    print(os)", "a = 1", "b = 1", "c = 1"),
        cells(*HEADED, IN_FUNCTION),
        cells(*HEADED, LONG.replace("\n", "\n\n# why\n")),
    ],
    "cell_mixes_stages": [
        cells(
            """
            df = pd.read_csv('a'); df = df.dropna()
            X_train, X_test = train_test_split(df)
            m.fit(X_train)
            """
        ),
        cells("import mlflow, joblib", "df = pd.read_csv('a')\ndf.hist()\nm.fit(df)\nmlflow.log_param('a', 1)"),
        cells(
            "from sklearn.metrics import f1_score",
            "df = load_data().fillna(0)\nm.fit(df)\nprint(f1_score(y, m.predict(df)))",
        ),
        cells(
            """
            def main():
                df = pd.read_csv('a').fillna(0)
                a, b = train_test_split(df)
                m.fit(a)
                print(m.score(b))
            """
        ),
        cells("for p in paths:\n    d = pd.read_csv(p)\n    d = d.dropna()\n    d.plot()\n    d.to_csv(p)"),
    ],
    "commented_code": [
        cells("a = 1\n# df = df.dropna()"),
        cells("# import seaborn as sns\na = 1"),
        cells("# for c in df.columns:\n#     print(c)\na = 1"),
        cells("a = 1\n#print(a)"),
        cells("models = {\n    'a': 1,\n    # 'svm': SVC(probability=True),\n}"),
        cells("# x['log'] = np.log1p(x['a'])"),
        cells("# plt.figure(figsize=(\n#     3,\n#     4))\na = 1"),
        cells("'''\ndf = df.drop(columns=['a'])\nprint(df.head())\n'''"),
        cells("f(\n    1,\n    # max_depth=5,\n)"),
        cells("# from sklearn.svm import SVC"),
    ],
    "todo_left": [
        cells("a = 1  # TODO tune this"),
        cells("# FIXME: wrong\na = 1"),
        cells("def f():\n    # todo? no: TODO: write\n    pass"),
        cells("#TODO\na = 1"),
        cells("# XXX hack\na = 1"),
    ],
    "empty_cells": [
        cells("a = 1", "", "b = 1"),
        cells("", "a = 1"),
        cells("a = 1", "   ", md("# A"), "b = 1"),
        cells("a = 1", code("", count=None), "b = 1"),
        cells("a = 1", "", "", "", "", "b = 1", ""),
    ],
    "function_unused": [
        cells("def f():\n    return 1", "a = 1"),
        cells("class Net:\n    pass", "a = 1"),
        cells("def used():\n    return 1\ndef idle():\n    return 2", "used()"),
        cells("def f():\n    return 1", "# f()"),
        cells("def f():\n    return 1", "def g(f):\n    return f\ng(1)"),
    ],
    "code_copied": [
        cells(
            *[
                "rows['hour'] = rows.time.dt.hour\nrows['day'] = rows.time.dt.day\nrows['week'] = rows.time.dt.week\nrows['log'] = np.log(rows.amount)"
            ]
            * 2
        ),
        cells(
            "a = 1\nmodel = LogisticRegression(max_iter=1000)\nmodel.fit(X_train, y_train)\npred = model.predict(X_test)\nprint(accuracy_score(y_test, pred))",
            "model = LogisticRegression(max_iter=1000)\nmodel.fit(X_train, y_train)\npred = model.predict(X_test)\nprint(accuracy_score(y_test, pred))",
        ),
        cells(*["\n".join(f"table_number_{i} = read_table('part_{i}.csv')" for i in range(5))] * 2),
        cells(
            *[
                "def clean(frame):\n    frame = frame.dropna(subset=['price'])\n    frame['price'] = frame['price'].clip(0, 1000)\n    return frame.reset_index(drop=True)"
            ]
            * 3
        ),
        cells(
            *[
                f"# {n}\n" + "\n\n".join(f"table_number_{i} = read_table('part_{i}.csv')" for i in range(5))
                for n in "ab"
            ]
        ),
    ],
    "cell_failed": [
        cells("a = 1", code("model.fit()", error=FAILS)),
        cells(code("1 / 0", error=("ZeroDivisionError", "division by zero"))),
        cells(code("open('a')", error=("FileNotFoundError", "no such file"))),
        cells(code("f()", error=("KeyboardInterrupt", ""))),
        cells(code("df['a']", error=("KeyError", "'a'")), code("x", error=("ValueError", "bad"))),
    ],
    "run_out_of_order": [
        cells(code("a = 1", count=5), code("b = 1", count=2)),
        cells(code("a = 1", count=1), code("b = 1", count=1)),
        cells(code("a = 1", count=9), code("b = 1", count=None), code("c = 1", count=3)),
        cells(code("a = 1", count=1), code("b = 1", count=4), md("x"), code("c = 1", count=2)),
        cells(code("a = 1", count=40), code("b = 1", count=1), code("c = 1", count=2)),
    ],
    "cell_never_run": [
        cells("a = 1", code("b = 1", count=None), "c = 1"),
        cells("a = 1", "b = 1", code("c = 1", count=None)),
        cells("a = 1", code("b = 1", count=None), "c = 1", code("d = 1", count=None), "e = 1"),
        cells(code("a = 1", count=None), "b = 1", "c = 1"),
        cells("a = 1", "b = 1", code("def f():\n    return 1\nf()", count=None)),
    ],
    "no_cell_run": [
        cells(code("a = 1", count=None)),
        cells(code("a = 1", count=None), code("b = 1", count=None)),
        cells(md("# A"), code("import os", count=None)),
        cells(code("df = spark.table('a')", count=None), PROSE),
        cells(code("", count=None), code("a = 1", count=None)),
    ],
    "cell_giant": [
        cells(GIANT),
        cells(*HEADED, GIANT),
        cells("import os", LONG + "\n" + LONG),
        cells(LONG, "\n".join(f"y{i} = {i}" for i in range(20))),
        cells("x = 1", "with open('a') as f:\n" + indent(GIANT, "    ")),
    ],
    "structure_missing": [
        cells("a = 1", "b = 1", "c = 1"),
        cells(LONG + "\ny = 1\nz = 1"),
        cells(md("ok"), *["a = 1"] * 8),
        cells("import os", "print(os)", "x = 1", md("the end")),
        cells(code("a = 1", count=None), code("b = 1", count=None), code("c = 1", count=None)),
    ],
    "used_before_made": [
        cells(code("print(len(X_train))", error=name_error("X_train")), "X_train = [1]"),
        cells(code("plot(best)", error=name_error("best")), md("x"), "best = max([1])"),
        cells(code("show()", error=name_error("show")), "def show():\n    pass"),
        cells(code("b = a + 1", count=None), code("a = 1", count=None)),
        cells(code("b = a + 1", count=2), code("a = 1", count=1)),
        cells("def f():\n    return later", code("f()", error=name_error("later")), "later = 1"),
    ],
    "name_unmade": [
        cells("a = 1", code("model.fit()", error=FAILS)),
        cells(code("print(x_test)", error=name_error("x_test"))),
        cells("X_test = 1", code("for r in rows:\n    pass", error=name_error("rows"))),
        cells("def f():\n    return limit", code("f()", error=name_error("limit"))),
        cells("result = 1\ndel result", code("resutl + 1", error=name_error("resutl"))),
    ],
}

UNSTATED: dict[str, list[Cells]] = {
    "headings_mark_stages": [
        cells(PROSE, "a = 1"),
        cells(md("# One"), "a = 1"),
        cells("# Load\na = 1", "## Clean\nb = 1", "### Fit\nc = 1"),
        cells(md("```\n# a\n# b\n# c\n```"), "a = 1"),
        cells(*["print(1)"] * 9, md("# A\n# B\n# C"), "a = 1"),
    ],
    "words_explain": [
        cells(*HEADED),
        cells(md("```\n" + "code words here " * 60 + "\n```"), "a = 1"),
        cells("a = 1", md("few words"), "b = 1"),
        cells("# " + "comment " * 100 + "\na = 1"),
        cells(md("# " + "heading " * 100), "a = 1"),
        cells(*["a = 1"] * 20, md("word " * 100)),
    ],
    "runs_in_order": [
        cells(code("a = 1", count=2), code("b = 1", count=1)),
        cells(code("print(a)", error=name_error("a")), "a = 1"),
        cells(code("b = a", count=None), code("a = 1", count=None)),
        cells(code("%run setup.py", count=None), code("print(1)", count=None)),
        cells(md("# only words")),
    ],
    "small_cells": [
        cells("a = 1"),
        cells(*["a = 1"] * 5, LONG),
        cells(GIANT),
        cells(md("# A"), "a = 1", "b = 1"),
        cells(*[LONG] * 6),
    ],
    "functions_documented": [
        cells("def f():\n    pass\ndef g():\n    pass"),
        cells('def f():\n    """Only one."""'),
        cells("'''a text'''\na = 1"),
        cells('def f():\n    """One"""', *[f"def g{i}():\n    pass" for i in range(4)], 'def h():\n    """Two"""'),
        cells("# f does this\nf = lambda: 1\n# g does that\ng = lambda: 2"),
    ],
    "headings_missing": [
        cells(*HEADED),
        cells(md("# A"), "a = 1"),
        cells("a = 1", "b = 1", "c = 1"),  # that is `structure_missing`
        cells(md("<h3 style='color:red'>A</h3>"), "a = 1", "b = 1"),
        cells(md("# A\n## B\n## C"), *["a = 1"] * 6),
    ],
    "start_unheaded": [
        cells(*HEADED),
        cells("import pandas as pd\nSEED = 3", md("# A"), "a = 1"),
        cells("%pip install -q mlflow", "import mlflow", md("# A"), "a = 1"),
        cells(PROSE, "print(1)"),
        cells("", md("# A"), "print(1)"),
    ],
    "stretch_unheaded": [
        cells(*HEADED),
        cells(*["a = 1"] * 12),
        cells(md("# A"), *["a = 1"] * 9),
        cells(md("# A"), *(("a = 1", md("## B")) * 12)),
        cells(md("# A"), *["", "a = 1"] * 6),
    ],
    "words_few": [
        cells(PROSE, "a = 1"),
        cells("a = 1", "b = 1", "c = 1"),  # that is `structure_missing`
        cells(md("# A"), PROSE, *["a = 1"] * 5),
        cells(md("word " * 45), "a = 1"),
        cells(md("| column | meaning |\n|---|---|\n" + "| tenure | months as a customer |\n" * 15), "a = 1"),
    ],
    "cell_long": [
        cells(*HEADED),
        cells(*HEADED, "x = [\n" + "    1,\n" * 10 + "]"),
        cells(*HEADED, "\n".join(f"# line {i}" for i in range(60))),
        cells(*HEADED, '"""' + "text\n" * 60 + '"""'),
        cells(*HEADED, "\n".join(f"import m{i}" for i in range(60))),
    ],
    "cell_mixes_stages": [
        cells("df = pd.read_csv('a')\ndf.head()"),
        cells(
            "def load():\n    return pd.read_csv('a')\ndef clean(d):\n    return d.dropna()\ndef fit(d):\n    m.fit(d)\ndef split(d):\n    return train_test_split(d)"
        ),
        cells("m.fit(a)\nprint(m.score(b))"),
        cells("pipe = make_pipeline(SimpleImputer(), StandardScaler(), SVC())\npipe.fit(a)"),
        cells("print('read_csv train_test_split fit score plot')"),
    ],
    "commented_code": [
        cells("# load the data\na = 1"),
        cells("# mean (of all rows)\na = 1"),
        cells("# x = price, y = area\na = 1"),
        cells("# import libraries\nimport os"),
        cells("# z = (x - mean) / std\na = 1"),
        cells("# rmse = sqrt(mean(e))\na = 1"),
        cells("# note: 1 = yes, 0 = no\na = 1"),
        cells("# TODO: write\na = 1"),
        cells("# column(s)\na = 1"),
        cells("# (100, 5)\na = 1"),
        cells("# x = price,\n# y = area,\na = 1"),
        cells("# [1, 2, 3]\na = 1"),
        cells("# array([1, 2])\na = 1"),
        cells('"""\n# print(a)\n"""'),
        cells('text = """\n# df.head()\n"""'),
        cells("# if needed:\na = 1"),
        cells("# for each column in turn\na = 1"),
        cells("# see https://example.org/a(b)=c\na = 1"),
        cells("# %% cell\n#!/usr/bin/python\na = 1"),
        cells("# return nothing\na = 1"),
        cells("# Step 1: Cleaning (drop_na)\na = 1"),
        cells("a = 1  # print(a)"),
        cells('"""\nThis text explains what comes now.\nIt has two lines.\n"""'),
    ],
    "todo_left": [
        cells("a = 1"),
        cells("todo = [1]"),
        cells("print('TODO')"),
        cells("# what we do now\na = 1"),
        cells("# todos los datos\na = 1"),
    ],
    "empty_cells": [
        cells("a = 1"),
        cells("a = 1", ""),
        cells("# words", "a = 1"),
        cells(md(""), "a = 1"),
        cells("pass", "a = 1"),
    ],
    "function_unused": [
        cells("def f():\n    return 1", "f()"),
        cells("def f():\n    return 1", "g = [f]"),
        cells("def f():\n    def inner():\n        pass\n    return 1", "f()"),
        cells("class A:\n    def method(self):\n        pass", "A()"),
        cells("def f():\n    return 1", "%timeit f()"),
        cells("def f():\n    return f()", "x = 1"),
        cells("def f(x):\n    return x", "df.query('a > @f(3)')"),
    ],
    "code_copied": [
        cells("a = 1", "a = 1"),
        cells(*["plt.figure(figsize=(6, 3))\nplt.title('a title')\nplt.tight_layout()\nplt.show()"] * 3),
        cells(*["import numpy as np\nimport pandas as pd\nimport seaborn as sns\nimport matplotlib.pyplot as plt"] * 2),
        cells(*["# a comment of some length stands here\n" * 5 + "a = 1"] * 2),
        cells("for i in range(3):\n" + "    table_number_one = read_table('part_one.csv')\n" * 8),
    ],
    "cell_failed": [
        cells("a = 1"),
        cells(code("print('x')", text="NameError: name 'x' is not defined")),
        cells("raise_error = 1"),
        cells("try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass"),
        cells(md("it failed")),
    ],
    "run_out_of_order": [
        cells("a = 1", "b = 1"),
        cells(code("a = 1", count=3), code("b = 1", count=30)),
        cells(code("a = 1", count=None), code("b = 1", count=None)),
        cells(code("a = 1", count=1), code("b = 1", count=None), code("c = 1", count=2)),
        cells(code("a = 1", count=7)),
    ],
    "cell_never_run": [
        cells("a = 1", "b = 1"),
        cells(code("a = 1", count=None), code("b = 1", count=None)),
        cells("a = 1", "b = 1", code("", count=None)),
        cells("a = 1", "b = 1", code("# only a comment", count=None)),
        cells("a = 1", code("b = 1", count=None)),
    ],
    "no_cell_run": [
        cells("a = 1"),
        cells("a = 1", code("b", count=None)),
        cells(md("x")),
        cells(code("a", count=9)),
        cells(""),
    ],
    "cell_giant": [
        cells(*HEADED),
        cells(*HEADED, LONG),
        cells(*HEADED, IN_FUNCTION),
        cells("a = 1"),
        cells("# comment\n" * 80 + "a = 1"),
        cells(*["\n".join(f"x{i} = 1" for i in range(12))] * 6),
    ],
    "structure_missing": [
        cells(*HEADED),
        cells(PROSE, "a = 1", "b = 1", "c = 1"),
        cells("a = 1"),
        cells(md("# A"), *["a = 1"] * 6),
        cells("a = 1", "b = 1"),
    ],
    "used_before_made": [
        cells("a = 1", "b = a"),
        cells("def f():\n    return later", "later = 1", "f()"),
        cells(code("b = a", count=1), code("a = 1", count=2)),  # it ran: the name came from elsewhere
        cells(code("if ready:\n    print(a)", count=None), code("a = 1", count=None)),
        cells(code("try:\n    a\nexcept NameError:\n    pass", count=None), code("a = 1", count=None)),
        cells(code("a, b = 1, 2", count=None), code("a = b + a", count=None), code("b = 3", count=None)),
        cells(code("[x for x in range(3)]", count=None), code("x = 1", count=None)),
        cells(code("for i in range(3):\n    total = i", count=None), code("i = 3", count=None)),
        cells(code("with open('a') as f:\n    f.read()", count=None), code("f = 1", count=None)),
        cells(code("%run helpers.py", count=None), code("b = a", count=None), code("a = 1", count=None)),
        cells(code("x = 1\nprint(made", count=None), code("print(made)", count=None), code("made = 1", count=None)),
        cells(code("y = 1 / 0\na = 2", error=("ZeroDivisionError", "x")), code("print(a)", error=name_error("a"))),
        cells(code("print(np.pi)", error=name_error("np")), "import numpy as np"),
    ],
    "name_unmade": [
        cells("a = 1", "b = a"),
        cells("helper(1)"),
        cells(code("sns.set()", error=name_error("sns"))),
        cells(code("boom()\na = 2", error=("ValueError", "x")), code("print(a)", error=name_error("a"))),
        cells(code("print(a)", error=name_error("a")), "a = 1"),
        cells(code("spark.sql('x')", error=name_error("spark"))),
    ],
}


@pytest.mark.parametrize(("kind", "given"), [(k, c) for k, all_ in STATED.items() for c in all_])
def test_it_is_stated(kind: str, given: Cells) -> None:
    assert kind in kinds_of("cell_organization", *given)


@pytest.mark.parametrize(("kind", "given"), [(k, c) for k, all_ in UNSTATED.items() for c in all_])
def test_it_is_not_stated(kind: str, given: Cells) -> None:
    assert kind not in kinds_of("cell_organization", *given)


def test_every_kind_has_at_least_five_cases_each_way() -> None:
    for kind in cell_organization.KINDS:
        assert len(STATED[kind.name]) >= 5, kind.name
        assert len(UNSTATED[kind.name]) >= 5, kind.name


def test_a_name_used_too_early_is_told_with_both_cells() -> None:
    found = facts_of("cell_organization", "a = 1", code("print(b)", error=name_error("b")), "b = 2")
    early = next(f for f in found if f.kind.name == "used_before_made")
    assert early.cells == (2,)
    assert "[3]" in early.text


def test_the_quoted_prompt_is_no_text_of_the_notebook() -> None:
    made = notebook(md("> " + "Predict the price of the house. " * 20), "a = 1", "b = 1", "c = 1")
    quoted = type(made)(made.sha256, made.name, made.cells, "Predict", "first cell", made.format)
    kinds = {f.kind.name for f in read_evidence(quoted, strict=True).of("cell_organization")}
    assert "structure_missing" in kinds


def score(*given: str | Piece) -> int:
    found = rule_score("cell_organization", facts_of("cell_organization", *given))
    assert found is not None
    return found.score


def test_scores_follow_the_rubric() -> None:
    tidy = (*HEADED, md("## Answer"), PROSE, "print(a)", PROSE, "print(b)", PROSE)
    assert score(*tidy) == 3
    assert score(*tidy, "# df = df.dropna()", "# print(df)\na", "# x.plot()\nb") == 2
    assert score(*tidy, code("print(late)", error=name_error("late")), "late = 1") == 1
    assert score(GIANT) == 1
    assert score("a = 1", "b = 1", "c = 1", "d = 1", "e = 1") == 1


def texts(kind: str, *made: str | Piece) -> list[str]:
    return [fact.text for fact in facts_of("cell_organization", *made) if fact.kind.name == kind]


def test_lines_are_counted_as_a_reader_counts_them() -> None:
    imports = "\n".join(f"import m{i}" for i in range(8)) + "\n\n# seed\nseed = 1"
    rest = ("a = 1", "b = 2", "c = [\n    1,\n]", "print(a)")
    assert texts("small_cells", imports, *rest) == ["cells are small, none has more than 9 lines of code"]
    many = "\n".join(f"import m{i}" for i in range(26)) + "\nseed = 1"
    assert texts("small_cells", many, *rest) == ["cells are small, none has more than 3 lines besides imports"]
    long = "fit(\n" + "\n".join(f"    {i}," for i in range(30)) + "\n)\n\n# done"
    assert texts("cell_long", *rest, long) == ["a long cell of 32 lines, blank ones and comments aside"]
    giant = "import a\nimport b\n" + GIANT
    assert texts("cell_giant", giant, *rest) == ["a giant cell of 62 lines, holds most of the code"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("**Reading.**\n\n* Default falls with the score.", "4 headings mark the stages"),
        ("**Note** that the score falls.", "4 headings mark the stages"),
        ("**We now look at it**\nand go on.", "4 headings mark the stages"),
        ("**Reading the table**\n\nDefault falls with the score.", "5 headings or bold titles mark the stages"),
        ("__Saving:__", "5 headings or bold titles mark the stages"),
    ],
)
def test_bold_words_are_headings_only_as_titles_of_their_own(words: str, said: str) -> None:
    assert texts("headings_mark_stages", *HEADED, md(words)) == [said]


def test_every_code_cell_before_the_first_heading_is_counted() -> None:
    made = ("import os", "df = load()\ndf.head()", md("## Model"), "fit(df)", "score(df)")
    assert texts("start_unheaded", *made) == ["2 code cells come before the first heading"]
    bold = (*made[:2], md("**Model**"), *made[3:])
    assert texts("start_unheaded", *bold) == ["2 code cells come before the first heading or bold title"]


def test_names_are_followed_through_scopes() -> None:
    source = """
    class A(Base):
        size = 3
        def area(self, by=default):
            return [size * w for w in widths if w]
    def outer(n):
        total = 0
        def inner():
            nonlocal total
            total += n + offset
        return inner
    lam = lambda q, *r: q + r + free
    if (seen := 3) and [hit for hit in hits if (kept := hit)]:
        pass
    """
    names = read_names(read_code(notebook(source)))
    free = {u.name for u in names.uses}
    assert free == {"Base", "default", "size", "widths", "offset", "free", "hits"}
    assert set(names.made) == {"A", "outer", "lam", "seen", "kept"}


PARTS = st.sampled_from(
    [
        "# df.head()",
        "# a (b)",
        "a = 1",
        "def f():",
        "    return a",
        "'''",
        '"""',
        "%run x",
        "!pip install a",
        "# {",
        "(",
        ")",
        "\\",
        "# x,",
        "\x0c",
        "é = 1",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PARTS, max_size=8).map("\n".join), min_size=1, max_size=5))
def test_no_cells_make_it_fail(sources: list[str]) -> None:
    made = notebook(*sources)
    evidence = read_evidence(made, strict=True)
    for fact in (*evidence.of("cell_organization"), *evidence.of("library_installation")):
        assert all(1 <= cell <= len(made.cells) for cell in fact.cells)
        assert len(fact.text) < 160
        assert "\n" not in fact.text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["x = 1", "y = f(x)", "for i in a:\n    b[i] = c", "import os"]), min_size=1, max_size=6)
)
def test_live_code_is_never_called_commented_out_and_switched_off_code_always_is(lines: list[str]) -> None:
    live = read_code(notebook("\n".join(lines))).cells[0]
    assert commented_code(live) == 0
    calls = ["print(x)", "df = df.dropna()", "model.fit(X, y)"]
    off = read_code(notebook("\n".join([*lines, *(f"# {c}" for c in calls)]))).cells[0]
    assert commented_code(off) == len(calls)
    assert isinstance(off.tree, ast.Module)


def test_one_code_cell_is_counted_in_the_singular() -> None:
    said = texts("headings_missing", "import os", md("Words " * 30))
    assert said == ["no heading in the whole notebook (1 code cell)"]
