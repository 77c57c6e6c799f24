from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nbalign.errors import NotFound, UsageError
from nbalign.evaluate.report.saving import cited_cells, save_page
from nbalign.notebooks import read
from nbalign.notebooks.model import Notebook
from tests.evaluate.results_made import made


def tiny(sha256: str) -> Notebook:
    cells = ",".join(
        f'{{"cell_type":"code","source":"cell_{n} = 1","metadata":{{}},"outputs":[],"execution_count":null}}'
        for n in range(1, 13)
    )
    raw = f'{{"nbformat":4,"nbformat_minor":4,"metadata":{{}},"cells":[{cells}]}}'
    return read(raw.encode(), "tiny.ipynb")


def gone(sha256: str) -> Notebook:
    raise NotFound("it is gone")


def test_the_page_has_the_cells_that_its_cases_cite(tmp_path: Path) -> None:
    result = made(8)
    cited = {(c.notebook, n) for c in result.disagreements for r in c.remarks for n in r.cells}
    cited |= {(c.notebook, n) for c in result.noise for r in c.remarks for n in r.cells}
    found = cited_cells(result, tiny)
    assert cited and set(found) == {(sha, n) for sha, n in cited if n <= 12}
    assert all(source == f"cell_{n} = 1" for (_, n), source in found.items())
    path = save_page(result, tmp_path / "reports", tiny)
    assert path == tmp_path / "reports" / f"experiment-{result.id}.html"
    number = next(n for _, n in sorted(found))
    assert f"cell_{number} = 1" in path.read_text(encoding="utf-8")


def test_notebooks_that_cannot_be_read_cost_their_excerpts_alone(tmp_path: Path) -> None:
    assert cited_cells(made(8), gone) == {}
    assert save_page(made(8), tmp_path, gone).is_file()


def test_nothing_of_a_hostile_id_names_a_file_elsewhere(tmp_path: Path) -> None:
    path = save_page(replace(made(8), id="../../up\x00"), tmp_path / "reports", tiny)
    assert path == tmp_path / "reports" / "experiment-up.html"


def test_a_page_that_cannot_be_written_is_told_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way")
    with pytest.raises(UsageError, match="cannot write") as told:
        save_page(made(8), tmp_path / "reports", tiny)
    assert "--html" in told.value.hint
