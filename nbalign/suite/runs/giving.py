"""The notebooks of a run as files, in a folder like those that `nbalign generate` fills."""

from __future__ import annotations

from pathlib import Path

from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.suite.generate.folder import FolderSink
from nbalign.suite.generate.model import Written
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.model import Run


def give(store: Store, run: Run, folder: Path, *, force: bool = False) -> tuple[int, int]:
    """Writes the notebooks of a run with a record of what made them: `folder:` takes them on another machine.

    Args:
        store: The workspace's store.
        run: The run.
        folder: Made if missing; what is there already is not written again.
        force: Take a folder that holds other notebooks.

    Returns:
        Notebooks written, and those that were there already.

    Raises:
        UsageError: If the folder holds notebooks that were made otherwise.
        StoreError: If it cannot be written.
    """
    wanted = {"suite": run.suite, "suite_sha256": run.suite_sha256, **run.identity, "seed": str(run.seed)}
    sink = FolderSink(folder, {case.id: case.prompt for case in run.cases}, wanted, force=force)
    notebooks = NotebookStore(store)
    written = known = 0
    for made in RunStore(store).productions(run):
        if not made.notebook:
            continue
        if sink.has(made.case, made.repeat):
            known += 1
            continue
        raw, _, _ = notebooks.raw(made.notebook)
        whole = Written(raw, {}, made.evaluated, made.generated, made.seconds, made.failed_cells, made.notes)
        sink.keep(made.case, made.repeat, whole)
        written += 1
    return written, known
