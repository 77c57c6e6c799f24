from __future__ import annotations

import pytest

from nbalign.notebooks import Limits, read
from tests.notebooks.build import code, markdown, notebook


@pytest.mark.parametrize(
    ("source", "prompt"),
    [
        ("> Predict churn.", "Predict churn."),
        (["> Predict churn\n", "> for telco.\n", ">\n", ">Rank them."], "Predict churn\nfor telco.\n\nRank them."),
        ("\n  > indented\n", "indented"),
        ("> quoted\n\nbut then text", ""),
        ("> Build a model\nthat predicts churn", "Build a model\nthat predicts churn"),
        ("text\n> then a quote", ""),
        ("# Title", ""),
        ("", ""),
        (">", ""),
    ],
)
def test_a_quote_in_the_first_cell_is_the_prompt(source: object, prompt: str) -> None:
    found = read(notebook(markdown(source), code("1")), "a.ipynb")
    assert (found.prompt, found.prompt_source) == (prompt, "first cell" if prompt else "none")
    assert len(found.cells) == 2


def test_only_a_first_markdown_cell_counts() -> None:
    assert read(notebook(code("1"), markdown("> later")), "a.ipynb").prompt_source == "none"
    assert read(notebook(code("> code")), "a.ipynb").prompt_source == "none"
    assert read(notebook(), "a.ipynb").prompt_source == "none"


def test_the_sidecar_comes_first_and_is_sanitised() -> None:
    found = read(notebook(markdown("> cell")), "a.ipynb", sidecar=" from \x1b[31mbeside\x00\r\n")
    assert (found.prompt, found.prompt_source) == ("from beside", "sidecar")


def test_a_blank_sidecar_is_none() -> None:
    found = read(notebook(markdown("> cell")), "a.ipynb", sidecar=" \n")
    assert (found.prompt, found.prompt_source) == ("cell", "first cell")


def test_a_long_sidecar_is_cut() -> None:
    found = read(notebook(), "a.ipynb", sidecar="x" * 30, limits=Limits(source=10))
    assert found.prompt == "x" * 10 + "\n… [cut: 20 characters left out]"


@pytest.mark.parametrize(
    "text",
    [
        "#!/usr/bin/env python\n# %% [markdown]\n# > Predict churn.\n# %%\nx",
        "# Databricks notebook source\nimport os\n\n# COMMAND ----------\n\n# MAGIC %md\n# MAGIC > Predict churn.",
    ],
)
def test_scripts_have_it_in_their_first_markdown_cell(text: str) -> None:
    found = read(text.encode(), "a.py")
    assert (found.prompt, found.prompt_source) == ("Predict churn.", "first cell")
