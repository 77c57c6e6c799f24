"""What a model is shown of outputs and errors: short and clean, whatever was printed; and notebooks that are rerun."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbalign.execute.model import CellRun
from nbalign.notebooks import read
from nbalign.suite.generate.local.view import CHARACTERS, LINES, WIDTH, error_view, output_view
from nbalign.suite.generate.rerun import rerun
from nbalign.suite.generate.stamp import stamped
from tests.notebooks.build import code, notebook
from tests.suite.made import case
from tests.suite.scripted_writer import PretendExecutor


def stream(text: object, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def shown(data: dict[str, object]) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {}}


def test_short_outputs_are_shown_whole_and_figures_by_a_word() -> None:
    outputs = [stream("(10, 3)\n"), stream("careful!\n", "stderr"), shown({"image/png": "…", "text/plain": "<Figure>"})]
    outputs.append({"output_type": "execute_result", "data": {"text/plain": "   a  b\n0  1  2"}, "execution_count": 1})
    assert output_view(outputs) == "(10, 3)\n[figure]\na b\n0 1 2"
    assert output_view([]) == output_view([stream("careful!\n", "stderr")]) == "(nothing printed)"
    assert output_view([stream(["in ", "pieces\n"])]) == "in pieces"


def test_long_outputs_keep_their_beginning_and_their_last_line() -> None:
    view = output_view([stream("".join(f"row {n}\n" for n in range(100_000)) + "accuracy 0.93\n")])
    assert view.split("\n")[0] == "row 0"
    assert view.split("\n")[-2:] == ["…", "accuracy 0.93"]
    wide = output_view([stream("x" * 5000)])
    assert len(wide) == WIDTH


def test_an_error_names_the_line_that_raised_it() -> None:
    traceback = ["\x1b[31m---\x1b[0m", "Cell In[3], line 2\n      1 a = 1\n----> 2 df['x']\n      3 b", "KeyError: 'x'"]
    output = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": traceback}
    assert error_view("KeyError: 'x'", [stream("no"), output]) == "KeyError: 'x'\nin line 2: df['x']"
    assert error_view("KeyError: 'x'", [{"output_type": "error"}]) == "KeyError: 'x'"
    assert error_view("", []) == "the cell failed"


values = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
outputs_made = st.lists(
    st.fixed_dictionaries(
        {"output_type": st.sampled_from(["stream", "display_data", "execute_result", "error"]) | values},
        optional={
            "text": values,
            "name": values,
            "data": st.dictionaries(st.sampled_from(["text/plain", "image/png", "x"]), values) | values,
            "traceback": values,
        },
    ),
    max_size=6,
)


@given(outputs_made, st.text())
@example([{"output_type": "error", "traceback": 1}], "")
def test_whatever_comes_out_of_a_cell_the_view_is_short_and_clean(outputs: list[dict[str, Any]], error: str) -> None:
    view = output_view(outputs)
    assert 0 < len(view) <= CHARACTERS + LINES + WIDTH
    assert len(view.split("\n")) <= LINES
    assert "\x1b" not in view
    said = error_view(error, outputs)
    assert said
    assert len(said) <= 400
    assert "\x1b" not in said


@pytest.mark.parametrize("raw", [b"print(1)\n", b'{"nbformat": 3, "worksheets": []}', b"[]", b"{", b'{"nbformat": 4}'])
def test_what_is_no_ipynb_of_format_4_is_not_run_and_not_changed(raw: bytes) -> None:
    executor = PretendExecutor()
    ran = rerun(raw, case("one"), executor)
    assert (ran.raw, ran.failed) == (raw, 0)
    assert ran.notes
    assert executor.kernels == []
    assert stamped(raw, {"a": "b"}) == raw


def test_cells_after_the_end_of_a_kernel_count_as_failed() -> None:
    ends = {"two": CellRun("died", (), "it used too much memory", 1.0)}
    raw = notebook(code("one"), code("two", {"output_type": "stream", "name": "stdout", "text": "old"}), code("three"))
    executor = PretendExecutor(ends)
    ran = rerun(raw, case("one"), executor)
    assert executor.kernels == [["one", "two"]]
    assert ran.failed == 2
    assert ran.notes == ("Not all of it could be run: it used too much memory.",)
    assert b'"old"' not in ran.raw
    cells = read(ran.raw, "a.ipynb").cells
    assert [cell.execution_count for cell in cells] == [1, 2, None]
    assert [cell.outputs[-1].name for cell in cells] == [
        "stdout",
        "KernelDied",
        "NotRun",
    ]  # a judge sees that they failed


def test_a_notebook_beyond_all_bounds_is_not_run() -> None:
    executor = PretendExecutor()
    many = rerun(notebook(*[code("one")] * 5001), case("one"), executor)
    assert (many.failed, executor.kernels) == (5001, [])
    assert many.notes == ("It has 5,001 cells and was not run.",)
    long = rerun(notebook(code("x" * 200_001), code("one")), case("one"), executor)
    assert (long.failed, executor.kernels) == (1, [["one"]])


def test_the_stamp_keeps_other_metadata_and_is_the_same_twice() -> None:
    book = json.loads(notebook(code("one")))
    book["metadata"] = {"kernelspec": {"name": "python3"}, "nbalign": {"made_by": {"x": "y"}}}
    raw = stamped(json.dumps(book).encode(), {"b": "2", "a": "1"})
    metadata = json.loads(raw)["metadata"]
    assert metadata == {"kernelspec": {"name": "python3"}, "nbalign": {"made_by": {"a": "1", "b": "2"}}}
    assert stamped(raw, {"a": "1", "b": "2"}) == raw
