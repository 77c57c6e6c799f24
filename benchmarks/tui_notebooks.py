"""Notebooks to measure the terminal with: long ones, large ones, and figures of noise that no codec makes small."""

from __future__ import annotations

import base64
import io
import json
import os
from pathlib import Path
from typing import Any

CELLS = 2_000


def many_cells() -> list[dict[str, Any]]:
    table = "\n".join(
        [" " * 4 + "".join(f"{f'column_{c}':>14}" for c in range(8))]
        + [f"{r:<4}" + "".join(f"{r * c * 1.5:>14.3f}" for c in range(8)) for r in range(5)]
    )
    words = "Some words about what is done here, why, and **how** it goes on with `code` amid them. " * 3
    source = (
        "import pandas as pd\n\ndef step_{n}(frame):\n    value = frame['a'] * {n}  # words\n    return value.sum()\n"
    )
    cells: list[dict[str, Any]] = []
    for n in range(CELLS):
        if n % 4 == 0:
            body = f"## Step {n}\n\n{words}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
            cells.append({"cell_type": "markdown", "source": body, "metadata": {}})
        elif n % 4 == 1:
            cells.append(code(source.format(n=n), printed(table)))
        elif n % 20 == 2:
            cells.append(code("plot()", figure(base64.b64encode(noise(200)).decode())))
        else:
            cells.append(code(source.format(n=n) * 2, printed("".join(f"line {m}\n" for m in range(30)))))
    return cells


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "execution_count": 1, "outputs": list(outputs)}


def printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def figure(png: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": png}}


def noise(side: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def notebook(path: Path, cells: list[dict[str, Any]]) -> Path:
    body = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "python"}}, "cells": cells}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path
