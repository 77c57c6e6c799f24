"""Small notebooks for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "sample_notebooks"


def code(source: object = "1", *outputs: object, id: str = "c1", **fields: object) -> dict[str, Any]:
    """A code cell as nbformat 4.5 has it."""
    cell = {"cell_type": "code", "id": id, "metadata": {}, "execution_count": 1, "source": source}
    return {**cell, "outputs": list(outputs), **fields}


def markdown(source: object, id: str = "m1") -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}


def stream(text: object, name: object = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(data: dict[str, object]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def result(data: dict[str, object]) -> dict[str, Any]:
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


def error(name: str, message: str, *traceback: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": list(traceback)}


def document(*cells: object, minor: int = 5) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": minor}


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def notebook(*cells: object) -> bytes:
    """Bytes of a valid nbformat 4.5 notebook with these cells."""
    return raw(document(*cells))
