"""Many notebooks through one judge: the known is skipped, the new is kept at once, and work can stop anywhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from nbalign.errors import BadInput, Cancelled, NbalignError, NotFound
from nbalign.judge.archive import Archive
from nbalign.judge.judge import Judge
from nbalign.judge.model import Judgement
from nbalign.judge.reading import Reading
from nbalign.llm.model import Usage
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, Progress
from nbalign.rubrics.model import Dimension


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook to judge.

    Attributes:
        sha256: Content hash.
        name: For people.
        missing: Dimensions without a judgement.
        unexplained: Judgements that are there but whose rationale was asked for and is missing.
    """

    sha256: str
    name: str
    missing: tuple[Dimension, ...]
    unexplained: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """What a run of a judge did.

    Attributes:
        judge: Name of the judge.
        model: Name of the model.
        judgements: All judgements asked for, known and new, in the order of the notebooks.
        new: How many were computed now.
        known: How many were there already.
        evaluated: Prompt tokens put through the model.
        reused: Prompt tokens taken from memory or from prefixes parked on disk.
        generated: Tokens written as rationales.
        seconds: Wall seconds, the loading of the model left out.
        failed: (notebook name, what was wrong) of notebooks that could not be judged.
        stopped: Whether the user stopped it before the end.
    """

    judge: str
    model: str
    judgements: tuple[Judgement, ...]
    new: int
    known: int
    evaluated: int
    reused: int
    generated: int
    seconds: float
    failed: tuple[tuple[str, str], ...]
    stopped: bool


class Batch:
    """A run over tasks.

    Args:
        judge: Who judges.
        archive: Where judgements are kept, each in a transaction of its own.
        progress: Told tokens done and expected.
        stopping: Asked between steps; True stops the run.
    """

    def __init__(
        self, judge: Judge, archive: Archive, progress: OnProgress, stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self._judge = judge
        self._archive = archive
        self._progress = progress
        self._stopping = stopping
        self._done = 0  # tokens
        self._skipped = 0
        self._reads: list[int] = []
        self.new: list[Judgement] = []
        self.rationales: dict[str, str] = {}
        self.usage = Usage(0, 0, 0, 0.0)
        self.failed: list[tuple[str, str]] = []
        self.stopped = False

    def run(self, tasks: Sequence[Task], load: Callable[[str], Notebook], *, explain: bool) -> None:
        """Judges every task; a notebook that cannot be judged is noted and the rest goes on.

        Args:
            tasks: What to judge.
            load: Content hash -> notebook.
            explain: Whether rationales are written too.
        """
        began = time.monotonic()
        try:
            for n, task in enumerate(tasks):
                if self._stopping():
                    self.stopped = True
                    break
                try:
                    self._one(task, tasks[n:], f"judging {task.name} ({n + 1} of {len(tasks)})", load, explain)
                except Cancelled:
                    self.stopped = True
                    break
                except NbalignError as error:
                    if not _about_the_notebook(error):
                        raise
                    self.failed.append((task.name, error.message))
        finally:
            self.usage = replace(self.usage, seconds=time.monotonic() - began)

    def _one(
        self, task: Task, rest: Sequence[Task], stage: str, load: Callable[[str], Notebook], explain: bool
    ) -> None:
        reading = self._judge.read(load(task.sha256))
        before, skipped = self._done, self._skipped

        def on_tokens(done: int, reused: int) -> None:
            self._done, self._skipped = before + done, skipped + reused
            expected = self._expected(rest, reading)
            self._progress(Progress(stage, self._done, before + expected, "tokens", skipped=self._skipped))

        found = list(task.unexplained)
        if task.missing:
            for judgement, usage in self._judge.judge(reading, task.missing, on_tokens):
                self._archive.save(judgement)
                self.new.append(judgement)
                found.append(judgement)
                self._count(usage)
                if self._stopping():
                    raise Cancelled("stopped")
        if explain and found:
            self._explain(task, reading, found)
        self._reads.append(self._done - before)

    def _explain(self, task: Task, reading: Reading, found: Sequence[Judgement]) -> None:
        def on_written(done: int, most: int) -> None:
            words = f"{done} of at most {most} tokens each"
            self._progress(Progress(f"writing reasons: {task.name}", 0, 0, "texts", detail=words))

        for texts, usage in self._judge.explain(reading, found, on_written):
            self._count(usage)
            for key, text in texts.items():
                self._archive.save_rationale(key, text, datetime.now(UTC).isoformat(timespec="seconds"))
            self.rationales |= texts
            if self._stopping():
                raise Cancelled("stopped")

    def _count(self, usage: Usage) -> None:
        self.usage = Usage(
            self.usage.evaluated + usage.evaluated,
            self.usage.reused + usage.reused,
            self.usage.generated + usage.generated,
            0.0,
        )

    def _expected(self, rest: Sequence[Task], reading: Reading) -> float:
        """Tokens from this notebook to the end: known for this one, for others guessed from it and those before."""
        branches = sum(self._judge.branch_tokens(task.missing, reading.facts) for task in rest)
        prefix = reading.tokens
        typical = max(prefix, sum(self._reads) / len(self._reads) * 0.6) if self._reads else prefix
        return branches + prefix + typical * (len(rest) - 1)


def _about_the_notebook(error: NbalignError) -> bool:
    """Whether other notebooks may still be judged: the engine lives and the store can be written."""
    return isinstance(error, BadInput | NotFound)


def in_order(
    keys: Iterable[str], known: Mapping[str, Judgement], new: Sequence[Judgement], rationales: Mapping[str, str]
) -> tuple[Judgement, ...]:
    """The judgements of these keys, those that exist, with the rationales written now."""
    found = {**known, **{judgement.key: judgement for judgement in new}}
    return tuple(
        replace(found[key], rationale=rationales.get(key, found[key].rationale)) for key in keys if key in found
    )
