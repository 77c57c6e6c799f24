"""The labelling screen as it looks, in a small and in a large terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.evidence import Kind
from nbalign.tui.app import LabelApp
from tests.tui.conftest import Builder, Facts, code, failure, markdown, notebook_file, stdout
from tests.tui.driving import press, rest

Snap = Callable[..., bool]


@pytest.mark.parametrize("size", [(80, 24), (110, 34), (200, 60)])
def test_the_labelling_screen(
    build: Builder, tmp_path: Path, snap_compare: Snap, facts: Facts, size: tuple[int, int]
) -> None:
    cells = [
        markdown("## Missing values\n\nIncome is missing in *a fifth* of the rows."),
        code(
            'df["income"] = df["income"].fillna(df["income"].median())\ndf.isna().sum()',
            stdout("income    0\nage       0\n"),
        ),
        code("model.fit(X)", failure("NameError", "name 'X' is not defined", "NameError: name 'X' is not defined")),
        code("for n in range(40): print(n)", stdout("".join(f"{n}\n" for n in range(40)))),
    ]
    first = notebook_file(tmp_path / "churn-007.ipynb", cells)
    second = notebook_file(tmp_path / "grid-002.ipynb", [markdown("# Grid load")])
    workspace = build(first, second)
    learned = Kind("learned", "data_imputation", "fault", -1.0, "x").fact("median() learned from all rows", (2,))
    counted = Kind("counted", "data_imputation", "good", 0.3, "x").fact("missing values are counted", (1, 2))
    missing = Kind("unsaid", "data_imputation", "gap", -0.3, "x").fact("why the median is not said")
    facts["churn-007"] = (learned, counted, missing)

    async def label(pilot: Pilot[None]) -> None:
        await rest(pilot)
        await press(pilot, "3", "2", "j", "c", "e")
        await press(pilot, *"median", "escape", "v", "v")

    app = LabelApp(workspace, "ann")
    assert snap_compare(app, terminal_size=size, run_before=label)
