"""Writing pages and other reports to files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nbalign.errors import UsageError
from nbalign.suite.report.run_page import run_page
from nbalign.suite.runs.model import JudgeError, ScoredRun


def save(text: str, path: Path, what: str) -> None:
    """Writes a report; a folder that is missing is made, an earlier file replaced.

    Args:
        text: The report.
        path: Where.
        what: What it is, for the message.

    Raises:
        UsageError: If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What reports show is clean; a name may still hold what UTF-8 cannot.
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"cannot write the {what} to {path}: {error.strerror or error}", "Name a file that you may write."
        ) from error


def save_run_page(
    scored: ScoredRun, error: JudgeError | None, path: Path, names: Mapping[str, str] | None = None
) -> None:
    """Writes the page of a run; see `run_page`.

    Args:
        scored: The run.
        error: What is known of its judge's error; None where no experiment tells.
        path: Where.
        names: Content hash -> name of a notebook, for people.

    Raises:
        UsageError: If it cannot be written.
    """
    save(run_page(scored, error, names), path, "page")
