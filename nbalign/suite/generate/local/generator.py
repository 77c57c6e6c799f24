"""The local generator: loads the model when it is first needed and writes one notebook after the other."""

from __future__ import annotations

import importlib.metadata
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from nbalign.errors import Cancelled
from nbalign.execute.model import CellRun
from nbalign.judge.session import cancelling
from nbalign.llm import machine
from nbalign.llm.client import EngineClient
from nbalign.llm.library import ModelFile
from nbalign.llm.model import EngineSettings
from nbalign.progress import OnProgress, Progress
from nbalign.suite.generate.local import words
from nbalign.suite.generate.local.book import Step, notebook
from nbalign.suite.generate.local.conversation import Composing, OnText
from nbalign.suite.generate.local.options import LocalOptions
from nbalign.suite.generate.local.writer import Writer
from nbalign.suite.generate.model import Executor, Request, Written
from nbalign.suite.model import Case, DataFile
from nbalign.suite.schema import describe

_HEAD_ROWS = 3  # rows of a data file that the model sees
_ABOUT = 2000  # characters that all files of a case are described with


class LocalGenerator:
    """Writes notebooks with a GGUF model on this machine.

    Args:
        model: The model's file, its hash checked.
        options: How it writes.
        engine: A loaded model that somebody else closes; None loads one when it is first needed.

    Attributes:
        name: `local:` and the model's name.
        identity: Everything that decides what it writes.
    """

    def __init__(self, model: ModelFile, options: LocalOptions, engine: Composing | None = None) -> None:
        self._model = model
        self._options = options
        self._settings = EngineSettings(
            context=options.context, threads=options.threads or machine.threads(), gpu_layers=options.gpu_layers
        )
        self._engine = engine
        self._own: EngineClient | None = None
        self.name = f"local:{model.name}"
        self.identity = _identity(model, options, self._settings)

    def write(
        self,
        request: Request,
        executor: Executor | None,
        progress: OnProgress,
        cancel: threading.Event | None = None,
    ) -> Written:
        """Writes one notebook; see `nbalign.suite.generate.model.Generator.write`."""
        began = time.monotonic()
        case, options = request.case, self._options

        def say(tokens: int, stage: str) -> None:
            if cancel is not None and cancel.is_set():
                raise Cancelled("stopped; everything finished until now is kept")
            progress(Progress(f"writing {case.id}", tokens, options.tokens, "tokens", detail=stage))

        files = _described(case.data)
        # The kernel comes first: where there is no sandbox, no model needs to be loaded to find that out. It is closed
        # before a fresh one is opened, since two at once need twice the memory.
        with ExitStack() as held:
            kernel = None if executor is None else held.enter_context(executor.kernel(case))
            engine = self._loaded(progress)
            if self._own is not None:
                held.enter_context(cancelling(cancel, self._own))
            stem = words.stem(engine.info.frame, case.prompt, files, options.steps, options.instructions)
            writer = Writer(engine, options, stem, request.seed, kernel, say)
            writer.write()
        if executor is not None and writer.mended:
            self._run_again(writer, executor, case, say)
        made_by = {**self.identity, "case": case.id, "repeat": str(request.repeat), "seed": str(request.seed)}
        steps = writer.steps
        return Written(
            raw=notebook(case.prompt, steps, writer.conclusion, executor is not None, made_by),
            made_by=made_by,
            evaluated=writer.talk.evaluated,
            generated=writer.talk.generated,
            seconds=time.monotonic() - began,
            failed_cells=sum(step.run is not None and step.run.state != "ok" for step in steps),
            notes=tuple(writer.notes),
        )

    def close(self) -> None:
        """Frees the model. Safe to call twice."""
        if self._own is not None:
            self._own.close()
            self._own = None

    def _loaded(self, progress: OnProgress) -> Composing:
        if self._engine is not None:
            return self._engine
        if self._own is None:
            progress(Progress(f"loading {self._model.name}", 0, 0, "tokens"))
            # Nothing is parked: what is written is never read again.
            self._own = EngineClient(self._model.path, self._model.sha256, self._settings, Path(), 0)
        return self._own

    def _run_again(self, writer: Writer, executor: Executor, case: Case, say: OnText) -> None:
        """Runs the finished notebook from the top in a kernel of its own.

        Where a cell was mended, the kernel had seen code that the notebook does not hold; its outputs must be those
        of what a reader sees.
        """
        say(writer.talk.generated, "running it from the top")
        again: list[Step] = []
        with executor.kernel(case) as kernel:
            for step in writer.steps:
                ended = again[-1].run if again else None
                if ended is not None and ended.state in ("died", "not run"):
                    run = CellRun("not run", (), f"not run: {ended.error.removeprefix('not run: ')}", 0.0)
                else:
                    run = kernel.run(step.code)
                if run.state == "stopped":
                    raise Cancelled("stopped; everything finished until now is kept")
                if run.state != "ok" and step.run is not None and step.run.state == "ok":
                    writer.notes.append(f"The cell of {step.title!r} fails when the notebook is run from the top.")
                again.append(replace(step, run=run))
        writer.steps = again


def _identity(model: ModelFile, options: LocalOptions, settings: EngineSettings) -> Mapping[str, str]:
    return {
        "generator": "local",
        "words": words.VERSION,
        "model": model.name,
        "model_sha256": model.sha256,
        "temperature": f"{options.temperature:g}",
        "steps": str(options.steps),
        "cell_tokens": str(options.cell_tokens),
        "tokens": str(options.tokens),
        "mends": f"{options.mends} a cell, {options.mends_in_all} a notebook",
        "instructions": options.instructions,
        "context": str(settings.context),
        "threads": str(settings.threads),
        "gpu_layers": str(settings.gpu_layers),
        "engine": f"llama-cpp-python {importlib.metadata.version('llama-cpp-python')}",
    }


def _described(files: Sequence[DataFile]) -> list[str]:
    """Each file's columns and first rows, in a fair share of what there is room for."""
    room = _ABOUT // max(1, len(files))
    return [describe(file, _HEAD_ROWS, room) for file in files]
