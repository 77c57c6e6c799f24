"""Cells under way, and the notebook that comes of them: the same cells give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbalign.execute.model import CellRun
from nbalign.suite.generate.local.words import CLOSING_TITLE
from nbalign.suite.generate.outcome import outputs_of


@dataclass(slots=True)
class Step:
    """One step of the plan.

    Attributes:
        title: Its heading.
        sentence: What the model says it does; may be empty.
        code: The cell; empty where the model gave none.
        run: What came of the cell; None where nothing was run.
        attempts: How often the cell was written.
    """

    title: str
    sentence: str = ""
    code: str = ""
    run: CellRun | None = None
    attempts: int = field(default=1)


def notebook(prompt: str, steps: Sequence[Step], conclusion: str, executed: bool, made_by: Mapping[str, str]) -> bytes:
    """An `.ipynb` (nbformat 4.5).

    Args:
        prompt: The case's prompt; the first cell quotes it, where readers of notebooks look for it.
        steps: In order; those without code are left out.
        conclusion: A closing paragraph; may be empty.
        executed: Whether cells were run: then they are numbered.
        made_by: Kept in the metadata.
    """
    cells: list[dict[str, Any]] = []

    def add(kind: str, source: str, **more: Any) -> None:
        cell = {"cell_type": kind, "id": f"cell-{len(cells) + 1}", "metadata": {}, "source": source.splitlines(True)}
        cells.append({**cell, **more})

    add("markdown", "\n".join(f"> {line}".rstrip() for line in prompt.strip().splitlines()))
    count = 0
    for number, step in enumerate((step for step in steps if step.code), start=1):
        add("markdown", f"## {number}. {step.title}" + (f"\n\n{step.sentence}" if step.sentence else ""))
        ran = executed and step.run is not None and step.run.state != "not run"
        count += ran
        outputs = outputs_of(step.run, count) if step.run is not None else []
        add("code", step.code, execution_count=count if ran else None, outputs=outputs)
    if conclusion:
        add("markdown", f"## {CLOSING_TITLE}\n\n{conclusion}")
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "nbalign": {"made_by": dict(sorted(made_by.items()))},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
