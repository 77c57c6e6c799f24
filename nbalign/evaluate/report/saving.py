"""Writing the page of an experiment to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nbalign.errors import NbalignError, UsageError
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.report.page import html
from nbalign.notebooks.model import Notebook

FOLDER = "reports"


def cited_cells(result: ExperimentResult, load: Callable[[str], Notebook]) -> dict[tuple[str, int], str]:
    """The source of every cell that the report's disagreements and cases of noise cite, by notebook and number.

    Args:
        result: The experiment.
        load: Content hash -> notebook. One that cannot be read is left out: a report of its labels still is one.
    """
    cited: dict[str, set[int]] = {}
    cases = [(case.notebook, case.remarks) for case in result.disagreements]
    cases += [(case.notebook, case.remarks) for case in result.noise]
    for sha256, remarks in cases:
        cited.setdefault(sha256, set()).update(cell for remark in remarks for cell in remark.cells)
    found: dict[tuple[str, int], str] = {}
    for sha256, numbers in cited.items():
        try:
            read = load(sha256)
        except NbalignError:
            continue
        found |= {(sha256, n): read.cell(n).source for n in sorted(numbers) if 1 <= n <= len(read.cells)}
    return found


def save_page(result: ExperimentResult, folder: Path, load: Callable[[str], Notebook]) -> Path:
    """Writes the page of an experiment into a folder under a name of its own; see `write_page`.

    Args:
        result: The experiment.
        folder: Where pages lie.
        load: Content hash -> notebook, for the cells that are cited.

    Returns:
        The file.

    Raises:
        UsageError: If it cannot be written; the experiment itself is kept.
    """
    # The id comes from a store that anybody may have written: nothing of it but letters and digits names a file.
    name = "".join(character for character in result.id if character.isascii() and character.isalnum())
    path = folder / f"experiment-{name[:40] or 'page'}.html"
    write_page(result, path, cited_cells(result, load))
    return path


def write_page(result: ExperimentResult, path: Path, excerpts: Mapping[tuple[str, int], str]) -> None:
    """Writes the page of an experiment; its folder is made if it is missing, an earlier page is replaced.

    Args:
        result: The experiment.
        path: The file.
        excerpts: The source of the cells that are cited.

    Raises:
        UsageError: If it cannot be written; the experiment itself is kept.
    """
    page = html(result, excerpts=excerpts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error.strerror or error}",
            "The experiment is kept; write its page elsewhere: nbalign evaluate --show latest --html FILE",
        ) from error
