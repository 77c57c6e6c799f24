"""A whole suite through one generator: case by case, repeat by repeat, each notebook kept as soon as it is there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from nbalign.errors import BadInput, Cancelled, GeneratorError, NotFound
from nbalign.progress import OnProgress, Progress, silent
from nbalign.suite.generate.model import Executor, Generator, Request, Written
from nbalign.suite.generate.seeds import seed_of
from nbalign.suite.model import Suite


class Sink(Protocol):
    """Where notebooks go."""

    def has(self, case: str, repeat: int) -> bool:
        """Whether the notebook of a case and repeat is there."""
        ...

    def keep(self, case: str, repeat: int, written: Written) -> None:
        """Keeps a notebook.

        Raises:
            BadInput: If it is no notebook.
            StoreError: If it cannot be written.
        """
        ...

    def failed(self, case: str, repeat: int, why: str) -> None:
        """Notes that a notebook could not be made.

        Raises:
            StoreError: If it cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A notebook that could not be made.

    Attributes:
        case: Case id.
        repeat: 1 and up.
        why: What was wrong.
    """

    case: str
    repeat: int
    why: str


@dataclass(frozen=True, slots=True)
class Generated:
    """What came of one call.

    Attributes:
        written: Notebooks written now.
        known: Notebooks that were there already.
        failures: Those that could not be made.
        with_failed_cells: Of those written now, how many have a code cell that did not end well.
        failed_cells: Such cells in all notebooks written now.
        evaluated: Prompt tokens that a local model read.
        generated: Tokens that a local model wrote.
        seconds: Wall seconds.
        stopped: Whether the user stopped it before the end.
    """

    written: int
    known: int
    failures: tuple[Failure, ...]
    with_failed_cells: int
    failed_cells: int
    evaluated: int
    generated: int
    seconds: float
    stopped: bool


def generate_suite(
    suite: Suite,
    generator: Generator,
    repeats: int,
    seed: int,
    sink: Sink,
    executor: Executor | None = None,
    progress: OnProgress = silent,
    cancel: threading.Event | None = None,
) -> Generated:
    """Writes the notebooks of a suite that the sink does not have; one that cannot be made is noted, the rest goes on.

    Args:
        suite: The cases; `nbalign.suite.choosing.choose` takes some of them.
        generator: Writes them; the caller closes it.
        repeats: Notebooks of each case, 1 or more.
        seed: Of the run; each notebook has one of its own made from it.
        sink: Where they go.
        executor: Runs their cells; None where nothing is to be run.
        progress: Told notebooks done and in all.
        cancel: Set it to stop; ctrl-c does the same.

    Raises:
        ModelError: If the model is missing or died; what was written is kept.
        SandboxError: If cells cannot be run here.
        StoreError: If a notebook cannot be kept.
    """
    began = time.monotonic()
    found = Generated(0, 0, (), 0, 0, 0, 0, 0.0, False)
    asked = [(case, repeat) for case in suite.cases for repeat in range(1, repeats + 1)]
    try:
        for n, (case, repeat) in enumerate(asked):
            name = case.id if repeats == 1 else f"{case.id} ({repeat} of {repeats})"
            if cancel is not None and cancel.is_set():
                raise Cancelled("stopped")
            if sink.has(case.id, repeat):
                found = replace(found, known=found.known + 1)
                continue
            telling = _telling(progress, f"writing {name}", n, len(asked), found.known)
            telling(Progress("", 0, 0, ""))
            request = Request(case, repeat, seed_of(seed, case.id, repeat))
            found = _one(found, request, generator, sink, executor, telling, cancel)
        done = len(asked)
        progress(Progress("writing notebooks", done, done, "notebooks", skipped=found.known))
    except (Cancelled, KeyboardInterrupt):
        found = replace(found, stopped=True)
    return replace(found, seconds=time.monotonic() - began)


def _one(
    found: Generated,
    request: Request,
    generator: Generator,
    sink: Sink,
    executor: Executor | None,
    telling: OnProgress,
    cancel: threading.Event | None,
) -> Generated:
    case, repeat = request.case.id, request.repeat
    try:
        written = generator.write(request, executor, telling, cancel)
        sink.keep(case, repeat, written)
    except (GeneratorError, BadInput, NotFound) as error:  # about this notebook; others may be made
        why = " ".join(str(error).split())
        sink.failed(case, repeat, why)
        return replace(found, failures=(*found.failures, Failure(case, repeat, why)))
    return replace(
        found,
        written=found.written + 1,
        with_failed_cells=found.with_failed_cells + bool(written.failed_cells),
        failed_cells=found.failed_cells + written.failed_cells,
        evaluated=found.evaluated + written.evaluated,
        generated=found.generated + written.generated,
    )


def _telling(progress: OnProgress, stage: str, done: int, total: int, known: int) -> Callable[[Progress], None]:
    """What a generator says of one notebook, told as a detail of the progress over all of them."""

    def tell(step: Progress) -> None:
        amount = f"{step.done:,.0f} {step.unit}" if step.done else ""
        words = [word for word in (step.detail or ("" if "writing" in step.stage else step.stage), amount) if word]
        progress(Progress(stage, done, total, "notebooks", detail=" · ".join(words), skipped=known))

    return tell
