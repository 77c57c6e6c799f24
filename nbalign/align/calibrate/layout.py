"""How a notebook is laid out and what its code does for its reader: the crude counts that most readers care about."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

from nbalign.notebooks.model import Cell, Notebook

LONG_CELLS = (15, 25, 40)  # lines, empty ones left out, over which a code cell counts as long
_MOST = 400_000  # characters of code that are looked at; more would only cost time

_HEADING = re.compile(r"^ {0,3}(#{1,6})\s", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
_OLD_CODE = re.compile(r"^\s*#+\s*(?:\w+(?:\.\w+)*\(.*\)|[\w.\[\]'\"]+\s*=\s*\S.*|(?:from\s+\S+\s+)?import\s.*)\s*$")

_DOES = {
    "titles and axis labels set": re.compile(r"title|[xy]_?label|\blabs\(|\blegend\("),
    "random states set": re.compile(r"\bseed\s*\(|random_state\s*=|\bseed\s*=|manual_seed|default_rng\(\s*\w"),
    "data splits": re.compile(r"\w*split\w*\(|\.sample\(|\bholdout\b", re.IGNORECASE),
    "cross-validations": re.compile(r"cross_val\w*\(|\w*Fold\(|\bcv\s*=|GridSearch|RandomizedSearch|\bTimeSeriesSplit"),
    "models fitted": re.compile(r"\.fit(?:_\w+)?\("),
    "predictions made": re.compile(r"\bpredict\w*\("),
    "files written": re.compile(
        r"\.to_(?:csv|parquet|pickle|excel|json|feather|sql)\(|\bdump\(|\bsavefig\(|\.save\w*\(|\bsave_\w+\(|"
        r"\bwrite\w*\(|open\([^)\n]*['\"][wa]b?['\"]"
    ),
    "files read": re.compile(r"\bread_\w+\(|\bload\w*\(|\bfetch_\w+\("),
    "looks at missing values": re.compile(r"\bis_?(?:na|null)\b|\bnot(?:na|null)\b|\bcount_nulls?\b|\.info\("),
    "missing values filled or dropped": re.compile(r"fill_?na|drop_?na|imput|interpolat|\b[bf]fill\b", re.IGNORECASE),
    "tables grouped or summed up": re.compile(r"group_?by|pivot|crosstab|value_counts|describe\(|\.agg\("),
}


def layout(notebook: Notebook) -> dict[str, float]:
    """Counts, shares in per cent and answers (1 for yes), finite and >= 0; the same names for any notebook."""
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    code = "\n".join(cell.source for cell in cells if cell.kind == "code")[:_MOST]
    return {
        **_lengths([cell for cell in cells if cell.kind == "code"]),
        **_order(cells),
        **_headings([cell for cell in cells if cell.kind != "code"]),
        **{name: float(len(pattern.findall(code))) for name, pattern in _DOES.items()},
    }


def _lengths(code: list[Cell]) -> dict[str, float]:
    written = [[line for line in cell.source.splitlines() if line.strip()] for cell in code]
    lines = [len(own) for own in written]
    return {
        **{f"code cells over {limit} lines": float(sum(1 for n in lines if n > limit)) for limit in LONG_CELLS},
        "share of the code in its longest cell (%)": 100 * max(lines, default=0) / max(sum(lines), 1),
        "lines of code commented out": float(sum(1 for own in written for line in own if _OLD_CODE.match(line[:300]))),
        "cells that fail": float(sum(1 for cell in code if any(output.kind == "error" for output in cell.outputs))),
    }


def _order(cells: list[Cell]) -> dict[str, float]:
    worded = [cell.kind != "code" for cell in cells]
    bare = [len(list(run)) for told, run in groupby(worded) if not told]
    last = len(worded) - 1 - worded[::-1].index(False) if False in worded else -1
    after = " ".join(cell.source for cell in cells[last + 1 :]) if last >= 0 else ""
    return {
        "begins with words": float(bool(worded) and worded[0]),
        "ends with words": float(bool(worded) and worded[-1]),
        "words after the last code cell": float(len(_WORD.findall(after[:_MOST]))),
        "most code cells in a row": float(max(bare, default=0)),
        "outputs with words right after them": float(
            sum(1 for cell, after in pairwise(cells) if cell.outputs and after.kind != "code")
        ),
    }


def _headings(prose: list[Cell]) -> dict[str, float]:
    depths = [len(mark) for mark in _HEADING.findall("\n".join(cell.source for cell in prose)[:_MOST])]
    return {
        "depths of headings": float(len(set(depths))),
        "depths of headings skipped": float(sum(1 for a, b in pairwise(depths) if b > a + 1)),
    }
