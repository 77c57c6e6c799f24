"""Whole notebooks: what is replaced, what stays, and what is said of cells that did not run."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nbalign.errors import BadInput
from nbalign.execute.data import Data
from nbalign.execute.model import Bounds, Executed, Isolation
from nbalign.execute.notebook import code_cells, execute_notebook
from nbalign.notebooks import read
from nbalign.progress import Progress

OLD = {"output_type": "stream", "name": "stdout", "text": "old output"}


def code(source: Any, **more: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [OLD], "execution_count": 99}
    return {**cell, **more}


def notebook(*cells: dict[str, Any] | str, **more: Any) -> bytes:
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    document = {"cells": made, "metadata": {"kept": [1]}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps({**document, **more}).encode()


def cells_of(ran: Executed) -> list[dict[str, Any]]:
    document = json.loads(ran.raw)
    nbformat.validate(nbformat.from_dict(document))
    found: list[dict[str, Any]] = document["cells"]
    return found


def test_outputs_and_counts_are_replaced_and_the_rest_stays(best: Isolation, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("a\n7\n")
    markdown = {"cell_type": "markdown", "metadata": {"m": 1}, "source": ["# hi\n", "there"], "attachments": {}}
    raw = notebook(
        markdown,
        code(["import csv\n", "print(open('d.csv').read())"], metadata={"tags": ["t"]}),
        "",
        "1/0",
        "'after'",
    )
    steps: list[Progress] = []
    ran = execute_notebook(raw, [Data("d.csv", tmp_path / "d.csv")], progress=steps.append)
    assert [cell.state for cell in ran.cells] == ["ok", "ok", "error", "ok"]
    assert ran.failed == 1
    assert ran.isolation in ("bubblewrap", "unshare")
    cells = cells_of(ran)
    assert cells[0] == markdown
    assert cells[1]["metadata"] == {"tags": ["t"]}
    assert cells[1]["source"] == ["import csv\n", "print(open('d.csv').read())"]
    assert cells[1]["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "a\n7\n\n"}]
    assert [cell["execution_count"] for cell in cells[1:]] == [1, None, 2, 3]
    assert cells[4]["outputs"][0]["execution_count"] == 3
    assert json.loads(ran.raw)["metadata"] == {"kept": [1]}
    assert b"old output" not in ran.raw
    assert read(ran.raw, "run.ipynb").warnings == ()
    assert [(step.done, step.total, step.unit) for step in steps] == [(n, 4, "cells") for n in range(5)]
    assert code_cells(raw) == [2, 3, 4, 5]


def test_cells_after_the_end_of_the_kernel_say_so(best: Isolation) -> None:
    ran = execute_notebook(notebook("import os; os._exit(3)", "print(1)", "print(2)"))
    assert [cell.state for cell in ran.cells] == ["died", "not run", "not run"]
    for cell in cells_of(ran):
        assert cell["outputs"][-1]["output_type"] == "error"
        assert "kernel" in cell["outputs"][-1]["evalue"]
    assert [cell["execution_count"] for cell in cells_of(ran)] == [1, None, None]


def test_an_interrupted_cell_says_so_and_the_next_one_runs(best: Isolation) -> None:
    ran = execute_notebook(notebook("while True: pass", "print(1)"), bounds=Bounds(cell_seconds=0.5))
    assert [cell.state for cell in ran.cells] == ["timeout", "ok"]
    assert "took more than 0.5 s" in cells_of(ran)[0]["outputs"][-1]["evalue"]


def test_nothing_runs_after_an_error_where_that_is_asked_for(best: Isolation) -> None:
    ran = execute_notebook(notebook("1", "1/0", "print(1)"), stop_at_error=True)
    assert [cell.state for cell in ran.cells] == ["ok", "error", "not run"]
    assert cells_of(ran)[2]["outputs"] == []
    assert ran.failed == 2


def test_the_word_to_stop(best: Isolation) -> None:
    cancel = threading.Event()

    def progress(step: Progress) -> None:
        if step.done == 1:
            threading.Timer(0.2, cancel.set).start()

    ran = execute_notebook(notebook("1", "import time; time.sleep(100)", "2"), progress=progress, cancel=cancel)
    assert [cell.state for cell in ran.cells] == ["ok", "stopped", "not run"]


def test_a_notebook_without_code_cells(best: Isolation) -> None:
    assert execute_notebook(notebook({"cell_type": "markdown", "metadata": {}, "source": ""})).cells == ()


def test_outputs_of_all_cells_together_are_bounded(best: Isolation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nbalign.execute.notebook._OUTPUT_BYTES", 1000)
    ran = execute_notebook(notebook(*["print('x' * 600)"] * 4))
    assert len(ran.raw) < 4000
    assert "left out" in str(ran.cells[1].outputs)


def test_source_that_utf8_cannot_write_and_cells_that_are_no_cells(best: Isolation) -> None:
    raw = notebook(code("print('\ud83d')"), {"cell_type": "raw", "metadata": {}, "source": ""}, "print('é')")
    ran = execute_notebook(raw)
    assert ran.cells[1].state == "ok"
    odd = json.dumps({"cells": [5, None, {"cell_type": "code"}], "nbformat": 4}).encode()
    assert [cell.state for cell in execute_notebook(odd).cells] == ["ok"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"print(1)", "not JSON"),
        (b"[]", "no list of cells"),
        (b'{"worksheets": []}', "no list of cells"),
        (b'{"cells": {}}', "no list of cells"),
        (b"[" * 5000, "JSON"),
        (notebook("1", metadata={"kernelspec": {"language": "R"}}), "written in r"),
        (notebook("1", metadata={"language_info": {"name": "\x1b[31mjulia"}}), "only Python"),
        (notebook(*["1"] * 5001), "5,001 cells"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_runs(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        execute_notebook(raw, name="odd\x1b[2J.ipynb")
    assert "\x1b" not in str(caught.value)
