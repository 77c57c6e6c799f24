from __future__ import annotations

import pytest

from nbalign.errors import BadInput
from nbalign.notebooks import Limits, Notebook, read


def script(text: str, name: str = "a.py") -> Notebook:
    return read(text.encode(), name)


def cells(text: str) -> list[tuple[str, str]]:
    return [(cell.kind, cell.source) for cell in script(text).cells]


PERCENT = '''# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # A title
#
# text
#no space

# %%
# %pip install -q mlflow
# !ls data
# %%time
import os

# a comment

# %% Load the data
x = 1
# %% [markdown] {"id": "a"}
"""
quoted *text*
"""
#%% tags=["a"]
y = 2
# %% [raw]
# raw text
'''


def test_percent_scripts_become_cells() -> None:
    found = script(PERCENT)
    assert (found.format, found.warnings, found.prompt_source) == ("py:percent", (), "none")
    assert cells(PERCENT) == [
        ("markdown", "# A title\n\ntext\nno space"),
        ("code", "%pip install -q mlflow\n!ls data\n%%time\nimport os\n\n# a comment"),
        ("code", "# Load the data\nx = 1"),
        ("markdown", "quoted *text*"),
        ("code", "y = 2"),
        ("raw", "raw text"),
    ]


def test_what_stands_before_the_first_marker_is_a_cell() -> None:
    assert cells("import os\n# %%\nx") == [("code", "import os"), ("code", "x")]


def test_comments_that_only_look_like_markers_stay() -> None:
    assert cells("# %%\n# %%timeit x\n# 100 %% sure\n# ! careful\n# % of rows\nx") == [
        ("code", "%%timeit x\n# 100 %% sure\n# ! careful\n# % of rows\nx")
    ]


def test_code_inside_a_text_cell_is_shown_and_told() -> None:
    found = script("# %% [markdown]\n# text\nevil()\n")
    assert found.cells[0].source == "text\nevil()"
    assert found.warnings == ("Text cells of the script hold lines that are not comments (cell 1).",)


DATABRICKS = """# Databricks notebook source
# MAGIC %md
# MAGIC # A title
# MAGIC
# MAGIC text

# COMMAND ----------

# DBTITLE 1,Load the data
df = spark.read.csv("x")
# not a marker: COMMAND

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT 1

# COMMAND ----------

# MAGIC %pip install mlflow

# COMMAND ----------

# DBTITLE 1,About
# MAGIC %md one line

# COMMAND ----------

# COMMAND ----------

x = 1
"""


def test_databricks_exports_become_cells() -> None:
    found = script(DATABRICKS)
    assert (found.format, found.warnings) == ("databricks", ())
    assert cells(DATABRICKS) == [
        ("markdown", "# A title\n\ntext"),
        ("code", '# Load the data\ndf = spark.read.csv("x")\n# not a marker: COMMAND'),
        ("code", "%sql\nSELECT 1"),
        ("code", "%pip install mlflow"),
        ("markdown", "# About\none line"),
        ("code", ""),
        ("code", "x = 1"),
    ]


def test_windows_line_ends_and_byte_order_marks_make_no_difference() -> None:
    for text in (PERCENT, DATABRICKS):
        other = read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), "a.py")
        assert other.cells == script(text).cells


def test_a_plain_script_is_one_code_cell_with_a_warning() -> None:
    found = script("\nimport os\n\nprint(1)\n")
    assert found.format == "py:plain"
    assert [(c.number, c.kind, c.source) for c in found.cells] == [(1, "code", "import os\n\nprint(1)")]
    assert found.warnings == ("The script has no cell markers and was read as one code cell.",)


def test_the_content_decides_over_the_name() -> None:
    assert script(PERCENT, "a.ipynb").format == "py:percent"
    assert script(DATABRICKS, "a.txt").format == "databricks"
    assert script('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "a.py").format == "ipynb 4.5"
    assert script("{'a': 1}").format == "py:plain"


def test_scripts_are_sanitised_and_bounded() -> None:
    found = read(
        b"# %%\nevil()\rprint(1)\x1b[31m\x00\n# %%\n" + b"x" * 50 + b"\n# %%\ny",
        "a.py",
        limits=Limits(source=20, cells=2),
    )
    assert found.cells[0].source == "evil()\nprint(1)"
    assert found.cells[1].source == "x" * 20 + "\n… [cut: 30 characters left out]"
    assert found.warnings == (
        "The script has 3 cells; those after cell 2 were left out.",
        "Source over 20 characters was cut (cell 2).",
    )


def test_a_huge_script_is_refused() -> None:
    with pytest.raises(BadInput, match="at most 10 of a script"):
        read(b"# %%\nlong = 1", "a.py", limits=Limits(script=10))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02" * 100, b"\xff\xfe\xfd" * 100])
def test_empty_and_binary_scripts_are_refused(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read(content, "a.py")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("marker", "title"),
    [
        ("# %% Train (v=2)", "# Train (v=2)"),
        ("# %% a=b note", "# a=b note"),
        ('# %% Load tags=["a", "b"]', "# Load"),
        ('# %% Load {"tags": ["a"]}', "# Load"),
        ("# %% Load scrolled=true n=3", "# Load"),
        ("# %% {curly} words", "# {curly} words"),
    ],
)
def test_options_behind_a_title_go_and_the_title_stays(marker: str, title: str) -> None:
    assert read(f"{marker}\nx = 1\n# %%\ny = 2\n".encode(), "a.py").cells[0].source == f"{title}\nx = 1"
