"""The aligned judge: the local model with a memory's guidelines and precedents, its checks and its calibration."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nbalign.align.asking import ask_checks
from nbalign.align.blend import blended
from nbalign.align.calibrate.model import Estimate
from nbalign.align.desk import Desk
from nbalign.align.learned import NEIGHBOURS
from nbalign.align.lines import memory_lines
from nbalign.align.lookup import word_vectors
from nbalign.align.model import Guideline, Memory
from nbalign.align.retrieve import Retriever
from nbalign.align.teaching import read_calibration, read_checks
from nbalign.align.wording import GUIDELINE_TOKENS, PRECEDENT_TOKENS
from nbalign.errors import BadInput, Cancelled, NotFound
from nbalign.judge.archive import Archive
from nbalign.judge.batch import JudgeReport, in_order
from nbalign.judge.key import Subject, judge_name, key
from nbalign.judge.model import Judgement
from nbalign.judge.opened import OpenJudge, open_judge
from nbalign.judge.probing import Probe, Tally
from nbalign.judge.reading import Reading
from nbalign.judge.session import JudgeOptions, Session
from nbalign.judge.taught import distribution
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.store.database import Store

Key = tuple[str, str]  # notebook, dimension
TOKENS = GUIDELINE_TOKENS, PRECEDENT_TOKENS


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
        keys = {k: self._key(j) for k, j in judged.items()}
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
        run = _Run(self, judged, known)
        if work:
            self.archive.must_be_writable()
            with open_judge(self.store, self.cache, self.rubric, options, progress, cancel) as opened:
                run.all(opened, work, names, progress, cancel)
        found = in_order(list(keys.values()), known, run.new, run.rationales)
        return JudgeReport(
            judge=self._name(next(iter(judged.values()))) if judged else base.judge,
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

    def made_by(self, judgement: Judgement) -> dict[str, str]:
        """Everything that makes the aligned judgement that goes with an unaligned one."""
        made = {name: value for name, value in judgement.made_by.items() if name != "evidence_text"}
        return {**made, "memory": self.memory.version}

    def _key(self, judgement: Judgement) -> str:
        return key(self.made_by(judgement))

    def _name(self, judgement: Judgement) -> str:
        return judge_name(
            judgement.made_by["model"],
            judgement.made_by["model_sha256"],
            self.rubric,
            self.options.budget,
            self.memory.version,
            evidence=self.options.evidence,
        )

    def judgement(self, base: Judgement, estimate: Estimate, probes: Sequence[Probe]) -> Judgement:
        """The aligned judgement that an estimate makes of an unaligned one."""
        return replace(
            base,
            key=self._key(base),
            judge=self._name(base),
            probabilities=dict(estimate.probabilities),
            expected=estimate.expected,
            score=estimate.score,
            tokens=sum(probe.tokens for probe in probes),
            seconds=sum(probe.seconds for probe in probes),
            rationale="",
            made_by=self.made_by(base),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )


class _Run:
    """The notebooks of one run."""

    def __init__(
        self, session: AlignedSession, judged: Mapping[Key, Judgement], known: Mapping[str, Judgement]
    ) -> None:
        self._session = session
        self._judged = judged
        self._known = known
        memory = session.memory
        self._guidelines: dict[str, list[Guideline]] = {}
        for guideline in memory.guidelines:
            self._guidelines.setdefault(guideline.dimension, []).append(guideline)
        self._calibrations = {d: read_calibration(values) for d, values in memory.calibrations.items()}
        self._checks = {d: [c for c, _ in read_checks(d, values)] for d, values in memory.calibrations.items()}
        self.new: list[Judgement] = []
        self.failed: list[tuple[str, str]] = []
        self.tally = Tally()
        self.seconds = 0.0
        self.generated = 0
        self.rationales: dict[str, str] = {}
        self.stopped = False

    def all(
        self,
        opened: OpenJudge,
        work: Mapping[str, Sequence[Dimension]],
        names: Mapping[str, str],
        progress: OnProgress,
        cancel: threading.Event | None,
    ) -> None:
        session, began = self._session, time.monotonic()
        lookup, _ = word_vectors(opened)
        # Only the notebooks that were learned from decide what words mean: the same memory always retrieves the same.
        taught = sorted({p.notebook for p in session.memory.precedents})
        desk = Desk(session.rubric, taught, session.load, lookup, progress)
        retriever = retriever_of(session.memory, desk, session.rubric)
        kept = frozenset(taught)
        for n, (sha256, dimensions) in enumerate(work.items()):
            progress(Progress(f"judging {names[sha256]}", n, len(work), "notebooks"))
            try:
                if cancel is not None and cancel.is_set():
                    raise Cancelled("stopped")
                desk.add(sha256)
                self._one(opened, desk, retriever, sha256, dimensions)
            except (Cancelled, KeyboardInterrupt):
                self.stopped = True
                break
            except (BadInput, NotFound) as error:
                self.failed.append((names[sha256], error.message))
            if sha256 not in kept:
                desk.drop(sha256)  # thousands may be judged: only those that were learned from are needed again
        self.seconds = time.monotonic() - began
        progress(Progress("judging", len(work), len(work), "notebooks"))

    def _one(
        self, opened: OpenJudge, desk: Desk, retriever: Retriever, sha256: str, dimensions: Sequence[Dimension]
    ) -> None:
        reading = opened.judge.read(desk.notebooks[sha256])
        questions = {
            d.id: opened.taught.question(reading, d, self._words(opened, desk, retriever, reading, d))
            for d in dimensions
        }
        found, tally = opened.prober.ask(reading, list(questions.values()))
        checked, more, _ = ask_checks(opened, reading, {d.id: self._checks.get(d.id, ()) for d in dimensions})
        self.tally = self.tally + tally + more
        judgements: list[Judgement] = []
        for dimension in dimensions:
            probe, base = found[questions[dimension.id]], self._judged[sha256, dimension.id]
            estimate = self._estimate(desk, base, distribution(probe), checked.get(dimension.id, {}))
            judgement = self._session.judgement(base, estimate, [probe])
            judgements.append(judgement)
            if judgement.key not in self._known:
                self._session.archive.save(judgement)
                self.new.append(judgement)
        if self._session.options.rationale:
            self._explain(opened, reading, judgements)

    def _explain(self, opened: OpenJudge, reading: Reading, judgements: Sequence[Judgement]) -> None:
        for texts, usage in opened.judge.explain(reading, judgements, lambda _done, _most: None):
            self.generated += usage.generated
            self.tally += Tally(evaluated=usage.evaluated, seconds=usage.seconds)
            for ref, text in texts.items():
                self._session.archive.save_rationale(ref, text, datetime.now(UTC).isoformat(timespec="seconds"))
            self.rationales |= texts

    def _words(
        self, opened: OpenJudge, desk: Desk, retriever: Retriever, reading: Reading, dimension: Dimension
    ) -> str:
        scale, rules = self._session.rubric.scale, self._guidelines.get(dimension.id, ())
        near = retriever.neighbours(desk.query(reading.notebook.sha256, dimension.id), NEIGHBOURS)
        return memory_lines(opened, reading, dimension, scale, rules, near, TOKENS).text()

    def _estimate(
        self, desk: Desk, base: Judgement, taught: Mapping[int, float], checked: Mapping[str, float]
    ) -> Estimate:
        scale = self._session.rubric.scale
        if base.dimension not in self._calibrations:  # nothing was learned of this dimension but its words
            return Estimate.of(taught, scale)
        fitted, share = self._calibrations[base.dimension]
        view = desk.view(base.notebook, base.dimension, base.probabilities, checked)
        return blended(fitted.predict(view), taught, share, scale)


def retriever_of(memory: Memory, desk: Desk, rubric: Rubric) -> Retriever:
    """Finds the precedents of a memory; those whose notebook cannot be read any more are left out."""
    asked = {dimension.id for dimension in rubric.dimensions}
    cases = [p for p in memory.precedents if p.notebook in desk.notebooks and p.dimension in asked]
    queries = {(p.notebook, p.dimension): desk.query(p.notebook, p.dimension) for p in cases}
    return Retriever(cases, queries, desk.meaning, rubric.scale.not_applicable)
