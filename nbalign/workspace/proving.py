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
        was. After a changed label only what that label touches is asked again; folds stay as they were.

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
            caveat=str(caveat) if caveat else "",
            store=self._store,
            archive=self._archive,
            cache=self.cache,
            load=self.notebook,
        )
        kept = self.experiments()
        previous = _earlier_folds(kept, the_rubric.id, chosen)
        result = Experiment(setting, previous, progress, cancel).run()
        kept.save(result)
        return result

    def experiments(self) -> Experiments:
        """The experiments that were finished in this workspace."""
        from nbalign.evaluate.experiment.keeping import Experiments

        return Experiments(self._store)


def _earlier_folds(kept: Experiments, rubric: str, options: ExperimentOptions) -> dict[str, int] | None:
    """The folds of the latest experiment like this one, so that a changed label moves no notebook; None for none.

    One on other notebooks is not like it: a few notebooks out of the folds of many would be spread unevenly over them,
    and the folds of all would come to depend on which few were tried before.
    """
    asked = options.as_text()
    for ref, _, _, earlier in kept.list(rubric):
        if all(earlier.get(name) == asked.get(name) for name in ("folds", "seed", "group", "notebooks")):
            return dict(kept.get(ref).folds)
    return None
