"""What a generator is asked and what it gives back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from nbalign.execute.model import Kernel
from nbalign.progress import OnProgress
from nbalign.suite.model import Case


@dataclass(frozen=True, slots=True)
class Request:
    """One notebook to be written.

    Attributes:
        case: The task.
        repeat: Which of the repeats of this case, 1 and up.
        seed: For generators that draw at random: decided by the run's seed, the case and the repeat.
    """

    case: Case
    repeat: int
    seed: int


@dataclass(frozen=True, slots=True)
class Written:
    """A notebook that was written.

    Attributes:
        raw: Bytes of an `.ipynb`; its metadata holds `made_by` under `nbalign`.
        made_by: Everything that made it, by name: generator, model and its hash, seed, case, suite, command, …
        evaluated: Prompt tokens put through a local model; 0 for others.
        generated: Tokens that a local model wrote; 0 for others.
        seconds: Wall seconds, execution included.
        failed_cells: Code cells that did not end well; 0 where nothing was executed.
        notes: Plain sentences: what was cut, retried or given up.
    """

    raw: bytes
    made_by: Mapping[str, str]
    evaluated: int
    generated: int
    seconds: float
    failed_cells: int
    notes: tuple[str, ...] = field(default=())


class Executor(Protocol):
    """Starts kernels in a sandbox."""

    def kernel(self, case: Case) -> AbstractContextManager[Kernel]:
        """A kernel with its own copy of the case's data; it is closed when the block ends."""
        ...


class Generator(Protocol):
    """Writes notebooks, one at a time.

    Attributes:
        name: Short, for people and file names: `local:qwen2.5-coder-1.5b`, `command:gpt-x`.
        identity: Everything that decides what it writes except case, repeat and seed: two generators with the same
            identity are the same.
    """

    name: str
    identity: Mapping[str, str]

    def write(
        self,
        request: Request,
        executor: Executor | None,
        progress: OnProgress,
        cancel: threading.Event | None = None,
    ) -> Written:
        """Writes one notebook.

        Args:
            request: What to write.
            executor: Runs cells; None where nothing is to be executed.
            progress: Told what is being done.
            cancel: Set it to stop.

        Raises:
            GeneratorError: If this notebook could not be made; others may be.
            ModelError: If the model died; no other notebook can be made.
            Cancelled: If it was stopped.
        """
        ...

    def close(self) -> None:
        """Frees what it holds, such as a loaded model. Safe to call twice."""
        ...
