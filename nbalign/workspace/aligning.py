"""Alignment in a workspace: memories made from labels, and judges that have them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nbalign.errors import UsageError
from nbalign.judge.batch import JudgeReport
from nbalign.judge.session import JudgeOptions
from nbalign.progress import OnProgress, silent
from nbalign.workspace.proving import Proving

if TYPE_CHECKING:
    from nbalign.align.aligning import AlignReport
    from nbalign.align.memories import Memories
    from nbalign.align.model import Memory
    from nbalign.align.retrieve import Neighbour

LATEST = "latest"


class Aligning(Proving):
    """Everything about memories."""

    def align(
        self,
        *,
        dimensions: Sequence[str] = (),
        rubric: str | None = None,
        options: JudgeOptions | None = None,
        arm: str | None = None,
        dry_run: bool = False,
        left_out: tuple[Sequence[str], Sequence[str]] | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> AlignReport:
        """Learns from the labels here: guidelines, precedents, checks and calibrations, as a new memory version.

        What was computed before is not computed again, so that a second alignment costs what the new labels cost.

        Args:
            dimensions: Dimension ids; none means all. The others stay as the latest version has them.
            rubric: Rubric id; None for the default.
            options: Model and settings; None takes the defaults.
            arm: `full+calibrated`: the judge has guidelines, precedents and checks, and is calibrated. `calibrated`:
                it is calibrated alone, which asks the model nothing more. None goes on as the latest version is.
            dry_run: Say what would be learned from, without a model and without keeping anything.
            left_out: Content hashes and raters not to learn from this time; None for those that `unalign` has kept.
            progress: Told what is being done.
            cancel: Set it to stop; what is finished is kept.

        Raises:
            NotFound: If nothing is labelled, or a dimension is unknown.
            UsageError: If there is no such arm, or some dimensions are to be aligned with another model, rubric text
                or setting than the rest.
            ModelError: If the model cannot be had, or fails.
            Cancelled: If it was stopped.
        """
        from nbalign.align.aligning import Aligner
        from nbalign.align.learned import learned_from

        the_rubric = self.rubric(rubric)
        aligner = Aligner(
            the_rubric,
            self._dimensions(the_rubric, dimensions),
            self.notebooks(),
            learned_from(self.labels(rubric=the_rubric.id), *(left_out if left_out is not None else self.left_out())),
            store=self._store,
            archive=self._archive,
            cache=self.cache,
            load=self.notebook,
            options=options or JudgeOptions(),
            arm=arm,
        )
        return aligner.plan() if dry_run else aligner.run(progress, cancel)

    def memories(self) -> Memories:
        """The memory versions of this workspace."""
        from nbalign.align.memories import Memories

        return Memories(self._store)

    def memory(self, ref: str = LATEST, rubric: str | None = None) -> Memory:
        """A memory version by the beginning of its name, or the latest.

        Raises:
            NotFound: If there is none.
            UsageError: If several begin so.
        """
        return self.memories().get(ref, self.rubric(rubric).id)

    def judge_aligned(
        self,
        notebooks: Sequence[str] = (),
        *,
        memory: str = LATEST,
        dimensions: Sequence[str] = (),
        rubric: str | None = None,
        options: JudgeOptions | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> JudgeReport:
        """Scores notebooks with the judge that has a memory; arguments and errors as for `judge`.

        Args:
            notebooks: Names or hashes; none means all.
            memory: A version, or the latest.
            dimensions: Dimension ids; none means all of the rubric.
            rubric: Rubric id; None for the default.
            options: As for `judge`; without a model, the one that was aligned is taken.
            progress: Told what is being done.
            cancel: Set it to stop.

        Raises:
            UsageError: If another model is asked for than the one that was aligned, or the rubric has changed since.
        """
        from nbalign.align.judging import AlignedSession
        from nbalign.judge.session import choose_model

        the_rubric = self.rubric(rubric)
        found = self.memory(memory, the_rubric.id)
        if found.rubric_sha256 != the_rubric.sha256:
            raise UsageError(
                f"the memory {found.version} was made with another text of the rubric {the_rubric.id}",
                "Align again (nbalign align), or judge without a memory: --unaligned",
            )
        chosen = options or JudgeOptions()
        chosen = replace(chosen, model=chosen.model or found.model)
        if choose_model(chosen.model).sha256 != found.made_by.get("model_sha256"):
            raise UsageError(
                f"the memory {found.version} was made with the model {found.model}, not with {chosen.model}",
                f"Judge with --model {found.model}, or align with this one, or judge without a memory: --unaligned",
            )
        # What a calibration was fitted on is what it must be shown.
        chosen = replace(chosen, evidence=int(found.made_by["evidence_tokens"]), budget=int(found.made_by["budget"]))
        asked, wanted = self._asked(notebooks), self._dimensions(the_rubric, dimensions)
        session = AlignedSession(self._store, self._archive, self.cache, self.notebook, the_rubric, found, chosen)
        return session.run(asked, wanted, progress, cancel)

    def neighbours_of(
        self,
        notebook: str,
        dimensions: Sequence[str],
        *,
        memory: str = LATEST,
        rubric: str | None = None,
        k: int = 3,
        progress: OnProgress = silent,
    ) -> dict[str, list[Neighbour]]:
        """The precedents that a judge with a memory is shown of a notebook, by dimension, the nearest first.

        Args:
            notebook: Name or hash.
            dimensions: Dimension ids.
            memory: A version, or the latest.
            rubric: Rubric id; None for the default.
            k: How many of each.
            progress: Told how many notebooks are read.

        Raises:
            NotFound: If there is no such notebook, dimension or memory.
        """
        from nbalign.align.desk import Desk
        from nbalign.align.lookup import vectors_of
        from nbalign.align.run import retriever_of

        the_rubric = self.rubric(rubric)
        asked = self._dimensions(the_rubric, dimensions)
        found, sha256 = self.memory(memory, the_rubric.id), self._notebooks.resolve(notebook)
        taught = sorted({precedent.notebook for precedent in found.precedents})
        with vectors_of(found.model, self.cache) as lookup:
            desk = Desk(the_rubric, taught, self.notebook, lookup, progress)
            desk.add(sha256)
            retriever = retriever_of(found, desk, the_rubric)
            return {d.id: retriever.neighbours(desk.query(sha256, d.id), k) for d in asked}
