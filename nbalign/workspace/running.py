"""Runs in a workspace: a suite's notebooks written, judged, and read back for comparisons."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nbalign.errors import UsageError
from nbalign.progress import OnProgress, silent
from nbalign.workspace.aligning import LATEST
from nbalign.workspace.run_shelf import RunShelf

if TYPE_CHECKING:
    from nbalign.judge.batch import JudgeReport
    from nbalign.judge.session import JudgeOptions
    from nbalign.suite.generate.model import Executor, Generator
    from nbalign.suite.generate.running import Generated
    from nbalign.suite.model import Suite
    from nbalign.suite.runs.judge import RunJudge
    from nbalign.suite.runs.model import Run

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one call did for a run.

    Attributes:
        run: The run.
        generated: What was written now, and what could not be.
        judged: What the judge did; None where nothing could be judged or the writing was stopped.
    """

    run: Run
    generated: Generated | None
    judged: JudgeReport | None

    @property
    def stopped(self) -> bool:
        """Whether the user stopped it before the end."""
        return bool(self.generated and self.generated.stopped) or bool(self.judged and self.judged.stopped)


class Running(RunShelf):
    """Everything about the making of runs."""

    def begin_run(
        self,
        name: str,
        suite: Suite,
        generator: str,
        identity: Mapping[str, str],
        *,
        repeats: int = 1,
        seed: int = 0,
        rubric: str | None = None,
        memory: str | None = LATEST,
        options: JudgeOptions | None = None,
        note: str = "",
    ) -> Run:
        """Writes down what a run is, or takes up the run of this name.

        Args:
            name: 1 to 60 letters, digits, dots, dashes and underscores.
            suite: Its cases; a part of a suite may be completed later under the same name.
            generator: The generator's name.
            identity: Everything that decides what it writes.
            repeats: Notebooks of each case, 1 or more.
            seed: For generators that draw at random.
            rubric: Rubric id; None for the suite's, or the default.
            memory: Version of the judge's memory, or the latest; None for the unaligned judge.
            options: Model and budgets of the judge.
            note: What to remember it by.

        Raises:
            UsageError: If the name cannot be one, or stands for notebooks of another suite, generator or judge.
            NotFound: If there is no such rubric or memory.
            ModelError: If the judge's model is missing or damaged.
        """
        from nbalign.store.clock import now
        from nbalign.suite.runs.beginning import continued
        from nbalign.suite.runs.model import CaseBrief, Run

        if not _NAME.match(name):
            raise UsageError(
                f"a run cannot be called {name[:80]!r}", "Use letters, digits, dots, dashes, underscores; at most 60."
            )
        if repeats < 1:
            raise UsageError(f"{repeats} notebooks of each case are too few", "At least 1: --repeat 1")

        the_rubric = self.rubric(rubric or suite.rubric or None)
        judge = self._judge_of_run(the_rubric.id, memory, options)
        asked = Run(
            name=name,
            suite=suite.id,
            suite_sha256=suite.sha256,
            cases=tuple(CaseBrief.of(case) for case in suite.cases),
            generator=generator,
            identity=dict(identity),
            repeats=repeats,
            seed=seed,
            rubric=the_rubric.id,
            rubric_sha256=the_rubric.sha256,
            model=judge.model,
            memory=judge.memory,
            budget=judge.budget,
            evidence=judge.evidence,
            judge=judge.name,
            base_judge=judge.base,
            at=now(),
            note=note,
        )
        found = self._runs.find(name)
        try:
            run = asked if found is None else continued(found, asked)
        except UsageError:
            # Of a beginning that came to nothing, such as one without a sandbox, nothing is left that could be mixed.
            if found is not None and self._runs.notebooks(found):
                raise
            self._runs.remove(name)
            run = asked
        self._runs.save(run)
        return run

    def _judge_of_run(self, rubric: str, memory: str | None, options: JudgeOptions | None) -> RunJudge:
        from nbalign.judge.session import JudgeOptions
        from nbalign.suite.runs.judge import run_judge

        found = None if memory is None else self.memory(memory, rubric)
        return run_judge(self.rubric(rubric), found, options or JudgeOptions())

    def run_suite(
        self,
        run: Run,
        suite: Suite,
        generator: Generator,
        executor: Executor | None,
        *,
        options: JudgeOptions | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> RunReport:
        """Writes the notebooks of a run that are missing, then judges those that were not judged.

        Every notebook and every score is kept as soon as it is there: stopped or killed, the same call goes on.

        Args:
            run: As `begin_run` gave it.
            suite: Its cases.
            generator: Writes the notebooks; it is closed before the judge's model is loaded.
            executor: Runs their cells; None where nothing is to be executed.
            options: The judge's engine settings; model and budgets follow from the run.
            progress: Told what is being done.
            cancel: Set it to stop.

        Raises:
            ModelError: If a model is missing, damaged or dies.
            SandboxError: If cells are to be run and cannot be kept in.
            StoreError: If something cannot be kept.
        """
        from nbalign.suite.generate.running import generate_suite
        from nbalign.suite.runs.sink import WorkspaceSink

        try:
            made = generate_suite(
                suite, generator, run.repeats, run.seed, WorkspaceSink(self._store, run), executor, progress, cancel
            )
        finally:
            generator.close()
        if made.stopped:
            return RunReport(run, made, None)
        return RunReport(run, made, self.judge_run(run.name, options=options, progress=progress, cancel=cancel))

    def judge_run(
        self,
        name: str,
        *,
        options: JudgeOptions | None = None,
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> JudgeReport | None:
        """Judges the notebooks of a run with its judge; what was judged before costs nothing.

        Args:
            name: The run.
            options: Engine settings, and whether reasons are written; model and budgets follow from the run.
            progress: Told what is being done.
            cancel: Set it to stop.

        Returns:
            What the judge did; None where the run has no notebook.

        Raises:
            NotFound: If there is no such run.
            UsageError: If the judge is not the one that the run was begun with any more.
            ModelError: If the model is missing, damaged or dies.
        """
        from nbalign.judge.session import JudgeOptions

        run = self._runs.get(name)
        notebooks = self._runs.notebooks(run)
        if not notebooks:
            return None
        chosen = replace(options or JudgeOptions(), model=run.model, budget=run.budget, evidence=run.evidence)
        judge = self._judge_of_run(run.rubric, run.memory or None, chosen)
        if judge.name != run.judge:
            raise UsageError(
                f"the run {name} was begun with the judge {run.judge}, which is {judge.name} now",
                "The rubric, the model or nbalign itself has changed: make a new run, with another --name.",
            )
        if run.memory:
            return self.judge_aligned(
                notebooks, memory=run.memory, rubric=run.rubric, options=chosen, progress=progress, cancel=cancel
            )
        return self.judge(notebooks, rubric=run.rubric, options=chosen, progress=progress, cancel=cancel)
