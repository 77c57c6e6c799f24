"""Whatever the bytes: a notebook or `BadInput`, and never a control character."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbalign.errors import BadInput
from nbalign.notebooks import Notebook, read
from tests.notebooks.build import SAMPLES
from tests.notebooks.test_sanitise import HOSTILE, is_clean

NAMES = st.sampled_from(["a.ipynb", "a.py", "a.txt", "", "\x1b[31m.ipynb"])
SMALL = sorted((SAMPLES / "notebooks").glob("*.ipynb"), key=lambda path: path.stat().st_size)[:3]
WHOLE = [path.read_bytes() for path in SMALL]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | HOSTILE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
heavy = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(raw: bytes, name: str) -> Notebook | None:
    """Reads, and looks at everything that a terminal might show."""
    try:
        notebook = read(raw, name)
    except BadInput as error:
        assert is_clean(str(error))
        assert error.hint
        return None
    texts = [notebook.name, notebook.prompt, notebook.format, notebook.language, *notebook.warnings]
    for number, cell in enumerate(notebook.cells, 1):
        assert cell.number == number
        texts += [cell.source, *(output.text for output in cell.outputs), *(output.name for output in cell.outputs)]
        texts += [image.mime for output in cell.outputs for image in output.images]
    assert all(map(is_clean, texts))
    return notebook


@settings(max_examples=200)
@given(st.binary(max_size=200), NAMES)
def test_arbitrary_bytes(raw: bytes, name: str) -> None:
    check(raw, name)


@settings(max_examples=100)
@given(HOSTILE, NAMES)
def test_arbitrary_text(text: str, name: str) -> None:
    check(text.encode("utf-8", "surrogatepass"), name)
    check(b"# %%\n" + text.encode("utf-8", "replace"), name)
    check(b"# Databricks notebook source\n# MAGIC %md " + text.encode("utf-8", "replace"), name)


@heavy
@given(JSON, NAMES)
def test_arbitrary_json(value: object, name: str) -> None:
    check(json.dumps(value).encode(), name)
    check(json.dumps({"cells": value}).encode(), name)
    check(json.dumps({"worksheets": [{"cells": [value]}], "nbformat": 3}).encode(), name)
    cell = {"cell_type": "code", "source": value, "outputs": [value, {"output_type": "display_data", "data": value}]}
    assert check(json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5}).encode(), "a.ipynb")


@heavy
@given(st.sampled_from(WHOLE), st.floats(0, 1))
def test_truncated_notebooks(whole: bytes, share: float) -> None:
    part = whole[: int(len(whole) * share)]
    notebook = check(part, "a.ipynb")
    assert (notebook is not None) == (part.rstrip() == whole.rstrip())


@heavy
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), min_size=1, max_size=4))
def test_notebooks_with_damaged_bytes(whole: bytes, damage: list[tuple[float, bytes]]) -> None:
    for share, piece in damage:
        at = int(len(whole) * share)
        whole = whole[:at] + piece + whole[at + len(piece) :]
    check(whole, "a.ipynb")


@heavy
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 10**6), JSON), min_size=1, max_size=3))
def test_notebooks_with_replaced_values(whole: bytes, changes: list[tuple[int, object]]) -> None:
    document = json.loads(whole)
    for at, value in changes:
        places = list(_places(document))
        if places:
            parent, key = places[at % len(places)]
            parent[key] = value
    check(json.dumps(document).encode(), "a.ipynb")


def _places(value: Any) -> Any:
    """Every (container, key) of a JSON value; containers weigh as much as the many lines of text."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield value, 0
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from _places(item)
