"""From "judge these" to a report: choose the model, see what is known, load the engine only if something is missing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbalign.judge.archive import Archive
from nbalign.judge.batch import Batch, JudgeReport, Task, in_order
from nbalign.judge.judge import Judge
from nbalign.judge.key import Subject, judge_name, key, made_by
from nbalign.judge.model import Judgement
from nbalign.llm import identity, machine
from nbalign.llm.choose import suits_this_machine
from nbalign.llm.client import EngineClient
from nbalign.llm.library import ModelFile, ModelLibrary
from nbalign.llm.model import EngineSettings
from nbalign.llm.parking import DEFAULT_BOUND
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Dimension, Rubric

DEFAULT_BUDGET = 2000  # tokens of a notebook's digest
DEFAULT_EVIDENCE = 120  # tokens of facts a dimension: about five facts, half of what the question itself takes


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """How to judge.

    Attributes:
        model: A model's name, file name or path; None takes the best that this machine holds.
        budget: Most tokens of a notebook's digest, at least 64.
        rationale: Whether to write why, too.
        evidence: Most tokens of facts that the model is shown with the question of a dimension; 0 shows none.
        context: Tokens of context; cut down to what the model was trained for.
        threads: CPU threads; None follows the machine and its quota.
        gpu_layers: Layers on the GPU; -1 means all where the build has one.
        park_bytes: Most bytes of prefixes parked on disk; 0 parks none.
    """

    model: str | None = None
    budget: int = DEFAULT_BUDGET
    rationale: bool = False
    evidence: int = DEFAULT_EVIDENCE
    context: int = 4096
    threads: int | None = None
    gpu_layers: int = -1
    park_bytes: int = DEFAULT_BOUND

    def settings(self) -> EngineSettings:
        """The engine's settings these options ask for."""
        return EngineSettings(
            context=self.context, threads=self.threads or machine.threads(), gpu_layers=self.gpu_layers
        )


def choose_model(ref: str | None, progress: OnProgress = silent) -> ModelFile:
    """The model a user means, or the best this machine holds; its hash is checked.

    Raises:
        ModelError: If it is missing or damaged.
    """
    library = ModelLibrary.default()
    if ref is None:
        present = {listing.name for listing in library.list() if listing.state in ("verified", "present")}
        ref = suits_this_machine(present).card.name
    return library.find(ref, progress=progress)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What was asked for: all keys in order, the judgements that are there, and the notebooks with work left."""

    keys: tuple[str, ...]
    known: Mapping[str, Judgement]
    work: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a run of a judge needs from its workspace.

    Attributes:
        archive: Where judgements are kept.
        cache: Folder for what may be deleted: parked prefixes and what models turned out to be.
        load: Content hash -> notebook.
        rubric: The rubric.
        options: How to judge.
    """

    archive: Archive
    cache: Path
    load: Callable[[str], Notebook]
    rubric: Rubric
    options: JudgeOptions

    def run(
        self,
        notebooks: Sequence[Subject],
        dimensions: Sequence[Dimension],
        progress: OnProgress = silent,
        cancel: threading.Event | None = None,
    ) -> JudgeReport:
        """Judges notebooks on dimensions; what is known is not computed again.

        Args:
            notebooks: What to judge.
            dimensions: At least one.
            progress: Told tokens done and expected.
            cancel: Set it to stop; what is finished is kept.

        Raises:
            ModelError: If the model cannot be had or its worker dies; finished judgements are kept.
            StoreError: If judgements cannot be saved.
        """
        model = choose_model(self.options.model, progress)
        settings = self.options.settings()
        known_file = self.cache / "engines.json"
        in_force = identity.recall(known_file, model.sha256, settings)
        plan = None if in_force is None else self._plan(model, in_force, notebooks, dimensions)
        if plan is not None and not plan.work:
            return self._all_known(model, plan)
        self.archive.must_be_writable()
        progress(Progress(f"loading {model.name}", 0, 0, "tokens"))
        with EngineClient(model.path, model.sha256, settings, self.cache / "kv", self.options.park_bytes) as engine:
            identity.remember(known_file, model.sha256, settings, engine.info)
            judge = Judge(engine, model.name, model.sha256, self.rubric, self.options.budget, self.options.evidence)
            if plan is None or engine.info.settings != in_force:
                plan = self._plan(model, engine.info.settings, notebooks, dimensions)
            with cancelling(cancel, engine):
                return self._run(judge, model, plan, progress, cancel)

    def _run(
        self, judge: Judge, model: ModelFile, plan: _Plan, progress: OnProgress, cancel: threading.Event | None
    ) -> JudgeReport:
        batch = Batch(judge, self.archive, progress, cancel.is_set if cancel else lambda: False)
        try:
            batch.run(plan.work, self.load, explain=self.options.rationale)
        except KeyboardInterrupt:
            batch.stopped = True
        return JudgeReport(
            judge=judge.name,
            model=model.name,
            judgements=in_order(plan.keys, plan.known, batch.new, batch.rationales),
            new=len(batch.new),
            known=len(plan.known),
            evaluated=batch.usage.evaluated,
            reused=batch.usage.reused,
            generated=batch.usage.generated,
            seconds=batch.usage.seconds,
            failed=tuple(batch.failed),
            stopped=batch.stopped,
        )

    def _all_known(self, model: ModelFile, plan: _Plan) -> JudgeReport:
        """The report when the engine has nothing to do."""
        options = self.options
        name = judge_name(model.name, model.sha256, self.rubric, options.budget, evidence=options.evidence)
        found = in_order(plan.keys, plan.known, [], {})
        return JudgeReport(name, model.name, found, 0, len(plan.known), 0, 0, 0, 0.0, (), False)

    def _plan(
        self,
        model: ModelFile,
        in_force: Mapping[str, str],
        notebooks: Sequence[Subject],
        dimensions: Sequence[Dimension],
    ) -> _Plan:
        """What is known and what is left to do. No notebook is loaded for this."""
        wanted: list[tuple[Subject, dict[str, Dimension]]] = []
        for notebook in notebooks:
            by_key = {}
            for dimension in dimensions:
                made = made_by(
                    notebook,
                    self.rubric,
                    dimension.id,
                    model=model.name,
                    model_sha256=model.sha256,
                    budget=self.options.budget,
                    engine=in_force,
                    evidence=self.options.evidence,
                )
                by_key[key(made)] = dimension
            wanted.append((notebook, by_key))
        keys = [k for _, by_key in wanted for k in by_key]
        known = self.archive.known(keys)
        work = []
        for notebook, by_key in wanted:
            missing = tuple(d for k, d in by_key.items() if k not in known)
            silent_ones = [known[k] for k in by_key if k in known and not known[k].rationale]
            unexplained = tuple(silent_ones) if self.options.rationale else ()
            if missing or unexplained:
                work.append(Task(notebook.sha256, notebook.name, missing, unexplained))
        return _Plan(tuple(keys), known, tuple(work))


@contextmanager
def cancelling(cancel: threading.Event | None, engine: EngineClient) -> Iterator[None]:
    """Passes a cancel on to the worker, so that it stops in the middle of a long prefix too."""
    if cancel is None:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            # Again and again: between two calls there is nothing that a single one would stop.
            if cancel.wait(0.2) and not over.wait(0.1):
                engine.cancel()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
