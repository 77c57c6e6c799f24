"""Alignment: from labels to a new version of the memory. What was computed before is not computed again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nbalign.align.asking import ask_lessons
from nbalign.align.checks import Check, guideline_checks, rubric_checks, without_twins
from nbalign.align.desk import Desk
from nbalign.align.distill import (
    Distillations,
    Distilled,
    Distiller,
    accounts,
    batches,
    candidates_of,
    merge,
    unused_of,
)
from nbalign.align.guidelines import Guidelines
from nbalign.align.learned import CALIBRATED, FULL, GUIDELINE_CHECKS, JUDGE_ARMS, RUBRIC_CHECKS
from nbalign.align.lessons import lessons, noise, unsettled
from nbalign.align.lookup import word_vectors
from nbalign.align.making import Distributions, Learned, made_by, make_memory, must_go_together, taught_elsewhere
from nbalign.align.memories import Memories
from nbalign.align.model import Guideline, Memory
from nbalign.align.news import News, news
from nbalign.errors import Cancelled, NotFound, UsageError
from nbalign.judge.archive import Archive
from nbalign.judge.decide import expected
from nbalign.judge.key import Subject, evidence_tokens
from nbalign.judge.opened import OpenJudge, open_judge
from nbalign.judge.probing import Tally
from nbalign.judge.session import JudgeOptions, Session, choose_model
from nbalign.labels.model import Label
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.store.database import Store

_NOT_ASKED = "No guidelines were asked for: this judge is calibrated, and has no memory in its prompt."
_UNREADABLE = "Its notebook cannot be read any more."


@dataclass(frozen=True, slots=True)
class AlignReport:
    """What an alignment did, or would do.

    Attributes:
        memory: The new version; None where it was a dry run.
        same: Whether the version was there already: nothing that it rests on has changed.
        news: Labels that are new, changed or gone since the version before.
        lessons: Settled scores that were learned from.
        noise: Notebooks and dimensions where raters are more than half of the scale apart, undecided ones first:
            (name, dimension, whether it was decided).
        unsettled: Notebooks and dimensions left out because nobody has decided.
        evaluated: Tokens put through the model.
        generated: Tokens written.
        seconds: Wall seconds at the model.
        to_judge: For a dry run: judgements that are missing and would be computed.
    """

    memory: Memory | None
    same: bool
    news: News
    lessons: int
    noise: tuple[tuple[str, str, bool], ...]
    unsettled: int
    evaluated: int = 0
    generated: int = 0
    seconds: float = 0.0
    to_judge: int = 0


class Aligner:
    """Aligns the judge of one rubric with its labels.

    Args:
        rubric: The rubric.
        dimensions: Those to align; the others stay as the latest version has them.
        subjects: All notebooks of the workspace.
        labels: Current labels; those of notebooks and raters that are not to be learned from are left out already.
        store: The workspace's store.
        archive: Its judgements.
        cache: Its folder for what may be deleted.
        load: Content hash -> notebook.
        options: Model, budget and engine settings.
        arm: What the judge is to be, one of `JUDGE_ARMS`; None goes on as the latest version is.

    Raises:
        UsageError: If a judge cannot be that.
    """

    def __init__(
        self,
        rubric: Rubric,
        dimensions: Sequence[Dimension],
        subjects: Sequence[Subject],
        labels: Sequence[Label],
        *,
        store: Store,
        archive: Archive,
        cache: Path,
        load: Callable[[str], Notebook],
        options: JudgeOptions,
        arm: str | None = None,
    ) -> None:
        names = {subject.sha256: subject.name for subject in subjects}
        asked = {dimension.id for dimension in dimensions}
        own = [label for label in labels if label.dimension in asked and label.notebook in names]
        self._rubric = rubric
        self._dimensions = dimensions
        self._subjects = {subject.sha256: subject for subject in subjects}
        self._lessons = lessons(own, rubric, names)
        self._noise = noise(own, rubric, names)
        self._labels = own
        self._store = store
        self._archive = archive
        self._cache = cache
        self._load = load
        self._options = replace(options, rationale=False)
        self._memories = Memories(store)
        self._guidelines = Guidelines(store)
        self.parent = self._memories.latest(rubric.id)
        self._arm = arm or (self.parent.made_by.get("arm", FULL) if self.parent else FULL)
        if self._arm not in JUDGE_ARMS:
            raise UsageError(f"a judge cannot be aligned as {self._arm!r}", f"It can be: {', '.join(JUDGE_ARMS)}.")

    def plan(self) -> AlignReport:
        """What aligning would learn from, without a model."""
        keys = {(lesson.notebook, lesson.dimension) for lesson in self._lessons}
        judged = {
            (j.notebook, j.dimension)
            for j in self._archive.judgements(rubric=self._rubric.id)
            if self._would_serve(j.made_by)
        }
        return self._report(None, same=False, to_judge=len(keys - judged))

    def _would_serve(self, made_by: Mapping[str, str]) -> bool:
        """Whether a judgement is the unaligned judge's that would be asked, as far as it shows without a model."""
        options = self._options
        wanted = {
            "rubric": self._rubric.sha256,
            "memory": "",
            "budget": str(options.budget),
            "evidence_tokens": str(evidence_tokens(self._rubric, options.evidence)),
        }
        if options.model is not None:
            wanted["model"] = options.model
        return all(made_by.get(name, "0") == value for name, value in wanted.items())

    def run(self, progress: OnProgress = silent, cancel: threading.Event | None = None) -> AlignReport:
        """Makes a new version and keeps it.

        Raises:
            NotFound: If no score is settled.
            UsageError: If some dimensions are to be aligned with another model, rubric text or setting than the rest.
            ModelError: If the model cannot be had or fails; what is finished is kept.
            Cancelled: If it was stopped; the next alignment goes on where it was.
        """
        if not self._lessons:
            raise NotFound(
                f"there are no settled scores under the rubric {self._rubric.id} to learn from",
                "Score notebooks in `nbalign tui`, or take labels in: nbalign label import FILE",
            )
        if self.parent is not None:
            made = made_by(choose_model(self._options.model, progress).sha256, self._options, self._arm)
            must_go_together(self.parent, self._rubric, self._dimensions, made)
        options = self._options
        base, tally = self._judged(progress, cancel)
        with open_judge(self._store, self._cache, self._rubric, self._options, progress, cancel) as opened:
            others = taught_elsewhere(self.parent, self._rubric, self._dimensions)
            notebooks = sorted({lesson.notebook for lesson in self._lessons} | others)
            lookup, _ = word_vectors(opened)
            desk = Desk(self._rubric, notebooks, self._load, lookup, progress)
            distilled, learned = self._distil(opened, desk, base, progress, cancel)
            asked, answers = Tally(), dict[tuple[str, str], Mapping[str, float]]()
            if any(learned.checks.values()):
                asked, answers = ask_lessons(opened, desk, learned.lessons, learned.checks, progress, cancel)

            def follow(before: Memory | None) -> Memory:
                if before is not None:  # by now another one than at the beginning, perhaps
                    made = made_by(opened.model_sha256, options, self._arm)
                    must_go_together(before, self._rubric, self._dimensions, made)
                return make_memory(
                    self._rubric, self._dimensions, options, before, opened, desk, base, learned, answers, self._arm
                )

            memory, self.parent = self._memories.follow(self._rubric.id, follow)
        written = [answer for one in distilled for answer in one.answers if answer.new]
        return self._report(
            memory,
            same=self.parent is not None and self.parent.version == memory.version,
            evaluated=tally.evaluated + asked.evaluated + sum(answer.tokens for answer in written),
            generated=sum(answer.generated for answer in written),
            seconds=tally.seconds + asked.seconds + sum(answer.seconds for answer in written),
        )

    def _report(self, memory: Memory | None, *, same: bool, **figures: Any) -> AlignReport:
        left_out = unsettled(self._labels, self._rubric)
        return AlignReport(
            memory=memory,
            same=same,
            news=news(self.parent, self._lessons, {dimension.id for dimension in self._dimensions}),
            lessons=len(self._lessons),
            noise=tuple(sorted(((n.name, n.dimension, n.decided) for n in self._noise), key=lambda n: (n[2], n))),
            unsettled=len({(label.notebook, label.dimension) for label in left_out}),
            **figures,
        )

    def _judged(self, progress: OnProgress, cancel: threading.Event | None) -> tuple[Distributions, Tally]:
        """The unaligned judge's opinions of everything that is learned from."""
        wanted = {lesson.notebook for lesson in self._lessons}
        subjects = [subject for sha256, subject in self._subjects.items() if sha256 in wanted]
        session = Session(self._archive, self._cache, self._load, self._rubric, self._options)
        report = session.run(subjects, self._dimensions, progress, cancel)
        if report.stopped:
            raise Cancelled("stopped while judging; every finished score is kept")
        tally = Tally(report.new, report.known, report.evaluated, report.reused, report.seconds)
        return {(j.notebook, j.dimension): j.probabilities for j in report.judgements}, tally

    def _distil(
        self,
        opened: OpenJudge,
        desk: Desk,
        base: Distributions,
        progress: OnProgress,
        cancel: threading.Event | None,
    ) -> tuple[list[Distilled], Learned]:
        scale = self._rubric.scale
        taken = [lesson for lesson in self._lessons if lesson.notebook in desk.notebooks]
        judged = {key: expected(probabilities, scale) for key, probabilities in base.items()}
        made = batches(taken, judged, None, opened.engine.count)
        distiller = Distiller(opened.engine, Distillations(self._store), self._rubric, opened.model_sha256)
        distilled: list[Distilled] = []
        if self._arm == FULL:
            distilled = distiller.run(made.batches, progress, cancel.is_set if cancel else lambda: False)
        asked = {dimension.id for dimension in self._dimensions}
        kept = [g for g in self._guidelines.current(self._rubric.id) if g.dimension in asked]
        live = {remark.event for lesson in taken for remark in lesson.remarks}
        past = self._guidelines.texts(self._rubric.id)
        merged = merge(self._rubric.id, candidates_of(distilled), kept, past, live)
        self._guidelines.propose(self._rubric.id, merged, asked)
        gone = {r.event: _UNREADABLE for x in self._lessons if x.notebook not in desk.notebooks for r in x.remarks}
        unused = unused_of(made, distilled)
        if self._arm == CALIBRATED:
            unused = {remark.event: _NOT_ASKED for lesson in self._lessons for remark in lesson.remarks}
        told = accounts(self._lessons, merged, {**unused, **gone})
        return distilled, Learned(taken, merged, told, self._checks(merged))

    def _checks(self, guidelines: Sequence[Guideline]) -> dict[str, list[Check]]:
        if self._arm == CALIBRATED:
            return {d.id: [] for d in self._dimensions}
        return {
            d.id: without_twins(
                [
                    *rubric_checks(self._rubric, d, RUBRIC_CHECKS),
                    *guideline_checks(self._rubric, d, guidelines, GUIDELINE_CHECKS),
                ]
            )
            for d in self._dimensions
        }
