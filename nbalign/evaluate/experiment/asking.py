"""The part of an experiment that asks the model: the judge with memories, and checks. Every answer is kept at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nbalign.align.asking import ask_checks
from nbalign.align.checks import Check
from nbalign.align.desk import Desk
from nbalign.align.lines import memory_lines
from nbalign.evaluate.experiment.learning import FoldMemory
from nbalign.evaluate.experiment.options import MEMORY_ARMS, needs_checks
from nbalign.evaluate.experiment.setting import Key, Setting
from nbalign.judge.opened import OpenJudge
from nbalign.judge.probing import Probe, Question, Tally
from nbalign.judge.reading import Reading
from nbalign.judge.taught import distribution
from nbalign.progress import OnProgress, Progress
from nbalign.rubrics.model import Dimension

JUDGING = "judging with memories"
CHECKING = "checks"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the model said.

    Attributes:
        judged: (arm, notebook, dimension) -> distribution over the scale.
        checked: (notebook, dimension) -> check id -> probability of yes.
        costs: Part -> what it cost in this run.
        ever: Part -> tokens and seconds behind all its answers, whenever they were computed.
    """

    judged: Mapping[tuple[str, str, str], Mapping[int, float]]
    checked: Mapping[Key, Mapping[str, float]]
    costs: Mapping[str, Tally]
    ever: Mapping[str, tuple[int, float]]


class Asking:
    """Asks everything that the arms of an experiment need.

    Args:
        setting: The experiment.
        opened: The loaded judge.
        desk: The notebooks.
        folds: Notebook -> fold.
        memories: Held-out fold -> what was learned from the others.
    """

    def __init__(
        self,
        setting: Setting,
        opened: OpenJudge,
        desk: Desk,
        folds: Mapping[str, int],
        memories: Mapping[int, FoldMemory],
    ) -> None:
        self._setting = setting
        self._opened = opened
        self._desk = desk
        self._folds = folds
        self._memories = memories
        self._judged: dict[tuple[str, str, str], Mapping[int, float]] = {}
        self._checked: dict[Key, Mapping[str, float]] = {}
        self._costs = {JUDGING: Tally(), CHECKING: Tally()}
        self._ever = {JUDGING: (0, 0.0), CHECKING: (0, 0.0)}

    def run(self, progress: OnProgress, stopping: Callable[[], bool]) -> Answers | None:
        """Asks about every notebook; None where it was stopped before the end.

        Args:
            progress: Told how many notebooks are done.
            stopping: Asked between notebooks.

        Raises:
            ModelError: If the model cannot answer.
            Cancelled: If it was stopped in the middle of a notebook.
        """
        notebooks = [sha256 for sha256 in self._setting.notebooks if sha256 in self._desk.notebooks]
        began, known = time.monotonic(), 0
        for n, sha256 in enumerate(notebooks):
            if stopping():
                return None
            spent = sum((tally for tally in self._costs.values()), start=Tally())
            elapsed = time.monotonic() - began
            rate = f"{spent.evaluated / elapsed:.0f} tokens/s" if spent.evaluated and elapsed > 1 else ""
            stage = f"asking about {self._setting.subjects[sha256].name}"
            progress(Progress(stage, n, len(notebooks), "notebooks", detail=rate, skipped=known))
            before = spent.computed
            self._one(sha256)
            known += sum(tally.computed for tally in self._costs.values()) == before
        progress(Progress("asking the model", len(notebooks), len(notebooks), "notebooks", skipped=known))
        return Answers(self._judged, self._checked, self._costs, self._ever)

    def _one(self, sha256: str) -> None:
        reading = self._opened.judge.read(self._desk.notebooks[sha256])
        with_memory: dict[tuple[str, str], Question] = {}
        for dimension in self._setting.dimensions:
            for arm, question in self._memory_questions(reading, dimension).items():
                with_memory[arm, dimension.id] = question
        found, tally = self._opened.prober.ask(reading, list(with_memory.values()))
        self._count(JUDGING, tally, [found[question] for question in set(with_memory.values())])
        for (arm, dimension_id), question in with_memory.items():
            self._judged[arm, sha256, dimension_id] = distribution(found[question])
        wanted = {dimension.id: self._checks(dimension) for dimension in self._setting.dimensions}
        said, tally, probes = ask_checks(self._opened, reading, wanted)
        self._count(CHECKING, tally, probes)
        for dimension_id, answers in said.items():
            self._checked[sha256, dimension_id] = answers

    def _memory_questions(self, reading: Reading, dimension: Dimension) -> dict[str, Question]:
        """The questions of the arms with a memory; where two arms read the same words they share one question."""
        options = self._setting.options
        wanted = [arm for arm in MEMORY_ARMS if arm in options.arms or (arm == "full" and _needs_full(options.arms))]
        if not self._setting.ablated(dimension.id):
            wanted = [arm for arm in wanted if arm == "full"]
        if not wanted:
            return {}
        sha256 = reading.notebook.sha256
        memory = self._memories[self._folds[sha256]]
        lines = memory_lines(
            self._opened,
            reading,
            dimension,
            self._setting.rubric.scale,
            memory.guidelines.get(dimension.id, ()),
            memory.near(self._desk, sha256, dimension.id, options.neighbours),
            (options.guideline_tokens, options.precedent_tokens),
        )
        texts = {
            "semantic": lines.text(precedents=False),
            "episodic": lines.text(guidelines=False),
            "full": lines.text(),
        }
        return {arm: self._opened.taught.question(reading, dimension, texts[arm]) for arm in wanted}

    def _checks(self, dimension: Dimension) -> Sequence[Check]:
        """The checks of all folds: an answer of a training notebook is needed where its fold is not held out."""
        if not needs_checks(self._setting.options.arms):
            return ()
        found = {check.id: check for memory in self._memories.values() for check in memory.checks[dimension.id]}
        return tuple(found.values())

    def _count(self, part: str, tally: Tally, probes: Sequence[Probe]) -> None:
        self._costs[part] += tally
        tokens, seconds = self._ever[part]
        tokens += sum(probe.tokens for probe in probes)
        seconds += sum(probe.seconds for probe in probes)
        self._ever[part] = tokens, seconds


def _needs_full(arms: Sequence[str]) -> bool:
    return "full+calibrated" in arms
