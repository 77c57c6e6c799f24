"""Runs and comparisons as pages for a browser, in the workspace's folder for reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import NotFound

if TYPE_CHECKING:
    from nbalign.suite.runs.model import JudgeError, Run
    from nbalign.workspace import Workspace

# What these need takes a moment to import, so they do it on the thread on which they are called.


def write_run(workspace: Workspace, name: str) -> Path:
    """Writes a run as a page; an earlier page of it is replaced.

    Returns:
        The file.

    Raises:
        NotFound: If there is no such run.
        UsageError: If it cannot be written.
    """
    from nbalign.suite.report.saving import save_run_page

    scored = workspace.scored_run(name)
    path = _folder(workspace) / f"run-{_file_name(name)}.html"
    save_run_page(scored, _error(workspace, scored.run), path, workspace.names())
    return path


def write_comparison(workspace: Workspace, names: Sequence[str]) -> Path:
    """Writes a comparison of two runs as a page; an earlier page of it is replaced.

    Args:
        workspace: The workspace.
        names: The two; the first is the one that the other is compared with.

    Returns:
        The file.

    Raises:
        NotFound: If one of them is not here.
        UsageError: If they cannot be compared, or the page cannot be written.
    """
    from nbalign.suite.compare.comparing import compare
    from nbalign.suite.report.compare_page import compare_page
    from nbalign.suite.report.saving import save

    a, b = (workspace.scored_run(name) for name in names)
    # Whoever sees the comparison was asked whether it may be one across judges.
    found = compare(a, b, _error(workspace, a.run), across_judges=True)
    prompts = {case.id: case.prompt for run in (b, a) for case in run.run.cases}
    path = _folder(workspace) / f"compare-{_file_name(names[0])}-{_file_name(names[1])}.html"
    save(compare_page(found, prompts), path, "page")
    return path


def _folder(workspace: Workspace) -> Path:
    from nbalign.evaluate.report.saving import FOLDER

    return workspace.path / FOLDER


def _file_name(name: str) -> str:
    """A run's name as a file may have it: it comes from a store that anybody may have written."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")[:60] or "run"


def _error(workspace: Workspace, run: Run) -> JudgeError | None:
    try:
        return workspace.judge_error(run)
    except NotFound:
        return None
