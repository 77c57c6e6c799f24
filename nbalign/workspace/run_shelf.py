"""Runs that are kept in a workspace: listed, read for comparisons, put into the raters' queue, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.workspace.aligning import Aligning

if TYPE_CHECKING:
    from nbalign.suite.runs.climbing import Climbs
    from nbalign.suite.runs.keeping import RunStore
    from nbalign.suite.runs.model import JudgeError, Run, ScoredRun


class RunShelf(Aligning):
    """Everything about runs that needs no model."""

    @property
    def _runs(self) -> RunStore:
        from nbalign.suite.runs.keeping import RunStore

        return RunStore(self._store)

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        return self._runs.all()

    def run_names(self) -> list[str]:
        """Names of all runs, the latest first."""
        return self._runs.names()

    def scored_run(self, name: str) -> ScoredRun:
        """A run with its notebooks and their scores, as far as there are any.

        Raises:
            NotFound: If there is no such run.
        """
        from nbalign.suite.runs.scoring import scored

        run = self._runs.get(name)
        made = self._runs.productions(run)
        notebooks = {each.notebook for each in made if each.notebook}
        said = self._archive.of_notebooks(notebooks, run.rubric, run.judge)
        return scored(run, made, said, self.rubric(run.rubric_sha256))

    def judge_error(self, run: Run) -> JudgeError | None:
        """The cross-validated error of a run's judge; None where no experiment tells it."""
        from nbalign.align.learned import FULL
        from nbalign.suite.runs.error import judge_error

        kept = self.experiments()
        arm = self.memory(run.memory, run.rubric).made_by.get("arm", FULL) if run.memory else ""
        _, truth = self._settled(self.rubric(run.rubric), None)
        # One after the other: a result may take many megabytes, and the first that fits is taken.
        return judge_error(run, arm, (kept.get(row[0]) for row in kept.list(run.rubric)), truth)

    def climbs(self) -> Climbs:
        """The logs of variants that were tried one after the other."""
        from nbalign.suite.runs.climbing import Climbs

        return Climbs(self._store)

    def remove_run(self, name: str) -> int:
        """Deletes a run with those of its notebooks that nobody else has anything to do with.

        Returns:
            How many notebooks were deleted.

        Raises:
            NotFound: If there is no such run.
        """
        self._runs.get(name)
        return self._runs.remove(name)

    def export_run(self, name: str, folder: str | Path, *, force: bool = False) -> tuple[int, int]:
        """Writes the notebooks of a run into a folder, as `nbalign generate` would have.

        Args:
            name: The run.
            folder: Made if missing; what is there already is not written again.
            force: Take a folder that holds other notebooks.

        Returns:
            Notebooks written, and those that were there already.

        Raises:
            NotFound: If there is no such run.
            UsageError: If the folder holds notebooks that were made otherwise.
            StoreError: If it cannot be written.
        """
        from nbalign.suite.runs.giving import give

        return give(self._store, self._runs.get(name), Path(folder), force=force)

    def queue_run(self, name: str) -> int:
        """Puts the notebooks of a run into the raters' queue.

        Returns:
            How many the run has.

        Raises:
            NotFound: If there is no such run.
        """
        notebooks = self._runs.notebooks(self._runs.get(name))
        self._notebooks.take_in(notebooks)
        return len(notebooks)
