"""Experiments in a workspace: cross-validation of alignment, kept and shown again."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from nbalign.evaluate.experiment.options import ExperimentOptions
from nbalign.progress import OnProgress, silent
from nbalign.workspace.auditing import Auditing

if TYPE_CHECKING:
    from nbalign.evaluate.experiment.keeping import Experiments
    from nbalign.evaluate.experiment.model import ExperimentResult


class Proving(Auditing):
    """Everything about experiments."""

    def evaluate(
        self,
        options: ExperimentOptions | None = None,
        *,
        rubric: str | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> ExperimentResult:
        """Cross-validates alignment on all notebooks with settled scores, and keeps the result.

        Every answer of the model is kept as soon as it is there: stopped or killed, the same call goes on where it
        was. After a changed label only what that label touches is asked again; folds stay as they were. Nothing is
        learned from what `unalign` leaves out; where such a notebook is held out, its scores count as the truth.

        Args:
            options: Arms, notebooks, folds, model and budgets; None takes the defaults. Notebooks may be named as
                everywhere: by name, hash or the beginning of one.
            rubric: Rubric id; None for the default.
            progress: Told what is being done.
            cancel: Set it to stop.

        Raises:
            NotFound: If nothing is labelled, or a notebook or a dimension is unknown.
            UsageError: If a name fits several notebooks, or there are too few notebooks for folds.
            ModelError: If a model is needed and cannot be had, or fails.
            Cancelled: If it was stopped; what is finished is kept.
        """
        from nbalign.evaluate.experiment.running import Experiment
        from nbalign.evaluate.experiment.setting import make_setting

        chosen = options or ExperimentOptions()
        chosen = replace(
            chosen, notebooks=tuple(dict.fromkeys(self._notebooks.resolve(ref) for ref in chosen.notebooks))
        )
        the_rubric = self.rubric(rubric)
        caveat = self.setting("caveat")
        setting = make_setting(
            the_rubric,
            chosen,
            self.notebooks(),
            self.labels(rubric=the_rubric.id),
            left_out=self.left_out(),
            caveat=str(caveat) if caveat else "",
            store=self._store,
            archive=self._archive,
            cache=self.cache,
            load=self.notebook,
        )
        kept = self.experiments()
        previous = kept.folds(the_rubric.id, chosen.as_text())
        result = Experiment(setting, previous, progress, cancel).run()
        kept.save(result)
        return result

    def experiments(self) -> Experiments:
        """The experiments that were finished in this workspace."""
        from nbalign.evaluate.experiment.keeping import Experiments

        return Experiments(self._store)
