"""One run of a judge with a memory: notebook by notebook, each judgement kept as soon as it is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from nbalign.align.asking import ask_checks
from nbalign.align.blend import blended
from nbalign.align.calibrate.model import Estimate
from nbalign.align.desk import Desk
from nbalign.align.learned import CALIBRATED, NEIGHBOURS
from nbalign.align.lines import memory_lines
from nbalign.align.lookup import word_vectors
from nbalign.align.model import Guideline, Memory
from nbalign.align.naming import Naming
from nbalign.align.retrieve import Retriever
from nbalign.align.teaching import read_calibration, read_checks
from nbalign.align.wording import GUIDELINE_TOKENS, PRECEDENT_TOKENS
from nbalign.errors import BadInput, Cancelled, NotFound
from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.judge.opened import OpenJudge
from nbalign.judge.probing import Probe, Tally
from nbalign.judge.reading import Reading
from nbalign.judge.taught import distribution
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, Progress
from nbalign.rubrics.model import Dimension, Rubric

Key = tuple[str, str]  # notebook, dimension
_TOKENS = GUIDELINE_TOKENS, PRECEDENT_TOKENS


class AlignedRun:
    """The notebooks of one run.

    Args:
        archive: Where judgements are kept.
        load: Content hash -> notebook.
        naming: The rubric, the memory, and what judgements are called.
        judged: The unaligned judgements of everything that is judged.
        known: Aligned judgements that are there already, by key.
        rationale: Whether to write why, too.

    Attributes:
        new: Judgements made by this run.
        failed: (notebook's name, why) of those that could not be judged.
        tally: What questions cost.
        seconds: Wall seconds.
        generated: Tokens written.
        rationales: Key -> why, of those written by this run.
        stopped: Whether it was stopped before the end.
    """

    def __init__(
        self,
        archive: Archive,
        load: Callable[[str], Notebook],
        naming: Naming,
        judged: Mapping[Key, Judgement],
        known: Mapping[str, Judgement],
        *,
        rationale: bool,
    ) -> None:
        self._archive = archive
        self._load = load
        self._naming = naming
        self._rubric = naming.rubric
        self._judged = judged
        self._known = known
        self._rationale = rationale
        memory = naming.memory
        self._asks = memory.made_by.get("arm") != CALIBRATED
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
        """Judges notebooks, one after the other; every judgement is kept at once.

        Args:
            opened: The loaded judge.
            work: Content hash -> the dimensions that are missing.
            names: Content hash -> name, for people.
            progress: Told how many notebooks are done.
            cancel: Set it to stop.

        Raises:
            ModelError: If the model fails; finished judgements are kept.
            StoreError: If judgements cannot be saved.
        """
        memory, rubric, began = self._naming.memory, self._rubric, time.monotonic()
        lookup, _ = word_vectors(opened)
        # Only the notebooks that were learned from decide what words mean: the same memory always retrieves the same.
        taught = sorted({p.notebook for p in memory.precedents})
        desk = Desk(rubric, taught, self._load, lookup, progress)
        retriever = retriever_of(memory, desk, rubric)
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
            if self._asks
        }
        found, tally = opened.prober.ask(reading, list(questions.values()))
        checked, more, _ = ask_checks(opened, reading, {d.id: self._checks.get(d.id, ()) for d in dimensions})
        self.tally = self.tally + tally + more
        judgements: list[Judgement] = []
        for dimension in dimensions:
            base = self._judged[sha256, dimension.id]
            probes = [found[questions[dimension.id]]] if self._asks else []
            # Without a memory in its prompt, what the judge says is what the unaligned judge said.
            said = distribution(probes[0]) if probes else base.probabilities
            estimate = self._estimate(desk, base, said, checked.get(dimension.id, {}))
            judgement = self._judgement(base, estimate, probes)
            judgements.append(judgement)
            if judgement.key not in self._known:
                self._archive.save(judgement)
                self.new.append(judgement)
        if self._rationale:
            self._explain(opened, reading, judgements)

    def _judgement(self, base: Judgement, estimate: Estimate, probes: Sequence[Probe]) -> Judgement:
        """The aligned judgement that an estimate makes of an unaligned one."""
        return replace(
            base,
            key=self._naming.key(base),
            judge=self._naming.judge(base),
            probabilities=dict(estimate.probabilities),
            expected=estimate.expected,
            score=estimate.score,
            tokens=sum(probe.tokens for probe in probes),
            seconds=sum(probe.seconds for probe in probes),
            rationale="",
            made_by=self._naming.made_by(base),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _explain(self, opened: OpenJudge, reading: Reading, judgements: Sequence[Judgement]) -> None:
        for texts, usage in opened.judge.explain(reading, judgements, lambda _done, _most: None):
            self.generated += usage.generated
            self.tally += Tally(evaluated=usage.evaluated, seconds=usage.seconds)
            for ref, text in texts.items():
                self._archive.save_rationale(ref, text, datetime.now(UTC).isoformat(timespec="seconds"))
            self.rationales |= texts

    def _words(
        self, opened: OpenJudge, desk: Desk, retriever: Retriever, reading: Reading, dimension: Dimension
    ) -> str:
        scale, rules = self._rubric.scale, self._guidelines.get(dimension.id, ())
        near = retriever.neighbours(desk.query(reading.notebook.sha256, dimension.id), NEIGHBOURS)
        return memory_lines(opened, reading, dimension, scale, rules, near, _TOKENS).text()

    def _estimate(
        self, desk: Desk, base: Judgement, taught: Mapping[int, float], checked: Mapping[str, float]
    ) -> Estimate:
        scale = self._rubric.scale
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
