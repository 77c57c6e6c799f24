from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.notifications import Notify

from nbalign.evidence import Evidence, Fact
from nbalign.notebooks.model import Notebook
from nbalign.resources import data_path
from nbalign.tui import fact_reader
from nbalign.workspace import Workspace

Builder = Callable[..., Workspace]
CellSpec = dict[str, Any]
Facts = dict[str, tuple[Fact, ...]]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every notice, however soon it vanishes again: on a busy machine one is gone before a test looks at the screen."""
    found: list[str] = []
    told = App._on_notify

    def keep(app: App[None], event: Notify) -> None:
        found.append(event.notification.message)
        told(app, event)

    monkeypatch.setattr(App, "_on_notify", keep)
    return found


def code(source: str, *outputs: CellSpec) -> CellSpec:
    return {"cell_type": "code", "source": source, "metadata": {}, "execution_count": 1, "outputs": list(outputs)}


def markdown(source: str) -> CellSpec:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def stdout(text: str) -> CellSpec:
    return {"output_type": "stream", "name": "stdout", "text": text}


def failure(name: str, value: str, *lines: str) -> CellSpec:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": list(lines)}


def notebook_file(path: Path, cells: Sequence[CellSpec]) -> Path:
    body = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "python"}}, "cells": list(cells)}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path


def sample(name: str) -> Path:
    return data_path("sample_notebooks") / "notebooks" / f"{name}.ipynb"


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Builder]:
    """Makes a workspace `study` holding the given notebook files."""
    made: list[Workspace] = []

    def make(*paths: Path) -> Workspace:
        workspace = Workspace.create(tmp_path / "study")
        if paths:
            workspace.import_notebooks(list(paths))
        made.append(workspace)
        return workspace

    yield make
    for workspace in made:
        workspace.close()


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> Facts:
    """Facts by name of notebook, instead of what would be read off it; none unless a test puts some in."""
    given: Facts = {}

    def read(notebook: Notebook) -> Evidence:
        return Evidence(notebook.sha256, given.get(notebook.name.removesuffix(".ipynb"), ()))

    monkeypatch.setattr(fact_reader, "read_evidence", read)
    return given
