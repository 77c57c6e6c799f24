"""A kernel in a sandbox works like one outside, for code that means no harm."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from nbalign.errors import BadInput, NotFound
from nbalign.execute.data import Data
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, Isolation, Kernel
from tests.execute.conftest import said, text


def test_state_carries_over_from_cell_to_cell(kernel: Kernel) -> None:
    assert kernel.run("x = 20").outputs == ()
    run = kernel.run("print('out'); x + 1")
    assert run.state == "ok"
    assert [output["output_type"] for output in run.outputs] == ["stream", "execute_result"]
    assert text(run) == "out\n21"


def test_an_error_is_an_output_and_one_line(kernel: Kernel) -> None:
    run = kernel.run("print('before')\nint('no\\x1b[31mnumber')")
    assert (run.state, run.error) == (
        "error",
        "ValueError: invalid literal for int() with base 10: 'no\\x1b[31mnumber'",
    )
    assert run.outputs[-1]["output_type"] == "error"
    assert run.outputs[-1]["ename"] == "ValueError"
    assert kernel.run("1").state == "ok"


def test_an_error_whose_message_holds_escape_sequences_is_told_in_plain_words(kernel: Kernel) -> None:
    run = kernel.run("raise RuntimeError('\\x1b]0;title\\x07 two\\nlines')")
    assert "\x1b" not in run.error
    assert "\n" not in run.error


def test_a_figure_is_a_picture(kernel: Kernel) -> None:
    run = kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    pictures = [output["data"]["image/png"] for output in run.outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 1
    assert base64.b64decode(pictures[0]).startswith(b"\x89PNG")


def test_an_empty_cell_and_one_that_does_not_compile(kernel: Kernel) -> None:
    assert kernel.run("  \n").state == "ok"
    run = kernel.run("def f(:")
    assert run.state == "error"
    assert run.error.startswith("SyntaxError")


def test_shell_commands_child_processes_and_what_c_code_prints(kernel: Kernel) -> None:
    assert said(kernel, "!echo from a shell").endswith("from a shell")
    assert "below Python" in said(kernel, "import os; os.system('echo below Python');")
    assert said(kernel, "import multiprocessing as m\nwith m.Pool(2) as p: print(p.map(abs, [-1, -2]))") == "[1, 2]"


def test_displays_that_are_updated_and_cleared(kernel: Kernel) -> None:
    code = "from IPython.display import display, clear_output\nh = display('old', display_id=True)\nh.update('new')"
    assert said(kernel, code) == "'new'"
    assert said(kernel, "print('gone'); clear_output(); print('stays')") == "stays"


def test_numerical_libraries_are_kept_to_two_threads(kernel: Kernel) -> None:
    assert said(kernel, "import os; print(os.environ['OMP_NUM_THREADS'], os.environ['OPENBLAS_NUM_THREADS'])") == "2 2"


def test_loopback_works_inside(kernel: Kernel) -> None:
    code = (
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\n"
        "c = socket.create_connection(s.getsockname(), 5); print('connected'); c.close(); s.close()"
    )
    assert said(kernel, code) == "connected"


def test_data_are_copies_that_the_notebook_may_change(kind: Isolation, tmp_path: Path) -> None:
    original = tmp_path / "lies elsewhere.csv"
    original.write_text("a\n1\n")
    with open_kernel([Data("sales.csv", original)], isolation=kind) as kernel:
        assert kernel.isolation == kind
        assert said(kernel, "print(open('sales.csv').read())") == "a\n1"
        assert said(kernel, "open('sales.csv', 'w').write('changed'); import os; os.listdir()") == "['sales.csv']"
    assert original.read_text() == "a\n1\n"
    assert kernel.run("1").state == "died"
    kernel.close()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b.csv", "/etc/passwd", "a\x00b", "a\nb", "x" * 256, "\ud800"])
def test_a_data_file_has_a_plain_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "d.csv").touch()
    with pytest.raises(BadInput), open_kernel([Data(name, tmp_path / "d.csv")]):
        pass


def test_data_files_that_are_not_there_or_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "d.csv").touch()
    with pytest.raises(NotFound), open_kernel([Data("d.csv", tmp_path)]):
        pass
    twice = [Data("d.csv", tmp_path / "d.csv")] * 2
    with pytest.raises(BadInput, match="two data files"), open_kernel(twice):
        pass


def test_the_time_of_all_cells_runs_out(best: Isolation) -> None:
    with open_kernel([], Bounds(cell_seconds=30, seconds=0.7), isolation=best) as kernel:
        first = kernel.run("import time\ntime.sleep(20)")
        assert first.state == "timeout"
        second = kernel.run("print('never')")
        assert (second.state, second.outputs) == ("not run", ())
        assert "used up" in second.error
