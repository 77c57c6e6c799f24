"""The aligned judge: the local model with a memory's guidelines and precedents, its checks and its calibration."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbalign.align.model import Memory
from nbalign.align.naming import Naming
from nbalign.align.run import AlignedRun
from nbalign.judge.archive import Archive
from nbalign.judge.batch import JudgeReport, in_order
from nbalign.judge.key import Subject
from nbalign.judge.model import Judgement
from nbalign.judge.opened import open_judge
from nbalign.judge.session import JudgeOptions, Session
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.store.database import Store


@dataclass(frozen=True, slots=True)
class AlignedSession:
    """Everything a run of an aligned judge needs from its workspace.

    Attributes:
        store: The store.
        archive: Where judgements are kept.
        cache: Folder for what may be deleted.
        load: Content hash -> notebook.
        rubric: The rubric.
        memory: What the judge was taught.
        options: How to judge; the model must be the one that was aligned for the calibration to mean anything.
    """

    store: Store
    archive: Archive
    cache: Path
    load: Callable[[str], Notebook]
    rubric: Rubric
    memory: Memory
    options: JudgeOptions

    def run(
        self,
        notebooks: Sequence[Subject],
        dimensions: Sequence[Dimension],
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> JudgeReport:
        """Judges notebooks; what is known is not computed again.

        A notebook that the memory learned from never sees its own precedent. Its guidelines and calibration do know
        its label, though: how near an aligned judge is to raters is told by `nbalign evaluate` alone.

        Raises:
            ModelError: If the model cannot be had or fails; finished judgements are kept.
            StoreError: If judgements cannot be saved, or the memory cannot be read.
        """
        options = replace(self.options, rationale=False)
        plain = Session(self.archive, self.cache, self.load, self.rubric, options)
        base = plain.run(notebooks, dimensions, progress, cancel)
        if base.stopped:
            return replace(base, judgements=(), new=0)
        judged = {(j.notebook, j.dimension): j for j in base.judgements}
        naming = self.naming()
        keys = {k: naming.key(j) for k, j in judged.items()}
        known = self.archive.known(list(keys.values()))
        names = {subject.sha256: subject.name for subject in notebooks}
        work: dict[str, list[Dimension]] = {}
        for subject in notebooks:
            missing = [
                d
                for d in dimensions
                if (k := keys.get((subject.sha256, d.id))) is not None and self._lacks(known.get(k))
            ]
            if missing:
                work[subject.sha256] = missing
        run = AlignedRun(self.archive, self.load, naming, judged, known, rationale=self.options.rationale)
        if work:
            self.archive.must_be_writable()
            with open_judge(self.store, self.cache, self.rubric, options, progress, cancel) as opened:
                run.all(opened, work, names, progress, cancel)
        found = in_order(list(keys.values()), known, run.new, run.rationales)
        return JudgeReport(
            judge=naming.judge(next(iter(judged.values()))) if judged else base.judge,
            model=base.model,
            judgements=found,
            new=len(run.new),
            known=len(known),
            evaluated=base.evaluated + run.tally.evaluated,
            reused=base.reused + run.tally.saved,
            generated=run.generated,
            seconds=base.seconds + run.seconds,
            failed=(*base.failed, *run.failed),
            stopped=run.stopped,
        )

    def _lacks(self, judgement: Judgement | None) -> bool:
        """Whether a judgement is missing, or its reasons are."""
        return judgement is None or (self.options.rationale and not judgement.rationale)

    def naming(self) -> Naming:
        """What this judge and its judgements are called."""
        return Naming(self.rubric, self.memory, self.options.budget, self.options.evidence)
