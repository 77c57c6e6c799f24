"""Crude counts of a notebook's text: what can be known of any material, in any field, without understanding it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from nbalign.align.calibrate.layout import layout
from nbalign.align.calibrate.model import FloatArray
from nbalign.notebooks.model import Notebook

_MOST = 400_000  # characters of each kind of text that are looked at; more would only cost time

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|we|us|our)\b", re.IGNORECASE)
_JOINT = re.compile(
    r"\b(?:however|therefore|because|although|though|thus|hence|whereas|while|since|moreover|furthermore|instead|"
    r"unless|despite|consequently|finally|first|second|so that|for example|for instance|in addition)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|perhaps|possibly|likely|probably|seems?|appears?|suggests?)\b", re.IGNORECASE
)

_IN_CODE = {
    "imports": re.compile(r"^\s*(?:from\s+\S+\s+)?import\s", re.MULTILINE),
    "installs": re.compile(r"^\s*[%!].*\binstall\b", re.MULTILINE),
    "functions": re.compile(r"^\s*(?:async\s+)?def\s|\blambda\b|\bfunction\b", re.MULTILINE),
    "classes": re.compile(r"^\s*class\s", re.MULTILINE),
    "calls": re.compile(r"\w\("),
    "methods": re.compile(r"\.\w+\("),
    "keywords": re.compile(r"\w\s*=\s*[^=\s][^,()\n]*[,)]"),
    "assignments": re.compile(r"^\s*[\w., ]+\s=\s", re.MULTILINE),
    "loops": re.compile(r"\b(?:for|while)\b"),
    "conditions": re.compile(r"\b(?:if|elif|else)\b"),
    "guards": re.compile(r"\b(?:try|except|raise|assert|with)\b"),
    "comparisons": re.compile(r"[=!<>]="),
    "strings": re.compile(r"\"[^\"\n]*\"|'[^'\n]*'"),
    "indexing": re.compile(r"\w\["),
    "plots": re.compile(r"\b(?:plt|sns|px|go|ax|axes|fig|alt)\.|\.plot\b|\.hist\(|ggplot"),
    "prints": re.compile(r"\b(?:print|display|show)\("),
    "seeds": re.compile(r"\bseed\b|random_state"),
    "shell": re.compile(r"^\s*[%!]", re.MULTILINE),
}


@dataclass(slots=True)
class _Parts:
    code: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)


def counts(notebook: Notebook) -> FloatArray:
    """Some ninety counts of cells, code, prose, outputs and layout, each as log(1 + count); means and shares likewise.

    They tell apart long from short, explained from bare, tidy from failing, and in an essay without any code long
    sentences from short ones and rich words from poor ones. No language model and no parser is needed, and broken
    code does no harm.

    Args:
        notebook: Any notebook.

    Returns:
        Finite numbers >= 0, shape (len(COUNT_NAMES),), in the order of `COUNT_NAMES`.
    """
    named = _named(notebook)
    return np.log1p(np.array([named[name] for name in COUNT_NAMES], dtype=np.float64))


def _named(notebook: Notebook) -> dict[str, float]:
    parts = _split(notebook)
    return {
        **_cells(notebook),
        **_code("\n".join(parts.code)[:_MOST], parts.comments),
        **_prose("\n\n".join(parts.prose)[:_MOST]),
        **_outputs(notebook, "\n".join(parts.output)[:_MOST]),
        **layout(notebook),  # last: calibrations that are kept know a count by its place
    }


def _split(notebook: Notebook) -> _Parts:
    parts = _Parts()
    for cell in notebook.cells:
        if cell.kind == "code":
            parts.code.append(cell.source)
            parts.comments += [line for line in cell.source.splitlines() if line.lstrip().startswith("#")]
            parts.output += [output.text for output in cell.outputs]
        else:
            parts.prose.append(cell.source)
    return parts


def _cells(notebook: Notebook) -> dict[str, float]:
    code = [cell for cell in notebook.cells if cell.kind == "code"]
    prose = [cell for cell in notebook.cells if cell.kind != "code"]
    lines = [cell.source.count("\n") + 1 for cell in code]
    run = [cell.execution_count for cell in code if cell.execution_count is not None]
    described = sum(1 for before, cell in pairwise(notebook.cells) if cell.kind == "code" and before.kind == "markdown")
    return {
        "cells": len(notebook.cells),
        "code cells": len(code),
        "prose cells": len(prose),
        "share of prose cells (%)": 100 * len(prose) / max(len(notebook.cells), 1),
        "code cells with words before them": described,
        "lines in the longest code cell": max(lines, default=0),
        "lines in the middle code cell": float(np.median(lines)) if lines else 0.0,
        "cells never run": len(code) - len(run),
        "cells run out of order": sum(1 for a, b in pairwise(run) if b < a),
    }


def _code(text: str, comments: list[str]) -> dict[str, float]:
    found = {f"{name} in code": float(len(pattern.findall(text))) for name, pattern in _IN_CODE.items()}
    written = [line for line in text.splitlines() if line.strip()]
    names = set(_WORD.findall(text))
    return {
        **found,
        "lines of code": len(written),
        "mean length of a line of code": _mean(len(line) for line in written),
        "comment lines": len(comments),
        "words in comments": sum(len(_WORD.findall(line)) for line in comments),
        "different names in code": len(names),
        "mean length of a name in code": _mean(len(name) for name in names),
    }


def _prose(text: str) -> dict[str, float]:
    words = [word.lower() for word in _WORD.findall(text)]
    different = set(words)
    paragraphs = [part for part in _PARAGRAPH.split(text) if part.strip()]
    sentences = max(len(_SENTENCE_END.findall(text)), 1 if words else 0)
    marks = [len(match) for match in _HEADING.findall(text)]
    return {
        "words": len(words),
        "different words": len(different),
        "different words per 100 words": 100 * len(different) / max(len(words), 1),
        "long words": sum(1 for word in words if len(word) >= 8),
        "mean length of a word": _mean(len(word) for word in words),
        "sentences": sentences,
        "words a sentence": len(words) / max(sentences, 1),
        "paragraphs": len(paragraphs),
        "words a paragraph": len(words) / max(len(paragraphs), 1),
        "headings": len(marks),
        "main headings": sum(1 for mark in marks if mark <= 2),
        "list items": len(_ITEM.findall(text)),
        "table rows in prose": sum(1 for line in text.splitlines() if line.count("|") >= 2),
        "code words in prose": text.count("`") / 2,
        "numbers in prose": len(_NUMBER.findall(text)),
        "commas": text.count(","),
        "commas a sentence": text.count(",") / max(sentences, 1),
        "colons and semicolons": text.count(":") + text.count(";"),
        "quotation marks": sum(text.count(mark) for mark in '"“”«»'),
        "brackets in prose": text.count("("),
        "questions": text.count("?"),
        "exclamations": text.count("!"),
        "joining words": len(_JOINT.findall(text)),
        "hedging words": len(_HEDGE.findall(text)),
        "first person": len(_FIRST_PERSON.findall(text)),
        "capital letters inside sentences": len(re.findall(r"(?<=[a-z,] )[A-Z]", text)),
    }


def _outputs(notebook: Notebook, text: str) -> dict[str, float]:
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    shown = sum(1 for cell in notebook.cells if cell.outputs)
    tables = [output for output in outputs if output.kind in ("result", "display") and "\n" in output.text]
    return {
        "outputs": len(outputs),
        "cells with outputs": shown,
        "figures": sum(len(output.images) for output in outputs),
        "errors": sum(1 for output in outputs if output.kind == "error"),
        "warnings": sum(1 for output in outputs if output.name == "stderr"),
        "lines of output": text.count("\n") + 1 if text else 0,
        "numbers in outputs": len(_NUMBER.findall(text)),
        "words in outputs": len(_WORD.findall(text)),
        "tables in outputs": len(tables),
    }


def _mean(values: Iterable[int]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


_EMPTY = Notebook(sha256="", name="", cells=(), prompt="", prompt_source="none", format="")
COUNT_NAMES = tuple(_named(_EMPTY))
LAYOUT_FROM = len(COUNT_NAMES) - len(layout(_EMPTY))  # the place of the first count of `layout`
