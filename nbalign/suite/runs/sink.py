"""Where a run's notebooks go: into the workspace, each in one transaction with the record of what made it."""

from __future__ import annotations

from nbalign.errors import NotFound
from nbalign.notebooks import read
from nbalign.notebooks.sanitise import clean_line
from nbalign.store.clock import now
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.suite.generate.model import Written
from nbalign.suite.runs.keeping import RunStore
from nbalign.suite.runs.model import Production, Run

_MOST_WORDS = 2000  # characters kept of why a notebook could not be made


class WorkspaceSink:
    """Takes what a generator makes for one run.

    Args:
        store: The workspace's store.
        run: The run.
    """

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self._notebooks = NotebookStore(store)
        self._runs = RunStore(store)
        self._run = run
        self._done = {(made.case, made.repeat) for made in self._runs.productions(run) if made.notebook}
        self._prompts = {case.id: case.prompt for case in run.cases}

    def has(self, case: str, repeat: int) -> bool:
        """Whether the notebook of a case and repeat is there; one that could not be made is tried again."""
        return (case, repeat) in self._done

    def keep(self, case: str, repeat: int, written: Written) -> None:
        """Keeps a notebook.

        Raises:
            BadInput: If it is no notebook.
            StoreError: If it cannot be written.
        """
        prompt = self._prompts[case]
        # The prompt goes with it as a sidecar's text: judges and raters see what was asked whatever the cells say.
        notebook = read(written.raw, f"{self._run.name}.{case}.{repeat}.ipynb", sidecar=prompt)
        with self._store.write():
            if not self._is_here(notebook.sha256):
                self._notebooks.set_aside(notebook.sha256)
                self._notebooks.add(written.raw, notebook, prompt)
            self._runs.keep(
                self._run.name,
                Production(
                    case=case,
                    repeat=repeat,
                    notebook=notebook.sha256,
                    problem="",
                    evaluated=written.evaluated,
                    generated=written.generated,
                    seconds=written.seconds,
                    failed_cells=written.failed_cells,
                    notes=tuple(clean_line(text, 300) for text in written.notes),
                    at=now(),
                ),
            )
        self._done.add((case, repeat))

    def failed(self, case: str, repeat: int, why: str) -> None:
        """Notes that a notebook could not be made.

        Raises:
            StoreError: If it cannot be written.
        """
        problem = clean_line(why, _MOST_WORDS) or "it could not be made"
        self._runs.keep(self._run.name, Production(case, repeat, "", problem, 0, 0, 0.0, 0, (), now()))

    def _is_here(self, sha256: str) -> bool:
        try:
            return self._notebooks.resolve(sha256) == sha256
        except NotFound:
            return False
